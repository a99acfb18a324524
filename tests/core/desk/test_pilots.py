"""A draft is tried on a share of new disputes, beside the rest, and ends by itself (S5)."""

import pytest
from sqlalchemy import select, update

import scheduler
from core.desk import documents, draft, opening, pilots, second
from core.desk.actor import Actor
from core.desk.answers import Refused
from core.desk.documents import NotPublishable
from core.tables import Dispute, DraftStage, Event, Pilot, Visit
from tests.core.desk.redrafted import DEARER, REWORDED, edit, version
from tests.core.desk.ruled import holder, person, publish, rule, tick
from tests.core.workflow.edits import put
from tests.factories import TRIAGED, VAULT, Desk


def start(desk: Desk, share: int = 50, days: int = 7, who: str = "Sun Wei") -> int | Refused:
    return desk.db.transact(
        pilots.start, desk.who(who), version(desk), share, days, note="fewer clicks"
    )


def begun(desk: Desk, share: int = 50, days: int = 7) -> int:
    """A pilot with other words for the half."""
    edit(desk, REWORDED)
    found = start(desk, share, days)
    assert isinstance(found, int), found
    return found


def open_many(desk: Desk, count: int) -> None:
    intakes = [desk.intake() for _ in range(count)]
    desk.db.transact(opening.open_disputes, intakes, Actor("import"), VAULT)


def documents_of(desk: Desk, *, tried: bool) -> set[int]:
    """By which documents the visits of those that were drawn, or were not, are open."""
    which = Dispute.pilot_id.is_not(None) if tried else Dispute.pilot_id.is_(None)
    found = select(Visit.document_id).join(Dispute, Dispute.id == Visit.dispute_id)
    return {row.document_id for row in desk.rows(found.where(which, Visit.left_at.is_(None)))}


def ids(desk: Desk, *, tried: bool) -> list[int]:
    which = Dispute.pilot_id.is_not(None) if tried else Dispute.pilot_id.is_(None)
    return [row.id for row in desk.rows(select(Dispute.id).where(which).order_by(Dispute.id))]


def active(desk: Desk) -> int:
    return desk.db.read(lambda c, now: documents.active_id(c))


def piloted(desk: Desk) -> int:
    (row,) = desk.rows(select(Pilot.document_id))
    return int(row.document_id)


def test_share_of_what_comes_in_begins_by_the_draft(any_desk: Desk) -> None:
    desk = any_desk
    desk.open()
    pilot = begun(desk, share=30)
    open_many(desk, 200)
    tried = ids(desk, tried=True)
    assert 35 <= len(tried) <= 85
    assert 1 not in tried
    assert documents_of(desk, tried=True) == {piloted(desk)}
    assert documents_of(desk, tried=False) == {active(desk)}
    numbers = dict(map(tuple, desk.rows(select(Dispute.id, Dispute.number))))
    assert all(pilots.drawn(pilot, numbers[one], 30) for one in tried)
    told = select(Event.data).where(Event.dispute_id == tried[0], Event.kind == "opened")
    assert desk.rows(told)[0].data["document"] == piloted(desk)
    assert desk.rows(told)[0].data["pilot"] == pilot
    assert desk.differences() == []


def test_dispute_keeps_to_its_side_from_stage_to_stage(any_desk: Desk) -> None:
    desk = any_desk
    begun(desk)
    open_many(desk, 20)
    for tried, document in ((True, piloted(desk)), (False, active(desk))):
        dispute = ids(desk, tried=tried)[0]
        desk.take(dispute)
        desk.must(dispute, "no_evidence", TRIAGED)
        assert [visit.document_id for visit in desk.visits(dispute)] == [document] * 3
        desk.undo(dispute)
        assert desk.at(dispute).row.document_id == document
    assert desk.differences() == []


def test_pilot_ends_by_itself_and_all_go_on_by_the_active_document(any_desk: Desk) -> None:
    desk = any_desk
    begun(desk, days=7)
    open_many(desk, 20)
    dispute = ids(desk, tried=True)[0]
    desk.pass_time(days=7)
    open_many(desk, 20)  # nobody has ticked yet, and still nobody is drawn any more
    drawn = len(ids(desk, tried=True))
    assert scheduler.turn(desk.db)
    assert not scheduler.turn(desk.db)
    desk.take(dispute)
    assert desk.at(dispute).row.document_id == active(desk)
    open_many(desk, 20)
    assert len(ids(desk, tried=True)) == drawn
    (row,) = desk.rows(select(Pilot.ended, Pilot.ended_at, Pilot.ends_at))
    assert row.ended == "over"
    assert row.ended_at >= row.ends_at
    assert desk.differences() == []


