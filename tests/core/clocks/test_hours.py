"""Shifts as people type them, read and told (row G7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clocks.calendar import DAY, Shift
from core.clocks.hours import NoHours, told, typed

NINE_TO_NOON = Shift(540, 720)


@pytest.mark.parametrize(
    "text",
    ["09:00–12:00", "9-12", "09：00至12：00", " 9:00 ~ 12 ", "09:00—12:00,", "9到12"],
)
def test_hours_are_understood_however_they_are_typed(text: str) -> None:
    assert typed(text) == (NINE_TO_NOON,)


@pytest.mark.parametrize("between", [", ", "，", "、", "；", "\n", " ; "])
def test_shifts_of_a_day_stand_side_by_side_in_the_order_of_the_day(between: str) -> None:
    assert typed(f"13:00-18:00{between}9-12") == (NINE_TO_NOON, Shift(780, 1080))


def test_shift_that_ends_earlier_than_it_begins_ends_on_the_next_day() -> None:
    assert typed("22:00–06:00") == (Shift(1320, 1800),)
    assert told((Shift(1320, 1800),)) == "22:00–06:00"


def test_whole_day_and_an_empty_day_can_be_said() -> None:
    assert typed("00:00–24:00") == (Shift(0, DAY),)
    assert told((Shift(0, DAY),)) == "00:00–24:00"
    assert typed("  ") == ()
    assert told(()) == ""


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("9-12, lunch", "lunch"),
        ("09:00", "09:00"),
        ("9:75-12:00", "9:75-12:00"),
        ("24:00-25:00", "24:00-25:00"),
        ("09:00–09:00", "09:00–09:00"),
        ("09:00–49:00", "09:00–49:00"),
        ("9-12 13-18", "9-12 13-18"),
    ],
)
def test_what_says_no_hours_is_named(text: str, part: str) -> None:
    with pytest.raises(NoHours) as found:
        typed(text)
    assert found.value.part == part


@given(st.lists(st.tuples(st.integers(0, DAY - 1), st.integers(1, 2 * DAY))))
def test_whatever_is_told_is_read_back_as_it_was(pairs: list[tuple[int, int]]) -> None:
    shifts = tuple(Shift(opens, min(opens + length, 2 * DAY)) for opens, length in sorted(pairs))
    assert typed(told(shifts)) == tuple(sorted(shifts, key=lambda s: (s.opens, s.closes)))
