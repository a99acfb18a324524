"""A wall clock that tests move, and what an office's Slack shows at the end of it."""

import datetime as dt

from sqlalchemy import select

from core.tables import Card, Outbox, Visit
from sandbox.client import Sandbox
from tests.bot.office import Office


class Wall:
    """A wall clock that waits for nobody."""

    def __init__(self) -> None:
        self.now = dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_time(self, **length: float) -> None:
        self.now += dt.timedelta(**length)


def states(office: Office) -> dict[str, int]:
    """How many messages for Slack are in each state."""
    rows = office.desk.rows(select(Outbox.state).where(Outbox.lane != "market"))
    return {state: sum(r.state == state for r in rows) for state in {r.state for r in rows}}


def all_messages(sandbox: Sandbox) -> list[dict[str, object]]:
    return [m for channel in sandbox.state()["channels"] for m in channel["messages"]]


def live_cards(office: Office) -> dict[int, str]:
    """The text of each card that Slack shows, by visit."""
    shown = {
        (channel["id"], m["ts"]): m["text"]
        for channel in office.sandbox.state()["channels"]
        for m in channel["messages"]
    }
    rows = office.desk.rows(select(Card.visit_id, Card.channel, Card.ts))
    return {r.visit_id: shown[r.channel, r.ts] for r in rows}


def assert_one_right_card_each(office: Office) -> None:
    """One live card per open visit, one line for every one that was left, no message twice."""
    cards = live_cards(office)
    visits = office.desk.rows(select(Visit).where(Visit.channel != ""))
    for visit in visits:
        if visit.left_at is None:
            assert visit.id in cards
            assert " left " not in cards[visit.id]
        elif visit.id in cards:
            assert " left " in cards[visit.id]
    ids = [m["metadata"]["event_payload"]["outbox"] for m in all_messages(office.sandbox)]  # type: ignore[index]
    assert len(ids) == len(set(ids))
