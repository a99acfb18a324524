"""The auditor: due but not done is seen, told once, and keeps the heartbeat back (G10, K14)."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

import scheduler
from core.db import Database
from core.desk import auditing, clock, outages
from core.desk.auditing import Verdict
from core.pulse import Pulse
from core.tables import Audit, Deadline, Escalation, Outbox, Ticker, Visit
from tests.bot.walls import Wall
from tests.factories import Desk

NEVER = dt.timedelta(days=365)  # between two probes


@pytest.fixture
def wall() -> Wall:
    """The wall clock of `watched`."""
    return Wall()


@pytest.fixture
def watched(sqlite: Database, wall: Wall) -> Iterator[Desk]:
    """A desk whose wall clock the test moves."""
    database = Database(sqlite.url, movable=True, clock=wall)
    yield Desk(database)
    database.close()


def audit(desk: Desk) -> Verdict | None:
    found: Verdict | None = desk.db.transact_wall(auditing.audit, NEVER)
    return found


def trouble(desk: Desk) -> dict[str, int]:
    """What is due and not done at this moment."""
    return dict(desk.db.read_wall(auditing.look).trouble)


def told(desk: Desk) -> list[dict[str, Any]]:
    """What supervisors are told of it, in order."""
    rows = desk.rows(select(Outbox.data).where(Outbox.kind == "pulse").order_by(Outbox.id))
    return [row.data for row in rows]


def test_deadline_that_nobody_acts_on_is_seen_half_a_minute_later(desk: Desk) -> None:
    desk.open()
    due = desk.rows(select(func.min(Deadline.next_at).label("at")))[0].at
    desk.pass_time(seconds=(due - desk.now()).total_seconds() + 25)
    assert trouble(desk) == {}
    desk.pass_time(seconds=10)
    assert trouble(desk) == {"deadlines": 1}
    scheduler.tick(desk.db)
    assert trouble(desk) == {}


def test_clock_that_was_moved_makes_nothing_late_before_anybody_could_act(
    watched: Desk, wall: Wall
) -> None:
    watched.open()
    watched.db.transact(clock.move, dt.timedelta(hours=5))
    wall.pass_time(seconds=20)
    watched.db.transact(clock.move, dt.timedelta(hours=1))
    assert trouble(watched) == {}
    wall.pass_time(seconds=31)
    assert trouble(watched)["deadlines"] > 0


def test_each_thing_that_was_not_done_has_its_reason(desk: Desk) -> None:
    dispute = desk.open()
    desk.take(dispute)
    now = desk.now()
    desk.write(update(Visit).values(snoozed_until=now - dt.timedelta(minutes=1)))
    later = now + dt.timedelta(hours=1)
    desk.write(update(Deadline).values(set_aside="KeyError", next_at=later))
    old = now - dt.timedelta(minutes=6)
    message = {"kind": "alert", "lane": "post:escalation", "data": {}, "created_at": old}
    desk.write(insert(Outbox).values(**message, dedupe="a", rank=0))
    desk.write(insert(Outbox).values(**message, dedupe="b", rank=0, quiet_until=later))
    desk.db.transact_wall(outages.begin, outages.TOKEN, "token_revoked")
    found = trouble(desk)
    assert found.pop("set_aside") >= 1
    assert found == {"snoozed": 1, "alerts": 1, "token": 1}


def test_trouble_is_told_as_it_begins_and_as_it_ends_and_not_between(
    watched: Desk, wall: Wall
) -> None:
    watched.open()
    assert audit(watched) == Verdict({})
    wall.pass_time(hours=3)
    began = audit(watched)
    assert began is not None
    assert (dict(began.trouble), began.news) == ({"deadlines": 1}, True)
    assert began.lag > dt.timedelta(hours=1)
    for _ in range(3):
        wall.pass_time(minutes=1)
        again = audit(watched)
        assert again is not None
        assert not again.news
    scheduler.tick(watched.db)
    wall.pass_time(minutes=1)
    assert audit(watched) == Verdict({}, news=True)
    assert [one["over"] for one in told(watched)] == [False, True]
    assert told(watched)[0]["trouble"] == {"deadlines": 1}


def test_two_processes_audit_once_a_minute_between_them(watched: Desk, wall: Wall) -> None:
    assert audit(watched) is not None
    assert audit(watched) is None
    wall.pass_time(seconds=50)
    assert audit(watched) is None
    wall.pass_time(seconds=6)
    assert audit(watched) is not None


def test_process_says_that_it_sweeps_and_is_forgotten_after_a_day(
    watched: Desk, wall: Wall
) -> None:
    one, other = Pulse(watched.db), Pulse(watched.db)
    one.take()
    one.take()
    assert [row.key for row in watched.rows(select(Ticker.key))] == [one.key]
    wall.pass_time(hours=25)
    other.take()
    assert [row.key for row in watched.rows(select(Ticker.key))] == [other.key]


@pytest.mark.postgres
def test_two_auditors_at_once_tell_it_once(postgresql: Database) -> None:
    from concurrent.futures import ThreadPoolExecutor

    desk = Desk(postgresql)
    desk.open()
    desk.pass_time(hours=3)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: audit(desk), range(6)))
    assert sum(one is not None for one in found) == 1
    assert len(told(desk)) == 1
    assert len(desk.rows(select(Audit.id))) == 1


FROZEN = """
import os, signal, sys
from core.db import Database
from core.desk import firing, overdue

def freeze(*args, **more):
    print("frozen", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    return tell(*args, **more)

tell, firing.tell = firing.tell, freeze
database = Database(sys.argv[1], movable=True, frozen_seconds=0.5)
print(database.transact(overdue.sweep), flush=True)
"""


@pytest.mark.postgres
def test_scheduler_that_stands_still_in_a_sweep_holds_nobody_up_and_doubles_nothing(
    postgresql: Database,
) -> None:
    """Fault 28: stopped with its rows locked, it is overtaken; awake, it finds all done."""
    desk = Desk(postgresql)
    disputes = [desk.open() for _ in range(3)]
    desk.pass_time(hours=2)
    url = postgresql.url.render_as_string(hide_password=False)
    child = subprocess.Popen(
        [sys.executable, "-c", FROZEN, url],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "frozen\n"
        acted = 0
        while acted < len(disputes):  # until the server has given the frozen one up
            acted += scheduler.tick(desk.db)
        child.send_signal(signal.SIGCONT)
        out, trouble = child.communicate(timeout=60)
    finally:
        child.kill()
    assert "escalated=0" in out, trouble
    fired = desk.rows(select(Escalation.deadline_id, Escalation.level))
    assert len(fired) == len(set(fired))
    assert len({row.deadline_id for row in fired}) == len(disputes)
    alerts = desk.rows(select(Outbox.id).where(Outbox.kind == "alert"))
    assert len(alerts) == len(disputes)
    assert desk.differences() == []
