"""Calendars in the panel: seen at a glance, edited as typed, imports looked at first (G7)."""

import datetime as dt
import html
import io
import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.clocks.calendar import Calendar, Shift
from core.desk import calendar_days, calendars, ical
from core.desk.special import Special
from core.tables import BusinessCalendar, CalendarDay
from tests.admin import exported
from tests.admin.window import AXE, visit
from tests.panel import Panel, Visitor, read_form

PAGE = "/calendars/edit/?id=service_days"
DAYS = "/calendar_days/?id=service_days&year=2031"
NIGHT = {
    "key": "night",
    "label_zh": "夜班",
    "label_en": "Night shift",
    "zone": "Europe/Berlin",
    "monday": "22:00–06:00",
}


def load(panel: Panel, key: str = "service_days") -> Calendar:
    return panel.desk.db.read(lambda connection, now: calendars.load(connection, key))


def days(panel: Panel, year: int) -> list[Special]:
    return panel.desk.db.read(lambda c, now: calendar_days.listed(c, "service_days", year))


def carried(visitor: Visitor, page: str = DAYS) -> dict[str, Any]:
    """What the page's forms carry unseen: which calendar, and as it was read."""
    text = visitor.get(page).text
    return {name: _hidden(text, name) for name in ("id", "read", "year")}


def put(visitor: Visitor, page: str = DAYS, **typed: str) -> Any:
    return visitor.post("/calendar_days/put", {**carried(visitor, page), **typed})


def upload(visitor: Visitor, content: bytes, first: str = "2031", last: str = "2032") -> Any:
    sent = {"first": first, "last": last, "file": (io.BytesIO(content), "days.ics")}
    return visitor.post(
        "/calendar_days/file", {**carried(visitor), **sent}, content_type="multipart/form-data"
    )


def preview(text: str) -> dict[str, Any]:
    """The form of a preview, every day ticked as it is shown."""
    ticked = re.findall(r'type="checkbox" name="date" value="([^"]+)" checked', text)
    return {
        **{name: _hidden(text, name) for name in ("id", "read", "days")},
        "date": ticked,
    }


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return html.unescape(found[1])


