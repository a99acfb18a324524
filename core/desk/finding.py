"""One dispute by what somebody has at hand: a number, an order, a party's id, a contact.

Every way of meaning one is a look-up by its own index; nothing that a buyer wrote is searched. A
contact is known by its keyed fingerprint alone (X1).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    union,
)

from core.desk import people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.numbers import read_number
from core.tables import Dispute, Order, Party, PartyTag
from core.workflow.terms import By

MANY = 2_000  # buyers with one tag
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
    buyer, merchant = (
        and_(Party.reference == text, Party.kind == str(kind)) for kind in (By.BUYER, By.MERCHANT)
    )
    return [
        select(Dispute.id).where(Dispute.number == (read_number(text) or "")),
        select(Dispute.id).join(Order, Order.id == Dispute.order_id).where(Order.number == text),
        select(Dispute.id).join(Party, Party.id == Dispute.merchant_id).where(merchant),
        select(Dispute.id).join(Party, Party.id == Dispute.buyer_id).where(buyer),
    ]


def meanings_of_contact(contact: bytes) -> list[Select[int]]:
    """The disputes of the buyers and merchants with this contact."""
    theirs = Party.contact_index == contact
    return [
        select(Dispute.id).join(Party, Party.id == Dispute.buyer_id).where(theirs),
        select(Dispute.id).join(Party, Party.id == Dispute.merchant_id).where(theirs),
    ]


def meant(connection: Connection, text: str) -> ColumnElement[bool]:
    """Whether a dispute is one that a number or reference means, said by ids alone.

    The ids are looked up here, so that the list of a large merchant's disputes is read in its
    order by one index, however many they are.
    """
    buyer, merchant = (
        and_(Party.reference == text, Party.kind == str(kind)) for kind in (By.BUYER, By.MERCHANT)
    )
    return _any_of(
        connection,
        (Dispute.id, select(Dispute.id).where(Dispute.number == (read_number(text) or ""))),
        (Dispute.order_id, select(Order.id).where(Order.number == text)),
        (Dispute.merchant_id, select(Party.id).where(merchant)),
        (Dispute.buyer_id, select(Party.id).where(buyer)),
    )


def meant_by_contact(contact: bytes) -> ColumnElement[bool]:
    """Whether a dispute is of a buyer or merchant with this contact; such are few."""
    return Dispute.id.in_(union(*meanings_of_contact(contact)))


def tagged(connection: Connection, tag: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether a dispute's buyer has this tag: said for a page in order, and said for counting.

    Of a tag that few have, its buyers lead to the disputes; of one that many have, a page of the
    newest disputes is found sooner by asking each for the tag.
    """
    buyers = select(PartyTag.party_id).where(PartyTag.tag == tag)
    led = Dispute.buyer_id.in_(buyers)
    seen = connection.scalar(select(func.count()).select_from(buyers.limit(MANY).subquery()))
    if seen != MANY:
        return led, led
    theirs = and_(PartyTag.tag == tag, PartyTag.party_id == Dispute.buyer_id)
    return exists(select(1).where(theirs)), led


def _any_of(connection: Connection, *ways: tuple[Any, Select[int]]) -> ColumnElement[bool]:
    found = [(column, list(connection.scalars(way))) for column, way in ways]
    return or_(false(), *(_one_of(column, ids) for column, ids in found if ids))


def _one_of(column: Any, ids: list[int]) -> ColumnElement[bool]:
    """One alone is compared, not looked for in a list: so that its index gives the order, too."""
    same: ColumnElement[bool] = column == ids[0] if len(ids) == 1 else column.in_(ids)
    return same


def _numbers(connection: Connection, ways: list[Any]) -> set[str]:
    """The numbers of the disputes that are meant, two of each way at most."""
    return {
        row.number
        for way in ways
        for row in connection.execute(way.add_columns(Dispute.number).limit(ONE_AND_MORE))
    }
