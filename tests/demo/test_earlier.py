"""The demonstration's past: pages with figures have something true to show, and nothing waits."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.desk import documents, option_use, pilots, promises, staffing
from core.desk.actor import agent
from core.desk.comparison import compare
from core.desk.promises import Asked, State
from core.tables import (
    Deadline,
    Dispute,
    Document,
    Escalation,
    Event,
    Look,
    NoFit,
    Order,
    Outbox,
    Person,
    RotaNote,
    RotaOverride,
    Visit,
)
from core.workflow.terms import Kind
from demo.run import prepare
from tests.factories import VAULT


class Told:
    """The desk once its past is told."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def rows(self, statement: Any) -> list[Any]:
        with self.database.reading() as (connection, _):
            return list(connection.execute(statement))

    def values(self, column: Any, *where: Any) -> set[Any]:
        return {row[0] for row in self.rows(select(column).where(*where).distinct())}

    def one(self, statement: Any) -> Any:
        return self.rows(statement)[0][0]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("earlier")
    (folder / "files").mkdir()
    database = Database(f"sqlite:///{folder / 'desk.db'}", movable=True)
    prepare(database, VAULT, Path(folder / "files"))
    yield Told(database)
    database.close()


def test_weeks_of_work_are_over_and_nothing_of_them_is_left_to_tell(told: Told) -> None:
    first, last, number = told.rows(
        select(func.min(Dispute.opened_at), func.max(Dispute.opened_at), func.count())
    )[0]
    assert last - first > dt.timedelta(days=60)
    assert number > 150
    open_now = select(func.count()).where(Visit.left_at.is_(None), Visit.kind != str(Kind.FINAL))
    assert told.one(open_now) == 0
    assert told.one(select(func.count()).where(Deadline.stopped_at.is_(None))) == 0
    assert told.one(select(func.count()).select_from(Outbox)) == 0


def test_disputes_follow_each_other_by_number_as_in_time(told: Told) -> None:
    """Lists show the newest first by what was opened last."""
    moments = [row[0] for row in told.rows(select(Dispute.opened_at).order_by(Dispute.id))]
    assert moments == sorted(moments)
    events = [row[0] for row in told.rows(select(Event.at).where(Event.kind == "opened"))]
    assert sorted(events) == moments


def test_nobody_complained_of_what_they_had_not_bought_yet(told: Told) -> None:
    bought = select(Order.purchased_at, Dispute.opened_at).join(Order, Order.id == Dispute.order_id)
    assert all(row.purchased_at < row.opened_at for row in told.rows(bought))


def test_disputes_ended_in_every_way_and_were_of_every_grade(told: Told) -> None:
    ends = told.values(Visit.stage, Visit.left_at.is_(None))
    assert ends >= {"finished", "not_accepted", "withdrawn", "emergency_finished"}
    ruled = told.values(Visit.decision, Visit.stage == "adjudication")
    assert ruled >= {"rule_buyer", "rule_merchant", "rule_shared", "rule_none", "cannot_judge"}
    assert told.values(Dispute.grade) == {"A", "B", "C"}
    kinds = told.values(Event.kind)
    assert kinds >= {
        *("acknowledged", "noise", "warned", "escalated", "regraded"),
        *("parked", "handed_back", "undone", "snoozed", "noted", "contacted"),
    }


def test_supervisor_finds_figures_on_every_page_that_has_some(told: Told) -> None:
    lead = agent(told.one(select(Person.id).where(Person.slack_id == "U0GRACE")))
    document = told.database.read(lambda c, now: documents.active(c))
    workflow = document.workflow_by_key["dispute"]
    staffed = told.database.read(staffing.staffing, lead, workflow, 28)
    assert all(len(stage.arrivals) > 30 for stage in staffed.stages)
    used = told.database.read(option_use.option_use, lead, document, workflow, 28)
    (reasons,) = (one for one in used.fields if (one.stage, one.field) == ("triage", "reason"))
    assert {bool(use.times) for use in reasons.uses if use.offered} == {True, False}
    assert told.one(select(func.count()).select_from(NoFit)) > 3
    kept = told.database.read(promises.tallies, lead, Asked())
    sums = {one.key: one.counts for one in kept}
    for promise in ("respond", "triage", "contact_urgent", "green_channel"):
        assert sums[promise].get(State.KEPT, 0) > 0, promise
    assert sum(one.get(State.BROKEN, 0) for one in sums.values()) > 10
    assert told.values(Look.reason) >= {"decide", "reach", "check"}
    assert len(told.values(Escalation.noise)) > 2


def test_desk_was_changed_twice_tried_once_and_a_pilot_waits_for_a_verdict(told: Told) -> None:
    published = told.rows(
        select(Document.publisher_id, Document.asked_by_id)
        .where(Document.published_at.is_not(None))
        .order_by(Document.published_at)
    )
    assert [bool(row.asked_by_id) for row in published] == [False, False, True]
    (pilot,) = told.database.read(lambda c, now: pilots.recent(c))
    found = told.database.read(compare, pilot.id, pilot.started_at, pilot.ended_at)
    assert min(found.tried, found.beside) > 20
    assert told.database.read(lambda c, now: pilots.running(c)) is None


def test_rota_has_a_stand_in_and_a_word_for_whoever_comes_on(told: Told) -> None:
    assert told.one(select(func.count()).select_from(RotaOverride)) == 1
    assert told.one(select(func.count()).select_from(RotaNote)) == 1
    assert told.values(Person.absent_from) - {None}
