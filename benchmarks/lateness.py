"""`lateness`: from the moment a deadline is due to the moment Slack accepted the alert of it.

The programs are the real ones, each a process: scheduler, delivery, the sandbox over HTTP with
Slack's limits, PostgreSQL. Deadlines of a few disputes among many open ones fall due at random
moments of real time; nobody moves a clock.

Slack takes one message per channel and second. An alert is counted from when it is due, or from a
second after the one before it in its channel could have been there, where that is later: only what
is above that is ours. The tick's own second counts, too; the lines beside the figure say what is
left of it since the tick.
"""

import argparse
import datetime as dt
import math
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from benchmarks.desks import Desks, desks
from benchmarks.figures import figure, note
from core.desk import documents, outbox
from core.desk.firing import ESCALATED
from core.desk.ladders import Plans
from core.tables import Deadline, Dispute, Event, Outbox
from sandbox.api.rates import POSTS_PER_MINUTE

DISPUTES, DUE, SECONDS, DESKS, SEED = 10_000, 200, 100.0, 6, 7
GAP = 1.0  # seconds between two messages in a channel, by Slack's limit
LEAD = dt.timedelta(seconds=5)  # until the first may be due
PATIENCE = 180.0  # seconds for the last alerts, and for the programs to begin
LOOK = 0.5  # seconds between two looks whether they are there


@dataclass(frozen=True, slots=True)
class Told:
    """A message that a deadline led to; its moments in seconds since the epoch."""

    kind: str
    channel: str
    due: float
    swept: float  # when the tick acted on it
    accepted: float  # by Slack's own timestamp


def main(argv: Sequence[str]) -> None:
    """Prints `lateness`, the 99th percentile in seconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks lateness")
    parser.add_argument("--disputes", type=int, default=DISPUTES, help="open disputes in all")
    parser.add_argument("--due", type=int, default=DUE, help="deadlines that fall due")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="in so many seconds")
    parser.add_argument("--desks", type=int, default=DESKS, help="each with channels of its own")
    parser.add_argument("--seed", type=int, default=SEED, help="of the moments at which they do")
    options = parser.parse_args(argv)
    if options.due < 1 or options.desks < 1:
        parser.error("--due and --desks must be at least 1")
    if options.disputes < options.due + 2 * options.desks:
        parser.error(f"--disputes must be at least --due and {2 * options.desks} more")
    if 2 * options.due > POSTS_PER_MINUTE * (1 + options.seconds / 60):  # a line for each alert
        note("  Slack takes fewer from one app in that time: the wait for that counts as ours")
    with desks(options.desks, options.disputes) as made:
        note(f"  {options.disputes} disputes are open")
        made.settle()
        note("  their cards are in Slack, as many as the channels show")
        with made.at_work():
            told = lived(made, options.due, options.seconds, options.seed)
        for line in made.complaints():
            note(f"  {line}")
    tell(told)


def lived(made: Desks, due: int, seconds: float, seed: int) -> list[Told]:
    """Lets so many deadlines fall due; gives every message that this led to, from Slack."""
    _warm(made)
    chance, count = random.Random(seed), len(made.disputes)
    begins = _now(made) + LEAD
    moments = sorted(chance.uniform(0, seconds) for _ in range(due))
    at = {
        # The first of each desk's was the warming; cards stand for the first ones, so that every
        # alert has a line in a thread to keep company.
        made.disputes[n % count][n // count + 1]: begins + dt.timedelta(seconds=moment)
        for n, moment in enumerate(moments)
    }
    running = made.database.transact(fall_due, at)
    note(f"  {due} deadlines fall due within {seconds:.0f} s; load {_load()}")
    _wait(made, running, LEAD.total_seconds() + seconds + PATIENCE)
    note(f"  all of them were told; load {_load()}")
    return list(_found(made, running))


def _warm(made: Desks) -> None:
    """One deadline of each desk falls due at once: when it is told, the programs are at work."""
    at = dict.fromkeys((ids[0] for ids in made.disputes), _now(made))
    _wait(made, made.database.transact(fall_due, at), PATIENCE)


def fall_due(
    connection: Connection, at: Mapping[int, dt.datetime], *, now: dt.datetime
) -> dict[int, dt.datetime]:
    """Has the deadline of each dispute's open stage end at a moment; gives the moments by deadline.

    What comes before the end has been: only that is left to tell.
    """
    del now
    rows = connection.execute(
        select(
            Deadline.id,
            Deadline.dispute_id,
            Deadline.document_id,
            Deadline.service_level,
            Dispute.workflow,
        )
        .join(Dispute, Dispute.id == Deadline.dispute_id)
        .where(Deadline.dispute_id.in_(at), Deadline.with_visit, Deadline.stopped_at.is_(None))
    ).all()
    plans = Plans(connection)
    ends = {}
    for row in rows:
        document = documents.load(connection, row.document_id)
        level = document.workflow_by_key[row.workflow].level_by_key[row.service_level]
        plan = plans.of(row.document_id, document, row.workflow, level)
        end = ends[row.id] = at[row.dispute_id]
        connection.execute(
            update(Deadline)
            .where(Deadline.id == row.id)
            .values(started_at=end - plan.length, due_at=end, next_at=end, level=plan.end)
        )
    if len(ends) != len(at):
        raise RuntimeError(f"{len(at)} disputes have {len(ends)} deadlines of their stage")
    return ends


def _wait(made: Desks, running: Mapping[int, dt.datetime], seconds: float) -> None:
    """Waits until these deadlines were told and nothing is on its way. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while made.database.read(_acted_on, running) < len(running) or made.undelivered():
        if time.monotonic() > until:
            raise TimeoutError("\n".join(["not everything was told", *made.complaints()]))
        time.sleep(LOOK)


