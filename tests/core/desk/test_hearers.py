"""Whom a level of a ladder tells, and whom not (G5, G8)."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from core.desk import acknowledging, documents
from core.desk.answers import Applied
from core.desk.overdue import Swept
from core.migrate import standard
from core.tables import Deadline, Event, Outbox, Rota, Visit
from core.workflow import model as m
from tests.core.desk.climbing import LABEL, alerts, change, late, publish, tells, to
from tests.core.workflow.edits import add, put
from tests.factories import SOUND, Desk


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


def hidden(desk: Desk, *levels: m.LadderLevel) -> int:
    """A dispute that waits for the buyer a second time, under a promise that runs on meanwhile."""
    promise = m.ServiceLevel("runs_on", LABEL, 60, starts=(m.Mark("opened"),), ladder="own")
    own = add(standard(), "workflows/dispute/service_levels", promise)
    publish(desk, *levels, document=own)
    dispute = desk.at_stage("evidence_review")
    desk.must(dispute, "again_buyer", SOUND)
    desk.write(delete(Outbox))
    return dispute


def lines(desk: Desk) -> list[tuple[str, str]]:
    """Where the lines in threads go, each with the stage of the card under which it stands."""
    found = select(Outbox.lane, Visit.stage).join(Visit, Visit.id == Outbox.visit_id)
    rows = desk.rows(found.where(Outbox.kind == "line").order_by(Outbox.id))
    return [(row.lane, row.stage) for row in rows]


def test_promise_that_runs_on_while_the_dispute_is_hidden_tells_its_latest_thread(
    any_desk: Desk,
) -> None:
    desk = any_desk
    dispute = hidden(desk, tells("supervisors"))
    assert desk.at(dispute).row.channel == ""
    desk.pass_time(minutes=60)
    desk.sweep()
    assert lines(desk) == [("post:evidence_review", "evidence_review")]
    assert alerts(desk) == to(desk, "Sun Wei")
    assert desk.sweep() == Swept()
    assert desk.differences() == []


def test_wait_that_has_no_thread_of_its_own_is_told_in_none(desk: Desk) -> None:
    own = m.LadderLevel("half", "percent", 50, "thread")
    document = add(standard(), "ladders", m.Ladder("own", LABEL, (own,)))
    document = put(document, "workflows/dispute/service_levels/evidence_wait", ladder="own")
    desk.db.transact(documents.publish, document)
    dispute = desk.at_stage("awaiting_evidence")
    desk.write(delete(Outbox))
    desk.pass_time(hours=13)
    assert desk.sweep() == Swept(warned=1)
    assert (desk.stage(dispute), lines(desk)) == ("awaiting_evidence", [])


def test_whoever_is_on_it_while_the_dispute_is_hidden_is_named_in_the_same_thread(
    any_desk: Desk,
) -> None:
    desk = any_desk
    dispute = hidden(desk, tells("supervisors"))
    desk.pass_time(minutes=60)
    desk.sweep()
    late_one = select(Deadline.id).where(
        Deadline.dispute_id == dispute, Deadline.service_level == "runs_on"
    )
    (row,) = desk.rows(late_one)
    answer = desk.db.transact(
        acknowledging.acknowledge, row.id, desk.who("Sun Wei"), click=desk.click()
    )
    assert isinstance(answer, Applied)
    assert lines(desk) == [("post:evidence_review", "evidence_review")] * 2
    assert desk.differences() == []
