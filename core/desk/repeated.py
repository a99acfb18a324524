"""An intake that comes again: what it says differently is recorded, nothing is overwritten (I4)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.orm import aliased

from core.desk.actor import Actor
from core.desk.intake import Intake
from core.secrets import Vault
from core.tables import Dispute, Event, Order, Party, PersonKey

_buyer, _merchant = aliased(Party), aliased(Party)
_FIRST = (
    select(
        Dispute.id,
        Dispute.number,
        Dispute.entered,
        Dispute.appeared,
        Dispute.channel,
        Dispute.story,
        Order.number.label("order_number"),
        _buyer.reference.label("buyer"),
        _merchant.reference.label("merchant"),
        PersonKey.wrapped,
    )
    .join(Order, Order.id == Dispute.order_id)
    .join(_buyer, _buyer.id == Dispute.buyer_id)
    .join(PersonKey, PersonKey.id == _buyer.key_id)
    .outerjoin(_merchant, _merchant.id == Dispute.merchant_id)
    .where(Dispute.id.in_(bindparam("ids", expanding=True)))
)
_PLAIN = ("entered", "appeared", "channel", "order_number", "buyer", "merchant")


def record(
    connection: Connection,
    again: Sequence[tuple[Intake, int]],
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
) -> None:
    """Records by name what repeated intakes say differently from their disputes, given by id."""
    if not again:
        return
    ids = sorted({dispute_id for _, dispute_id in again})
    first = {row.id: row for row in connection.execute(_FIRST, {"ids": ids})}
    told = [
        (dispute_id, different)
        for intake, dispute_id in again
        if (different := _different(first[dispute_id], intake, vault))
    ]
    if told:
        connection.execute(
            insert(Event),
            [
                {
                    "dispute_id": dispute_id,
                    "visit_id": None,
                    "kind": "intake_repeated",
                    "at": now,
                    "by": actor.by,
                    "person_id": actor.person_id,
                    "data": {"different": different},
                }
                for dispute_id, different in told
            ],
        )


def _different(row: Any, intake: Intake, vault: Vault) -> list[str]:
    names = [name for name in _PLAIN if getattr(intake, name) != (getattr(row, name) or "")]
    story = vault.open(row.wrapped, row.story, f"disputes.story:{row.number}")
    if story is not None and story != intake.story:
        names.append("story")
    return names
