"""A pilot's disputes beside the rest: intervals, and 'too little data' while they meet (S5)."""

import pytest
from sqlalchemy import select, update

from core.desk import comparison, pilots
from core.desk.comparison import BETTER, MARKS, UNKNOWN, WORSE, Compared, Comparison
from core.tables import Dispute, Pilot
from tests.core.desk.redrafted import REWORDED, edit, version
from tests.core.desk.ruled import open_many
from tests.factories import SOUND, TRIAGED, Desk


@pytest.fixture
def desk(any_desk: Desk) -> Desk:
    """A desk that tries other words on half of what comes in."""
    edit(any_desk, REWORDED)
    pilot = any_desk.db.transact(pilots.start, any_desk.who("Sun Wei"), version(any_desk), 50, 7)
    assert isinstance(pilot, int), pilot
    return any_desk


def sides(desk: Desk, count: int) -> tuple[list[int], list[int]]:
    """Disputes that come in: those that were drawn, and those beside them; `count`, or more.

    Chance draws them: few may all fall on one side, and then as many more come in.
    """
    before = desk.rows(select(Dispute.id))
    tried: list[int] = []
    beside: list[int] = []
    while not (tried and beside):
        open_many(desk, count)
        rows = desk.rows(select(Dispute.id, Dispute.pilot_id).offset(len(before)))
        tried = [row.id for row in rows if row.pilot_id is not None]
        beside = [row.id for row in rows if row.pilot_id is None]
    return tried, beside


def compared(desk: Desk) -> Comparison:
    """What the page would show now."""
    (row,) = desk.rows(select(Pilot.id, Pilot.started_at, Pilot.ended_at))
    return desk.db.read(comparison.compare, row.id, row.started_at, row.ended_at)


def figure(desk: Desk, name: str) -> Compared:
    """One of its figures."""
    (found,) = [one for one in compared(desk).figures if one.name == name]
    return found


def test_pilot_that_drew_nothing_has_nothing_to_compare(desk: Desk) -> None:
    assert compared(desk) == Comparison(0, 0, ())


def test_few_disputes_are_too_little_data_whatever_they_came_to(desk: Desk) -> None:
    tried, _ = sides(desk, 6)
    for dispute in tried:
        desk.take(dispute)
        desk.park(dispute, "Tom")
    found = compared(desk)
    assert found.tried == len(tried)
    assert {one.verdict for one in found.figures} == {UNKNOWN}


def test_side_whose_options_fit_no_more_is_worse_in_that(desk: Desk) -> None:
    tried, beside = sides(desk, 40)
    for dispute in tried:
        desk.take(dispute)
        desk.park(dispute, "Tom")
    found = {one.name: one for one in compared(desk).figures}
    assert found["no_fit"].verdict == WORSE
    assert found["no_fit"].tried is not None
    assert found["no_fit"].tried.value == 1
    assert {found[name].verdict for name in MARKS if name != "no_fit"} == {UNKNOWN}
    assert compared(desk).beside <= len(beside)


def test_side_that_stays_within_its_time_is_better_in_that(desk: Desk) -> None:
    tried, _ = sides(desk, 40)
    for dispute in tried:
        desk.party(dispute, "buyer", "withdraw")
    desk.pass_time(days=2)
    assert figure(desk, "late").verdict == BETTER
    ended = figure(desk, "ended")
    assert (ended.verdict, ended.tried and ended.tried.value) == (BETTER, 1)


def test_side_that_ends_sooner_is_better_in_that(desk: Desk) -> None:
    tried, beside = sides(desk, 40)
    for disputes, hours in ((tried, 1), (beside, 20)):
        desk.pass_time(hours=hours)
        for dispute in disputes:
            desk.party(dispute, "buyer", "withdraw")
    lasted = figure(desk, "lasted")
    assert lasted.verdict == BETTER
    assert lasted.tried is not None
    assert lasted.beside is not None
    assert round(lasted.tried.value / 3600) == 1
    assert round(lasted.beside.value / 3600) == 21


def test_rounds_send_backs_defects_and_undone_decisions_are_counted(desk: Desk) -> None:
    tried, _ = sides(desk, 12)
    dispute = tried[0]
    desk.take(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"}, "Ada")
    desk.undo(dispute, "Ada")
    undone = {one.name: one.tried.value for one in compared(desk).figures if one.tried}
    assert undone["undone"] > 0
    assert undone["sent_back"] == 0
    desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"}, "Ada")
    assert figure(desk, "sent_back").tried is not None
    told = {one.name: one.tried.value for one in compared(desk).figures if one.tried}
    assert told["sent_back"] == pytest.approx(1 / len(tried))
    assert (told["defects"], told["again"]) == (0, 0)


def test_what_came_in_before_and_after_the_pilot_is_not_compared(desk: Desk) -> None:
    tried, beside = sides(desk, 20)
    (row,) = desk.rows(select(Pilot.id))
    desk.db.transact(pilots.stop, desk.who("Sun Wei"), row.id)
    desk.pass_time(hours=1)
    open_many(desk, 20)
    found = compared(desk)
    assert found.tried == len(tried)
    assert found.beside <= len(beside)


def test_large_desk_s_sides_are_compared_over_the_same_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "MOST", 40)
    for _ in range(5):  # one in ten is tried, whatever was drawn
        open_many(desk, 100)
        desk.pass_time(hours=1)
    (row,) = desk.rows(select(Pilot.id))
    desk.write(update(Dispute).values(pilot_id=None))
    desk.write(update(Dispute).where(Dispute.id % 10 == 0).values(pilot_id=row.id))
    for dispute in range(1, 201):  # the earlier ones have ended, tried or not
        desk.party(dispute, "buyer", "withdraw")
    found = compared(desk)
    assert found.tried == 40
    assert 30 <= found.beside <= 50
    assert {one.verdict for one in found.figures} == {UNKNOWN}


def test_sample_of_a_large_desk_still_tells_which_side_is_worse(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "MOST", 12)
    tried, _ = sides(desk, 60)
    for dispute in tried:
        desk.take(dispute)
        desk.park(dispute, "Tom")
    assert figure(desk, "no_fit").verdict == WORSE
