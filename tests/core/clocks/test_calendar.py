"""What a business calendar counts, in sentences (row G7)."""

import datetime as dt
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from core.clocks.calendar import Calendar, NeverOpen, Shift, after, between, spans

OFFICE = (Shift(540, 720), Shift(780, 1080))  # nine to twelve, one to six
CLOSED: tuple[Shift, ...] = ()
WEEK = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, CLOSED, CLOSED)
SHANGHAI = Calendar("Asia/Shanghai", WEEK)
HOUR = dt.timedelta(hours=1)


def at(zone: str, told: str, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(told).replace(tzinfo=ZoneInfo(zone), fold=fold)


def shanghai(told: str) -> dt.datetime:
    return at("Asia/Shanghai", told)


def every_day(zone: str, *shifts: Shift) -> Calendar:
    return Calendar(zone, (shifts,) * 7)


def test_round_the_clock_counts_every_hour() -> None:
    start = shanghai("2026-11-21 23:00")
    assert after(None, start, 2 * HOUR) == shanghai("2026-11-22 01:00")
    assert between(None, start, start + 2 * HOUR) == 2 * HOUR
    assert next(spans(None, start))[0] == start


def test_lunch_and_night_and_weekend_do_not_count() -> None:
    friday = shanghai("2026-11-20 11:00")
    assert after(SHANGHAI, friday, HOUR) == shanghai("2026-11-20 12:00")
    assert after(SHANGHAI, friday, 2 * HOUR) == shanghai("2026-11-20 14:00")
    assert after(SHANGHAI, friday, 7 * HOUR) == shanghai("2026-11-23 10:00")


def test_what_comes_in_at_night_begins_to_count_in_the_morning() -> None:
    assert after(SHANGHAI, shanghai("2026-11-22 03:00"), HOUR) == shanghai("2026-11-23 10:00")


def test_time_used_up_as_a_shift_ends_is_due_then_and_not_next_morning() -> None:
    start = shanghai("2026-11-20 17:00")
    assert after(SHANGHAI, start, HOUR) == shanghai("2026-11-20 18:00")


def test_no_time_at_all_has_passed_at_the_start_itself() -> None:
    closed = shanghai("2026-11-22 03:00")
    assert after(SHANGHAI, closed, 0 * HOUR) == closed


def test_night_shift_runs_through_midnight_without_a_gap() -> None:
    nights = every_day("Asia/Shanghai", Shift(1320, 1800))  # ten to six
    start = shanghai("2026-11-20 23:00")
    assert after(nights, start, 2 * HOUR) == shanghai("2026-11-21 01:00")
    begins, ends = next(spans(nights, start))
    assert (begins, ends) == (start, shanghai("2026-11-21 06:00"))


def test_shifts_that_meet_at_midnight_are_one_stretch() -> None:
    calendar = Calendar("Asia/Shanghai", ((Shift(1200, 1440),), (Shift(0, 240),), *(CLOSED,) * 5))
    monday = shanghai("2026-11-23 12:00")
    assert next(spans(calendar, monday)) == (
        shanghai("2026-11-23 20:00"),
        shanghai("2026-11-24 04:00"),
    )


def test_overlapping_shifts_count_once_and_empty_ones_not_at_all() -> None:
    calendar = every_day("UTC", Shift(540, 660), Shift(600, 720), Shift(60, 60))
    day = at("UTC", "2026-11-20")
    assert between(calendar, day, day + 24 * HOUR) == 3 * HOUR


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    noon = shanghai("2026-11-20 11:00")
    assert between(SHANGHAI, noon, noon - HOUR) == 0 * HOUR
    assert between(None, noon, noon) == 0 * HOUR


def test_holiday_is_closed_and_make_up_day_is_open() -> None:
    days = ((dt.date(2026, 11, 20), CLOSED), (dt.date(2026, 11, 21), OFFICE))
    calendar = Calendar("Asia/Shanghai", WEEK, days)
    thursday = shanghai("2026-11-19 17:00")
    assert after(calendar, thursday, 2 * HOUR) == shanghai("2026-11-21 10:00")


def test_night_shift_that_began_before_a_holiday_is_worked_to_its_end() -> None:
    holiday = ((dt.date(2026, 11, 21), CLOSED),)
    nights = Calendar("Asia/Shanghai", ((Shift(1320, 1800),),) * 7, holiday)
    start = shanghai("2026-11-20 23:00")
    assert after(nights, start, 8 * HOUR) == shanghai("2026-11-22 23:00")


def test_leap_day_is_a_day() -> None:
    start = shanghai("2028-02-28 17:30")  # a Monday
    assert after(SHANGHAI, start, HOUR) == shanghai("2028-02-29 09:30")


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_three_hours_over_a_clock_change_last_three_hours(night: str) -> None:
    always = every_day("Europe/Berlin", Shift(0, 1440))
    start = at("Europe/Berlin", f"{night} 00:30")
    assert after(always, start, 3 * HOUR) - start.astimezone(dt.UTC) == 3 * HOUR


def test_hour_that_spring_leaves_out_is_not_worked() -> None:
    calendar = every_day("Europe/Berlin", Shift(60, 240))  # one to four
    day = at("Europe/Berlin", "2026-03-29").astimezone(dt.UTC)
    assert between(calendar, day, day + 23 * HOUR) == 2 * HOUR
    left_out = every_day("Europe/Berlin", Shift(120, 180))
    assert between(left_out, day, day + 23 * HOUR) == 0 * HOUR


def test_hour_that_autumn_shows_twice_is_worked_twice() -> None:
    calendar = every_day("Europe/Berlin", Shift(60, 240))
    day = at("Europe/Berlin", "2026-10-25").astimezone(dt.UTC)
    assert between(calendar, day, day + 25 * HOUR) == 4 * HOUR


def test_half_an_hour_that_spring_leaves_out_is_not_worked() -> None:
    calendar = every_day("Australia/Lord_Howe", Shift(120, 135), Shift(150, 180))
    day = at("Australia/Lord_Howe", "2026-10-04").astimezone(dt.UTC)
    assert between(calendar, day, day + 20 * HOUR) == HOUR / 2


def test_hours_of_a_date_are_what_its_wall_clock_shows() -> None:
    nights = every_day("UTC", Shift(1320, 1800), Shift(360, 420), Shift(600, 660), Shift(660, 720))
    assert nights.worked(dt.date(2026, 11, 20)) == ((0, 420), (600, 720), (1320, 1440))


def test_shift_that_ends_inside_the_repeated_hour_opens_again_when_its_time_comes_round() -> None:
    calendar = every_day("Europe/Berlin", Shift(60, 150))  # one to half past two
    day = at("Europe/Berlin", "2026-10-25")
    told = [(at("UTC", "2026-10-24 23:00"), at("UTC", "2026-10-25 00:30"))]
    told += [(at("UTC", "2026-10-25 01:00"), at("UTC", "2026-10-25 01:30"))]
    assert list(islice(spans(calendar, day), 2)) == told
    begins, ends = (
        at("Europe/Berlin", f"2026-10-25 {wall}", fold=1) for wall in ("02:00", "02:30")
    )
    assert between(calendar, begins, ends) == HOUR / 2


def test_repeated_hour_passes_between_its_two_showings() -> None:
    first, second = (at("Europe/Berlin", "2026-10-25 02:30", fold=fold) for fold in (0, 1))
    assert between(None, first, second) == HOUR
    assert after(None, first, HOUR) == second.astimezone(dt.UTC)


def test_date_that_a_zone_skips_has_no_hours() -> None:
    always = every_day("Pacific/Apia", Shift(540, 1020))
    start = at("Pacific/Apia", "2011-12-29 16:00")
    assert after(always, start, 2 * HOUR) == at("Pacific/Apia", "2011-12-31 10:00")


def test_desk_that_never_opens_is_told_and_not_searched_forever() -> None:
    never = Calendar("UTC", (CLOSED,) * 7)
    with pytest.raises(NeverOpen):
        after(never, at("UTC", "2026-11-20"), HOUR)
    assert list(spans(never, at("UTC", "2026-11-20"))) == []


def test_desk_that_opens_once_opens_too_little_for_more() -> None:
    once = Calendar("UTC", (CLOSED,) * 7, ((dt.date(2027, 1, 4), OFFICE),))
    start = at("UTC", "2026-11-20")
    assert after(once, start, 8 * HOUR) == at("UTC", "2027-01-04 18:00")
    with pytest.raises(NeverOpen):
        after(once, start, 9 * HOUR)


def test_stretch_without_an_end_is_told_piece_by_piece() -> None:
    always = every_day("UTC", Shift(0, 1440))
    start = at("UTC", "2026-11-20 05:00")
    (first, until), (then, _) = islice(spans(always, start), 2)
    assert first == start
    assert until == then
    assert until - first > dt.timedelta(days=5 * 365)


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (600, 540), (1440, 1500), (1320, 2881)])
def test_shift_that_cannot_be_worked_is_refused(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="no shift"):
        Shift(opens, closes)


def test_calendar_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="seven days"):
        Calendar("UTC", (OFFICE,) * 6)
    with pytest.raises(ValueError, match="twice"):
        Calendar("UTC", WEEK, ((dt.date(2026, 1, 1), CLOSED), (dt.date(2026, 1, 1), OFFICE)))
    with pytest.raises(ZoneInfoNotFoundError):
        Calendar("Mars/Olympus", WEEK)
