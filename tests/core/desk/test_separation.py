"""Four stages, four people (W3)."""

import pytest

from core.desk import documents
from core.desk.answers import Applied, Refused
from core.migrate import standard
from tests.core.workflow.edits import put
from tests.factories import SOUND, TRIAGED, Desk

BACK = {**SOUND, "ruling_back_reason": "facts_changed"}


@pytest.mark.parametrize(
    ("stage", "decision", "card"),
    [
        ("evidence_review", "enough", SOUND),
        ("adjudication", "rule_buyer", SOUND),
        ("verification", "ruling_back", BACK),
    ],
)
def test_agent_of_one_stage_is_refused_at_every_other(
    desk: Desk, stage: str, decision: str, card: dict[str, str]
) -> None:
    dispute = desk.at_stage(stage)
    for act in (
        lambda: desk.choose(dispute, decision, card, name="Tom"),
        lambda: desk.hold(dispute, "Tom"),
    ):
        answer = act()
        assert isinstance(answer, Refused)
        assert (answer.key, answer.params["elsewhere"]) == ("separation", "triage")
    assert desk.stage(dispute) == stage


def test_agent_may_decide_the_same_stage_again(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_merchant", SOUND, name="Ada")
    desk.must(dispute, "ruling_back", BACK)
    assert isinstance(desk.choose(dispute, "rule_none", SOUND, name="Ada"), Applied)


def test_supervisor_who_decided_is_separated_like_everybody(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.assign(dispute, "Sun Wei")
    desk.must(dispute, "no_evidence", TRIAGED, name="Sun Wei")
    answer = desk.choose(dispute, "rule_buyer", SOUND, name="Sun Wei")
    assert isinstance(answer, Refused)
    assert answer.key == "separation"


def test_nobody_is_assigned_where_they_would_be_refused(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    answer = desk.assign(dispute, "Tom")
    assert isinstance(answer, Refused)
    assert (answer.key, answer.params["who"]) == ("separation_other", "Tom")


def test_switch_turned_off_lets_one_agent_do_two_stages(desk: Desk) -> None:
    off = put(standard(), "workflows/dispute/stages/adjudication", separation=False)
    desk.db.transact(documents.publish, off)
    dispute = desk.at_stage("adjudication")
    assert isinstance(desk.choose(dispute, "rule_buyer", {}, name="Tom"), Applied)


def test_stage_with_the_switch_off_bars_nobody_from_the_stages_that_have_it_on(desk: Desk) -> None:
    off = put(standard(), "workflows/dispute/stages/triage", separation=False)
    desk.db.transact(documents.publish, off)
    dispute = desk.at_stage("adjudication")
    assert isinstance(desk.choose(dispute, "rule_buyer", {}, name="Tom"), Applied)


def test_agent_has_nobody_s_work_but_their_own_to_judge_and_is_not_asked(desk: Desk) -> None:
    off = put(standard(), "workflows/dispute/stages/adjudication", separation=False)
    desk.db.transact(documents.publish, off)
    dispute = desk.at_stage("adjudication")
    refused = desk.choose(dispute, "rule_buyer", {}, name="Ada")
    assert isinstance(refused, Refused)
    assert (refused.key, refused.fields) == ("missing", ("quality",))
    assert isinstance(desk.choose(dispute, "rule_buyer", {}, name="Tom"), Applied)
