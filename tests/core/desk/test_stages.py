"""Whoever is limited to some stages acts at no other, whatever way leads there (X2)."""

from typing import Any

import pytest
from sqlalchemy import event, update

from core.desk import bulk, choose, correct, handing, handover, holding, merging, splitting
from core.desk.answers import Applied
from core.tables import Person
from core.workflow.terms import Kind
from tests.core.desk.joined import ORDER, merge, number, split
from tests.core.desk.ruled import holder, publish, rule, tick
from tests.core.desk.staff import key_of, save
from tests.factories import SOUND, TRIAGED, Desk


def limit(desk: Desk, name: str, *stages: str) -> None:
    """Somebody may act at these stages only."""
    desk.write(update(Person).where(Person.name == name).values(stages=list(stages)))


def test_limited_person_neither_takes_nor_holds_nor_decides_elsewhere(any_desk: Desk) -> None:
    fresh, reviewed = any_desk.open(), any_desk.at_stage("evidence_review")
    limit(any_desk, "Tom", "verification", "adjudication")
    for answer in (
        any_desk.take(fresh),
        any_desk.hold(reviewed, "Tom"),
        any_desk.choose(reviewed, "enough", SOUND, "Tom"),
    ):
        assert key_of(answer) == "not_your_stage"
        assert answer.params["stages"] == ["verification", "adjudication"]  # type: ignore[union-attr]


@pytest.fixture
def reviewed(desk: Desk) -> int:
    """A dispute at evidence review."""
    return desk.at_stage("evidence_review")


def test_limited_person_acts_where_they_may(desk: Desk, reviewed: int) -> None:
    limit(desk, "Eva", "evidence_review")
    assert isinstance(desk.hold(reviewed, "Eva"), Applied)


def test_taking_at_intake_is_acting_at_triage(desk: Desk) -> None:
    limit(desk, "Tom", "triage")
    assert isinstance(desk.take(desk.open()), Applied)


def test_nothing_is_assigned_or_handed_to_whoever_may_not_act_there(
    desk: Desk, reviewed: int
) -> None:
    limit(desk, "Vera", "verification")
    refused = desk.assign(reviewed, "Vera")
    assert key_of(refused) == "not_their_stage"
    assert refused.params["who"] == "Vera"
    desk.write(update(Person).where(Person.name == "Vera").values(home_stage="evidence_review"))
    desk.hold(reviewed, "Eva")
    visit, reason = (
        desk.visit(reviewed),
        next(iter(desk.at(reviewed).document.choices_of("handover"))),
    )
    answer = desk.db.transact(
        handover.hand_over, visit, desk.people["Vera"], reason, desk.who("Eva"), click="h"
    )
    assert key_of(answer) == "not_their_stage"
    offered = desk.db.read(handover.colleagues, visit, desk.people["Eva"])
    assert "Vera" not in [name for _, name in offered]


def test_next_and_several_at_once_lead_nobody_past_their_stages(desk: Desk, reviewed: int) -> None:
    limit(desk, "Eva", "verification")
    who, visit = desk.who("Eva"), desk.visit(reviewed)
    assert key_of(desk.db.transact(handing.hand_out, who)) == "nothing_next"
    foreseen = desk.db.read(bulk.preview, who, [visit], "enough", SOUND)
    assert [key_of(one.refused) for one in foreseen] == ["not_your_stage"]
    assert key_of(desk.db.read(choose.rehearse, visit, "enough", SOUND, who)) == "not_your_stage"


