"""Sensitive actions wait for an exam where the desk asks for one (X2)."""

import datetime as dt

import pytest
from sqlalchemy import select

from core.desk import bulk, choose, exams, locked, looks
from core.desk.answers import Applied, Stale
from core.desk.exams import ExamInfo, Sensitive
from core.tables import Change
from tests.core.desk.seen import at_home
from tests.core.desk.staff import ask_for, key_of, passes
from tests.factories import REFUND, Desk


@pytest.fixture
def owed(any_desk: Desk) -> int:
    """A dispute at verification, with money to be moved."""
    return any_desk.at_stage("verification")


def test_nothing_is_locked_until_a_supervisor_asks_for_an_exam(any_desk: Desk, owed: int) -> None:
    assert isinstance(any_desk.choose(owed, "deduct_online", REFUND), Applied)


def test_money_waits_for_an_exam_that_counts(any_desk: Desk, owed: int) -> None:
    assert ask_for(any_desk) is None
    refused = any_desk.choose(owed, "deduct_online", REFUND)
    assert (key_of(refused), refused.params["action"]) == ("needs_exam", "refund")  # type: ignore[union-attr]
    assert isinstance(passes(any_desk, "Vera"), int)
    any_desk.must(owed, "deduct_online", REFUND)
    any_desk.pay(owed)
    any_desk.must(owed, "money_arrived")


def test_saying_that_money_arrived_takes_the_exam_too(any_desk: Desk, owed: int) -> None:
    any_desk.must(owed, "deduct_online", REFUND)
    any_desk.pay(owed)  # the payment system sits no exam
    ask_for(any_desk)
    assert key_of(any_desk.choose(owed, "money_arrived")) == "needs_exam"


def test_what_moves_no_money_takes_no_exam(desk: Desk) -> None:
    ask_for(desk)
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_merchant", {"quality": "sound"})


def test_exam_ends_and_can_be_withdrawn(any_desk: Desk, owed: int) -> None:
    ask_for(any_desk)
    passes(any_desk, "Vera", days=30)
    any_desk.pass_time(days=31)
    assert key_of(any_desk.choose(owed, "deduct_online", REFUND)) == "needs_exam"
    exam = passes(any_desk, "Vera")
    assert any_desk.db.transact(exams.withdraw, any_desk.who("Sun Wei"), exam) is None
    assert any_desk.db.transact(exams.withdraw, any_desk.who("Sun Wei"), exam) is None
    assert key_of(any_desk.choose(owed, "deduct_online", REFUND)) == "needs_exam"
    [over, withdrawn] = any_desk.db.read(lambda c, now: exams.everybody(c))
    assert (over.recorder, over.withdrawer) == ("Sun Wei", None)
    assert (withdrawn.recorder, withdrawn.withdrawer) == ("Sun Wei", "Sun Wei")


def test_exam_for_one_thing_unlocks_no_other(desk: Desk) -> None:
    owed = desk.at_stage("verification")
    ask_for(desk)
    passes(desk, "Vera", "unmask")
    passes(desk, "Tom")
    assert key_of(desk.choose(owed, "deduct_online", REFUND)) == "needs_exam"


def test_reason_is_told_before_fields_are_filled_and_in_a_preview(desk: Desk) -> None:
    owed = desk.at_stage("verification")
    ask_for(desk)
    who, visit = desk.who("Vera"), desk.visit(owed)
    refused = desk.db.read(choose.rehearse, visit, "deduct_online", REFUND, who)
    assert key_of(refused) == "needs_exam"
    [foreseen] = desk.db.read(bulk.preview, who, [visit], "deduct_online", REFUND)
    assert key_of(foreseen.refused) == "needs_exam"


def test_what_waits_for_an_exam_is_told_before_any_press(any_desk: Desk, owed: int) -> None:
    visit = any_desk.visit(owed)

    def told(name: str) -> set[str]:
        found = any_desk.db.read(locked.beforehand, visit, any_desk.who(name))
        return {decision.key for decision in found.decisions} if found else set()

    assert told("Vera") == set()
    ask_for(any_desk)
    passes(any_desk, "Tom")
    assert told("Vera") >= {"deduct_online", "money_arrived"}
    assert "nothing_due" not in told("Vera")
    assert told("Tom") == set()
    assert at_home(any_desk, "Vera").locked is not None  # verification is where Vera works
    assert at_home(any_desk, "Eva").locked is None  # evidence review moves no money


def test_nothing_is_told_where_the_dispute_moved_on(desk: Desk) -> None:
    owed = desk.at_stage("verification")
    visit = desk.visit(owed)
    ask_for(desk)
    passes(desk, "Vera")
    desk.must(owed, "deduct_online", REFUND)
    desk.pay(owed)
    desk.must(owed, "money_arrived")
    assert desk.db.read(locked.beforehand, visit, desk.who("Tom")) is None


def test_personal_data_waits_for_its_exam(desk: Desk) -> None:
    number = desk.at(desk.open()).row.number
    ask_for(desk, "unmask")
    assert key_of(desk.db.transact(looks.look, desk.who("Tom"), number, "reach")) == "needs_exam"
    passes(desk, "Tom", "unmask")
    assert desk.db.transact(looks.look, desk.who("Tom"), number, "reach") is None


def test_only_supervisors_record_exams_and_nobody_their_own(desk: Desk) -> None:
    for name in ("Olga", "Vera"):
        assert key_of(passes(desk, "Vera", by=name)) == "no_right"
        assert key_of(ask_for(desk, by=name)) == "no_right"
    assert key_of(passes(desk, "Sun Wei")) == "not_your_exam"


@pytest.mark.parametrize(
    ("action", "name", "passed", "until"),
    [
        ("fly", "Refund rules", 0, None),
        ("refund", "  ", 0, None),
        ("refund", "x" * 81, 0, None),
        ("refund", "Refund rules", 60, None),
        ("refund", "Refund rules", 0, 0),
    ],
)
def test_wrong_exam_is_refused(
    desk: Desk, action: str, name: str, passed: int, until: int | None
) -> None:
    now = desk.now()
    ends = now + dt.timedelta(minutes=until) if until is not None else None
    info = ExamInfo(action, name, now + dt.timedelta(minutes=passed), ends)
    with pytest.raises(ValueError, match="exam"):
        desk.db.transact(exams.record, desk.who("Sun Wei"), desk.people["Tom"], info)


def test_exams_and_locks_are_among_the_changes(desk: Desk) -> None:
    ask_for(desk)
    ask_for(desk)  # asked for already
    exam = passes(desk, "Vera")
    desk.db.transact(exams.withdraw, desk.who("Sun Wei"), exam)
    told = desk.rows(select(Change.what, Change.kind, Change.place).order_by(Change.id))
    assert told == [
        ("changed", "lock", "refund"),
        ("added", "exam", "Vera"),
        ("removed", "exam", "Vera"),
    ]


def test_two_who_set_a_lock_do_not_overwrite_each_other(desk: Desk) -> None:
    ask_for(desk)
    with pytest.raises(Stale):
        desk.db.transact(exams.set_lock, desk.who("Sun Wei"), Sensitive.REFUND, 0, needs_exam=False)
