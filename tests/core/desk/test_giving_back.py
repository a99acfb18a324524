"""Whoever may act on a dispute no more gives it back: it waits for nobody who cannot (fault 18)."""

from typing import Any

import pytest
from sqlalchemy import select, update

from core.desk import handing
from core.desk.actor import Right
from core.desk.answers import Applied
from core.tables import Event, Person, Visit
from tests.core.desk.staff import change, save
from tests.factories import TRIAGED, Desk


def holder(desk: Desk, dispute: int) -> Any:
    """Whose the dispute is."""
    return desk.at(dispute).row.holder_id


@pytest.mark.parametrize("changes", [{"roles": ["trainee"]}, {"stages": ["adjudication"]}])
def test_whoever_may_not_act_there_any_more_gives_back_what_they_hold(
    any_desk: Desk, changes: dict[str, Any]
) -> None:
    desk = any_desk
    dispute = desk.at_stage("triage")
    home = "adjudication" if "stages" in changes else "triage"
    assert save(desk, "Tom", "Sun Wei", home_stage=home, **changes) is None
    assert holder(desk, dispute) is None
    told = select(Event.kind, Event.person_id).where(Event.dispute_id == dispute)
    assert desk.rows(told.order_by(Event.id.desc()).limit(1)) == [
        ("released", desk.people["Sun Wei"])
    ]
    assert isinstance(desk.take(dispute, "Tang Li"), Applied)
    desk.must(dispute, "request_both", TRIAGED, "Tang Li")
    assert desk.differences() == []


def test_what_stands_at_stages_that_stay_theirs_they_keep(desk: Desk) -> None:
    mine, reviewed = desk.at_stage("triage"), desk.at_stage("evidence_review")
    desk.hold(reviewed, "Tom")
    assert save(desk, "Tom", "Sun Wei", stages=["triage", "adjudication"]) is None
    assert holder(desk, mine) == desk.people["Tom"]
    assert holder(desk, reviewed) is None
    assert save(desk, "Tom", "Sun Wei", team="north") is None
    assert holder(desk, mine) == desk.people["Tom"]


def test_everybody_whose_role_decides_no_more_gives_back_what_they_hold(any_desk: Desk) -> None:
    desk = any_desk
    desk.write(update(Person).where(Person.name == "Ada").values(roles=["agent", "expert"]))
    triaged, judged = desk.at_stage("triage"), desk.at_stage("adjudication")
    desk.hold(judged, "Ada")
    assert change(desk, "agent", [Right.SEE]) is None
    assert holder(desk, triaged) is None
    assert holder(desk, judged) == desk.people["Ada"]  # who decides by another role
    assert isinstance(desk.take(triaged, "Sun Wei"), Applied)
    assert desk.differences() == []


def test_next_is_never_what_somebody_holds_and_may_not_act_on(desk: Desk) -> None:
    there = desk.at_stage("triage")
    waiting = desk.at_stage("adjudication")
    limited = {"stages": ["adjudication"], "home_stage": "adjudication"}
    desk.write(update(Person).where(Person.name == "Vera").values(**limited))
    desk.write(
        update(Visit).where(Visit.id == desk.visit(there)).values(holder_id=desk.people["Vera"])
    )
    answer = desk.db.transact(handing.hand_out, desk.who("Vera"))
    assert isinstance(answer, Applied), answer
    assert answer.dispute_id == waiting
