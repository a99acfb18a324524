"""What a level of a ladder does by itself: giving a dispute away, and deciding (G5, G8)."""

from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from core.desk.answers import Refused
from core.desk.overdue import Swept
from core.migrate import standard
from core.tables import Deadline, Document, Escalation, Outbox
from core.workflow import model as m
from core.workflow.text import to_json
from tests.core.desk.climbing import alerts, change, late, publish, tells, to
from tests.core.workflow.edits import add, put
from tests.factories import SOUND, Desk

LABEL = m.Label("阶梯", "Ladder")


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
