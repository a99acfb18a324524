"""Whom a level of a ladder tells, what it does by itself, and who is on it (G5, G8, K6, K24)."""

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

import scheduler
from core.db import Database
from core.desk import acknowledging, documents, noise
from core.desk.answers import Answer, Applied, Refused
from core.desk.overdue import Swept
from core.migrate import standard
from core.tables import Deadline, Document, Escalation, Event, Outbox, Person, Rota
from core.workflow import model as m
from core.workflow.problems import problems
from core.workflow.text import to_json
from tests.core.desk.promised import apply
from tests.core.workflow.edits import add, put
from tests.factories import SOUND, Desk

LABEL = m.Label("阶梯", "Ladder")
SOON = dt.timedelta(seconds=30)  # what a test takes


def publish(desk: Desk, *levels: m.LadderLevel, document: m.Document | None = None) -> None:
    """Publishes the standard document, in which evidence review follows a ladder of these."""
    own = add(document or standard(), "ladders", m.Ladder("own", LABEL, levels))
    own = put(own, "workflows/dispute/service_levels/review", ladder="own")
    assert problems(own) == []
    desk.db.transact(documents.publish, own)


def tells(hears: str, whom: str = "", at: int = 0, **more: Any) -> m.LadderLevel:
    """A level that tells somebody so many minutes after the end."""
    return m.LadderLevel(f"l{at}{hears}", at=at, hears=hears, whom=whom, **more)


def late(desk: Desk, *levels: m.LadderLevel) -> int:
    """A dispute at evidence review whose day is over, under a ladder of these levels."""
    publish(desk, *levels)
    dispute = desk.at_stage("evidence_review")
    desk.pass_time(days=1)
    return dispute


def alerts(desk: Desk) -> list[tuple[str, Any]]:
    """The lanes of the alerts, and whom they were meant for where nobody of them is there."""
    rows = desk.rows(
        select(Outbox.lane, Outbox.data).where(Outbox.kind == "alert").order_by(Outbox.id)
    )
    return [(row.lane, row.data.get("missing")) for row in rows]


def to(desk: Desk, *names: str) -> list[tuple[str, None]]:
    """The alerts that these people get alone."""
    return [(f"dm:{desk.people[name]}", None) for name in names]


def change(desk: Desk, name: str, **values: Any) -> None:
    """Changes what is kept of a person."""
    desk.write(update(Person).where(Person.id == desk.people[name]).values(**values))


def test_level_tells_a_person_the_holder_and_the_supervisors(any_desk: Desk) -> None:
    desk = any_desk
    dispute = late(desk, tells("person", "U0004"), tells("holder"), tells("supervisors"))
    desk.hold(dispute, "Eva")
    assert desk.sweep() == Swept(escalated=1)
    assert alerts(desk) == to(desk, "Ada", "Eva", "Sun Wei")
    event = desk.rows(select(Event.data).where(Event.kind == "escalated"))[0].data
    assert event["people"] == sorted(desk.people[n] for n in ("Ada", "Eva", "Sun Wei"))
    assert desk.sweep() == Swept()
    assert desk.differences() == []


def test_nobody_is_told_twice_in_one_breath(desk: Desk) -> None:
    late(desk, tells("person", "U0006"), tells("supervisors", at=1), tells("channel", "intake"))
    desk.pass_time(hours=1)
    desk.sweep()
    assert alerts(desk) == [*to(desk, "Sun Wei"), ("post:intake", None)]


def test_escalation_channel_hears_of_it_where_nobody_meant_is_there(desk: Desk) -> None:
    late(desk, tells("holder"))
    desk.sweep()
    assert alerts(desk) == [("post:escalation", "holder")]


@pytest.mark.parametrize(
    "gone", [{"active": False}, {"absent_from": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}]
)
def test_who_left_or_is_away_is_not_told(desk: Desk, gone: dict[str, Any]) -> None:
    late(desk, tells("supervisors"))
    change(desk, "Sun Wei", **gone)
    desk.sweep()
    assert alerts(desk) == [("post:escalation", "supervisors")]


def test_supervisors_of_the_holders_team_are_told_before_all_others(desk: Desk) -> None:
    change(desk, "Ada", roles=["supervisor"], team="north")
    change(desk, "Eva", team="north")
    dispute = late(desk, tells("supervisors"))
    desk.hold(dispute, "Eva")
    desk.sweep()
    assert alerts(desk) == to(desk, "Ada")
    change(desk, "Ada", active=False)
    desk.write(delete(Outbox))
    again = desk.at_stage("evidence_review")
    desk.hold(again, "Eva")
    desk.pass_time(days=1)
    desk.hold(again, "Eva")
    desk.sweep()
    assert alerts(desk)[0] == to(desk, "Sun Wei")[0]


