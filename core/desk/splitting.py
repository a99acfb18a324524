"""Splitting: some items of a dispute become a dispute of their own, with its own clocks (K2).

It begins at the beginning, as docs/decisions/0008 says why, with what is known so far; what was
given until then is read at both (core.desk.family). Each part has its own share of what was paid.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import aliased

from core.desk import (
    cards,
    clicks,
    documents,
    events,
    facts,
    family,
    outbox,
    people,
    pilots,
    stages,
    standing,
    views,
)
from core.desk import opening as door
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.intake import Intake, OrderInfo
from core.desk.money import UNDER_WAY
from core.desk.standing import Standing
from core.secrets import Vault
from core.tables import Dispute, Party, Payment
from core.workflow.amounts import Line, Purchase, parted
from core.workflow.choices import Invalid, check
from core.workflow.facts import RAISED
from core.workflow.model import Value
from core.workflow.terms import FieldKind, Kind, Meaning

_CARRIED = (FieldKind.ONE, FieldKind.MANY, FieldKind.TYPED)
_BUYER, _MERCHANT = aliased(Party), aliased(Party)
_HEAD = (
    select(
        Dispute.channel,
        Dispute.locale,
        Dispute.entered,
        Dispute.appeared,
        _BUYER.reference.label("buyer"),
        _MERCHANT.reference.label("merchant"),
    )
    .join(_BUYER, _BUYER.id == Dispute.buyer_id)
    .outerjoin(_MERCHANT, _MERCHANT.id == Dispute.merchant_id)
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The two parts as a split would make them: lines, and money in minor units."""

    goes: Purchase
    stays: Purchase


def items_of(connection: Connection, dispute_id: int, **_: object) -> tuple[Line, ...]:
    """The lines of the order that the dispute is about."""
    at = standing.of_dispute(connection, dispute_id, lock=False)
    return at.purchase.lines if at is not None else ()


def titles(connection: Connection, dispute_id: int, **_: object) -> tuple[dict[str, str], str]:
    """What each line of the order is called, by its key, and the order's currency."""
    at = standing.of_dispute(connection, dispute_id, lock=False)
    if at is None:
        return {}, ""
    lines = {str(line["key"]): str(line.get("title") or line["key"]) for line in at.row.lines}
    return lines, str(at.row.currency)


def preview(
    connection: Connection, actor: Actor, dispute_id: int, items: Mapping[str, int], **_: object
) -> Foreseen | Refused:
    """The parts that a split of these items (quantities by line) would make; changes nothing."""
    barred = people.refusal(connection, actor, Right.ASSIGN)
    at = standing.of_dispute(connection, dispute_id, lock=False)
    if barred is not None or at is None:
        return barred or Refused("unknown_dispute")
    return _foreseen(connection, at, items, actor)


