"""Apply to open disputes: previewed, reasoned, done in batches, firing nothing twice (G8)."""

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import select

from core.desk import applying
from core.desk.answers import Refused, Stale
from core.migrate import standard
from core.tables import Application, Change, Deadline, Escalation, Event, Outbox, Round
from core.workflow import model as m
from tests.core.desk.promised import LEVELS, MINUTE, apply, ask, promises, promising, publish
from tests.core.workflow.edits import put
from tests.factories import TRIAGED, Desk

SOON = dt.timedelta(seconds=30)  # what a test takes


def preview(desk: Desk, *, starts: bool = False) -> applying.Preview:
    found = desk.db.read(applying.preview, desk.who("Sun Wei"), starts)
    assert isinstance(found, applying.Preview), found
    return found


def test_running_promise_goes_on_from_its_own_start_by_the_new_length(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, promising(600))
    desk.open()
    publish(desk, promising(300))
    seen = preview(desk)
    assert (seen.counts, seen.disputes, seen.looked, seen.more) == ({"earlier": 1}, 1, 1, False)
    (named,) = seen.named
    assert named.before - named.after == 300 * MINUTE
    apply(desk)
    old, new = promises(desk)
    assert (old.next_at, old.superseded_by_id) == (None, 1)
    assert abs(desk.now() - old.stopped_at) < SOON
    assert new.started_at == old.started_at
    assert new.due_at == old.started_at + 300 * MINUTE
    assert new.next_at == old.started_at + 225 * MINUTE
    assert preview(desk).counts == {}
    assert desk.differences() == []


def test_asking_takes_a_reason_the_right_and_the_document_that_was_shown(desk: Desk) -> None:
    document = publish(desk, promising(600))
    supervisor = desk.who("Sun Wei")
    assert desk.db.transact(applying.ask, supervisor, document, "  ", False) == Refused(
        "reason_needed"
    )
    refused = ask(desk, who="Tom")
    assert isinstance(refused, Refused)
    assert refused.key == "no_right"
    assert isinstance(desk.db.read(applying.preview, desk.who("Tom"), False), Refused)
    publish(desk, promising(300))
    with pytest.raises(Stale):
        desk.db.transact(applying.ask, supervisor, document, "reason", False)
    assert isinstance(ask(desk), int)
    assert ask(desk) == Refused("applying_already")


def test_it_is_logged_once_for_the_desk_and_once_for_each_dispute(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, promising(600))
    changed = [desk.open() for _ in range(3)]
    ended = desk.open()
    desk.party(ended, "buyer", "withdraw")
    publish(desk, promising(300))
    apply(desk)
    events = desk.rows(select(Event).where(Event.kind == "levels_applied"))
    assert sorted(event.dispute_id for event in events) == changed
    (event, *_) = events
    assert event.person_id == desk.people["Sun Wei"]
    (told,) = event.data["promises"]
    assert (told["key"], told["what"]) == ("promise", "earlier")
    (change,) = desk.rows(select(Change).where(Change.what == "applied"))
    assert change.after["note"] == "they were too long"
    (row,) = desk.rows(select(Application))
    assert (row.ended, row.disputes, row.deadlines) == ("done", 3, 3)


def test_what_is_overdue_by_it_ends_once_and_warns_nobody(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, promising(6000))
    dispute = desk.open()
    desk.pass_time(minutes=50)
    publish(desk, promising(40))
    assert preview(desk).counts == {"overdue": 1}
    apply(desk)
    for _ in range(3):
        desk.sweep()
    told = Counter(row.kind for row in desk.rows(select(Event).where(Event.dispute_id == dispute)))
    mine = promises(desk)[-1].id
    events = desk.rows(select(Event).where(Event.kind.in_(("warned", "escalated"))))
    assert [event.data["levels"] for event in events if event.data["deadline"] == mine] == [[2, 3]]
    alerts = desk.rows(select(Outbox).where(Outbox.kind == "alert"))
    assert [row.data["deadline"] for row in alerts] == [mine]
    assert told["levels_applied"] == 1
    assert desk.differences() == []


def test_level_that_has_fired_never_fires_again(any_desk: Desk) -> None:
    """Overdue by the old length, in time by the new one, overdue again: told once in all."""
    desk = any_desk
    publish(desk, promising(60))
    desk.open()
    desk.pass_time(minutes=61)
    desk.sweep()
    publish(desk, promising(600))
    assert preview(desk).counts == {"later": 1}
    apply(desk)
    desk.pass_time(minutes=600)
    for _ in range(3):
        desk.sweep()
    fired = desk.rows(
        select(Escalation)
        .join(Deadline, Deadline.id == Escalation.deadline_id)
        .where(Deadline.service_level == "promise")
    )
    old, new = promises(desk)
    assert {row.deadline_id for row in fired} == {old.id}
    assert new.next_at is None
    assert desk.differences() == []


