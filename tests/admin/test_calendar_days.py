"""A calendar's special days: entered, removed, brought in from a file or a country (G7)."""

import datetime as dt
import json
import re

import pytest
from sqlalchemy import select

from core.clocks.calendar import Shift
from core.desk import ical
from core.desk.special import Special
from core.tables import CalendarDay
from tests.admin.calendar_pages import carried, days, ics, load, preview, put, upload
from tests.panel import Panel, Visitor


def test_days_are_entered_in_a_row_and_removed_one_by_one(panel: Panel, visitor: Visitor) -> None:
    answer = put(visitor, begins="2031-01-22", ends="2031-01-24", label_zh="春节", hours="")
    assert answer.location == "/panel/calendar_days/?id=service_days&year=2031"
    put(visitor, begins="2031-01-24", label_en="Back", hours="10-11")
    assert days(panel, 2031) == [
        Special(dt.date(2031, 1, 22), (), "春节"),
        Special(dt.date(2031, 1, 23), (), "春节"),
        Special(dt.date(2031, 1, 24), (Shift(600, 660),), "", "Back"),
    ]
    gone = {**carried(visitor), "date": "2031-01-23"}
    text = visitor.client.get(visitor.post("/calendar_days/remove", gone).location).text
    assert "keeps to the week again" in text
    assert [day.date.day for day in days(panel, 2031)] == [22, 24]
    late = visitor.post("/calendar_days/remove", gone)
    assert "Nothing was removed" in visitor.client.get(late.location).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"begins": ""}, "This is needed."),
        ({"begins": "1999-12-31"}, "Years from 2000 to 2100."),
        ({"begins": "2031-01-02", "ends": "2031-01-01"}, "The last day must come after the first"),
        ({"begins": "2031-01-02", "ends": "2031-04-01"}, "at most 62 days"),
        ({"begins": "2031-01-02", "hours": "late"}, "“late” are no hours"),
        ({"begins": "2031-01-02", "label_en": "x" * 81}, 'class="error"'),
    ],
)
def test_day_that_is_none_is_refused_beside_its_field(
    panel: Panel, visitor: Visitor, typed: dict[str, str], told: str
) -> None:
    answer = put(visitor, **{"label_zh": "停业", **typed})
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="停业"' in answer.text
    assert days(panel, 2031) == []


def test_public_holidays_are_looked_at_and_then_brought_in_as_ticked(
    panel: Panel, visitor: Visitor
) -> None:
    asked = "/calendar_days/public?id=service_days&country=CN&year=2025"
    text = visitor.get(asked).text
    assert "Make-up working day" in text
    assert days(panel, 2025) == []
    form = preview(text)
    form["date"].remove("2025-01-01")
    assert visitor.post("/calendar_days/bring", form).status_code == 303
    found = {day.date: day for day in days(panel, 2025)}
    assert dt.date(2025, 1, 1) not in found
    assert found[dt.date(2025, 1, 29)].label_zh == "春节"
    assert found[dt.date(2025, 1, 26)].shifts == load(panel).week[0]
    text = visitor.get(asked).text
    assert text.count("already there") == len(found)
    assert preview(text)["date"] == ["2025-01-01"]


def test_year_without_announced_make_up_days_says_so(visitor: Visitor) -> None:
    text = visitor.get("/calendar_days/public?id=service_days&country=CN&year=2099").text
    assert "No make-up working day is known for 2099" in text
    wrong = visitor.get("/calendar_days/public?id=service_days&country=XX&year=2026")
    assert wrong.status_code == 422
    assert 'class="error"' in wrong.text


def test_file_of_events_is_looked_at_and_then_brought_in(panel: Panel, visitor: Visitor) -> None:
    put(visitor, begins="2031-10-01", label_zh="国庆节")
    put(visitor, begins="2031-12-25", hours="9-12")
    every_year = "DTSTART;VALUE=DATE:20201001\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:国庆节"
    answer = upload(
        visitor,
        ics(every_year, "DTSTART;VALUE=DATE:20311225\r\nSUMMARY:X", "DTSTART:20311226T090000Z"),
    )
    assert "Left out, because they have a time of day: 1 events." in answer.text
    assert len(re.findall(r">(?:new|changes|already there)</span>", answer.text)) == 3
    assert "was: –, 09:00–12:00" in answer.text
    form = preview(answer.text)
    assert form["date"] == ["2031-12-25", "2032-10-01"]
    visitor.post("/calendar_days/bring", form)
    assert [day.date for day in days(panel, 2032)] == [dt.date(2032, 10, 1)]
    assert days(panel, 2031)[1] == Special(dt.date(2031, 12, 25), (), "", "X")


def test_file_that_cannot_be_taken_is_refused_with_its_line(panel: Panel, visitor: Visitor) -> None:
    answer = upload(visitor, ics("DTSTART;VALUE=DATE:20310101", "SUMMARY:no date"))
    assert answer.status_code == 422
    assert "Line 6: The event that begins here has no date" in answer.text
    assert "no iCalendar file" in upload(visitor, b"").text
    assert "At most 10 years" in upload(visitor, ics(), "2031", "2041").text
    assert "There is no such day" in upload(visitor, ics("DTSTART;VALUE=DATE:20200101")).text
    assert days(panel, 2031) == []


def test_file_that_is_too_large_is_not_read_on(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ical, "LARGEST", 40)
    assert "larger than 1 MB" in upload(visitor, b"x" * 41).text


def test_preview_of_a_calendar_that_was_saved_meanwhile_is_shown_anew(
    panel: Panel, visitor: Visitor
) -> None:
    form = preview(upload(visitor, ics("DTSTART;VALUE=DATE:20310505\r\nSUMMARY:A")).text)
    put(visitor, begins="2031-05-05", label_en="B")
    text = visitor.post("/calendar_days/bring", form).text
    assert "was: B, closed" in text
    assert days(panel, 2031)[0].label_en == "B"
    visitor.post("/calendar_days/bring", preview(text))
    assert days(panel, 2031)[0].label_en == "A"


def test_import_that_nothing_was_ticked_of_is_asked_again(panel: Panel, visitor: Visitor) -> None:
    form = preview(upload(visitor, ics("DTSTART;VALUE=DATE:20310505\r\nSUMMARY:A")).text)
    assert (
        "Tick at least one day." in visitor.post("/calendar_days/bring", {**form, "date": []}).text
    )
    assert days(panel, 2031) == []


@pytest.mark.parametrize(
    "days_sent",
    [
        "",
        "{}",
        "[1]",
        '[["2031-01-01","",""]]',
        '[["2031-13-01","","",""]]',
        '[["2031-01-01","late","",""]]',
        json.dumps([["2031-01-01", "", "x" * 81, ""]]),
        json.dumps([["2031-01-01", "", "\0", ""]]),
        json.dumps([["2031-01-01", "", "", ""]] * 2),
        json.dumps([["1999-01-01", "", "", ""]]),
    ],
)
def test_preview_that_was_tampered_with_brings_nothing(
    panel: Panel, visitor: Visitor, days_sent: str
) -> None:
    before = len(panel.desk.rows(select(CalendarDay.date)))
    form = {"id": "service_days", "read": "1", "days": days_sent, "date": ["2031-01-01"]}
    assert visitor.post("/calendar_days/bring", form).status_code == 400
    assert len(panel.desk.rows(select(CalendarDay.date))) == before