def _acted_on(
    connection: Connection, running: Mapping[int, dt.datetime], *, now: dt.datetime
) -> int:
    del now
    left = select(Deadline.next_at).where(Deadline.id.in_(running))
    return sum(next_at is None for next_at in connection.execute(left).scalars())


def _found(made: Desks, running: Mapping[int, dt.datetime]) -> Iterator[Told]:
    """Each message of these deadlines as it stands in Slack. Raises where an alert is missing."""
    events = made.database.read(_events, running)
    rows = made.database.read(_messages)
    standing: dict[str, set[str]] = {}
    alerts: Counter[int] = Counter()
    for row in rows:
        event = events.get(row.data.get("event", 0))
        if event is None:
            continue
        channel, _, ts = (row.sent_as or "").partition("/")
        if channel not in standing:
            standing[channel] = {one["ts"] for one in made.sandbox.messages(channel)}
        if ts not in standing[channel]:
            raise RuntimeError(f"{row.kind} {row.id} does not stand in Slack: {row.state}")
        deadline_id, swept = event
        alerts[deadline_id] += row.kind == outbox.ALERT
        due = running[deadline_id]
        yield Told(row.kind, channel, due.timestamp(), swept.timestamp(), float(ts))
    if any(alerts[deadline_id] != 1 for deadline_id in running):
        raise RuntimeError(f"{len(running)} deadlines led to {alerts.total()} alerts")


def _events(
    connection: Connection, running: Mapping[int, dt.datetime], *, now: dt.datetime
) -> dict[int, tuple[int, dt.datetime]]:
    """By event: of which of these deadlines it tells, and when it was written."""
    del now
    rows = connection.execute(select(Event.id, Event.data, Event.at).where(Event.kind == ESCALATED))
    return {
        row.id: (row.data["deadline"], row.at) for row in rows if row.data["deadline"] in running
    }


def _messages(connection: Connection, *, now: dt.datetime) -> list[Outbox]:
    del now
    found = select(Outbox.id, Outbox.kind, Outbox.data, Outbox.sent_as, Outbox.state)
    told = found.where(Outbox.kind.in_((outbox.ALERT, outbox.LINE))).order_by(Outbox.id)
    return list(connection.execute(told))


def above(told: Sequence[Told], since: Callable[[Told], float]) -> list[float]:
    """How many seconds each was accepted after the earliest moment that Slack's limit allows.

    `since` is the moment from which it could have been sent, were it alone in its channel.
    """
    lanes: defaultdict[str, list[Told]] = defaultdict(list)
    for one in sorted(told, key=since):
        lanes[one.channel].append(one)
    found = []
    for lane in lanes.values():
        free = -math.inf
        for one in lane:
            earliest = max(since(one), free)
            free = earliest + GAP
            found.append(max(0.0, one.accepted - earliest))
    return sorted(found)


def tell(told: Sequence[Told]) -> None:
    """Prints the figure, and beside it what else is worth knowing."""
    alerts = [one for one in told if one.kind == outbox.ALERT]
    lines = [one for one in told if one.kind == outbox.LINE]
    note(f"  {len(alerts)} alerts in {len({one.channel for one in alerts})} channels")
    for what, which, since in (
        ("alerts, since due", alerts, _due),
        ("alerts, since the tick", alerts, _swept),
        ("alerts, since due, with the wait for their channels", alerts, None),
        ("lines in threads, since due", lines, _due),
    ):
        if which:
            took = above(which, since) if since else sorted(x.accepted - x.due for x in which)
            note(
                f"  {what}: median {percentile(took, 0.5):.2f} s, 99th {percentile(took, 0.99):.2f}"
                f" s, worst {took[-1]:.2f} s, {len(took)} of them"
            )
    took = above(alerts, _due)
    figure("lateness", percentile(took, 0.99), "s", n=len(took))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the ordered values that so large a share does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def _due(one: Told) -> float:
    return one.due


def _swept(one: Told) -> float:
    return one.swept


def _now(made: Desks) -> dt.datetime:
    return made.database.read(lambda _connection, now: now)


def _load() -> str:
    """What else the machine does: processes that want a processor, over the last minute."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
