"""A level of a ladder that gives a dispute to whoever comes on duty next (G8, K5)."""

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import select, update

import scheduler
from core.clocks.calendar import Shift
from core.clocks.rota import Duty, Turns
from core.db import Database
from core.desk import documents
from core.migrate import standard
from core.tables import Event, Outbox, Person
from core.workflow import model as m
from core.workflow.problems import problems
from core.workflow.uses import naming_rota
from tests.core.desk import on_rota
from tests.core.workflow.edits import add, put
from tests.factories import Desk

LABEL = m.Label("阶梯", "Ladder")
GIVES = m.LadderLevel("gives", act="reassign", shift="nights")
TELLS = m.LadderLevel("tells", hears="channel", whom="escalation")


def document(*levels: m.LadderLevel) -> m.Document:
    """The standard document, in which evidence review follows a ladder of these."""
    own = add(standard(), "ladders", m.Ladder("own", LABEL, levels or (GIVES,)))
    own = put(own, "workflows/dispute/service_levels/review", ladder="own")
    assert problems(own) == []
    return own


def late(desk: Desk, *turns: str, levels: tuple[m.LadderLevel, ...] = (GIVES,)) -> int:
    """A dispute at evidence review, a day late, while the last of these turns is on duty."""
    on_rota.add(desk, on_rota.info(desk, *turns, begins=begun(desk, len(turns))))
    desk.db.transact(documents.publish, document(*levels))
    dispute = desk.at_stage("evidence_review")
    desk.pass_time(days=1)
    return dispute


def begun(desk: Desk, turns: int) -> dt.date:
    """Since when turns of a day run, the last of which is tomorrow's."""
    return desk.now().date() - dt.timedelta(days=turns - 2)


def holder(desk: Desk, dispute: int) -> str:
    """Who holds the dispute's open visit; empty where nobody does."""
    found = desk.at(dispute).row.holder_id
    return next((name for name, one in desk.people.items() if one == found), "")


def change(desk: Desk, name: str, **values: Any) -> None:
    """Changes what is kept of a person."""
    desk.write(update(Person).where(Person.id == desk.people[name]).values(**values))


def test_dispute_goes_to_whoever_comes_on_duty_next_whatever_their_home_stage(
    any_desk: Desk,
) -> None:
    desk = any_desk
    dispute = late(desk, "Tang Li", "Eva", "Ada")
    desk.hold(dispute, "Vera")
    desk.sweep()
    assert holder(desk, dispute) == "Tang Li"
    (event,) = desk.rows(select(Event).where(Event.kind == "assigned"))
    assert (event.by, event.data["holder"]) == ("timeout", desk.people["Tang Li"])
    direct = select(Outbox.lane).where(Outbox.kind == "direct", Outbox.dispute_id == dispute)
    assert [row.lane for row in desk.rows(direct)] == [f"dm:{desk.people['Tang Li']}"]
    assert desk.sweep().escalated == 0
    assert desk.differences() == []


def test_dispute_at_intake_opens_triage_held_by_the_next_shift(any_desk: Desk) -> None:
    desk = any_desk
    on_rota.add(desk, on_rota.info(desk, "Tang Li", "Eva", begins=begun(desk, 2)))
    begins = {"starts": (m.Mark("opened"),), "ladder": "own"}
    promise = m.ServiceLevel("soon", LABEL, 60, **begins)
    own = add(document(), "workflows/dispute/service_levels", promise)
    desk.db.transact(documents.publish, own)
    dispute = desk.open()
    desk.pass_time(days=1)
    desk.sweep()
    assert (desk.stage(dispute), holder(desk, dispute)) == ("triage", "Tang Li")
    assert desk.differences() == []


UNFIT: dict[str, dict[str, Any]] = {
    "no room": {"capacity": 0},
    "other stages": {"stages": ["triage"]},
    "no right": {"roles": ["operator"]},
    "absent till then": {"absent_until": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)},
    "left": {"active": False},
}


@pytest.mark.parametrize("unfit", UNFIT.values(), ids=UNFIT)
def test_nobody_is_given_what_they_cannot_have_and_the_ladder_goes_on(
    desk: Desk, unfit: dict[str, Any]
) -> None:
    dispute = late(desk, "Tang Li", "Ada", levels=(GIVES, TELLS))
    change(desk, "Tang Li", **unfit)
    desk.sweep()
    assert holder(desk, dispute) == ""
    alerts = desk.rows(select(Outbox.lane).where(Outbox.kind == "alert"))
    assert [row.lane for row in alerts] == ["post:escalation"]
    assert desk.differences() == []


def test_whoever_decided_an_earlier_stage_is_not_given_it_by_their_shift(desk: Desk) -> None:
    dispute = late(desk, "Tom", "Ada")  # he decided triage
    desk.sweep()
    assert holder(desk, dispute) == ""


def test_who_is_away_only_until_the_shift_begins_is_given_nothing_now(desk: Desk) -> None:
    dispute = late(desk, "Tang Li", "Ada")
    change(desk, "Tang Li", absent_until=desk.now() + dt.timedelta(minutes=1))
    desk.sweep()
    assert holder(desk, dispute) == ""


def test_of_several_who_come_on_whoever_belongs_to_the_stage_is_first_then_the_least_busy(
    desk: Desk,
) -> None:
    people = [desk.people[name] for name in ("Vera", "Tang Li", "Eva")]
    tomorrow = (desk.now() + dt.timedelta(days=2)).weekday()
    shift = Duty((tomorrow,), (Shift(0, 1440),), tuple(people))
    plan = on_rota.info(desk, turns=Turns.FIXED, people=(), duties=(shift,))
    on_rota.add(desk, plan)
    desk.db.transact(documents.publish, document())
    first, second, third = (desk.at_stage("evidence_review") for _ in range(3))
    change(desk, "Eva", capacity=1)
    busy = desk.at_stage("triage")
    desk.assign(busy, "Tang Li")
    desk.pass_time(days=1)
    desk.sweep()
    assert {holder(desk, one) for one in (first, second, third)} == {"Eva", "Vera", "Tang Li"}
    given = desk.rows(
        select(Event.data).where(Event.kind == "assigned", Event.by == "timeout").order_by(Event.id)
    )
    names = {number: name for name, number in desk.people.items()}
    assert [names[row.data["holder"]] for row in given] == ["Eva", "Vera", "Tang Li"]
    assert desk.differences() == []


def test_document_names_no_rota_that_is_not_there_and_the_rota_cannot_go(desk: Desk) -> None:
    with pytest.raises(documents.NotPublishable) as error:
        desk.db.transact(documents.publish, document())
    assert [(one.key, one.names) for one in error.value.problems] == [
        ("rota_unknown", {"name": "nights"})
    ]
    assert naming_rota(document(), "nights") == {"own"}


@pytest.mark.postgres
def test_two_schedulers_give_it_once(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = late(desk, "Tang Li", "Ada")
    start = threading.Barrier(4)

    def tick() -> None:
        start.wait()
        scheduler.tick(desk.db)

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert holder(desk, dispute) == "Tang Li"
    assert len(desk.rows(select(Event.id).where(Event.kind == "assigned"))) == 1
    assert desk.differences() == []