def ics(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT\r\n" for one in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()


def test_calendar_is_added_as_its_hours_are_typed(panel: Panel, visitor: Visitor) -> None:
    typed = {**NIGHT, "tuesday": "9-12、 13：00至18：00"}
    assert visitor.post("/calendars/new/", typed).status_code == 302
    calendar = load(panel, "night")
    assert calendar.zone == "Europe/Berlin"
    assert calendar.week[:3] == (
        (Shift(1320, 1800),),
        (Shift(540, 720), Shift(780, 1080)),
        (),
    )
    text = visitor.get("/calendars/").text
    assert "Night shift" in text
    assert "Mon 22:00–06:00<br>Tue 09:00–12:00, 13:00–18:00" in text
    visitor.post("/language", {"locale": "zh_CN"})
    assert "夜班" in visitor.get("/calendars/").text


def test_list_says_whether_a_calendar_is_open_now(panel: Panel, visitor: Visitor) -> None:
    always = {f"{day}day": "00:00–24:00" for day in ("mon", "tues", "wednes", "thurs", "fri")}
    always |= {"saturday": "0-24", "sunday": "0:00-24:00"}
    visitor.post("/calendars/new/", {**NIGHT, **always})
    assert "open round the clock" in visitor.get("/calendars/").text
    here = panel.desk.now()
    later = (here + dt.timedelta(hours=3)).strftime("%H:%M")
    soon = (here + dt.timedelta(hours=1)).strftime("%H:%M")
    form = visitor.form("/calendars/edit/?id=night")
    shut = dict.fromkeys(always, f"{soon}–{later}")
    visitor.post("/calendars/edit/?id=night", {**form, "zone": "UTC", **shut})
    text = visitor.get("/calendars/edit/?id=night").text
    assert '<span class="tag">opens ' in text
    form = visitor.form("/calendars/edit/?id=night")
    opened = {name: f"{(here - dt.timedelta(hours=1)):%H:%M}–{later}" for name in always}
    visitor.post("/calendars/edit/?id=night", {**form, **opened})
    assert '<span class="tag good">open until ' in visitor.get("/calendars/edit/?id=night").text


def test_hours_that_are_none_are_refused_beside_their_day_and_stay_typed(
    panel: Panel, visitor: Visitor
) -> None:
    typed = {**NIGHT, "tuesday": "nine to five", "sunday": "9-12, 25-26"}
    text = visitor.post("/calendars/new/", typed).text
    assert "“nine to five” are no hours" in text
    assert "“25-26” are no hours" in text
    assert 'value="nine to five"' in text
    assert 'value="22:00–06:00"' in text
    assert (
        "The key “service_days” is taken"
        in visitor.post("/calendars/new/", {**NIGHT, "key": "service_days"}).text
    )
    for wrong in ({"label_zh": ""}, {"label_en": " "}, {"key": "Night"}, {"zone": "Mars/Olympus"}):
        assert 'class="error"' in visitor.post("/calendars/new/", {**NIGHT, **wrong}).text
    assert panel.desk.rows(select(BusinessCalendar.key)) == [("service_days",)]


def test_week_without_a_shift_is_refused_beside_its_first_day(visitor: Visitor) -> None:
    text = visitor.post("/calendars/new/", {**NIGHT, "monday": ""}).text
    assert re.search(r'class="error" id="monday-error">A calendar needs at least one shift', text)


def test_look_first_draws_the_days_to_come_and_saves_nothing(
    panel: Panel, visitor: Visitor
) -> None:
    visitor.post("/calendars/new/", NIGHT)
    page, before = "/calendars/edit/?id=night", load(panel, "night")
    form = {**visitor.form(page), "monday": "", "sunday": "10:00–11:30", "look": "1"}
    text = visitor.post(page, form).text
    assert "Nothing is saved yet" in text
    assert text.count("10:00–11:30</td>") == 2  # both Sundays of the coming fourteen days
    assert '<rect class="worked" x="600" width="90" height="24"/>' in text
    assert 'value="10:00–11:30"' in text
    assert load(panel, "night") == before
    text = visitor.post("/calendars/new/", {**NIGHT, "key": "late", "look": "1"}).text
    assert text.count("22:00–24:00</td>") == 2
    assert text.count("00:00–06:00</td>") == 2
    assert len(panel.desk.rows(select(BusinessCalendar.key))) == 2


def test_special_day_stands_named_among_the_days_to_come(panel: Panel, visitor: Visitor) -> None:
    today = panel.desk.now().astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    ahead = today + dt.timedelta(days=5)
    page = f"/calendar_days/?id=service_days&year={ahead.year}"
    put(visitor, page, begins=ahead.isoformat(), label_en="Stocktaking", hours="7-8")
    text = visitor.get(PAGE).text
    assert '<span class="tag accent">Stocktaking</span>' in text
    assert "07:00–08:00</td>" in text


def test_stale_save_shows_what_is_saved_now(panel: Panel, visitor: Visitor) -> None:
    mine = {**visitor.form(PAGE), "monday": "10-11"}
    visitor.post(PAGE, {**visitor.form(PAGE), "monday": "8-9"})
    text = visitor.post(PAGE, mine).text
    assert "Saved meanwhile: 08:00–09:00" in text
    assert 'value="10-11"' in text
    assert load(panel).week[0] == (Shift(480, 540),)


def test_calendar_is_removed_as_it_was_read(panel: Panel, visitor: Visitor) -> None:
    visitor.post("/calendars/new/", NIGHT)
    mark = {"id": "night", "read": "1"}
    visitor.post(
        "/calendars/edit/?id=night", {**visitor.form("/calendars/edit/?id=night"), "monday": "8-9"}
    )
    late = visitor.post("/calendars/delete/", mark)
    assert "Nothing was removed" in visitor.client.get(late.location).text
    visitor.post("/calendars/delete/", {**mark, "read": "2"})
    assert panel.desk.rows(select(BusinessCalendar.key)) == [("service_days",)]
    again = visitor.post("/calendars/edit/?id=night", {**NIGHT, "read": "2"})
    assert 'value="night"' in again.text  # what was typed is kept, to be added anew
    assert read_form(again.text)["monday"] == "22:00–06:00"


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


def test_change_of_a_calendar_is_told_among_the_changes(visitor: Visitor) -> None:
    visitor.post(PAGE, {**visitor.form(PAGE), "monday": "10-11"})
    put(visitor, begins="2031-05-05", label_en="Stocktaking")
    text = visitor.get("/changes/?kind=calendar").text
    assert "Calendar “service_days” was changed" in text
    assert "09:00–12:00, 13:00–18:00" in text
    assert "2031-05-05 Stocktaking –" in text


def test_list_of_calendars_is_had_as_a_file(visitor: Visitor) -> None:
    rows = exported.as_csv(visitor.get("/calendars/export.csv"))
    assert rows[1][0] == "Service days"
    assert rows[1][2:] == ["Mon–Fri 09:00–12:00, 13:00–18:00", "Asia/Shanghai"]


@pytest.mark.browser
def test_previews_and_refusals_are_for_everybody(panel: Panel, address: str, browser: Any) -> None:
    page = visit(browser)
    page.context.add_init_script(AXE)
    page.goto(address + panel.link("Sun Wei"))
    page.locator("form button.primary").click()
    look = "(await axe.run(document, { resultTypes: ['violations'] })).violations.map((v) => v.id)"
    for scheme, width in (("light", 1280), ("dark", 390)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}/panel{PAGE}")
        page.fill("#tuesday", "soon")
        page.locator("form.sheet button.primary").click()
        expect(page.locator("#tuesday-error")).to_be_visible()
        assert page.evaluate(f"async () => {look}") == []
        page.fill("#tuesday", "6-9")
        page.locator("button[name=look]").click()
        expect(page.locator("#tuesday-error")).to_have_count(0)
        expect(page.locator(".ahead .worked").first).to_be_attached()
        assert page.evaluate(f"async () => {look}") == []
        page.goto(f"{address}/panel/calendar_days/?id=service_days&year=2031")
        page.set_input_files(
            "#file",
            {
                "name": "a.ics",
                "mimeType": "text/calendar",
                "buffer": ics("DTSTART;VALUE=DATE:20310505\r\nSUMMARY:Stocktaking"),
            },
        )
        page.locator("form[action$=file] button").click()
        expect(page.locator("input[type=checkbox]")).to_be_checked()
        assert page.evaluate(f"async () => {look}") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.troubles == []
