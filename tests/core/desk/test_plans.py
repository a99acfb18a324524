"""A draft is published at a set time, exactly once, or says why it was not (S3)."""

import datetime as dt

import pytest
from sqlalchemy import insert, select, update

import scheduler
from core.desk import documents, draft, plans, second
from core.desk.answers import Refused, Stale
from core.migrate import standard
from core.tables import Change, Document, Plan
from core.workflow.text import to_json
from tests.core.desk.redrafted import DEARER, REWORDED, edit, version
from tests.core.desk.ruled import change, person
from tests.core.workflow.edits import drop
from tests.factories import Desk


def plan(desk: Desk, hours: float = 2, who: str = "Sun Wei", seen: int | None = None) -> object:
    at = desk.now() + dt.timedelta(hours=hours)
    return desk.db.transact(plans.plan, desk.who(who), seen or version(desk), at, note="tonight")


def half(desk: Desk) -> str:
    """What the active document calls the half."""
    document = desk.db.read(lambda c, now: documents.active(c))
    options = {option.key: option for s in document.option_sets for option in s.options}
    return options["half"].label.en


def ends(desk: Desk) -> list[str]:
    return [row.ended for row in desk.rows(select(Plan.ended).order_by(Plan.id))]


def test_what_was_planned_is_published_when_its_time_has_come(any_desk: Desk) -> None:
    desk = any_desk
    edit(desk, REWORDED)
    assert isinstance(plan(desk), int)
    assert not scheduler.turn(desk.db)
    assert half(desk) != "One half"
    desk.pass_time(hours=2)
    assert scheduler.turn(desk.db)
    assert (half(desk), ends(desk)) == ("One half", ["published"])
    assert not scheduler.turn(desk.db)
    (row,) = desk.db.read(lambda c, now: documents.published(c))[:1]
    assert (row.publisher, row.note) == ("Sun Wei", "tonight")


def test_editing_goes_on_and_changes_nothing_of_the_plan(desk: Desk) -> None:
    edit(desk, REWORDED)
    plan(desk)
    edit(desk, DEARER.values(label_en="Sixty"))
    desk.pass_time(hours=2)
    scheduler.turn(desk.db)
    assert half(desk) == "One half"


def test_planned_document_is_no_published_one_before_its_time(desk: Desk) -> None:
    before = len(desk.db.read(lambda c, now: documents.published(c)))
    edit(desk, REWORDED)
    plan(desk)
    assert len(desk.db.read(lambda c, now: documents.published(c))) == before
    desk.pass_time(hours=2)
    scheduler.turn(desk.db)
    assert len(desk.db.read(lambda c, now: documents.published(c))) == before + 1


def test_one_plan_waits_at_a_time_and_can_be_given_up(desk: Desk) -> None:
    edit(desk, REWORDED)
    first = plan(desk)
    assert plan(desk) == Refused("plan_waits")
    assert desk.db.transact(plans.cancel, desk.who("Sun Wei"), first) is None
    assert desk.db.transact(plans.cancel, desk.who("Sun Wei"), first) == Refused("plan_over")
    assert isinstance(plan(desk), int)
    assert ends(desk) == ["cancelled", ""]


def test_plan_is_overtaken_by_what_is_published_before_its_time(desk: Desk) -> None:
    edit(desk, REWORDED)
    plan(desk)
    edit(desk, REWORDED.values(label_en="A half"))
    desk.db.transact(draft.publish, desk.who("Sun Wei"), version(desk))
    desk.pass_time(hours=3)
    assert not scheduler.turn(desk.db)
    assert (half(desk), ends(desk)) == ("A half", ["overtaken"])


@pytest.mark.parametrize("hours", [-1, 0, 24 * 91])
def test_moment_in_the_past_or_far_ahead_is_refused(desk: Desk, hours: float) -> None:
    edit(desk, REWORDED)
    seen = version(desk)
    assert plan(desk, hours) == Refused("plan_moment", {"days": 90})
    assert version(desk) == seen