def test_user_group_is_called_in_the_channel_of_alerts(desk: Desk) -> None:
    late(desk, tells("group", "S0123"))
    desk.sweep()
    row = desk.rows(select(Outbox.lane, Outbox.data).where(Outbox.kind == "alert"))[0]
    assert (row.lane, row.data["group"]) == ("post:escalation", "S0123")


def test_level_gives_the_visit_to_whoever_has_the_least_to_do(any_desk: Desk) -> None:
    desk = any_desk
    change(desk, "Ada", home_stage="evidence_review")
    busy = desk.at_stage("evidence_review")
    desk.assign(busy, "Ada")
    dispute = late(desk, tells("", act="reassign"))
    change(desk, "Tang Li", home_stage="evidence_review", capacity=0)
    desk.hold(dispute, "Vera")
    assert desk.sweep().escalated == 2
    assert desk.at(dispute).row.holder_id == desk.people["Eva"]
    told = desk.rows(
        select(Outbox.lane).where(Outbox.kind == "direct", Outbox.dispute_id == dispute)
    )
    assert [row.lane for row in told] == [f"dm:{desk.people['Eva']}"]
    assert desk.sweep() == Swept()
    assert desk.differences() == []


def test_whom_stage_separation_bars_is_given_nothing(desk: Desk) -> None:
    change(desk, "Tom", home_stage="evidence_review")  # he decided triage
    change(desk, "Eva", active=False)
    dispute = late(desk, tells("", act="reassign"), tells("channel", "escalation"))
    desk.sweep()
    assert desk.at(dispute).row.holder_id is None
    assert alerts(desk) == [("post:escalation", None)]


def moving_on() -> m.Document:
    """The standard document with a decision that time alone makes at evidence review."""
    decision = m.Decision("move_on", LABEL, (m.Route("adjudication"),), by="timeout")
    place = "workflows/dispute/stages/evidence_review/decisions"
    return add(standard(), place, decision)


def test_level_takes_a_harmless_decision_once(any_desk: Desk) -> None:
    desk = any_desk
    default = tells("", act="decide", decision="move_on")
    publish(desk, tells("supervisors"), default, document=moving_on())
    dispute = desk.at_stage("evidence_review")
    desk.pass_time(days=1)
    assert desk.sweep() == Swept(escalated=1)
    assert desk.stage(dispute) == "adjudication"
    visit = desk.visits(dispute)[-2]
    assert (visit.decision, visit.by, visit.decider_id) == ("move_on", "timeout", None)
    assert alerts(desk) == to(desk, "Sun Wei")
    assert desk.sweep() == Swept()
    assert desk.differences() == []


def test_agents_are_not_offered_what_only_time_decides(desk: Desk) -> None:
    publish(desk, tells("", act="decide", decision="move_on"), document=moving_on())
    dispute = desk.at_stage("evidence_review")
    answer = desk.choose(dispute, "move_on", SOUND)
    assert isinstance(answer, Refused)
    assert answer.key == "not_yours"


