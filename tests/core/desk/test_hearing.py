"""The preview of who hears what when is what the sweep then does (G11)."""

import datetime as dt
import random
from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import func, select

from core.desk import documents, explaining, overdue
from core.desk.explaining import Explained
from core.migrate import standard
from core.tables import Deadline, Event, Outbox
from core.workflow import model as m
from tests.core.desk.promised import at_random
from tests.core.workflow.edits import put
from tests.factories import TRIAGED, Desk

LABEL = m.Label("承诺", "A promise")
LEVELS = "workflows/dispute"
MOST = dt.timedelta(days=45)


@pytest.mark.parametrize("seed", range(12))
def test_every_level_is_told_when_and_to_whom_the_preview_says(desk: Desk, seed: int) -> None:
    draw = random.Random(seed)
    at_random(desk, draw)
    dispute = desk.open()
    begun, promises = look(desk, dispute)
    expected: dict[dt.datetime, dict[int, Any]] = defaultdict(dict)
    for one in promises:
        for coming in one.coming:
            assert coming.at is not None
            heard = [rung.level for rung in coming.rungs]
            lanes = {x.whom for x in heard if x is not None and x.hears == "channel"}
            thread = any(x is None or x.hears == "thread" for x in heard)
            expected[coming.at][one.id] = (lanes, thread)
    assert expected, seed
    done = begun
    for moment in sorted(expected):
        if moment > begun + MOST:
            break
        before = moment - dt.timedelta(microseconds=1)
        if before > done:
            assert swept(desk, before) == {}, (seed, moment)
        assert swept(desk, moment) == expected[moment], (seed, moment)
        done = moment


def test_wait_that_runs_out_is_foretold_with_what_is_decided_then(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_both", TRIAGED)
    _, promises = look(desk, dispute)
    (wait,) = [one for one in promises if one.stopped_at is None]
    (coming,) = wait.coming
    assert (coming.over, coming.rungs) == (True, ())  # a wait has no thread
    assert wait.otherwise is not None
    assert wait.otherwise.by == "timeout"
    assert coming.at is not None
    swept(desk, coming.at)
    assert desk.stage(dispute) == "evidence_review"
    assert desk.visits(dispute)[-2].decision == wait.otherwise.key


def test_what_a_pause_holds_has_no_moment_but_a_length(desk: Desk) -> None:
    held = m.ServiceLevel(
        "held", LABEL, 600, starts=(m.Mark("opened"),), pauses=True, ladder="desk"
    )
    document = standard()
    levels = (*document.workflows[0].service_levels, held)
    desk.db.transact(documents.publish, put(document, LEVELS, service_levels=levels))
    dispute = desk.at_stage("triage")
    desk.pass_time(minutes=100)
    desk.must(dispute, "request_both", TRIAGED)
    desk.pass_time(hours=7)
    _, promises = look(desk, dispute)
    (one,) = [x for x in promises if x.level.key == "held"]
    assert one.state is explaining.State.HELD
    assert [coming.at for coming in one.coming] == [None, None, None]
    minutes = [round(coming.after / dt.timedelta(minutes=1)) for coming in one.coming]
    assert minutes == [350, 485, 500]  # 75 %, a quarter of an hour before, the end
    assert all(coming.rungs for coming in one.coming)  # it has a thread again when it goes on


def look(desk: Desk, dispute: int) -> tuple[dt.datetime, list[Explained]]:
    """The promises of a dispute as they are now, and when that is."""
    found: list[Any] = []

    def read(connection: Any, now: dt.datetime) -> None:
        found.append((now, explaining.explained(connection, dispute, now=now)))

    desk.db.read(read)
    (told,) = found
    return told  # type: ignore[no-any-return]


def swept(desk: Desk, moment: dt.datetime) -> dict[int, Any]:
    """What sweeping at a moment told: by deadline, the channels and whether its thread."""
    last = {table: desk.rows(select(func.max(table.id)))[0][0] or 0 for table in (Event, Outbox)}
    desk.db.transact(lambda connection, now: overdue.sweep(connection, now=moment))
    events = desk.rows(
        select(Event.id, Event.data).where(
            Event.id > last[Event], Event.kind.in_(("warned", "escalated"))
        )
    )
    messages = desk.rows(select(Outbox).where(Outbox.id > last[Outbox]))
    assert not desk.rows(select(Deadline.id).where(Deadline.set_aside.is_not(None)))
    told: dict[int, Any] = {}
    for event in events:
        mine = [row for row in messages if row.data.get("event") == event.id]
        lanes = {row.lane.partition(":")[2] for row in mine if row.kind == "alert"}
        told[event.data["deadline"]] = (lanes, any(row.kind == "line" for row in mine))
    return told
