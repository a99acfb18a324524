"""A clock that runs, stands still and runs on, and the levels on it, in sentences (rows G7, G8)."""

import datetime as dt
from dataclasses import replace

import pytest

from core.clocks.calendar import Calendar, NeverOpen, Shift
from core.clocks.ladder import At, moments, offset
from core.clocks.running import Pause, Running, moment, used

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
START = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)  # a Friday
OFFICE = Calendar("UTC", ((Shift(540, 1080),),) * 5 + ((),) * 2)
NEVER = Calendar("UTC", ((),) * 7)


def hours(n: float) -> dt.datetime:
    return START + n * HOUR


def clock(*pauses: Pause, calendar: Calendar | None = None) -> Running:
    return Running(calendar, START, pauses)


def test_paused_time_is_not_used_and_moves_the_end() -> None:
    running = clock(Pause(hours(1), hours(3)))
    assert used(running, hours(2)) == HOUR
    assert used(running, hours(4)) == 2 * HOUR
    assert moment(running, 2 * HOUR) == hours(4)


def test_end_that_came_before_the_pause_is_not_moved() -> None:
    assert moment(clock(Pause(hours(1), hours(3))), HOUR) == hours(1)


def test_pauses_inside_and_across_each_other_count_once() -> None:
    running = clock(
        Pause(hours(2), hours(4)),
        Pause(hours(1), hours(3)),
        Pause(hours(1.5), hours(2)),
        Pause(hours(4), hours(5)),
    )
    assert used(running, hours(6)) == 2 * HOUR
    assert moment(running, 2 * HOUR) == hours(6)


def test_pause_before_the_start_or_without_length_does_nothing() -> None:
    running = clock(
        Pause(hours(-3), hours(-1)), Pause(hours(1), hours(1)), Pause(hours(2), hours(1))
    )
    assert used(running, hours(3)) == 3 * HOUR
    assert moment(running, 3 * HOUR) == hours(3)


def test_pause_that_began_before_the_start_holds_from_the_start() -> None:
    assert moment(clock(Pause(hours(-3), hours(1))), HOUR) == hours(2)


def test_clock_that_stands_still_has_no_end_until_it_runs_again() -> None:
    running = clock(Pause(hours(1), None))
    assert moment(running, 2 * HOUR) is None
    assert moment(running, HOUR) == hours(1)
    assert used(running, hours(9)) == HOUR
    assert moment(replace(running, pauses=(Pause(hours(1), hours(5)),)), 2 * HOUR) == hours(6)


def test_pause_over_a_closed_night_costs_only_the_open_part_of_it() -> None:
    running = clock(Pause(hours(8), hours(73)), calendar=OFFICE)  # Friday five to Monday ten
    assert moment(running, 9 * HOUR) == dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)


def test_calendar_edited_while_the_clock_runs_moves_its_end() -> None:
    running = clock(calendar=OFFICE)
    closed_today = replace(OFFICE, days=((START.date(), ()),))
    assert moment(running, HOUR) == hours(1)
    edited = replace(running, calendar=closed_today)
    assert moment(edited, HOUR) == dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
    assert used(edited, hours(5)) == 0 * HOUR


def test_nothing_is_used_before_the_start() -> None:
    assert used(clock(), hours(-1)) == 0 * HOUR
    assert moment(clock(Pause(START, None)), 0 * HOUR) == START


def test_clock_on_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpen):
        moment(clock(calendar=NEVER), MINUTE)


def test_levels_stand_at_a_share_before_the_end_and_after_it() -> None:
    levels = (At(percent=75), At(before=15), At(percent=100), At(after=30))
    assert [offset(at, 2 * HOUR) for at in levels] == [
        90 * MINUTE,
        105 * MINUTE,
        120 * MINUTE,
        150 * MINUTE,
    ]


def test_level_before_the_end_of_a_shorter_deadline_is_due_at_its_start() -> None:
    assert offset(At(before=15), 10 * MINUTE) == 0 * MINUTE


def test_level_counts_on_the_clock_of_its_deadline() -> None:
    running = Running(OFFICE, hours(8))  # an hour before the weekend
    assert moments(running, 70 * MINUTE, (At(before=15), At(after=20))) == [
        hours(8) + 55 * MINUTE,
        dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC),
    ]


def test_pause_without_an_end_holds_the_levels_that_had_not_come() -> None:
    running = clock(Pause(hours(1), None))
    assert moments(running, 2 * HOUR, (At(percent=50), At(before=15))) == [hours(1), None]


@pytest.mark.parametrize(
    "given", [{}, {"percent": 75, "before": 15}, {"after": -1}, {"before": 1, "after": 1}]
)
def test_level_at_no_place_or_at_two_is_refused(given: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="exactly one place"):
        At(**given)