def test_killed_between_the_act_and_the_commit_nothing_has_happened(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = any_desk
    publish(desk, tells("", act="decide", decision="move_on"), document=moving_on())
    dispute = desk.at_stage("evidence_review")
    desk.pass_time(days=1)

    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("core.desk.transition.effects.apply", killed)
        with pytest.raises(Killed):
            desk.sweep()
    assert desk.stage(dispute) == "evidence_review"
    assert desk.rows(select(Escalation)) == []
    assert desk.sweep() == Swept(escalated=1)
    assert desk.stage(dispute) == "adjudication"
    assert desk.differences() == []


def test_refused_default_is_set_aside_and_holds_up_nobody_else(desk: Desk) -> None:
    publish(desk, tells("", act="decide", decision="move_on"), document=moving_on())
    first, second = desk.at_stage("evidence_review"), desk.at_stage("evidence_review")
    broken = desk.rows(select(Deadline.id).where(Deadline.visit_id == desk.visit(first)))[0].id
    # A deadline that follows a document in which its ladder decides what its visit does not know.
    levels = (tells("", act="decide", decision="nobody_knows_it"),)
    other = put(
        add(standard(), "ladders", m.Ladder("own", LABEL, levels)),
        "workflows/dispute/service_levels/review",
        ladder="own",
    )
    row = {"digest": "broken", "body": to_json(other), "published_at": desk.now(), "note": ""}
    desk.write(insert(Document).values(**row))
    last = desk.rows(select(func.max(Document.id)))[0][0]
    desk.write(update(Deadline).where(Deadline.id == broken).values(document_id=last))
    desk.pass_time(days=1)
    swept = desk.sweep()
    assert (swept.escalated, swept.set_aside) == (1, 1)
    assert [desk.stage(d) for d in (first, second)] == ["evidence_review", "adjudication"]


def deadline(desk: Desk, dispute: int) -> Any:
    """The running deadline of the dispute's open visit."""
    found = desk.rows(select(Deadline).where(Deadline.visit_id == desk.visit(dispute)))
    return found[-1]


def be_on_it(desk: Desk, dispute: int, name: str = "Eva") -> Answer:
    """Somebody says that they are on it."""
    answer: Answer = desk.db.transact(
        acknowledging.acknowledge, deadline(desk, dispute).id, desk.who(name), click=desk.click()
    )
    return answer


def attend(desk: Desk) -> int:
    """Looks after those who are on something."""
    return desk.db.transact(acknowledging.attend)


def kinds(desk: Desk, dispute: int) -> list[str]:
    """What happened to a dispute since it reached evidence review."""
    rows = desk.rows(
        select(Event.kind)
        .where(Event.dispute_id == dispute, Event.visit_id == desk.visit(dispute))
        .order_by(Event.id)
    )
    return [row.kind for row in rows]


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


def test_noise_is_said_once_with_a_preset_reason_and_counted(any_desk: Desk) -> None:
    desk = any_desk
    dispute = late(desk, tells("supervisors"))
    desk.at_stage("evidence_review")
    desk.sweep()
    number = deadline(desk, dispute).id

    def say(reason: str, name: str = "Eva", place: int = 1) -> Answer:
        who = desk.who(name)
        answer: Answer = desk.db.transact(noise.say_noise, number, place, reason, who)
        return answer

    for wrong in (say("my own words"), say("told_twice", place=7), say("told_twice", "Olga")):
        assert isinstance(wrong, Refused)
    assert isinstance(say("told_twice"), Applied)
    again = say("wrong_reader", "Sun Wei")
    assert isinstance(again, Refused)
    assert (again.key, again.params["who"]) == ("noise_said", "Eva")
    desk.pass_time(days=1)
    desk.sweep()
    rates = desk.db.read(lambda c, now: noise.rates(c, desk.who("Sun Wei"), 30, now=now))
    assert not isinstance(rates, Refused)
    assert isinstance(
        desk.db.read(lambda c, now: noise.rates(c, desk.who("Tom"), 30, now=now)), Refused
    )
    (rate,) = [one for one in rates if one.service_level.key == "review"]
    assert (rate.level.hears, rate.fired, rate.noise, rate.share) == ("supervisors", 2, 1, 0.5)
    assert rate.reasons == {"told_twice": 1}
    assert desk.differences() == []


def rota(desk: Desk, *names: str) -> None:
    """A rota of one long turn of these people, who are all on duty at once."""
    duty = {"days": list(range(7)), "shifts": [[0, 1440]], "people": []}
    row = {
        "key": "night",
        "label_zh": "夜班",
        "label_en": "Night",
        "zone": "UTC",
        "begins": dt.date(2020, 1, 1),
        "turns": "daily",
        "day": 0,
        "minute": 0,
        "people": [desk.people[name] for name in names],
        "duties": [duty],
    }
    desk.write(insert(Rota).values(**row))


def test_level_tells_whoever_is_on_duty_when_it_fires(any_desk: Desk) -> None:
    desk = any_desk
    rota(desk, "Vera")
    late(desk, tells("rota", "night"), tells("rota", "night", at=60))
    desk.sweep()
    assert alerts(desk) == to(desk, "Vera")
    change(desk, "Vera", active=False)
    desk.pass_time(hours=1)
    desk.sweep()
    assert alerts(desk)[1:] == [("post:escalation", "rota")]


def test_ladder_tells_no_rota_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(documents.NotPublishable) as error:
        publish(desk, tells("rota", "night"))
    assert [one.key for one in error.value.problems] == ["rota_unknown"]


def test_three_levels_ship_ready_to_use(desk: Desk) -> None:
    place = "workflows/dispute/service_levels/review"
    desk.db.transact(documents.publish, put(standard(), place, ladder="three_levels"))
    desk.at_stage("evidence_review")
    desk.pass_time(days=1)
    heard = []
    for hours in (0, 1, 1, 46):
        desk.pass_time(hours=hours)
        desk.sweep()
        heard.append(alerts(desk)[sum(map(len, heard)) :])
    supervisors = to(desk, "Sun Wei")
    assert heard == [[], [("post:escalation", None)], supervisors, supervisors]


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
