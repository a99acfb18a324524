"""`burst`: a thousand transitions at once, delivered as fast as Slack's limits allow.

Everything runs in virtual time: the database's clock and the sandbox's rate limits share one that
only moves when nothing may be sent. The quotient is the time until the last message over the time
that the limits alone would take for as many.
"""

import argparse
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from unittest import mock

from sqlalchemy import func, select, update

from benchmarks.figures import figure, note
from benchmarks.offices import Traffic, measured
from bot.delivery import LANES, deliver
from core.tables import Channel, Lane, Outbox
from sandbox.api import rates
from tests.bot.office import Office
from tests.factories import SOUND, TRIAGED

TRANSITIONS = 1_000
# Where disputes stand, who presses what: a quarter of the burst each.
PRESSES = (
    ("intake", "Tom", "take", None),
    ("triage", "Tom", "decide.no_evidence", TRIAGED),
    ("evidence_review", "Eva", "decide.enough", SOUND),
    ("adjudication", "Ada", "decide.rule_merchant", SOUND),
)
EVERY_CARD = 10_000
POST, UPDATE = "chat.postMessage", "chat.update"
UPDATES_PER_MINUTE = 50
TICK = dt.timedelta(milliseconds=50)


class Clock:
    """The one clock of the run."""

    def __init__(self) -> None:
        self.now = dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        """The moment it is."""
        return self.now

    def monotonic(self) -> float:
        """The same, for the sandbox's limits."""
        return self.now.timestamp()


def main(argv: Sequence[str]) -> None:
    """Prints `burst` and `burst/cards`: how soon what people wait for is there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks burst")
    parser.add_argument("--transitions", type=int, default=TRANSITIONS)
    options = parser.parse_args(argv)
    clock = Clock()
    limits = SimpleNamespace(monotonic=clock.monotonic)
    with mock.patch.object(rates, "time", limits), measured(clock) as at_work:
        pressed = _fill(at_work, options.transitions // len(PRESSES))
        _press(at_work, pressed)
        _measure(at_work, clock)


def _fill(at_work: Office, each: int) -> list[tuple[int, str, str, object]]:
    """Disputes at their stages, their cards in Slack; gives what will be pressed on each."""
    at_work.desk.write(update(Channel).values(most_cards=EVERY_CARD))
    pressed = [
        (at_work.desk.at_stage(stage), who, action, chosen)
        for _ in range(each)
        for stage, who, action, chosen in PRESSES
    ]
    note(f"  {len(pressed)} disputes wait")
    at_work.settle()
    return pressed


def _press(at_work: Office, pressed: list[tuple[int, str, str, object]]) -> None:
    for dispute, who, action, chosen in pressed:
        at_work.press(dispute, action, chosen, who=who)
    note(f"  {len(pressed)} buttons were pressed at once")


def _measure(at_work: Office, clock: Clock) -> None:
    began, first = clock.now, _last_sent(at_work)
    traffic, calls, refused = Traffic(at_work), Counter[str](), 0
    at_work.sandbox.rates("all")
    while _waiting(at_work):
        if not deliver(at_work.bot):
            clock.now = max(clock.now + TICK, _next(at_work, clock.now))
        for method, status in traffic.calls():
            calls[method] += 1
            refused += status == 429
    rows = at_work.desk.rows(
        select(Outbox.lane, Outbox.kind, Outbox.finished_at).where(
            Outbox.id > first, Outbox.state == "sent"
        )
    )
    posts = [row for row in rows if row.lane.startswith("post:")]
    cards = [row for row in posts if row.kind == "card"]
    updates = calls[UPDATE]
    note(f"  {dict(calls)}, {refused} asked to come later")
    for name, told, redrawn in (("burst", posts, updates), ("burst/cards", cards, 0)):
        took = (max(row.finished_at for row in told) - began).total_seconds()
        alone = _alone(Counter(row.lane for row in told), redrawn)
        note(f"  {name}: {len(told)} posts in {took:.0f} s, the limits alone {alone:.0f} s")
        figure(name, took / alone, "times the limits' own", n=len(told))


def _alone(posts: Counter[str], updates: int) -> float:
    """Seconds that the limits alone take: per channel, per workspace, for cards redrawn."""
    by_channel = max(posts.values()) - rates.POST_BURST
    by_workspace = (posts.total() - rates.POSTS_PER_MINUTE) / rates.POSTS_PER_MINUTE * 60
    redrawn = (updates - UPDATES_PER_MINUTE) / UPDATES_PER_MINUTE * 60
    return max(by_channel, by_workspace, redrawn)


def _waiting(at_work: Office) -> int:
    slack = [Outbox.lane.startswith(lane) for lane in LANES]
    found = select(func.count()).where(Outbox.finished_at.is_(None), slack[0] | slack[1] | slack[2])
    return int(at_work.desk.rows(found)[0][0])


def _next(at_work: Office, now: dt.datetime) -> dt.datetime:
    """When the first lane that rests has rested."""
    found = select(func.min(Lane.next_at)).where(Lane.next_at > now)
    return at_work.desk.rows(found)[0][0] or now


def _last_sent(at_work: Office) -> int:
    """The last message that went out before the burst."""
    found = select(func.max(Outbox.id)).where(Outbox.finished_at.is_not(None))
    return int(at_work.desk.rows(found)[0][0])
