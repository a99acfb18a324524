"""Being on it: the ladder rests for a stated time, reminds, and goes on (K6)."""

import datetime as dt
import threading

import pytest

import scheduler
from core.db import Database
from core.desk import acknowledging, documents
from core.desk.answers import Answer, Applied, Refused
from core.desk.overdue import Swept
from core.migrate import standard
from core.workflow import model as m
from tests.core.desk.climbing import alerts, be_on_it, deadline, kinds, late, publish, tells, to
from tests.core.desk.promised import apply
from tests.core.workflow.edits import put
from tests.factories import SOUND, Desk

SOON = dt.timedelta(seconds=30)  # what a test takes


def attend(desk: Desk) -> int:
    """Looks after those who are on something."""
    return desk.db.transact(acknowledging.attend)


def test_ladder_rests_for_whoever_is_on_it_reminds_them_and_goes_on_where_it_was(
    any_desk: Desk,
) -> None:
    desk = any_desk
    dispute = late(desk, tells("supervisors"), tells("channel", "escalation", at=10))
    desk.sweep()
    assert isinstance(be_on_it(desk, dispute), Applied)
    desk.pass_time(minutes=24)
    assert (desk.sweep(), attend(desk)) == (Swept(), 0)
    desk.pass_time(minutes=2)
    assert attend(desk) == 1
    assert alerts(desk) == [*to(desk, "Sun Wei", "Eva")]
    assert desk.sweep() == Swept()
    desk.pass_time(minutes=5)
    assert attend(desk) == 1
    assert desk.sweep() == Swept(escalated=1)
    assert alerts(desk)[2:] == [("post:escalation", None)]
    assert kinds(desk, dispute) == [
        "escalated",
        "acknowledged",
        "acknowledgement_ending",
        "acknowledgement_lapsed",
        "escalated",
    ]
    assert (attend(desk), desk.sweep()) == (0, Swept())
    assert desk.differences() == []


def test_being_on_it_never_stops_the_promise_itself(any_desk: Desk) -> None:
    desk = any_desk
    warned = m.LadderLevel("w", "before", 20, "channel", "escalation")
    again = m.LadderLevel("x", "before", 10, "supervisors")
    publish(desk, warned, again)
    dispute = desk.at_stage("evidence_review")
    desk.pass_time(hours=23, minutes=40)
    assert desk.sweep() == Swept(warned=1)
    be_on_it(desk, dispute)
    desk.pass_time(minutes=11)
    assert desk.sweep() == Swept()
    desk.pass_time(minutes=9)
    assert desk.sweep() == Swept(escalated=1)  # broken at its very minute, and told in the thread
    assert alerts(desk) == [("post:escalation", None)]
    desk.must(dispute, "enough", SOUND)
    assert attend(desk) == 0
    desk.pass_time(hours=2)
    assert attend(desk) == 1  # nothing is left to remind of
    assert "acknowledgement_lapsed" not in kinds(desk, dispute)
    assert desk.differences() == []


def test_second_one_is_told_who_is_on_it(any_desk: Desk) -> None:
    desk = any_desk
    dispute = late(desk, tells("supervisors"))
    desk.sweep()
    be_on_it(desk, dispute, "Sun Wei")
    refused = be_on_it(desk, dispute)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.params["who"]) == ("acknowledged", "Sun Wei")
    desk.pass_time(minutes=10)
    assert isinstance(be_on_it(desk, dispute, "Sun Wei"), Applied)  # anew, from now on
    until = deadline(desk, dispute).acknowledged_until
    assert abs(until - desk.now() - dt.timedelta(minutes=30)) < SOON


def test_who_may_not_decide_is_on_nothing(desk: Desk) -> None:
    dispute = late(desk, tells("supervisors"))
    desk.sweep()
    refused = be_on_it(desk, dispute, "Olga")
    assert isinstance(refused, Refused)
    assert refused.key == "no_right"
    desk.must(dispute, "enough", SOUND)
    assert deadline(desk, dispute).acknowledged_until is None


