"""Calendars are live rows: guarded, told among the changes, and read as they are saved (G7)."""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, update

from core.clocks.calendar import Calendar, Shift, after
from core.desk import calendar_days, calendars
from core.desk.answers import Refused, Stale
from core.desk.calendars import FIRST, CalendarInfo
from core.desk.special import Special
from core.tables import BusinessCalendar, Change
from tests.factories import Desk

NIGHT = (Shift(1320, 1800),)
NIGHTS = CalendarInfo("夜班", "Nights", "Europe/Berlin", (NIGHT,) * 7)
SUNDAY = dt.date(2030, 6, 2)


def add(desk: Desk, info: CalendarInfo = NIGHTS, key: str = "nights", name: str = "Sun Wei") -> Any:
    return desk.db.transact(calendars.add, desk.who(name), key, info)


def change(desk: Desk, revision: int, info: CalendarInfo, key: str = "nights") -> Any:
    return desk.db.transact(calendars.change, desk.who("Sun Wei"), key, revision, info)


def put(desk: Desk, revision: int, days: Sequence[Special], key: str = "nights") -> Any:
    return desk.db.transact(calendar_days.put, desk.who("Sun Wei"), key, revision, days)


def remove_day(desk: Desk, revision: int, date: dt.date) -> Any:
    return desk.db.transact(calendar_days.remove, desk.who("Sun Wei"), "nights", revision, date)


def load(desk: Desk, key: str = "nights") -> Calendar:
    return desk.db.read(lambda connection, now: calendars.load(connection, key))


def listed(desk: Desk, key: str = "nights", year: int | None = None) -> list[Special]:
    return desk.db.read(lambda connection, now: calendar_days.listed(connection, key, year))


def revision(desk: Desk, key: str = "nights") -> int:
    return int(
        desk.rows(select(BusinessCalendar.revision).where(BusinessCalendar.key == key))[0][0]
    )


def key_of(answer: Any) -> str:
    assert isinstance(answer, Refused)
    return answer.key


def test_fresh_desk_keeps_service_days_with_china_s_holidays(any_desk: Desk) -> None:
    year = any_desk.now().year
    calendar = load(any_desk, FIRST)
    assert calendar.zone == "Asia/Shanghai"
    assert calendar.week[0] == (Shift(540, 720), Shift(780, 1080))
    days = {day.date: day for day in listed(any_desk, FIRST)}
    for one in (year, year + 1):
        new_year = days[dt.date(one, 1, 1)]
        assert (new_year.label_zh, new_year.label_en, new_year.shifts) == (
            "元旦",
            "New Year's Day",
            (),
        )
    assert dict(calendar.days) == {day.date: day.shifts for day in days.values()}
    any_desk.db.transact(calendars.seed)
    assert revision(any_desk, FIRST) == 1


def test_calendar_is_read_as_it_is_saved_by_whoever_asks_next(any_desk: Desk) -> None:
    assert add(any_desk) == "nights"
    assert load(any_desk) == Calendar(NIGHTS.zone, NIGHTS.week)
    days = CalendarInfo("白班", "Days", "Asia/Tokyo", ((Shift(540, 1080),),) * 7)
    assert change(any_desk, 1, days) is None
    assert put(any_desk, 2, [Special(SUNDAY, (), "停业", "")]) == 1
    assert load(any_desk) == Calendar("Asia/Tokyo", days.week, ((SUNDAY, ()),))
    assert remove_day(any_desk, 3, SUNDAY) is None
    assert load(any_desk) == Calendar("Asia/Tokyo", days.week)
    assert load(any_desk) is load(any_desk)  # built once


