"""Assignment rules: who is given what, when, and who never is (A2, workflow rules 1 and 2)."""

import pytest
from sqlalchemy import select

from core.desk import roster, rota_edit
from core.desk.answers import Applied, Refused
from core.desk.documents import NotPublishable
from core.desk.roster import PersonInfo
from core.tables import Deadline
from core.workflow.model import Condition
from tests.core.desk.on_rota import act, add, info
from tests.core.desk.ruled import (
    LEAST_LOADED,
    assigned,
    away,
    change,
    holder,
    open_many,
    person,
    publish,
    rule,
    tick,
)
from tests.factories import SOUND, TRIAGED, Desk


def test_dispute_that_a_rule_assigns_skips_intake_and_opens_triage_held(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, rule("intake"))
    dispute = desk.open()
    (visit,) = desk.visits(dispute)
    assert (visit.stage, visit.kind, visit.channel) == ("triage", "work", "triage")
    assert visit.holder_id is not None
    assert visit.held_until is None
    assert assigned(desk, dispute) == [{"rule": "intake_round_robin", "strategy": "round_robin"}]
    (level,) = desk.at(dispute).workflow.levels_by_stage["triage"]
    rows = desk.rows(select(Deadline.visit_id, Deadline.service_level))
    assert rows == [(visit.id, level.key)]
    desk.must(dispute, "no_evidence", TRIAGED, holder(desk, dispute))
    assert desk.differences() == []


def test_without_rules_disputes_wait_in_intake_to_be_taken(desk: Desk) -> None:
    dispute = desk.open()
    tick(desk)
    assert (desk.stage(dispute), holder(desk, dispute)) == ("intake", "")
    assert isinstance(desk.take(dispute), Applied)


def test_first_come_leaves_the_dispute_to_whoever_takes_it(desk: Desk) -> None:
    vip = Condition("entered", "in", ("buyer_timeout",))
    publish(desk, rule("intake", "first_come", when=(vip,)), rule("intake"))
    assert desk.stage(desk.open(entered="buyer_timeout")) == "intake"
    assert desk.stage(desk.open()) == "triage"


def test_round_robin_goes_round_in_a_batch_and_after_it(any_desk: Desk) -> None:
    desk = any_desk
    person(desk, "Tess")
    publish(desk, rule("intake"))
    batch = [holder(desk, dispute) for dispute in open_many(desk, 4)]
    one_by_one = [holder(desk, desk.open()) for _ in range(2)]
    names = [*batch, *one_by_one]
    assert set(names[:3]) == {"Tang Li", "Tom", "Tess"}
    assert names[3:] == names[:3]


def test_least_loaded_gives_to_whoever_holds_the_fewest(desk: Desk) -> None:
    held = [desk.open() for _ in range(2)]
    for dispute in held:
        desk.take(dispute, "Tom")
    publish(desk, rule("intake", LEAST_LOADED))
    assert [holder(desk, desk.open()) for _ in range(2)] == ["Tang Li"] * 2
    assert sorted(holder(desk, desk.open()) for _ in range(2)) == ["Tang Li", "Tom"]


def test_team_and_named_people_narrow_the_choice(desk: Desk) -> None:
    person(desk, "Tess", team="beauty")
    publish(desk, rule("intake", team="beauty"))
    assert {holder(desk, desk.open()) for _ in range(3)} == {"Tess"}
    publish(desk, rule("intake", people=("UTESS", "U0002")))
    assert {holder(desk, desk.open()) for _ in range(3)} == {"Tess", "Tom"}


def test_only_whoever_is_on_duty_is_given_anything(any_desk: Desk) -> None:
    desk = any_desk
    add(desk, info(desk, "Tom", "Tang Li", "Eva"))
    publish(desk, rule("intake", rota="nights"))
    assert {holder(desk, desk.open()) for _ in range(3)} == {"Tang Li"}
    desk.pass_time(days=1)  # Eva is on duty, whose home stage is another
    waiting = desk.open()
    tick(desk)
    assert (desk.stage(waiting), holder(desk, waiting)) == ("intake", "")
    desk.pass_time(days=1)
    tick(desk)
    assert (desk.stage(waiting), holder(desk, waiting)) == ("triage", "Tom")
    assert desk.differences() == []


def test_earlier_holder_who_is_off_duty_is_not_preferred(desk: Desk) -> None:
    add(desk, info(desk, "Tom", "Tang Li"))
    publish(desk, rule("intake", rota="nights", people=("U0001", "U0002")))
    assert holder(desk, desk.open()) == "Tang Li"
    away(desk, "Tang Li", hours=1)
    assert holder(desk, desk.open()) == ""