def test_kept_promise_and_ladder_that_cannot_be_held_up_refuse(desk: Desk) -> None:
    dispute = late(desk, tells("supervisors"))
    over = deadline(desk, dispute).id
    desk.must(dispute, "enough", SOUND)
    found = desk.db.transact(acknowledging.acknowledge, over, desk.who("Eva"))
    assert isinstance(found, Refused)
    assert found.key == "promise_over"
    without = put(standard(), "ladders/desk", ack_minutes=0)
    desk.db.transact(documents.publish, without)
    other = desk.open()
    refused = be_on_it(desk, other, "Tom")
    assert isinstance(refused, Refused)
    assert refused.key == "not_to_acknowledge"


@pytest.mark.postgres
def test_one_of_two_at_once_is_on_it(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = late(desk, tells("supervisors"))
    desk.sweep()
    answers: list[Answer] = []

    def press(name: str) -> None:
        answers.append(be_on_it(desk, dispute, name))

    threads = [threading.Thread(target=press, args=(n,)) for n in ("Eva", "Ada", "Sun Wei", "Tom")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Applied) for answer in answers) == 1
    assert kinds(desk, dispute).count("acknowledged") == 1


@pytest.mark.postgres
def test_two_schedulers_remind_and_lapse_once(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = late(desk, tells("supervisors"))
    desk.sweep()
    be_on_it(desk, dispute)
    for minutes in (26, 5):
        desk.pass_time(minutes=minutes)
        threads = [threading.Thread(target=scheduler.tick, args=(desk.db,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert kinds(desk, dispute).count("acknowledgement_ending") == 1
    assert kinds(desk, dispute).count("acknowledgement_lapsed") == 1
    assert desk.differences() == []


def test_scheduler_asleep_meanwhile_reminds_of_nothing_that_has_lapsed(desk: Desk) -> None:
    dispute = late(desk, tells("supervisors"))
    desk.sweep()
    be_on_it(desk, dispute)
    desk.pass_time(hours=3)
    assert attend(desk) == 1
    assert kinds(desk, dispute)[-1] == "acknowledgement_lapsed"
    assert attend(desk) == 0


@pytest.mark.parametrize(
    ("minutes", "kind"), [(25, "acknowledgement_ending"), (30, "acknowledgement_lapsed")]
)
def test_what_was_to_be_told_while_an_undone_decision_stood_is_told_then(
    any_desk: Desk, minutes: int, kind: str
) -> None:
    desk = any_desk
    dispute = late(desk, tells("supervisors"))
    desk.sweep()
    be_on_it(desk, dispute)
    if minutes == 30:
        desk.pass_time(minutes=26)
        attend(desk)
        minutes -= 26
    desk.pass_time(minutes=minutes, seconds=-15)
    desk.must(dispute, "enough", SOUND)
    desk.pass_time(seconds=20)
    assert attend(desk) == 1  # nothing to tell for now
    assert isinstance(desk.undo(dispute), Applied)
    assert (attend(desk), kinds(desk, dispute)) == (1, [kind])
    desk.pass_time(hours=1)
    assert attend(desk) == (kind == "acknowledgement_ending")
    assert kinds(desk, dispute)[-1] == "acknowledgement_lapsed"
    assert desk.differences() == []


def test_whoever_is_on_it_stays_so_where_a_new_ladder_is_applied(any_desk: Desk) -> None:
    desk = any_desk
    dispute = late(desk, tells("supervisors"), tells("channel", "escalation", at=10))
    desk.sweep()
    be_on_it(desk, dispute)
    publish(desk, tells("supervisors"), tells("channel", "intake", at=10))
    apply(desk)
    desk.pass_time(minutes=20)
    assert desk.sweep() == Swept()
    desk.pass_time(minutes=11)
    attend(desk)
    desk.sweep()
    assert alerts(desk)[-1] == ("post:intake", None)
    assert desk.differences() == []
