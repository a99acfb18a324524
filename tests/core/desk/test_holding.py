"""Who holds a visit: take, hold, release, assign (W2)."""

import pytest
from sqlalchemy import select, update

from core.desk import assigning, holding
from core.desk.answers import Answer, Applied, Refused
from core.tables import Event, Outbox, Person, Visit
from tests.factories import TRIAGED, Desk


def refused(answer: Answer) -> tuple[str, str]:
    """The refusal's key, and who it names."""
    assert isinstance(answer, Refused), answer
    return answer.key, str(answer.params.get("who", ""))


def holder(desk: Desk, dispute: int) -> int | None:
    """Who holds the open visit."""
    held: int | None = desk.at(dispute).row.holder_id
    return held


def test_taker_becomes_the_triage_agent_and_holds_without_an_end(any_desk: Desk) -> None:
    dispute = any_desk.open()
    any_desk.take(dispute, "Tom")
    row = any_desk.at(dispute).row
    assert (row.stage, row.holder_id, row.held_until) == ("triage", any_desk.people["Tom"], None)
    any_desk.pass_time(days=2)
    answer = any_desk.choose(dispute, "no_evidence", TRIAGED, name="Tang Li")
    assert refused(answer) == ("held", "Tom")
    assert any_desk.differences() == []


