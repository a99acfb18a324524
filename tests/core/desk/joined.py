"""Acts on disputes that belong together, in few words."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.desk import linking, merging, splitting
from core.desk.answers import Answer, Applied, Refused
from core.desk.intake import OrderInfo
from core.tables import Dispute
from tests.factories import KETTLE, VAULT, Desk

CUPS = {"key": "2", "title": "Cup", "unit_price": 333, "quantity": 3}
ORDER = OrderInfo("CNY", 20_999, 1_000, lines=(KETTLE, CUPS))  # two kettles, three cups, freight


def number(desk: Desk, dispute: int) -> str:
    """The dispute's number."""
    return str(desk.at(dispute).row.number)


def key(answer: Any) -> str:
    """The key of a refusal; empty where it was applied."""
    return answer.key if isinstance(answer, Refused) else ""


def link(desk: Desk, one: int, other: int, relation: str = "same_parcel", **more: Any) -> Answer:
    """A supervisor links two disputes."""
    who = desk.who(more.pop("name", "Sun Wei"))
    args = (one, number(desk, other), relation, who)
    return desk.db.transact(linking.link, *args, click=more.pop("click", desk.click()))


def merge(desk: Desk, one: int, other: int, name: str = "Sun Wei", **more: Any) -> Answer:
    """Somebody merges the first into the second."""
    args = (one, number(desk, other), desk.who(name))
    return desk.db.transact(merging.merge, *args, click=more.pop("click", desk.click()))


def split(
    desk: Desk, dispute: int, items: Mapping[str, int], name: str = "Sun Wei", **more: Any
) -> Answer:
    """Somebody splits a dispute."""
    args = (dispute, items, desk.who(name), VAULT)
    return desk.db.transact(splitting.split, *args, click=more.pop("click", desk.click()))


def second_of(desk: Desk, answer: Answer) -> int:
    """The id of the dispute that was split off."""
    assert isinstance(answer, Applied), answer
    wanted = select(Dispute.id).where(Dispute.number == answer.params["other"])
    return int(desk.rows(wanted)[0].id)
