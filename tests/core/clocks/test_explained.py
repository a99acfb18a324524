"""Where the time went: pieces that tile it, and say the same as the arithmetic (rows G6, G7)."""

import datetime as dt
import itertools
import random

import pytest

from core.clocks.calendar import Calendar, NeverOpen, Shift
from core.clocks.explained import Closed, Shut, Stretch, Why, account, closed_on, stretches
from core.clocks.running import NOTHING, Pause, Running
from tests.core.clocks.oracle import MINUTE
from tests.core.clocks.worlds import DAYS, world

HOUR = dt.timedelta(hours=1)
FRIDAY = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
OFFICE = Calendar(
    "UTC",
    ((Shift(540, 720), Shift(780, 1080)),) * 5 + ((),) * 2,
    ((dt.date(2026, 11, 23), ()),),  # the Monday after is a holiday
)


@pytest.mark.parametrize("seed", range(20))
def test_pieces_tile_the_time_and_count_what_somebody_counts_who_walks_it(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(5):
        one = world(draw)
        for _ in range(60):
            start, end = one.moment(), one.moment()
            pauses = one.pauses(start)
            running = Running(one.calendar, start, tuple(Pause(*pause) for pause in pauses))
            asked = (seed, running, end)
            found = list(stretches(running, end))
            edges = [start, *(piece.until for piece in found)]
            assert [piece.since for piece in found] == edges[:-1], asked
            assert edges[-1] == max(start, end), asked
            neighbours = itertools.pairwise(found)
            assert not [a for a, b in neighbours if a.why == b.why or a.length <= NOTHING], asked
            walked = one.table.without(pauses).between(start, end) * MINUTE
            assert _sum(found, Why.COUNTED) == walked, asked
            assert _sum(found, Why.CLOSED) == sum(
                (day.length for day in closed_on(one.calendar, found)), NOTHING
            ), asked


@pytest.mark.parametrize("seed", range(20))
def test_way_to_the_end_holds_exactly_the_length_of_the_promise(seed: int) -> None:
    draw = random.Random(seed)
    held = 0
    for _ in range(5):
        one = world(draw)
        for _ in range(60):
            start, now, length = one.moment(), one.moment(), draw.randrange(1, 4000) * MINUTE
            pauses = one.pauses(start)
            running = Running(one.calendar, start, tuple(Pause(*pause) for pause in pauses))
            asked = (seed, running, length)
            try:
                told = account(running, length, now)
            except NeverOpen:
                continue
            walked = one.table.without(pauses)
            assert told.used == walked.between(start, now) * MINUTE, asked
            assert told.used + told.left == length, asked
            if told.due is None:
                held += 1
                assert _sum(told.stretches, Why.COUNTED) < length, asked
            elif one.table.at(told.due) <= DAYS * 1440:
                assert told.due == walked.after(start, length // MINUTE), asked
                assert _sum(told.stretches, Why.COUNTED) == length, asked
    assert held > 0


def test_weekend_holiday_and_night_are_told_apart() -> None:
    running = Running(OFFICE, FRIDAY + 8 * HOUR)  # an hour before the weekend
    told = account(running, 3 * HOUR, FRIDAY + 9 * HOUR)
    assert told.due == dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC)
    assert told.closed == (
        Closed(dt.date(2026, 11, 20), Shut.HOURS, 6 * HOUR),
        Closed(dt.date(2026, 11, 21), Shut.WEEK, 24 * HOUR),
        Closed(dt.date(2026, 11, 22), Shut.WEEK, 24 * HOUR),
        Closed(dt.date(2026, 11, 23), Shut.SPECIAL, 24 * HOUR),
        Closed(dt.date(2026, 11, 24), Shut.HOURS, 9 * HOUR),
    )


def test_days_are_those_of_the_calendar_s_own_zone() -> None:
    shanghai = Calendar("Asia/Shanghai", ((Shift(540, 1080),),) * 5 + ((),) * 2)
    closed = Stretch(
        dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC),  # an hour before midnight there
        dt.datetime(2026, 11, 20, 18, tzinfo=dt.UTC),
        Why.CLOSED,
    )
    assert closed_on(shanghai, [closed]) == [
        Closed(dt.date(2026, 11, 20), Shut.HOURS, HOUR),
        Closed(dt.date(2026, 11, 21), Shut.WEEK, 2 * HOUR),
    ]


def test_make_up_day_is_closed_at_night_only() -> None:
    saturday = dt.date(2026, 11, 21)
    made_up = Calendar("UTC", OFFICE.week, ((saturday, (Shift(540, 1080),)),))
    told = account(Running(made_up, FRIDAY + 9 * HOUR), HOUR, FRIDAY)
    assert {day.why for day in told.closed} == {Shut.HOURS}


def test_pause_over_a_night_is_told_as_a_pause_alone() -> None:
    running = Running(OFFICE, FRIDAY, (Pause(FRIDAY + HOUR, FRIDAY + 25 * HOUR),))
    assert [piece.why for piece in stretches(running, FRIDAY + 26 * HOUR)] == [
        Why.COUNTED,
        Why.PAUSED,
        Why.CLOSED,
    ]


def _sum(found: object, why: Why) -> dt.timedelta:
    assert isinstance(found, list | tuple)
    return sum((piece.length for piece in found if piece.why is why), NOTHING)
