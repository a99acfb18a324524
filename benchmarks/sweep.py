"""`sweep/sqlite`, `sweep/postgres`: what is due at once among many running deadlines.

The real sweep, as the scheduler calls it, against one set of statements on the bare driver that
write the same rows. Half of what is due is to be warned of, half is overdue; waits, whose timeouts
are decisions, are `decide`'s to measure. Beside the one of its stage, as many service levels run on
each dispute as the standard document has, due a month later.
"""

import argparse
import datetime as dt
import functools
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, String, and_, case, cast, insert, literal, or_, select
from sqlalchemy.engine import URL

import scheduler
from benchmarks import sweep_floor
from benchmarks.figures import against_floor
from benchmarks.world import copies, fill
from core.db import Database
from core.tables import Deadline, Dispute, Escalation, Event, Outbox, Visit

ROUNDS = 7
START = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
BETWEEN = dt.timedelta(hours=1)  # from one round's due moment to the next
FAR = dt.timedelta(days=30)
LENGTH = dt.timedelta(minutes=120)  # of triage in the standard document
WARNED_AFTER = dt.timedelta(minutes=90)  # at three quarters; once more fifteen minutes before
END = 2  # the place of its end among the levels of its ladder
FIRST = 1_000  # ids below it are those of the dispute that is multiplied
LEVELS = 8  # that run on a dispute at once


def main(argv: Sequence[str]) -> None:
    """Both databases, a round being one sweep of everything that is due."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks sweep")
    parser.add_argument("--due", type=int, default=5_000, help="deadlines due at once")
    parser.add_argument("--running", type=int, default=200_000, help="disputes that are open")
    parser.add_argument("--levels", type=int, default=LEVELS, help="deadlines of each of them")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    options = parser.parse_args(argv)
    for kind in ("sqlite", "postgres"):
        if options.database in (kind, "both"):
            measure(kind, options.due, options.running, options.levels)


def measure(kind: str, due: int, running: int, levels: int) -> None:
    """Prints `sweep/<kind>`, after a round that nobody measures and whose rows are compared."""
    with copies(kind) as made:
        base = Database(made.base)
        fill(base, 1)
        base.transact(multiply, due, running, levels)
        base.close()
        if kind == "postgres":
            sweep_floor.analyze(made.base)
        address, bare = made.copy(), made.copy()
        now = [START]
        database = Database(address, clock=lambda: now[0])
        floor = sweep_floor.sqlite if kind == "sqlite" else sweep_floor.postgres

        def ours(turn: int) -> int:
            now[0] = moment(turn)
            return scheduler.tick(database)

        def theirs(turn: int) -> int:
            return floor(bare, moment(turn))

        check_same(ours(ROUNDS), theirs(ROUNDS), address, bare, due)
        against_floor(f"sweep/{kind}", ours, theirs, rounds=ROUNDS)
        database.close()
        sweep_floor.close()


def moment(turn: int) -> dt.datetime:
    """When a round's deadlines are due; the unmeasured one comes first."""
    return START + BETWEEN * ((turn + 1) % (ROUNDS + 1))


def multiply(
    connection: Connection, due: int, running: int, levels: int, *, now: dt.datetime
) -> None:
    """Makes so many disputes, each with `levels` running deadlines, out of the first one."""
    del now
    base = connection.execute(select(Visit).where(Visit.left_at.is_(None))).one()
    count = select(literal(1).label("i")).cte(recursive=True)
    count = count.union_all(select(count.c.i + 1).where(count.c.i < running))
    i = count.c.i + FIRST
    _copies(
        connection, Dispute, base.dispute_id, count, id=i, number=_text(i), external_id=_text(i)
    )
    _copies(connection, Visit, base.id, count, id=i, dispute_id=i)
    running_one = select(Deadline.id).where(Deadline.visit_id == base.id).scalar_subquery()
    place = (count.c.i - 1) // due
    rounds = {turn: moment(turn) for turn in range(ROUNDS + 1)}
    next_at = case(rounds, value=place, else_=START + FAR)
    warned = and_(count.c.i % 2 == 0, place <= ROUNDS)
    starts = {turn: at - LENGTH for turn, at in rounds.items()}
    starts_warned = {turn: at - WARNED_AFTER for turn, at in rounds.items()}
    started_at = case(
        (warned, case(starts_warned, value=place)),
        else_=case(starts, value=place, else_=START + FAR - LENGTH),
    )
    due_at = case(
        (warned, case({turn: at + LENGTH for turn, at in starts_warned.items()}, value=place)),
        else_=next_at,
    )
    _copies(
        connection,
        Deadline,
        running_one,
        count,
        id=i,
        dispute_id=i,
        visit_id=i,
        level=case((warned, 0), else_=END),
        started_at=started_at,
        next_at=next_at,
        due_at=due_at,
    )
    for one in range(1, levels):
        _copies(
            connection,
            Deadline,
            running_one,
            count,
            id=i + one * running,
            dispute_id=i,
            visit_id=i,
            with_visit=literal(False),
            service_level=literal(f"level_{one}"),
            next_at=literal(START + FAR),
            due_at=literal(START + FAR),
        )


def _text(number: Any) -> Any:
    return literal("D", String) + cast(number, String)


def _copies(connection: Connection, table: Any, row_id: Any, count: Any, **other: Any) -> None:
    """Copies of one row, one for each number of `count`, with these columns changed."""
    columns = table.__table__.columns
    values = [other.get(column.name, column).label(column.name) for column in columns]
    copied = select(*values).select_from(table.__table__.join(count, table.id == row_id))
    connection.execute(insert(table).from_select([c.name for c in columns], copied))


def check_same(ours: int, theirs: int, address: URL, bare: URL, due: int) -> None:
    """Stops the benchmark unless both sides wrote the same rows."""
    if ours != due or theirs != due:
        raise SystemExit(f"{due} were due; we acted on {ours}, the floor on {theirs}")
    left, right = written(address), written(bare)
    for table, rows in left.items():
        if rows != right[table]:
            raise SystemExit(f"the rows of {table} are not the same")


def written(url: URL) -> dict[str, list[str]]:
    """What the sweep wrote, with the ids of events told by what they tell of.

    Of deadlines all that are not as they were made to be due much later.
    """
    database = Database(url)
    with database.reading() as (connection, _):
        touched = or_(Deadline.next_at.is_(None), Deadline.next_at != START + FAR)
        events = connection.execute(select(Event).where(Event.kind.in_(("warned", "escalated"))))
        deadline_of = {row.id: row.data["deadline"] for row in events}
        read = functools.partial(_rows, connection)
        tables = {"escalations": read(Escalation), "deadlines": read(Deadline, touched)}
        told = [row for row in read(Event) if row["id"] in deadline_of]
        sent = [row for row in read(Outbox) if row["data"].get("event") in deadline_of]
    database.close()
    for row in sent:
        event = row["data"]["event"]
        row["dedupe"] = row["dedupe"].replace(f"line:{event}", "line of the event")
        row["data"] = {**row["data"], "event": deadline_of[event]}
    for row in (*told, *sent):
        del row["id"]
    tables |= {"events": told, "outbox": sent}
    return {
        name: sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)
        for name, rows in tables.items()
    }


def _rows(connection: Connection, table: Any, *which: Any) -> list[dict[str, Any]]:
    found = select(table.__table__).where(*which)
    return [dict(row) for row in connection.execute(found).mappings()]