def test_rota_that_is_not_there_is_not_published_and_one_that_is_used_stays(desk: Desk) -> None:
    with pytest.raises(NotPublishable, match="rule_rota_unknown"):
        publish(desk, rule("intake", rota="nights"))
    add(desk)
    publish(desk, rule("intake", rota="nights"))
    assert act(desk, rota_edit.remove) == Refused("rota_in_use")
    publish(desk, rule("intake"))
    assert act(desk, rota_edit.remove) is None


def test_trainee_and_agents_of_other_stages_are_never_given_anything(desk: Desk) -> None:
    publish(desk, rule("intake"))
    assert {holder(desk, desk.open()) for _ in range(4)} == {"Tang Li", "Tom"}


def test_named_agent_who_is_away_leaves_it_to_the_next_rule(desk: Desk) -> None:
    named = rule("intake", "named", people=("U0002",))
    publish(desk, named, rule("intake", people=("U0001",)))
    away(desk, "Tom", hours=1)
    assert holder(desk, desk.open()) == "Tang Li"
    desk.pass_time(hours=1)
    assert holder(desk, desk.open()) == "Tom"


def test_capacity_of_nothing_is_nothing_at_all(desk: Desk) -> None:
    change(desk, "Tom", capacity=0)
    publish(desk, rule("intake"))
    assert {holder(desk, dispute) for dispute in open_many(desk, 3)} == {"Tang Li"}


def test_later_stage_is_assigned_as_it_opens(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, rule("adjudication"))
    dispute = desk.at_stage("adjudication")
    assert holder(desk, dispute) == "Ada"
    assert desk.at(dispute).row.held_until is None
    assert assigned(desk, dispute)[-1]["rule"] == "adjudication_round_robin"
    assert desk.differences() == []


def test_whoever_handled_another_stage_is_not_given_the_next(desk: Desk) -> None:
    change(desk, "Tom", home_stage="adjudication")
    dispute = desk.at_stage("triage")
    publish(desk, rule("adjudication", people=("U0002", "U0004")))
    away(desk, "Ada", hours=1)
    desk.must(dispute, "no_evidence", TRIAGED, "Tom")
    tick(desk)
    assert holder(desk, dispute) == ""
    desk.pass_time(hours=1)
    tick(desk)
    assert holder(desk, dispute) == "Ada"


def test_without_separation_the_same_agent_goes_on(desk: Desk) -> None:
    open_stage = {"separation": False}
    publish(
        desk,
        rule("adjudication", people=("U0002",)),
        triage=open_stage,
        adjudication=open_stage,
    )
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", TRIAGED, "Tom")
    assert holder(desk, dispute) == "Tom"


def test_returning_dispute_prefers_its_earlier_holder(desk: Desk) -> None:
    person(desk, "Edda", "evidence_review")
    publish(desk, rule("evidence_review", people=("UEDDA", "U0003")))
    dispute = desk.at_stage("evidence_review")
    first = holder(desk, dispute)
    desk.must(dispute, "enough", SOUND, first)
    desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"}, "Ada")
    assert (desk.stage(dispute), holder(desk, dispute)) == ("evidence_review", first)
    desk.pass_time(hours=2)  # the route's preference lapses, that of rule 2 does not
    tick(desk)
    assert holder(desk, dispute) == first
    assert assigned(desk, dispute)[-1]["strategy"] == "earlier"


def test_earlier_holder_who_is_away_is_not_waited_for(desk: Desk) -> None:
    person(desk, "Edda", "evidence_review")
    publish(desk, rule("evidence_review"))
    dispute = desk.at_stage("evidence_review")
    first = holder(desk, dispute)
    desk.must(dispute, "enough", SOUND, first)
    away(desk, first)
    desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"}, "Ada")
    assert holder(desk, dispute) == ({"Eva", "Edda"} - {first}).pop()


def test_supervisor_sets_capacity_and_absence(desk: Desk) -> None:
    row = desk.db.read(lambda c, now: roster.person(c, desk.people["Tom"]))
    assert row is not None
    info = PersonInfo(
        "Tom", ["agent"], "U0002", "triage", capacity=3, absent_from=desk.now(), absent_until=None
    )
    refused = desk.db.transact(
        roster.change_person, desk.who("Sun Wei"), desk.people["Tom"], row.version, info
    )
    assert refused is None
    publish(desk, rule("intake"))
    assert holder(desk, desk.open()) == "Tang Li"


def test_absence_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    now = desk.now()
    info = PersonInfo("Nia", ["agent"], absent_from=now, absent_until=now)
    with pytest.raises(ValueError, match="absence"):
        desk.db.transact(roster.add_person, desk.who("Sun Wei"), info)