def test_plan_of_a_draft_that_moved_on_is_stale(desk: Desk) -> None:
    edit(desk, REWORDED)
    with pytest.raises(Stale):
        plan(desk, seen=version(desk) - 1)
    assert ends(desk) == []


def test_what_weighs_is_planned_by_a_second_supervisor_who_was_asked(desk: Desk) -> None:
    person(desk, "Zhou Min", roles=["supervisor"])
    edit(desk, DEARER)
    assert plan(desk) == Refused("second_person")
    desk.db.transact(second.ask, desk.who("Sun Wei"), version(desk), note="why")
    assert isinstance(plan(desk, who="Zhou Min"), int)


def test_agent_plans_and_gives_up_nothing(desk: Desk) -> None:
    edit(desk, REWORDED)
    refused = plan(desk, who="Tom")
    assert isinstance(refused, Refused)
    assert refused.key == "no_right"
    there = plan(desk)
    given_up = desk.db.transact(plans.cancel, desk.who("Tom"), there)
    assert given_up is not None
    assert given_up.key == "no_right"


def test_plan_that_cannot_be_published_any_more_fails_and_says_so(desk: Desk) -> None:
    edit(desk, REWORDED)
    plan(desk)
    # What this version of the desk refuses, an earlier one may have taken.
    lacking = drop(standard(), "workflows/dispute/stages/evidence_review")
    row = {"id": 99, "digest": "lacking", "body": to_json(lacking)}
    desk.write(insert(Document).values(row))
    desk.write(update(Plan).values(document_id=99))
    before = half(desk)
    desk.pass_time(hours=2)
    assert scheduler.turn(desk.db)
    assert (half(desk), ends(desk)) == (before, ["failed"])
    assert desk.db.read(lambda c, now: plans.failed(c)) is not None
    (failure,) = desk.rows(select(Change.after).where(Change.what == "failed"))
    assert "dispute/adjudication/cannot_judge" in " ".join(failure.after["problems"])
    desk.db.transact(draft.publish, desk.who("Sun Wei"), version(desk))
    assert desk.db.read(lambda c, now: plans.failed(c)) is None


@pytest.mark.parametrize("lost", [{"active": False}, {"roles": ["agent"]}])
def test_plan_of_somebody_who_may_not_publish_any_more_fails_and_says_so(
    any_desk: Desk, lost: dict[str, object]
) -> None:
    desk = any_desk
    edit(desk, REWORDED)
    plan(desk)
    change(desk, "Sun Wei", **lost)
    before = half(desk)
    desk.pass_time(hours=2)
    assert scheduler.turn(desk.db)
    assert (half(desk), ends(desk)) == (before, ["barred"])
    failed = desk.db.read(lambda c, now: plans.failed(c))
    assert failed is not None
    assert failed.planner == "Sun Wei"
    (failure,) = desk.rows(select(Change.after).where(Change.what == "failed"))
    assert failure.after["barred"] == "Sun Wei"
    assert not scheduler.turn(desk.db)


def test_plan_that_is_given_up_gives_the_request_back(any_desk: Desk) -> None:
    desk = any_desk
    person(desk, "Zhou Min", roles=["supervisor"])
    edit(desk, DEARER)
    desk.db.transact(second.ask, desk.who("Sun Wei"), version(desk), note="why")
    there = plan(desk, who="Zhou Min")
    assert desk.db.transact(plans.cancel, desk.who("Zhou Min"), there) is None
    assert plan(desk) == Refused("second_person")
    assert isinstance(plan(desk, who="Zhou Min"), int)


def test_change_since_the_plan_was_made_lets_the_request_lapse(desk: Desk) -> None:
    person(desk, "Zhou Min", roles=["supervisor"])
    edit(desk, DEARER)
    desk.db.transact(second.ask, desk.who("Sun Wei"), version(desk), note="why")
    there = plan(desk, who="Zhou Min")
    edit(desk, DEARER.values(share={"percent": 90, "of": "paid"}))
    assert desk.db.transact(plans.cancel, desk.who("Zhou Min"), there) is None
    assert plan(desk, who="Zhou Min") == Refused("second_person")