def split(
    connection: Connection,
    dispute_id: int,
    items: Mapping[str, int],
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Opens a dispute of the same buyer, merchant, order and story for these items.

    `items` holds quantities by line of the order. The first dispute keeps the rest and stands where
    it stood. Refused while money is under way, which was worked out for the whole.
    """
    return clicks.once(
        connection,
        actor,
        Right.ASSIGN,
        click,
        lambda who: _split(connection, dispute_id, items, who, vault, now=now),
        now=now,
    )


def _split(
    connection: Connection,
    dispute_id: int,
    items: Mapping[str, int],
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
) -> Answer:
    at = standing.of_dispute(connection, dispute_id)
    if at is None:
        return Refused("unknown_dispute")
    parts = _foreseen(connection, at, items, actor)
    if isinstance(parts, Refused):
        return parts
    row = at.row
    new = _open(connection, at, actor, vault, now=now)
    goes, stays = as_data(parts.goes), as_data(parts.stays)
    connection.execute(update(Dispute).where(Dispute.id == dispute_id).values(part=stays))
    connection.execute(
        update(Dispute)
        .where(Dispute.id == new.dispute_id)
        .values(part=goes, split_from_id=dispute_id)
    )
    emptied = _emptied(at)
    data = {
        "other": new.number,
        "dispute": new.dispute_id,
        "part": stays,
        "facts": {key: [] for key in emptied},
    }
    event = events.record(connection, dispute_id, row.visit_id, "split", actor, data, now=now)
    facts.append(connection, dispute_id, row.visit_id, event, dict.fromkeys(emptied, ()))
    fresh = standing.of_dispute(connection, new.dispute_id)
    visit_id = fresh.row.visit_id if fresh is not None else None
    data = {"other": row.number, "from": dispute_id, "part": goes}
    events.record(connection, new.dispute_id, visit_id, "split_off", actor, data, now=now)
    messages = cards.redrawn(row, event, now=now)
    if row.channel:
        messages.append(outbox.line(row.visit_id, row.channel, dispute_id, event, now=now))
    notice = outbox.message(
        outbox.NOTICE,
        outbox.MARKET_LANE,
        f"notice:split:{new.dispute_id}",
        now=now,
        dispute_id=new.dispute_id,
        visit_id=visit_id,
    )
    outbox.put(connection, [*messages, notice])  # the marketplace has not seen this one yet
    params = {"other": new.number}
    return Applied("split", dispute_id, row.number, row.visit_id, None, row.stage, params)


def _foreseen(
    connection: Connection, at: Standing, items: Mapping[str, int], actor: Actor
) -> Foreseen | Refused:
    """The two parts, or why the dispute cannot be split like this."""
    row, lines = at.row, at.lines
    barred = stages.barred(connection, at, actor)
    if barred is not None:
        return barred
    after = family.merged_into(connection, row.dispute_id)
    if after is not None:
        return at.refused("merged", other=after.number)
    if row.kind == Kind.FINAL:
        return at.refused("finished")
    if sum(lines.values()) < 2:
        return at.refused("split_single" if lines else "split_unknown")
    if _money(connection, row.dispute_id):
        return at.refused("split_money")
    chosen = {line: count for line, count in items.items() if count}
    if any(not 0 < count <= lines.get(line, 0) for line, count in chosen.items()):
        return at.refused("split_bad_items")
    if not chosen:
        return at.refused("split_nothing")
    if chosen == lines:
        return at.refused("split_everything")
    return Foreseen(*parted(at.purchase, chosen))


def _money(connection: Connection, dispute_id: int) -> bool:
    found = connection.scalar(
        select(Payment.id)
        .where(Payment.dispute_id == dispute_id, Payment.state.in_(UNDER_WAY))
        .limit(1)
    )
    return found is not None


def _open(
    connection: Connection, at: Standing, actor: Actor, vault: Vault, *, now: dt.datetime
) -> Any:
    """The new dispute, opened through intake's own door, under a name that no source could give."""
    row = at.row
    side = pilots.side_of(connection, row.dispute_id)
    known = _known(connection, side.document_id, at)
    head = connection.execute(_HEAD.where(Dispute.id == row.dispute_id)).one()
    order = OrderInfo(
        row.currency, row.paid, row.freight, row.refunded, lines=tuple(dict(x) for x in row.lines)
    )
    intake = Intake(
        source=row.source,
        external_id=f"split:{row.number}:{secrets.token_hex(8)}",
        order_number=row.order_number,
        buyer=head.buyer,
        story=views.story(connection, row.dispute_id, vault) or "",
        entered=head.entered,
        merchant=head.merchant or "",
        channel=head.channel,
        appeared=head.appeared,
        locale=head.locale,
        order=order,
        workflow=row.workflow,
        facts=known,  # by which it has its grade from its first moment on
    )
    opened = door.open_checked(
        connection, side.document_id, [intake], [known], actor, vault, now=now, side=side
    )
    return opened[0]


def _known(connection: Connection, document_id: int, at: Standing) -> dict[str, Value]:
    """What is known of what the first stage asks, and can still be chosen there; no remarks.

    To what a ladder raised the whole, it raised each part: both have waited as long (G8).
    """
    document = documents.load(connection, document_id)
    workflow = document.workflow_by_key[at.row.workflow]
    found: dict[str, Value] = {RAISED: at.facts[RAISED]} if RAISED in at.facts else {}
    for key, field in workflow.stage_by_key[workflow.first].field_by_key.items():
        value = at.facts.get(key)
        if value is None or field.kind not in _CARRIED or field.meaning == Meaning.REMARK:
            continue
        checked = check(document, field, value, {}, "")
        if not isinstance(checked, Invalid):
            found[key] = checked
    return found


def _emptied(at: Standing) -> list[str]:
    """What was chosen of the items, which are fewer now: it is chosen again."""
    asked = {f.key: f for s in at.workflow.stages for f in s.fields}
    return [k for k, f in asked.items() if f.kind == FieldKind.ITEMS and k in at.facts]


def as_data(part: Purchase) -> dict[str, Any]:
    """A part as it is stored with its dispute."""
    items = [f"{line.key}:{line.quantity}" for line in part.lines]
    return {"items": items, "paid": part.paid, "freight": part.freight}
