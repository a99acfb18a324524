"""Each stage is the quality check on the one before (W6, rule 4)."""

from sqlalchemy import select

from core.desk.answers import Applied, Refused
from core.tables import Judgment, Person, Visit
from tests.factories import SOUND, Desk


def judged(desk: Desk) -> list[tuple[str, str, str, bool]]:
    """Who was judged at which stage, by whom, and whether sound, oldest first."""
    names = dict(desk.rows(select(Person.id, Person.name)))
    rows = desk.rows(
        select(Judgment, Visit.stage)
        .join(Visit, Visit.id == Judgment.visit_id)
        .order_by(Judgment.id)
    )
    return [(names[r.judged_id], r.stage, names[r.judge_id], r.sound) for r in rows]


def test_each_stage_judges_the_latest_unjudged_visit_before_it(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("evidence_review")
    any_desk.must(dispute, "enough", {"quality": "wrong_facts"})
    any_desk.must(dispute, "rule_merchant", SOUND)
    any_desk.funds(dispute)
    any_desk.must(
        dispute,
        "deduct_online",
        {"quality": "wrong_ruling", "remedy": "refund_only", "share": "full"},
    )
    assert judged(any_desk) == [
        ("Tom", "triage", "Eva", False),
        ("Eva", "evidence_review", "Ada", True),
        ("Ada", "adjudication", "Vera", False),
    ]


def test_nothing_decides_before_it_is_judged(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    refused = desk.choose(dispute, "rule_none", {})
    assert isinstance(refused, Refused)
    assert refused.fields == ("quality",)
    assert judged(desk) == []


def test_judged_visit_is_not_judged_again(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")  # adjudication was judged with the deduction
    desk.pay(dispute)
    before = judged(desk)
    desk.must(dispute, "money_arrived", {})
    assert judged(desk) == before


def test_send_back_is_a_defect_only_where_its_reason_says_so(desk: Desk) -> None:
    for reason, sound in (("contradiction", True), ("key_evidence_missing", False)):
        dispute = desk.at_stage("evidence_review")
        desk.must(dispute, "enough", SOUND)
        desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": reason})
        assert judged(desk)[-1] == ("Eva", "evidence_review", "Ada", sound)


def test_second_review_is_judged_for_itself(desk: Desk) -> None:
    dispute = desk.at_stage("evidence_review")
    desk.must(dispute, "enough", SOUND)
    desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"})
    desk.must(dispute, "enough", {})
    desk.must(dispute, "rule_none", {"quality": "evidence_overlooked"})
    reviews = [row for row in judged(desk) if row[1] == "evidence_review"]
    assert [row[3] for row in reviews] == [True, False]


def test_ruling_sent_back_for_a_defect_judges_the_ruling(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    desk.must(dispute, "ruling_back", {**SOUND, "ruling_back_reason": "ruling_contradicts"})
    assert judged(desk)[-1] == ("Ada", "adjudication", "Vera", False)


def test_later_stage_is_no_earlier_work_to_judge(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    desk.must(dispute, "ruling_back", {**SOUND, "ruling_back_reason": "facts_changed"})
    assert isinstance(desk.choose(dispute, "rule_none", {}), Applied)  # triage was judged before


def test_parties_and_time_judge_nobody(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    desk.done(dispute, "buyer")
    desk.pass_time(days=1)
    desk.sweep()
    assert judged(desk) == []


def test_defect_must_be_one_of_the_preset_ones(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    for choice in ("defect", "bad", ["sound"], {"sound": 1}):
        refused = desk.choose(dispute, "rule_none", {"quality": choice})
        assert isinstance(refused, Refused)
        assert refused.key == "unknown_option"
