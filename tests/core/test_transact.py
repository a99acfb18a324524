"""One transaction: begun, committed and tried again in one place, or politely given up."""

import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

import core.db
from core.db import Busy, Database
from core.desk.choose import choose
from core.desk.clock import move
from core.tables import Click, ClockOffset, Dispute
from tests.factories import TRIAGED, Desk


class Work:
    """A piece of work that fails as often as it is told, then succeeds."""

    def __init__(self, *failures: str) -> None:
        self.failures = list(failures)
        self.tries = 0

    def __call__(self, connection: Connection, *, now: object) -> str:
        self.tries += 1
        connection.execute(insert(Click), {"key": "k", "at": now, "person_id": None, "answer": {}})
        if self.failures:
            code = self.failures.pop(0)
            connection.exec_driver_sql(
                f"DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '{code}'; END $$"
            )
        return "done"


def clicks(database: Database) -> int:
    """How many clicks are stored."""
    return len(database.read(lambda c, now: c.execute(select(Click.key)).all()))


@pytest.mark.postgres
def test_rehearsal_sees_what_it_wrote_and_leaves_nothing(database: Database) -> None:
    work = Work()
    assert database.rehearse(work) == "done"
    assert work.tries == 1
    assert clicks(database) == 0
    assert database.transact(work) == "done"
    assert clicks(database) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("code", ["40001", "40P01", "55P03"])
def test_what_the_database_gave_up_is_tried_again(postgresql: Database, code: str) -> None:
    work = Work(code, code)
    assert postgresql.transact(work) == "done"
    assert work.tries == 3
    assert clicks(postgresql) == 1


@pytest.mark.postgres
def test_rehearsal_that_the_database_gave_up_is_rehearsed_again(postgresql: Database) -> None:
    work = Work("40P01", "40001")
    assert postgresql.rehearse(work) == "done"
    assert (work.tries, clicks(postgresql)) == (3, 0)
    with pytest.raises(Busy):
        postgresql.rehearse(Work(*["40P01"] * core.db.TRIES))


@pytest.mark.postgres
def test_what_is_given_up_try_after_try_is_busy_and_changes_nothing(postgresql: Database) -> None:
    work = Work(*["40001"] * 50)
    with pytest.raises(Busy):
        postgresql.transact(work)
    assert work.tries == core.db.TRIES
    assert clicks(postgresql) == 0


@pytest.mark.postgres
def test_bug_in_a_statement_is_not_tried_again(postgresql: Database) -> None:
    work = Work("42601")
    with pytest.raises(ProgrammingError):
        postgresql.transact(work)
    assert work.tries == 1


@pytest.mark.postgres
def test_deadlock_of_two_transactions_ends_with_both_done(postgresql: Database) -> None:
    desk = Desk(postgresql)
    first, second = desk.open(), desk.open()
    barrier = threading.Barrier(2, timeout=20)
    tries: list[int] = []

    def lock(connection: Connection, one: int, other: int, **_: object) -> None:
        tries.append(one)
        update = text("UPDATE disputes SET appeared = appeared || '.' WHERE id = :id")
        connection.execute(update, {"id": one})
        if len(tries) <= 2:  # only the first time round do they meet
            barrier.wait()
        connection.execute(update, {"id": other})

    threads = [
        threading.Thread(target=postgresql.transact, args=(lock, *pair))
        for pair in ((first, second), (second, first))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert desk.rows(select(Dispute.appeared)) == [("..",), ("..",)]
    assert len(tries) == 3


@pytest.fixture
def answers_lost(postgresql: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """So many commits on PostgreSQL happen, and their answers are lost with the connection."""
    dialect = postgresql.engine.dialect
    commit, lost = dialect.do_commit, [0]

    def lose(connection: Any) -> None:
        commit(connection)
        if lost[0]:
            lost[0] -= 1
            connection.driver_connection.close()
            raise psycopg.OperationalError("the connection is lost")

    monkeypatch.setattr(dialect, "do_commit", lose)
    return lost


@pytest.mark.postgres
def test_lost_commit_answer_finds_the_click_s_own_answer(
    postgresql: Database, answers_lost: list[int]
) -> None:
    desk = Desk(postgresql)
    dispute = desk.at_stage("triage")
    visit = desk.visit(dispute)
    answers_lost[0] = 1
    answer = postgresql.transact(
        choose, visit, "no_evidence", TRIAGED, desk.who("Tom"), click="once"
    )
    assert answers_lost[0] == 0
    assert getattr(answer, "stage", "") == "adjudication"
    assert [v.stage for v in desk.visits(dispute)] == ["intake", "triage", "adjudication"]
    assert desk.differences() == []


@pytest.mark.postgres
def test_intake_whose_commit_answer_was_lost_opens_one_dispute(
    postgresql: Database, answers_lost: list[int]
) -> None:
    desk = Desk(postgresql)
    answers_lost[0] = 1
    desk.open()
    assert len(desk.rows(select(Dispute.id))) == 1


@pytest.mark.postgres
def test_killed_connections_are_replaced_while_nobody_notices(postgresql: Database) -> None:
    desk = Desk(postgresql)
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{postgresql.url.database}' AND pid <> pg_backend_pid()"
    )
    for act in (desk.open, desk.now):
        url = postgresql.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(kill)  # type: ignore[call-overload]
        assert act()


@pytest.mark.postgres
def test_server_that_is_not_there_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.db, "TRIES", 2)
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Busy):
        nowhere.transact(lambda connection, now: None)
    nowhere.close()


