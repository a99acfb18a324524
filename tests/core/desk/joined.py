"""Acts on disputes that belong together, in few words."""

from typing import Any

from core.desk import linking, merging
from core.desk.answers import Answer, Refused
from tests.factories import Desk


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
