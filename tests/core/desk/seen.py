"""What people at the desk see: their Home, what several disputes share, what would happen."""

from collections.abc import Sequence
from typing import Any

from core.desk import bulk, home, people
from core.desk.answers import Refused
from core.desk.home import Home, Place
from tests.factories import Desk


def shared(desk: Desk, name: str, disputes: Sequence[int]) -> bulk.Common | Refused:
    """What these disputes have in common for somebody."""
    visits = [desk.visit(dispute) for dispute in disputes]
    return desk.db.read(lambda c, now: bulk.common(c, desk.who(name), visits, now=now))


def foreseen(
    desk: Desk, name: str, disputes: Sequence[int], decision: str, chosen: Any
) -> list[bulk.Foreseen]:
    """What would happen to each."""
    visits = [desk.visit(dispute) for dispute in disputes]
    return desk.db.read(
        lambda c, now: bulk.preview(c, desk.who(name), visits, decision, chosen, now=now)
    )


def at_home(desk: Desk, name: str, place: Place | None = None) -> Home:
    """What somebody's Home shows."""

    def look(connection, *, now):  # type: ignore[no-untyped-def]
        slack_id = f"U{list(desk.people).index(name) + 1:04}"
        member = people.by_slack_id(connection, slack_id)
        assert member is not None
        return home.home(connection, member, place, now=now)

    found: Home = desk.db.read(look)
    return found