def test_exhausted_pool_is_busy(sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.db, "POOL", 1)
    monkeypatch.setattr(core.db, "BUSY_SECONDS", 0.05)
    database = Database(f"sqlite:///{sqlite_template}")
    with database.engine.connect(), pytest.raises(Busy):
        database.transact(lambda connection, now: None)
    database.close()


@pytest.fixture
def impatient(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A SQLite database that waits a twentieth of a second for its lock."""
    monkeypatch.setattr(core.db, "BUSY_SECONDS", 0.05)
    path = tmp_path / "locked.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}", movable=True)
    yield database
    database.close()


def test_locked_file_is_waited_for_and_then_busy(impatient: Database) -> None:
    other = sqlite3.connect(str(impatient.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(Busy):
        impatient.transact(move, dt.timedelta(hours=1))
    assert time.monotonic() - started < 2
    other.execute("ROLLBACK")
    impatient.transact(move, dt.timedelta(hours=1))
    assert impatient.read(lambda c, now: c.scalar(select(ClockOffset.seconds))) == 3600
    other.close()


def test_writer_whose_turn_does_not_come_is_busy(impatient: Database) -> None:
    inside, done = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        inside.set()
        assert done.wait(10)

    thread = threading.Thread(target=impatient.transact, args=(slow,))
    thread.start()
    assert inside.wait(10)
    with pytest.raises(Busy):
        impatient.transact(lambda connection, now: None)
    done.set()
    thread.join(10)
    assert impatient.transact(lambda connection, now: "free") == "free"


def test_readers_are_not_kept_waiting_by_a_writer(impatient: Database) -> None:
    other = sqlite3.connect(str(impatient.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO clock_offset (id, seconds, before) VALUES (1, 5, 0)")
    assert impatient.read(lambda c, now: c.scalar(select(ClockOffset.seconds))) is None
    other.execute("COMMIT")
    other.close()
    assert impatient.read(lambda c, now: c.scalar(select(ClockOffset.seconds))) == 5


def test_reading_cannot_write(database: Database) -> None:
    row = {"key": "k", "at": dt.datetime.now(dt.UTC), "person_id": None, "answer": {}}
    with pytest.raises(DBAPIError):
        database.read(lambda c, now: c.execute(insert(Click), row))
    assert clicks(database) == 0
    database.transact(lambda c, now: c.execute(insert(Click), row))
    assert clicks(database) == 1


def test_failed_work_leaves_nothing_behind(database: Database) -> None:
    def fails(connection: Connection, *, now: object) -> None:
        connection.execute(insert(Click), {"key": "k", "at": now, "person_id": None, "answer": {}})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.transact(fails)
    assert clicks(database) == 0


def test_key_that_stays_taken_is_a_bug_and_is_seen(database: Database) -> None:
    tries = []

    def twice(connection: Connection, *, now: object) -> None:
        tries.append(1)
        row = {"key": "k", "at": now, "person_id": None, "answer": {}}
        connection.execute(insert(Click), row)
        connection.execute(insert(Click), row)

    with pytest.raises(IntegrityError):
        database.transact(twice)
    assert len(tries) == core.db.TRIES


def test_moment_is_read_once_per_transaction_and_moves_with_the_offset(database: Database) -> None:
    before = database.read(lambda c, now: now)
    database.transact(move, dt.timedelta(days=3))
    after = database.read(lambda c, now: now)
    assert after - before >= dt.timedelta(days=3)
    wall = database.transact_wall(lambda c, now: now)
    assert after - wall > dt.timedelta(days=2)
    assert after.utcoffset() == dt.timedelta()
    with pytest.raises(ValueError, match="forward"):
        database.transact(move, dt.timedelta(seconds=-1))