def test_what_was_rolled_back_is_never_read(desk: Desk) -> None:
    add(desk)
    other = CalendarInfo("白班", "Days", "UTC", ((Shift(0, 60),),) * 7)

    def rehearsed(connection: Any, now: dt.datetime) -> Calendar:
        calendars.change(connection, desk.who("Sun Wei"), "nights", 1, other, now=now)
        return calendars.load(connection, "nights")

    assert desk.db.rehearse(rehearsed).zone == "UTC"
    third = CalendarInfo("早班", "Early", "Asia/Tokyo", ((Shift(60, 120),),) * 7)
    assert change(desk, 1, third) is None
    assert load(desk).zone == "Asia/Tokyo"


def test_calendar_that_is_not_there_cannot_be_read(desk: Desk) -> None:
    with pytest.raises(LookupError):
        load(desk, "nowhere")


def test_stale_save_changes_nothing_whatever_is_saved(any_desk: Desk) -> None:
    add(any_desk)
    day = Special(SUNDAY, (), "停业", "")
    put(any_desk, 1, [day])
    for late in (
        lambda: change(any_desk, 1, NIGHTS),
        lambda: put(any_desk, 1, [Special(SUNDAY, NIGHT)]),
        lambda: remove_day(any_desk, 1, SUNDAY),
        lambda: any_desk.db.transact(calendars.remove, any_desk.who("Sun Wei"), "nights", 1),
    ):
        with pytest.raises(Stale):
            late()
    assert listed(any_desk) == [day]
    assert revision(any_desk) == 2