def test_limit_that_comes_while_somebody_holds_counts_at_their_next_press(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    limit(desk, "Tom", "verification")
    assert key_of(desk.choose(dispute, "no_evidence", TRIAGED, "Tom")) == "not_your_stage"
    released = desk.db.transact(holding.release, desk.visit(dispute), desk.who("Tom"), click="r")
    assert isinstance(released, Applied)  # what somebody may not decide, they can give back


def test_earlier_holder_who_may_act_there_no_more_is_not_waited_for(desk: Desk) -> None:
    dispute = desk.at_stage("evidence_review")
    desk.must(dispute, "enough", SOUND, "Eva")
    limit(desk, "Eva", "verification")
    why = desk.at(dispute).document.options_by_set["cannot_judge_reason"]
    desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": next(iter(why))})
    at = desk.at(dispute)
    assert (at.row.kind, at.row.holder_id) == (Kind.WORK, None)


def test_press_asks_nothing_more_for_stages(desk: Desk, reviewed: int) -> None:
    told: list[str] = []

    @event.listens_for(desk.db.engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        told.append(statement)

    visit = desk.visit(reviewed)
    told.clear()
    desk.db.transact(choose.choose, visit, "enough", SOUND, desk.who("Eva"), click="one")
    assert len([s for s in told if "stages" in s and "FROM people" in s]) == 1


def test_operator_widens_nobody_s_stages_and_nobody_their_own(desk: Desk) -> None:
    limit(desk, "Eva", "evidence_review")
    assert key_of(save(desk, "Eva", "Olga", stages=[])) == "not_yours_to_give"
    assert key_of(save(desk, "Eva", "Olga", stages=["evidence_review", "triage"])) == (
        "not_yours_to_give"
    )
    assert save(desk, "Eva", "Sun Wei", stages=["evidence_review", "triage"]) is None
    assert save(desk, "Eva", "Olga", stages=["evidence_review"]) is None
    assert key_of(save(desk, "Sun Wei", "Sun Wei", stages=["triage"])) == "not_yourself"
    with pytest.raises(ValueError, match="home stage"):
        save(desk, "Eva", "Sun Wei", stages=["triage"])


def test_rules_give_nothing_to_whoever_may_not_act_there(any_desk: Desk) -> None:
    publish(any_desk, rule("intake"))
    limit(any_desk, "Tom", "verification")
    held = {holder(any_desk, any_desk.open()) for _ in range(3)}
    assert held == {"Tang Li"}
    limit(any_desk, "Tang Li", "verification")
    waiting = any_desk.open()
    tick(any_desk)
    assert holder(any_desk, waiting) == ""
    limit(any_desk, "Tom", "triage")
    any_desk.pass_time(minutes=10)  # nobody was free: it is looked for somebody from time to time
    tick(any_desk)
    assert holder(any_desk, waiting) == "Tom"


def test_previews_of_merging_and_splitting_refuse_what_the_act_would(desk: Desk) -> None:
    here, there = (desk.at_stage("triage", order=ORDER, buyer="anna") for _ in range(2))
    limit(desk, "Sun Wei", "adjudication")
    who = desk.who("Sun Wei")
    for answer in (
        desk.db.read(merging.preview, who, here, number(desk, there)),
        merge(desk, here, there),
        desk.db.read(splitting.preview, who, here, {"1": 1}),
        split(desk, here, {"1": 1}),
    ):
        assert key_of(answer) == "not_your_stage"


def test_decision_is_not_taken_back_at_a_stage_that_is_no_longer_theirs(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_both", TRIAGED)
    limit(desk, "Tom", "verification")
    refused = desk.undo(dispute)
    assert key_of(refused) == "not_your_stage_undo"
    limit(desk, "Tom", "triage")
    assert isinstance(desk.undo(dispute), Applied)


def test_limited_supervisor_corrects_what_is_asked_at_their_stages_only(desk: Desk) -> None:
    dispute = desk.at_stage("finished")

    def fixed() -> Any:
        who = desk.who("Sun Wei")
        return desk.db.transact(
            correct.correct_fact, dispute, "category", "digital", "wrong_click", who
        )

    limit(desk, "Sun Wei", "verification")
    assert key_of(fixed()) == "not_your_stage_correct"
    limit(desk, "Sun Wei", "verification", "triage")  # where the category is asked
    assert isinstance(fixed(), Applied)