def test_new_level_of_a_ladder_still_comes_and_the_old_warning_does_not(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, promising(100))
    desk.open()
    desk.pass_time(minutes=76)
    desk.sweep()  # the warning at 75 per cent
    levels = (
        m.LadderLevel("early", "percent", 50, "thread"),
        m.LadderLevel("warned", "percent", 75, "thread"),
        m.LadderLevel("chief", "after", 30, "channel", "escalation"),
    )
    publish(desk, put(promising(100), "ladders/desk", levels=levels))
    apply(desk)
    assert preview(desk).counts == {}
    new = promises(desk)[-1]
    assert new.next_at == new.due_at
    desk.pass_time(minutes=60)
    desk.sweep()
    events = desk.rows(select(Event).where(Event.kind.in_(("warned", "escalated"))))
    assert [e.data["levels"] for e in events if e.data["deadline"] == new.id] == [[2, 3]]


def test_promise_that_is_published_no_more_ends_neither_kept_nor_broken(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, promising(60))
    desk.open()
    publish(desk, standard())
    assert preview(desk).counts == {"ended": 1}
    apply(desk)
    (gone,) = promises(desk)
    assert gone.superseded_by_id is not None
    desk.pass_time(minutes=55)
    desk.sweep()
    assert promises(desk) == [gone]
    fired = select(Escalation).where(Escalation.deadline_id == gone.id)
    assert desk.rows(fired) == []
    assert desk.differences() == []


def test_what_is_new_begins_only_where_that_is_ticked(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("adjudication")
    begun = desk.visits(dispute)[0].opened_at
    publish(desk, promising(600))
    assert preview(desk).counts == {}
    assert preview(desk, starts=True).counts == {"started": 1}
    apply(desk)
    assert promises(desk) == []
    apply(desk, starts=True)
    (new,) = promises(desk)
    assert (new.started_at, new.due_at) == (begun, begun + 600 * MINUTE)
    apply(desk, starts=True)
    assert promises(desk) == [new]
    assert desk.differences() == []


def test_what_is_new_does_not_begin_where_its_stop_has_happened_too(desk: Desk) -> None:
    desk.at_stage("adjudication")
    publish(desk, promising(600, stops=(m.Mark("left", "triage"),)))
    assert preview(desk, starts=True).counts == {}


def test_pause_holds_what_pauses_by_the_new_document_only(any_desk: Desk) -> None:
    """The waits that lay behind it count as if it had paused from the start."""
    desk = any_desk
    publish(desk, promising(6000))
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_both", TRIAGED)
    desk.pass_time(minutes=100)
    for party in ("buyer", "merchant"):
        desk.done(dispute, party)
    publish(desk, promising(6000, pauses=True))
    apply(desk)
    old, new = promises(desk)
    assert abs((new.due_at - old.due_at) - 100 * MINUTE) < SOON
    publish(desk, promising(6000))
    apply(desk)
    assert promises(desk)[-1].due_at == old.due_at


def test_wait_keeps_an_end_and_its_round_the_same_moment(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_both", TRIAGED)
    publish(desk, put(standard(), f"{LEVELS}/evidence_wait", minutes=2880))
    apply(desk)
    new = promises(desk, "evidence_wait")[-1]
    (asked,) = desk.rows(select(Round))
    assert asked.due_at == new.due_at == new.started_at + 2880 * MINUTE
    other = put(standard(), f"{LEVELS}/evidence_wait", key="longer_wait", minutes=4000)
    publish(desk, other)
    apply(desk)
    (renamed,) = promises(desk, "longer_wait")
    assert renamed.due_at == renamed.started_at + 4000 * MINUTE
    desk.pass_time(minutes=4001)
    desk.sweep()
    assert desk.stage(dispute) == "evidence_review"
    assert desk.differences() == []


def test_document_that_says_the_same_of_promises_changes_none(desk: Desk) -> None:
    publish(desk, promising(600))
    desk.open()
    publish(desk, put(promising(600), "workflows/dispute", label=m.Label("改名", "Renamed")))
    assert preview(desk, starts=True).counts == {}
