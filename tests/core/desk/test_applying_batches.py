"""Applying goes batch by batch, whoever is killed, overtakes it or acts meanwhile (G8)."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, text

import scheduler
from core.db import Database
from core.desk import applying, holding
from core.tables import Application
from tests.core.desk.promised import MINUTE, ask, promises, promising, publish
from tests.factories import Desk
from tests.waiting import eventually


def test_batch_after_batch_and_a_killed_scheduler_goes_on_where_it_was(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = any_desk
    monkeypatch.setattr(applying, "BATCH", 2)
    publish(desk, promising(600))
    for _ in range(5):
        desk.open()
    publish(desk, promising(300))
    ask(desk)
    assert desk.db.transact(applying.carry_on)
    (row,) = desk.rows(select(Application))
    assert (row.disputes, row.ended_at) == (2, None)

    class Killed(Exception):
        pass

    def die(connection: Any, *, now: dt.datetime) -> None:
        applying.carry_on(connection, now=now)
        raise Killed

    with pytest.raises(Killed):
        desk.db.transact(die)
    (row,) = desk.rows(select(Application))
    assert row.disputes == 2
    scheduler.apply(desk.db)
    (row,) = desk.rows(select(Application))
    assert (row.disputes, row.deadlines, row.ended) == (5, 5, "done")
    running = [one for one in promises(desk) if one.stopped_at is None]
    assert [one.run for one in running] == [2] * 5


def test_other_document_that_is_published_meanwhile_overtakes_it(desk: Desk) -> None:
    publish(desk, promising(600))
    desk.open()
    publish(desk, promising(300))
    ask(desk)
    publish(desk, promising(200))
    scheduler.apply(desk.db)
    (row,) = desk.rows(select(Application))
    assert (row.ended, row.deadlines) == ("overtaken", 0)
    assert len(promises(desk)) == 1


def test_several_schedulers_and_agents_at_once_apply_each_promise_once(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = any_desk
    monkeypatch.setattr(applying, "BATCH", 2)
    publish(desk, promising(600))
    disputes = [desk.open() for _ in range(12)]
    publish(desk, promising(300))
    ask(desk)
    with ThreadPoolExecutor(8) as pool:
        ticks = [pool.submit(scheduler.apply, desk.db) for _ in range(3)]
        takes = [pool.submit(desk.take, dispute) for dispute in disputes]
        for done in (*ticks, *takes):
            done.result()
    scheduler.apply(desk.db)
    running = [one for one in promises(desk) if one.stopped_at is None]
    assert sorted(one.dispute_id for one in running) == disputes
    assert {one.due_at - one.started_at for one in running} == {300 * MINUTE}
    assert [desk.stage(dispute) for dispute in disputes] == ["triage"] * 12
    assert desk.rows(select(Application.deadlines, Application.ended)) == [(12, "done")]
    assert desk.differences() == []


@pytest.mark.postgres
def test_dispute_that_moves_on_while_a_batch_waits_for_it_is_not_left_out(
    postgresql: Database,
) -> None:
    desk = Desk(postgresql)
    publish(desk, promising(600))
    dispute = desk.open()
    publish(desk, promising(300))
    ask(desk)
    moving, going = threading.Event(), threading.Event()

    def take_slowly(connection: Any, *, now: dt.datetime) -> None:
        holding.take(connection, desk_visit, desk.who("Tom"), now=now, click="slow")
        moving.set()
        assert going.wait(20)

    desk_visit = desk.visit(dispute)
    with ThreadPoolExecutor(2) as pool:
        taken = pool.submit(desk.db.transact, take_slowly)
        assert moving.wait(20)
        applied = pool.submit(scheduler.apply, desk.db)
        wait_for_a_lock(desk)
        going.set()
        taken.result()
        applied.result()
    assert desk.stage(dispute) == "triage"
    assert [one.stopped_at is None for one in promises(desk)] == [False, True]
    assert desk.differences() == []


def wait_for_a_lock(desk: Desk) -> None:
    """Until one connection of the database waits for another."""
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    eventually(lambda: desk.rows(waits)[0][0], "nothing ever waited")