def test_pilot_is_stopped_by_hand(desk: Desk) -> None:
    pilot = begun(desk)
    assert desk.db.transact(pilots.stop, desk.who("Sun Wei"), pilot) is None
    assert desk.db.transact(pilots.stop, desk.who("Sun Wei"), pilot) == Refused("pilot_over")
    open_many(desk, 20)
    assert ids(desk, tried=True) == []


def test_what_was_tried_is_taken_for_all(desk: Desk) -> None:
    pilot = begun(desk)
    tried = piloted(desk)
    assert desk.db.transact(pilots.adopt, desk.who("Sun Wei"), pilot) == tried
    assert active(desk) == tried
    open_many(desk, 5)
    assert ids(desk, tried=True) == []
    assert documents_of(desk, tried=False) == {tried}
    (row,) = desk.rows(select(Pilot.ended))
    assert row.ended == "published"


def test_publishing_something_else_ends_the_pilot(desk: Desk) -> None:
    begun(desk)
    edit(desk, REWORDED.values(label_en="A half"))
    desk.db.transact(draft.publish, desk.who("Sun Wei"), version(desk))
    open_many(desk, 20)
    assert ids(desk, tried=True) == []
    (row,) = desk.rows(select(Pilot.ended))
    assert row.ended == "replaced"


def test_one_pilot_runs_at_a_time(desk: Desk) -> None:
    begun(desk)
    assert start(desk) == Refused("pilot_runs")


def test_draft_that_changes_nothing_is_not_tried(desk: Desk) -> None:
    assert start(desk) == Refused("pilot_same")


@pytest.mark.parametrize(("share", "days"), [(0, 7), (100, 7), (50, 31), (50, 0)])
def test_only_preset_shares_and_at_most_a_month(desk: Desk, share: int, days: int) -> None:
    edit(desk, REWORDED)
    assert start(desk, share, days) == Refused("unknown_preset")


def test_stage_that_nobody_serves_yet_is_not_tried(desk: Desk) -> None:
    edit(desk, update(DraftStage).where(DraftStage.key == "triage").values(key="first_look"))
    with pytest.raises(NotPublishable) as error:
        start(desk)
    assert [p.key for p in error.value.problems] == ["pilot_stage"]


def test_what_weighs_is_tried_by_a_second_supervisor_who_was_asked(desk: Desk) -> None:
    person(desk, "Zhou Min", roles=["supervisor"])
    edit(desk, DEARER)
    assert start(desk) == Refused("second_person")
    desk.db.transact(second.ask, desk.who("Sun Wei"), version(desk), note="why")
    assert isinstance(start(desk, who="Zhou Min"), int)


def test_pilot_that_is_stopped_gives_the_request_back(desk: Desk) -> None:
    person(desk, "Zhou Min", roles=["supervisor"])
    edit(desk, DEARER)
    desk.db.transact(second.ask, desk.who("Sun Wei"), version(desk), note="why")
    pilot = start(desk, who="Zhou Min")
    assert desk.db.transact(pilots.stop, desk.who("Zhou Min"), pilot) is None
    assert start(desk) == Refused("second_person")
    seen, who = version(desk), desk.who("Zhou Min")
    assert isinstance(desk.db.transact(draft.publish, who, seen, note="why"), int)


def test_agent_starts_stops_and_takes_over_nothing(desk: Desk) -> None:
    edit(desk, REWORDED)
    refused = start(desk, who="Tom")
    pilot = start(desk)
    acts = (pilots.stop, pilots.adopt)
    answers = [refused, *(desk.db.transact(act, desk.who("Tom"), pilot) for act in acts)]
    assert [a.key for a in answers if isinstance(a, Refused)] == ["no_right"] * 3


def test_rules_of_the_pilot_give_out_what_was_drawn_for_it(desk: Desk) -> None:
    publish(desk, rule("intake", people=("U0002",)))
    document = desk.db.read(lambda c, now: documents.active(c))
    other = put(document, "workflows/dispute", assignments=(rule("intake", people=("U0001",)),))
    desk.db.transact(draft.replace, desk.who("Sun Wei"), version(desk), other)
    assert isinstance(start(desk), int)
    open_many(desk, 20)
    tick(desk)
    assert {holder(desk, one) for one in ids(desk, tried=False)} == {"Tom"}
    assert {holder(desk, one) for one in ids(desk, tried=True)} == {"Tang Li"}
    given_back = ids(desk, tried=True)[0]
    desk.release(given_back, "Tang Li")
    tick(desk)
    assert holder(desk, given_back) == ""
