"""Files of events: all-day ones are closed days; a mistake is told with its line (G7)."""

import datetime as dt

import pytest

from core.clocks.calendar import Shift
from core.desk import ical
from core.desk.ical import Found, Unreadable

HEAD = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
YEARS = (2026, 2027)


def event(*lines: str) -> list[str]:
    return ["BEGIN:VEVENT", *lines, "END:VEVENT"]


def file(*events: list[str]) -> bytes:
    lines = [*HEAD, *(line for one in events for line in one), "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def read(*events: list[str]) -> Found:
    return ical.read(file(*events), YEARS)


def dates(*events: list[str]) -> list[str]:
    return [day.date.isoformat() for day in read(*events).days]


def wrong(content: bytes) -> tuple[str, int]:
    with pytest.raises(Unreadable) as found:
        ical.read(content, YEARS)
    return found.value.problem, found.value.line


def test_all_day_event_closes_its_day_under_its_own_name() -> None:
    new_year, christmas = (
        read(event("DTSTART;VALUE=DATE:20260101", "SUMMARY:元旦")).days[0],
        read(event("DTSTART;VALUE=DATE:20261225", "SUMMARY:Christmas\\, again")).days[0],
    )
    assert (new_year.date, new_year.shifts) == (dt.date(2026, 1, 1), ())
    assert (new_year.label_zh, new_year.label_en) == ("元旦", "")
    assert (christmas.label_zh, christmas.label_en) == ("", "Christmas, again")


@pytest.mark.parametrize("end", ["DTEND;VALUE=DATE:20260104", "DURATION:P3D"])
def test_event_of_several_days_closes_each_but_the_one_it_ends_before(end: str) -> None:
    told = dates(event("DTSTART;VALUE=DATE:20260101", end))
    assert told == ["2026-01-01", "2026-01-02", "2026-01-03"]


def test_event_with_a_time_of_day_is_counted_and_left_out() -> None:
    found = read(event("DTSTART:20260101T090000Z"), event("DTSTART;VALUE=DATE:20260102"))
    assert (found.timed, len(found.days)) == (1, 1)


def test_recurring_event_comes_in_each_of_the_years_asked_for() -> None:
    thanksgiving = event("DTSTART;VALUE=DATE:20011122", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH")
    assert dates(thanksgiving) == ["2026-11-26", "2027-11-25"]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("FREQ=YEARLY;COUNT=7", ["2026-01-01"]),
        ("FREQ=YEARLY;UNTIL=20261231", ["2026-01-01"]),
        ("FREQ=YEARLY;UNTIL=20261231T235959Z", ["2026-01-01"]),
        ("FREQ=YEARLY;INTERVAL=7", ["2027-01-01"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", []),
        ("FREQ=MONTHLY;INTERVAL=12", ["2026-01-01", "2027-01-01"]),
    ],
)
def test_rule_ends_where_it_says(rule: str, told: list[str]) -> None:
    start = "20200101"
    found = dates(event(f"DTSTART;VALUE=DATE:{start}", f"RRULE:{rule}"))
    assert found == told


def test_occurrence_that_was_moved_or_struck_out_is_not_closed() -> None:
    every_year = event(
        "UID:one",
        "DTSTART;VALUE=DATE:20200501",
        "RRULE:FREQ=YEARLY",
        "EXDATE;VALUE=DATE:20270501",
    )
    moved = event("UID:one", "RECURRENCE-ID;VALUE=DATE:20260501", "DTSTART;VALUE=DATE:20260504")
    assert dates(every_year, moved) == ["2026-05-04"]
    cancelled = [*moved[:-1], "STATUS:CANCELLED", moved[-1]]
    assert dates(every_year, cancelled) == []


def test_further_dates_of_an_event_are_closed_too() -> None:
    more = ("RDATE;VALUE=DATE:20260301,20260401", "RDATE;VALUE=DATE:20270301")
    found = dates(event("DTSTART;VALUE=DATE:20260201", *more))
    assert found == ["2026-02-01", "2026-03-01", "2026-04-01", "2027-03-01"]


def test_events_that_meet_on_a_day_name_it_together() -> None:
    day = "DTSTART;VALUE=DATE:20261001"
    found = read(event(day, "SUMMARY:国庆节"), event(day, "SUMMARY:中秋节"), event(day)).days
    assert [one.label_zh for one in found] == ["国庆节 · 中秋节"]


@pytest.mark.parametrize(
    "says",
    ["SUMMARY:春节（班）", "SUMMARY:国庆节补班", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"],
)
def test_make_up_day_of_a_chinese_file_is_worked(says: str) -> None:
    off = event("DTSTART;VALUE=DATE:20260217", "SUMMARY:春节（休）")
    content = file(off, event("DTSTART;VALUE=DATE:20260228", says))
    work = (Shift(540, 1080),)
    told = [(day.date.day, day.shifts) for day in ical.read(content, YEARS, work).days]
    assert told == [(17, ()), (28, work)]


def test_event_that_reaches_over_new_year_closes_only_the_years_asked_for() -> None:
    found = dates(event("DTSTART;VALUE=DATE:20271230", "DTEND;VALUE=DATE:20280103"))
    assert found == ["2027-12-30", "2027-12-31"]


@pytest.mark.parametrize(
    ("content", "problem", "line"),
    [
        (b"", "not_calendar", 0),
        (b"hello\r\nthere", "not_calendar", 1),
        (b"BEGIN:VCALENDAR\n", "not_calendar", 0),
        (b"BEGIN:VCALENDAR\nX-A:\xff\nEND:VCALENDAR\n", "not_text", 2),
        (b"x" * (ical.LARGEST + 1), "too_large", 0),
        (file(event("SUMMARY:no date")), "event", 4),
        (
            file(event("DTSTART;VALUE=DATE:20260101"), event("DTSTART;VALUE=DATE:2026XX01")),
            "event",
            7,
        ),
        (file(event("DTSTART;VALUE=DATE:20260101", "neither name nor value")), "event", 4),
        (file(event("DTSTART;VALUE=DATE:20260102", "DTEND;VALUE=DATE:20260101")), "length", 4),
        (file(event("DTSTART;VALUE=DATE:20260102", "DURATION:P400D")), "length", 4),
        (file(event("DTSTART;VALUE=DATE:20260102", "RRULE:FREQ=SECONDLY")), "rule", 4),
        (file(event("DTSTART;VALUE=DATE:20260102", "RRULE:FREQ=YEARLY;BYDAY=XX")), "event", 4),
        (file(event("DTSTART;VALUE=DATE:10000102", "RRULE:FREQ=DAILY")), "rule", 4),
    ],
)
def test_file_that_cannot_be_taken_says_why_and_where(
    content: bytes, problem: str, line: int
) -> None:
    assert wrong(content) == (problem, line)


def test_file_cannot_ask_for_endless_work() -> None:
    daily = event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY")
    assert wrong(file(*[daily] * 101))[0] == "too_many"
    assert wrong(file(*[event("DTSTART:20260101T000000Z")] * 5_001))[0] == "too_many"
