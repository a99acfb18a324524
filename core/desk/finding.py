"""One dispute by what somebody has at hand: a number, an order, a merchant, a buyer's contact.

Every way of meaning one is a look-up by its own index; nothing that a buyer wrote is searched. A
contact is known by its keyed fingerprint alone (X1).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from core.desk import people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.numbers import read_number
from core.tables import Dispute, Order, Party, PartyTag
from core.workflow.terms import By

ONE_AND_MORE = 2  # rows that tell one dispute from several


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: the number of the one dispute that is meant, or that there are several.

    `by_contact` says that somebody's contact led there.
    """

    number: str = ""
    several: bool = False
    by_contact: bool = False


def find(
    connection: Connection, actor: Actor, text: str, contact: bytes, **_: Any
) -> Hit | Refused:
    """What `text` means; `contact` is its fingerprint (`Vault.blind`), should it be a contact."""
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    if not text.isprintable():  # no such text is stored, nor can be asked for
        return Hit()
    found = _numbers(connection, meanings(text.strip()))
    theirs = _numbers(connection, meanings_of_contact(contact))
    numbers = found | theirs
    if len(numbers) == 1:
        return Hit(number=numbers.pop(), by_contact=bool(theirs))
    return Hit(several=bool(numbers), by_contact=bool(theirs))


def meanings(text: str) -> list[Select[int]]:
    """The disputes that a number or reference means, each way by its own index.

    Joins, not lists of ids: from those, planners that believe in large merchants scan all disputes.
    """
    merchant = and_(Party.reference == text, Party.kind == str(By.MERCHANT))
    return [
        select(Dispute.id).where(Dispute.number == (read_number(text) or "")),
        select(Dispute.id).join(Order, Order.id == Dispute.order_id).where(Order.number == text),
        select(Dispute.id).join(Party, Party.id == Dispute.merchant_id).where(merchant),
    ]


def meanings_of_contact(contact: bytes) -> list[Select[int]]:
    """The disputes of the buyers and merchants with this contact."""
    theirs = Party.contact_index == contact
    return [
        select(Dispute.id).join(Party, Party.id == Dispute.buyer_id).where(theirs),
        select(Dispute.id).join(Party, Party.id == Dispute.merchant_id).where(theirs),
    ]


def meaning_of_tag(tag: str) -> Select[int]:
    """The disputes of the buyers with this tag."""
    return (
        select(Dispute.id)
        .join(PartyTag, PartyTag.party_id == Dispute.buyer_id)
        .where(PartyTag.tag == tag)
    )


def _numbers(connection: Connection, ways: list[Any]) -> set[str]:
    """The numbers of the disputes that are meant, two of each way at most."""
    return {
        row.number
        for way in ways
        for row in connection.execute(way.add_columns(Dispute.number).limit(ONE_AND_MORE))
    }
