"""The judged agent may contest; a supervisor settles it; rates count what holds (W6)."""

from sqlalchemy import select

from core.desk import delivery, quality
from core.desk.answers import Answer, Applied, Refused
from core.desk.quality import Rate
from core.tables import Judgment, Outbox
from tests.factories import SOUND, Desk


def refusal(answer: Answer) -> str:
    """The key of a refusal; empty where it was applied."""
    return answer.key if isinstance(answer, Refused) else ""


def judged(desk: Desk, verdict: str = "wrong_facts") -> int:
    """Ada judges Tom's triage; the number of the judgment."""
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_none", {"quality": verdict})
    return int(desk.rows(select(Judgment.id).order_by(Judgment.id.desc()))[0].id)


def contest(desk: Desk, judgment: int, name: str = "Tom", why: str = "option_missing") -> Answer:
    """Somebody contests a judgment."""
    return desk.db.transact(quality.contest, judgment, why, desk.who(name), click=desk.click())


def settle(desk: Desk, judgment: int, name: str = "Sun Wei", *, upheld: bool) -> Answer:
    """A supervisor settles a contest."""
    return desk.db.transact(
        quality.settle, judgment, desk.who(name), upheld=upheld, click=desk.click()
    )


def test_withdrawn_judgment_counts_no_more_and_stays_beside(any_desk: Desk) -> None:
    desk, since = any_desk, any_desk.now()
    tom = str(desk.people["Tom"])
    judged(desk, "sound")
    bad = judged(desk)
    assert desk.db.read(quality.by_agent, since) == [Rate(tom, 2, 1)]
    assert desk.db.read(quality.by_decision, since) == [Rate("triage.no_evidence", 2, 1)]
    assert desk.db.read(quality.by_verdict, since) == [
        Rate("wrong_facts", 1, 1),
        Rate("sound", 1, 0),
    ]
    assert isinstance(contest(desk, bad), Applied)
    assert desk.db.read(quality.by_agent, since)[0].share == 0.5  # until it is settled
    assert isinstance(settle(desk, bad, upheld=False), Applied)
    assert desk.db.read(quality.by_agent, since) == [Rate(tom, 1, 0)]
    row = desk.rows(select(Judgment).where(Judgment.id == bad))[0]
    assert (row.sound, row.option, row.upheld, row.contest) == (
        False,
        "wrong_facts",
        False,
        "option_missing",
    )
    assert desk.differences() == []


def test_upheld_judgment_goes_on_counting(any_desk: Desk) -> None:
    desk, since = any_desk, any_desk.now()
    bad = judged(desk)
    contest(desk, bad)
    assert isinstance(settle(desk, bad, upheld=True), Applied)
    assert desk.db.read(quality.by_agent, since)[0].defects == 1
    assert refusal(contest(desk, bad)) == "contested_already"
    assert refusal(settle(desk, bad, upheld=False)) == "settled_already"
    assert desk.differences() == []


def test_correction_keeps_the_old_value_beside_the_new(any_desk: Desk) -> None:
    desk, since = any_desk, any_desk.now()
    bad = judged(desk)
    who = desk.who("Sun Wei")
    assert refusal(desk.db.transact(quality.correct, bad, "made_up", "wrong_click", who)) == (
        "unknown_preset"
    )
    fixed = desk.db.transact(quality.correct, bad, "asked_needlessly", "wrong_click", who)
    assert isinstance(fixed, Applied)
    again = desk.db.transact(quality.correct, bad, "sound", "wrong_click", who)
    assert refusal(again) == "corrected_already"
    rows = desk.rows(select(Judgment.option, Judgment.corrects_id).order_by(Judgment.id))
    assert rows == [("wrong_facts", None), ("asked_needlessly", bad)]
    assert desk.db.read(quality.by_verdict, since) == [Rate("asked_needlessly", 1, 1)]
    assert desk.differences() == []


def test_only_the_judged_contest_and_only_the_impartial_settle(desk: Desk) -> None:
    bad = judged(desk)
    assert refusal(contest(desk, bad, "Ada")) == "not_your_judgment"
    assert refusal(contest(desk, bad, why="because")) == "unknown_preset"
    assert refusal(settle(desk, bad, upheld=True)) == "unknown_judgment"  # nobody contested it
    contest(desk, bad)
    assert refusal(settle(desk, bad, "Tom", upheld=False)) == "no_right"
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_none", {"quality": "wrong_facts"}, "Sun Wei")
    own = int(desk.rows(select(Judgment.id).order_by(Judgment.id.desc()))[0].id)
    contest(desk, own)
    assert refusal(settle(desk, own, upheld=True)) == "not_impartial"
    assert refusal(contest(desk, judged(desk, "sound"))) == "contested_already"


def test_agent_is_told_of_a_defect_once_it_stands_and_of_nothing_else(any_desk: Desk) -> None:
    desk = any_desk
    judged(desk, "sound")
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_none", {"quality": "wrong_facts"})
    told = select(Outbox.lane).where(Outbox.kind == "judged")
    assert desk.rows(told) == [(f"dm:{desk.people['Tom']}",)]
    assert desk.db.transact_wall(delivery.lease, ("dm:",), lambda _: delivery.LEASE) == []
    desk.pass_time(minutes=1)
    leased = desk.db.transact_wall(delivery.lease, ("dm:",), lambda _: delivery.LEASE)
    assert [message.kind for message in leased] == ["judged"]


def test_undone_judgment_cannot_be_contested(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_none", {"quality": "wrong_facts"})
    bad = int(desk.rows(select(Judgment.id))[0].id)
    desk.undo(dispute)
    assert refusal(contest(desk, bad)) == "unknown_judgment"
    desk.must(dispute, "rule_none", SOUND)
    assert desk.differences() == []