@pytest.mark.postgres
def test_of_two_who_save_at_once_one_is_told_that_it_is_stale(postgresql: Any) -> None:
    desk = Desk(postgresql)
    add(desk)
    answers: list[object] = []

    def save(day: int) -> None:
        try:
            answers.append(put(desk, 1, [Special(dt.date(2030, 1, day))]))
        except Stale:
            answers.append(Stale)

    threads = [threading.Thread(target=save, args=(day,)) for day in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == ["1", *[str(Stale)] * 7]
    assert len(load(desk).days) == 1
    assert revision(desk) == 2


def test_only_whoever_shapes_the_desk_edits_its_calendars(desk: Desk) -> None:
    add(desk)
    for name in ("Tom", "Olga", "Tim"):
        who = desk.who(name)
        for answer in (
            add(desk, key="mine", name=name),
            desk.db.transact(calendars.change, who, "nights", 1, NIGHTS),
            desk.db.transact(calendars.remove, who, "nights", 1),
            desk.db.transact(calendar_days.put, who, "nights", 1, [Special(SUNDAY)]),
            desk.db.transact(calendar_days.remove, who, "nights", 1, SUNDAY),
        ):
            assert key_of(answer) == "no_right"


def test_calendar_that_would_never_open_is_refused(desk: Desk) -> None:
    never = CalendarInfo("关", "Closed", "UTC", ((),) * 7)
    empty = CalendarInfo("空", "Empty", "UTC", ((Shift(60, 60),),) * 7)
    for info in (never, empty):
        assert key_of(add(desk, info)) == "never_opens"
    add(desk)
    assert key_of(change(desk, 1, never)) == "never_opens"
    assert load(desk).week == NIGHTS.week
    assert revision(desk) == 1


def test_days_that_would_close_a_calendar_for_years_are_refused(desk: Desk) -> None:
    add(desk)
    today = desk.now().date()
    closed = [Special(today + dt.timedelta(days=n - 3)) for n in range(2_000)]
    assert key_of(put(desk, 1, closed)) == "never_opens"
    assert listed(desk) == []
    assert put(desk, 1, closed[:300]) == 300
    assert after(load(desk), desk.now(), dt.timedelta(hours=1)).date() > closed[290].date


def test_calendar_that_makes_no_sense_is_no_calendar(desk: Desk) -> None:
    for key, info in (
        ("Nights", NIGHTS),
        ("nights", CalendarInfo("", "Nights", "UTC", NIGHTS.week)),
        ("nights", CalendarInfo("夜班", " ", "UTC", NIGHTS.week)),
        ("nights", CalendarInfo("夜班", "Nights", "Mars/Olympus", NIGHTS.week)),
    ):
        with pytest.raises(ValueError, match=r"no key|label|no time zone"):
            add(desk, info, key)
    add(desk)
    assert key_of(add(desk)) == "key_taken"
    for days in (
        [Special(SUNDAY), Special(SUNDAY)],
        [Special(dt.date(1999, 12, 31))],
        [Special(SUNDAY, (), "长" * 81)],
    ):
        with pytest.raises(ValueError, match=r"twice|reach|long"):
            put(desk, 1, days)


def test_day_replaces_what_its_date_had_and_the_same_day_again_changes_nothing(desk: Desk) -> None:
    add(desk)
    working = Special(SUNDAY, NIGHT, "", "Make-up")
    assert put(desk, 1, [Special(SUNDAY, (), "停业", "")]) == 1
    assert put(desk, 2, [working]) == 1
    assert listed(desk, year=2030) == [working]
    assert listed(desk, year=2031) == []
    assert put(desk, 3, [working]) == 0
    assert revision(desk) == 3
    assert key_of(remove_day(desk, 3, dt.date(2030, 6, 3))) == "unknown_day"


def test_import_says_what_is_new_what_changes_and_what_is_there(desk: Desk) -> None:
    add(desk)
    put(desk, 1, [Special(SUNDAY, (), "停业", "Closed"), Special(dt.date(2030, 6, 3), NIGHT)])
    coming = [
        Special(dt.date(2030, 6, 4)),
        Special(dt.date(2030, 6, 3)),
        Special(SUNDAY, (), "", "Closed"),  # takes the Chinese name not away
    ]
    found = desk.db.read(lambda c, now: calendar_days.compared(c, "nights", coming))
    assert [(one.day.date.day, one.what) for one in found] == [
        (2, "same"),
        (3, "changed"),
        (4, "new"),
    ]


def test_changes_of_a_calendar_are_told_with_what_it_was_and_is(desk: Desk) -> None:
    add(desk)
    days = CalendarInfo(
        "夜班", "Nights", "Europe/Berlin", (((Shift(540, 1080),)), *NIGHTS.week[1:])
    )
    change(desk, 1, days)
    put(desk, 2, [Special(SUNDAY, (), "停业", "Closed")])
    remove_day(desk, 3, SUNDAY)
    desk.db.transact(calendars.remove, desk.who("Sun Wei"), "nights", 4)
    statement = select(Change.what, Change.before, Change.after).where(Change.kind == "calendar")
    told = [tuple(row) for row in desk.rows(statement.order_by(Change.id))]
    assert [what for what, _, _ in told] == ["added", *["changed"] * 3, "removed"]
    assert told[1][1:] == ({"monday": "22:00–06:00"}, {"monday": "09:00–18:00"})
    assert told[2][2] == {"days": ["2030-06-02 停业 / Closed –"]}
    assert told[3][1] == {"days": ["2030-06-02 停业 / Closed –"]}


def test_removed_calendar_takes_its_days_with_it(any_desk: Desk) -> None:
    add(any_desk)
    put(any_desk, 1, [Special(SUNDAY)])
    who = any_desk.who("Sun Wei")
    assert any_desk.db.transact(calendars.remove, who, "nights", 2) is None
    assert listed(any_desk) == []
    add(any_desk, CalendarInfo("新", "New", "UTC", NIGHTS.week))  # the same key and revision anew
    assert load(any_desk) == Calendar("UTC", NIGHTS.week)


def test_calendar_edited_past_the_desk_is_read_by_what_it_says(desk: Desk) -> None:
    add(desk)
    assert load(desk).zone == "Europe/Berlin"
    lagging = update(BusinessCalendar).where(BusinessCalendar.key == "nights")
    desk.write(lagging.values(zone="UTC", digest="unknown"))
    assert load(desk).zone == "UTC"