def test_taking_is_no_decision_so_that_the_taker_may_work_at_another_stage(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.release(dispute, "Tom")
    desk.must(dispute, "no_evidence", TRIAGED, name="Tang Li")
    assert isinstance(desk.choose(dispute, "rule_none", {"quality": "sound"}, "Tom"), Applied)


def test_holding_lasts_fifteen_idle_minutes_and_each_touch_prolongs_it(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("evidence_review")
    any_desk.hold(dispute, "Eva")
    any_desk.pass_time(minutes=14)
    any_desk.hold(dispute, "Eva")
    any_desk.pass_time(minutes=14)
    key, who = refused(any_desk.choose(dispute, "enough", {"quality": "sound"}, "Ada"))
    assert (key, who) == ("held", "Eva")
    any_desk.pass_time(minutes=1)
    assert isinstance(any_desk.hold(dispute, "Ada"), Applied)
    assert holder(any_desk, dispute) == any_desk.people["Ada"]
    assert refused(any_desk.hold(dispute, "Eva")) == ("held", "Ada")
    assert any_desk.differences() == []


def test_refusal_says_until_when_the_visit_is_held(desk: Desk) -> None:
    dispute = desk.at_stage("evidence_review")
    desk.hold(dispute, "Eva")
    answer = desk.hold(dispute, "Ada")
    assert isinstance(answer, Refused)
    assert answer.params["until"] == desk.at(dispute).row.held_until.isoformat()


def test_holding_is_told_once_and_not_at_every_touch(desk: Desk) -> None:
    dispute = desk.at_stage("evidence_review")
    for _ in range(3):
        desk.hold(dispute, "Eva")
    held = select(Event.id).where(Event.dispute_id == dispute, Event.kind == "held")
    assert len(desk.rows(held)) == 1


@pytest.mark.parametrize("stage", ["intake", "awaiting_evidence", "finished"])
def test_there_is_nothing_to_hold_where_nobody_works(desk: Desk, stage: str) -> None:
    dispute = desk.at_stage(stage)
    assert refused(desk.hold(dispute, "Eva"))[0] == "nothing_to_hold"


@pytest.mark.parametrize("stage", ["evidence_review", "adjudication", "verification"])
def test_later_stages_have_nothing_to_take(desk: Desk, stage: str) -> None:
    dispute = desk.at_stage(stage)
    name = {"evidence_review": "Eva", "adjudication": "Ada", "verification": "Vera"}[stage]
    assert refused(desk.take(dispute, name))[0] == "nothing_to_take"


def test_released_visit_can_be_taken_again_by_another(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    any_desk.release(dispute, "Tom")
    assert holder(any_desk, dispute) is None
    assert isinstance(any_desk.take(dispute, "Tang Li"), Applied)
    assert holder(any_desk, dispute) == any_desk.people["Tang Li"]
    assert len(any_desk.visits(dispute)) == 2  # the same visit, held again
    assert any_desk.differences() == []


def test_taking_what_is_one_s_own_says_so(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    assert refused(desk.take(dispute, "Tom"))[0] == "already_yours"


def test_taking_turns_a_passing_hold_into_a_lasting_one(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.release(dispute, "Tom")
    desk.hold(dispute, "Tom")
    assert isinstance(desk.take(dispute, "Tom"), Applied)
    assert desk.at(dispute).row.held_until is None
    desk.hold(dispute, "Tom")
    assert desk.at(dispute).row.held_until is None  # holding on does not shorten it
    assert desk.differences() == []


def test_only_the_holder_or_a_supervisor_releases(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    assert refused(desk.release(dispute, "Tang Li")) == ("not_your_hold", "Tom")
    assert isinstance(desk.release(dispute, "Sun Wei"), Applied)
    assert refused(desk.release(dispute, "Tom"))[0] == "not_held"


def test_supervisor_takes_over_and_the_old_holder_is_told_who_holds_it(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    assert isinstance(any_desk.assign(dispute, "Sun Wei"), Applied)
    answer = any_desk.choose(dispute, "no_evidence", TRIAGED, name="Tom")
    assert refused(answer) == ("held", "Sun Wei")
    any_desk.must(dispute, "no_evidence", TRIAGED, name="Sun Wei")
    assert any_desk.differences() == []


def test_assigning_at_intake_opens_triage_already_held(any_desk: Desk) -> None:
    dispute = any_desk.open()
    any_desk.assign(dispute, "Tang Li")
    row = any_desk.at(dispute).row
    assert (row.stage, row.holder_id) == ("triage", any_desk.people["Tang Li"])
    assert any_desk.differences() == []


def test_agents_assign_nobody(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    assert refused(desk.assign(dispute, "Tang Li", name="Tom"))[0] == "no_right"
    assert holder(desk, dispute) == desk.people["Tom"]


@pytest.mark.parametrize("name", ["Tim", "Olga"])
def test_nobody_is_assigned_what_they_may_not_decide(desk: Desk, name: str) -> None:
    dispute = desk.at_stage("triage")
    assert refused(desk.assign(dispute, name)) == ("cannot_hold", name)


@pytest.mark.parametrize("stage", ["awaiting_evidence", "finished"])
def test_hidden_visits_are_assigned_to_nobody(desk: Desk, stage: str) -> None:
    dispute = desk.at_stage(stage)
    assert refused(desk.assign(dispute, "Tang Li"))[0] == "nothing_to_hold"


def test_old_card_s_assignment_says_who_moved_the_dispute_on(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    visit = desk.visit(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    answer = desk.db.transact(assigning.assign, visit, desk.people["Ada"], desk.who("Sun Wei"))
    assert refused(answer) == ("too_late", "Tom")


def test_deactivated_agent_is_refused_and_keeps_no_visit_from_others(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    any_desk.write(update(Person).where(Person.name == "Tom").values(active=False))
    assert refused(any_desk.choose(dispute, "no_evidence", TRIAGED, "Tom"))[0] == "inactive"
    assert isinstance(any_desk.take(dispute, "Tang Li"), Applied)
    any_desk.must(dispute, "no_evidence", TRIAGED, name="Tang Li")


def test_returning_visit_is_not_kept_for_somebody_who_left(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_merchant", {"quality": "sound"}, name="Ada")
    desk.write(update(Person).where(Person.name == "Ada").values(active=False))
    desk.must(dispute, "ruling_back", {"quality": "sound", "ruling_back_reason": "facts_changed"})
    assert (desk.stage(dispute), holder(desk, dispute)) == ("adjudication", None)


def test_returning_visit_waits_an_hour_for_its_earlier_holder(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_merchant", {"quality": "sound"}, name="Ada")
    desk.must(dispute, "ruling_back", {"quality": "sound", "ruling_back_reason": "facts_changed"})
    assert holder(desk, dispute) == desk.people["Ada"]
    answer = desk.choose(dispute, "rule_none", {"quality": "sound"}, "Sun Wei")
    assert refused(answer) == ("held", "Ada")
    desk.pass_time(hours=1)
    desk.must(dispute, "rule_none", {"quality": "sound"}, name="Sun Wei")


def test_trainee_and_operator_decide_nothing(desk: Desk) -> None:
    dispute = desk.open()
    for name in ("Tim", "Olga"):
        assert refused(desk.take(dispute, name))[0] == "no_right"
    assert desk.stage(dispute) == "intake"


def test_person_nobody_knows_is_refused(desk: Desk) -> None:
    from core.desk.actor import agent

    dispute = desk.open()
    answer = desk.db.transact(holding.take, desk.visit(dispute), agent(999), click="c")
    assert refused(answer)[0] == "inactive"


def test_card_of_no_visit_is_refused(desk: Desk) -> None:
    for act in (holding.take, holding.release, holding.hold):
        assert refused(desk.db.transact(act, 999, desk.who("Tom")))[0] == "unknown_visit"


def test_each_change_of_holder_is_told_by_one_message_on_its_card(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    drawn = select(Outbox.id).where(Outbox.lane == "update")
    before = len(desk.rows(drawn))
    for count, act in enumerate(
        (
            lambda: desk.release(dispute, "Tom"),
            lambda: desk.db.transact(
                holding.hold, desk.visit(dispute), desk.who("Tang Li"), redraw=True
            ),
            lambda: desk.take(dispute, "Tang Li"),
            lambda: desk.assign(dispute, "Tom"),
        ),
        start=1,
    ):
        act()
        assert len(desk.rows(drawn)) == before + count
    assert desk.rows(select(Visit.id).where(Visit.left_at.is_(None))) == [(desk.visit(dispute),)]


def test_setting_a_field_holds_without_a_message(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    before = len(desk.rows(select(Outbox.id)))
    desk.hold(dispute, "Ada")
    assert len(desk.rows(select(Outbox.id))) == before
    assert desk.differences() == []
