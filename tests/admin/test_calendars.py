"""Calendars in the panel: seen at a glance, edited as typed (G7)."""

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.clocks.calendar import Shift
from core.tables import BusinessCalendar
from tests.admin import exported
from tests.admin.calendar_pages import DAYS, PAGE, ics, load, put
from tests.admin.window import AXE, visit
from tests.panel import Panel, Visitor, read_form

NIGHT = {
    "key": "night",
    "label_zh": "夜班",
    "label_en": "Night shift",
    "zone": "Europe/Berlin",
    "monday": "22:00–06:00",
}


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
        page.goto(f"{address}/panel{DAYS}")
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
