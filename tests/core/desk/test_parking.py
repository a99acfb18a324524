"""Where no option fits, one click gives the choice to a supervisor (D4)."""

from core.desk import parking, queues
from core.desk.answers import Answer, Applied, Refused
from tests.factories import SOUND, TRIAGED, Desk


def refusal(answer: Answer) -> str:
    """The key of a refusal; empty where it was applied."""
    return answer.key if isinstance(answer, Refused) else ""


def waiting(desk: Desk, name: str, stage: str) -> list[int]:
    """The disputes in somebody's queue."""
    found = desk.db.read(queues.queue, desk.people[name], [stage])
    return [item.dispute_id for item in found]


def test_parked_dispute_leaves_the_queue_until_a_supervisor_answers(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    assert waiting(desk, "Ada", "adjudication") == [dispute]
    assert isinstance(desk.park(dispute), Applied)
    assert waiting(desk, "Ada", "adjudication") == []
    assert [q.dispute_id for q in desk.db.read(queues.parked)] == [dispute]
    assert refusal(desk.choose(dispute, "rule_none", SOUND)) == "parked"
    assert refusal(desk.hold(dispute, "Ada")) == "parked"
    assert refusal(desk.park(dispute)) == "parked"
    assert isinstance(desk.hand_back(dispute), Applied)
    row = desk.at(dispute).row
    assert (row.parked_at, row.holder_id) == (None, desk.people["Ada"])
    desk.must(dispute, "rule_none", SOUND)
    assert desk.differences() == []


def test_supervisor_decides_it_where_separation_allows(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    desk.park(dispute)
    assert refusal(desk.choose(dispute, "rule_none", SOUND, "Sun Wei")) == "parked"
    assert isinstance(desk.assign(dispute, "Sun Wei"), Applied)
    desk.must(dispute, "rule_none", SOUND, "Sun Wei")
    desk.park(dispute, "Vera")
    assert refusal(desk.assign(dispute, "Sun Wei")) == "separation_other"
    assert isinstance(desk.hand_back(dispute), Applied)
    assert desk.differences() == []


def test_what_stayed_empty_is_counted_by_stage_and_field(any_desk: Desk) -> None:
    desk, since = any_desk, any_desk.now()
    some = {key: value for key, value in TRIAGED.items() if key != "reason"}
    for _ in range(2):
        desk.park(desk.at_stage("triage"), chosen=some)
    desk.park(desk.at_stage("adjudication"), chosen=SOUND)
    assert desk.db.read(parking.wanting, since) == [
        parking.Wanting("triage", "reason", 2),
        parking.Wanting("adjudication", "", 1),
    ]


def test_only_supervisors_answer_and_only_once(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    assert refusal(desk.hand_back(dispute)) == "not_parked_visit"
    desk.park(dispute)
    assert refusal(desk.hand_back(dispute, name="Ada")) == "no_right"
    assert refusal(desk.hand_back(dispute, "made_up")) == "unknown_preset"
    desk.hand_back(dispute)
    assert refusal(desk.hand_back(dispute)) == "not_parked_visit"


def test_buyer_still_withdraws_and_time_still_runs(desk: Desk) -> None:
    late, gone = desk.at_stage("adjudication"), desk.at_stage("adjudication")
    desk.park(late)
    desk.park(gone)
    assert isinstance(desk.party(gone, "buyer", "withdraw"), Applied)
    desk.pass_time(days=1)
    assert desk.sweep().escalated == 1
    assert desk.differences() == []


def test_intake_and_waits_have_nothing_to_park(desk: Desk) -> None:
    for stage in ("intake", "awaiting_evidence"):
        assert refusal(desk.park(desk.at_stage(stage), "Tang Li")) == "nothing_to_park"
