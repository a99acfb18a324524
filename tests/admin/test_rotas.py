"""Rotas in the panel: seen by everybody, shaped by whoever looks after people (K5, K23)."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from core.desk import rotas
from core.tables import Person, Rota, RotaOverride
from tests.admin import exported
from tests.admin.rota_pages import PAGE, added, typed
from tests.admin.window import AXE, visit
from tests.panel import Panel, Visitor


def carried(visitor: Visitor) -> dict[str, str]:
    """What each form of the page carries unseen: which rota, and as it was read."""
    found = re.search(r'name="read" value="(\d+)"', visitor.get(PAGE).text)
    assert found is not None
    return {"id": "nights", "read": found[1]}


def here(panel: Panel, hours: int) -> str:
    """A moment some hours from now, as the reader types it, whose zone is UTC."""
    return f"{panel.desk.now() + dt.timedelta(hours=hours):%Y-%m-%dT%H:%M}"


@pytest.fixture
def shaper(panel: Panel, visitor: Visitor) -> Visitor:
    """A supervisor who reads in UTC."""
    panel.desk.write(update(Person).values(zone="UTC"))
    return visitor


def test_rota_is_added_and_seen_with_who_is_on_duty(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    text = shaper.get("/rotas/").text
    assert "On duty: Eva" in text
    assert "Tom, Eva, Ada" in text
    page = shaper.get(PAGE).text
    assert "00:00–24:00 Ada" in page
    assert "Somebody is on duty whenever it is due" in page
    shaper.post("/language", {"locale": "zh_CN"})
    assert "正在值班：Eva" in shaper.get(PAGE).text


def test_form_shows_what_was_saved_and_saves_it_unchanged(panel: Panel, shaper: Visitor) -> None:
    people = panel.desk.people
    crew = [str(people["Tom"]), str(people["Vera"])]
    second = {"days_2": ["5", "6"], "hours_2": "22-6", "people_2": crew}
    added(panel, shaper, turns="fixed", people_1=[crew[0]], **second)
    before = panel.desk.rows(select(Rota.duties, Rota.people, Rota.minute))
    form = shaper.form("/rotas/edit/?id=nights")
    assert form["hours_2"] == "22:00–06:00"
    assert form["people_2"] == crew
    assert shaper.post("/rotas/edit/?id=nights", form).status_code == 302
    assert panel.desk.rows(select(Rota.duties, Rota.people, Rota.minute)) == before


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"minute": "25:00"}, "minute", "Type a time"),
        ({"hours_1": "nine"}, "hours_1", "are no hours"),
        ({"hours_1": ""}, "hours_1", "This is needed"),
        ({"days_1": []}, "days_1", "Tick the days"),
        ({"days_1": [], "hours_1": ""}, "days_1", "at least one shift"),
        ({"person_1": "", "person_2": "", "person_3": ""}, "person_1", "name people"),
        ({"turns": "fixed"}, "people_1", "name people"),
        ({"label_en": ""}, "label_en", "This is needed"),
        ({"most_in_row": "0"}, "most_in_row", ""),
        ({"key": "Nights"}, "key", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(
    panel: Panel, shaper: Visitor, wrong: dict[str, Any], field: str, why: str
) -> None:
    answer = shaper.post("/rotas/new/", typed(panel, **wrong))
    said = re.search(rf'class="error" id="{field}-error">([^<]*)', answer.text)
    assert said is not None, answer.text
    assert why in html.unescape(said[1])
    assert 'value="夜班"' in answer.text
    assert panel.desk.rows(select(Rota.key)) == []


def test_person_with_two_places_in_turn_is_refused(panel: Panel, shaper: Visitor) -> None:
    twice = str(panel.desk.people["Tom"])
    text = shaper.post("/rotas/new/", typed(panel, person_3=twice)).text
    assert re.search(r'id="person_3-error">This person has a place already', text)


def test_look_first_draws_the_days_and_saves_nothing(panel: Panel, shaper: Visitor) -> None:
    text = shaper.post("/rotas/new/", {**typed(panel), "look": "1"}).text
    assert "nothing is saved yet" in text
    assert "00:00–24:00 Ada" in text
    assert panel.desk.rows(select(Rota.key)) == []


def test_turn_keeps_its_colour_and_the_next_one_has_another(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    drawn = re.findall(r'<rect class="(worked|other)"', shaper.get(PAGE).text)
    assert drawn == ["worked", "other"] * 7  # turns of a day, from midnight to midnight
    form = shaper.form("/rotas/edit/?id=nights")
    weekly = {**form, "turns": "weekly", "day": str(panel.desk.now().weekday())}
    weekly |= {"begins": panel.desk.now().date().isoformat()}
    shaper.post("/rotas/edit/?id=nights", weekly)
    drawn = re.findall(r'<rect class="(worked|other)"', shaper.get(PAGE).text)
    assert drawn == ["worked"] * 7 + ["other"] * 7


def test_stale_save_is_refused_and_shows_what_is_saved_now(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    form = shaper.form("/rotas/edit/?id=nights")
    shaper.post("/rotas/edit/?id=nights", {**form, "label_en": "Late nights"})
    answer = shaper.post("/rotas/edit/?id=nights", {**form, "label_en": "Early nights"})
    assert answer.status_code == 200
    assert "Late nights" in answer.text
    assert panel.desk.rows(select(Rota.label_en)) == [("Late nights",)]


def test_rota_goes_as_it_was_read(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    assert shaper.post("/rotas/delete/", {"id": "nights", "read": "99"}).status_code == 303
    assert panel.desk.rows(select(Rota.key)) == [("nights",)]
    shaper.post("/rotas/delete/", {"id": "nights", "read": "1"})
    assert panel.desk.rows(select(Rota.key)) == []
    assert "Nights" not in shaper.get("/rotas/").text


def test_stand_in_is_entered_shown_and_taken_back(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    people = panel.desk.people
    form = {"person": str(people["Vera"]), "instead_of": str(people["Eva"])}
    hours = {"since": here(panel, -1), "until": here(panel, 3)}
    assert shaper.post("/duty/stand_in", {**carried(shaper), **form, **hours}).status_code == 303
    page = shaper.get(PAGE).text
    assert "On duty: Vera" in page
    assert "Vera in place of Eva" in page
    [row] = panel.desk.rows(select(RotaOverride.id))
    shaper.post("/duty/withdraw", {**carried(shaper), "override": str(row.id)})
    assert "On duty: Eva" in shaper.get(PAGE).text


def test_stand_in_that_cannot_be_is_refused_beside_the_form(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    eva = str(panel.desk.people["Eva"])
    hours = {"since": here(panel, 1), "until": here(panel, 3)}
    same = {**carried(shaper), "person": eva, "instead_of": eva, **hours}
    answer = shaper.post("/duty/stand_in", same)
    assert answer.status_code == 422
    assert re.search(r'id="person-error">That is the same person', answer.text)
    back = {**same, "instead_of": "", "until": here(panel, -3)}
    answer = shaper.post("/duty/stand_in", back)
    assert 'id="until-error"' in answer.text
    stale = {**same, "instead_of": "", "read": "99"}
    answer = shaper.post("/duty/stand_in", stale)
    assert answer.status_code == 409
    assert f'value="{hours["since"]}"' in answer.text
    assert panel.desk.rows(select(RotaOverride.id)) == []


def test_two_turns_are_swapped(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    choices = re.findall(r'<option value="([^"]+\|\d+)">', shaper.get(PAGE).text)
    turns = list(dict.fromkeys(html.unescape(one) for one in choices))
    sent = {**carried(shaper), "turn": turns[0], "other": turns[1]}
    assert shaper.post("/duty/swap", sent).status_code == 303
    page = shaper.get(PAGE).text
    assert "Tom in place of Ada" in page
    assert "Ada in place of Tom" in page
    assert page.count("Swapped turns") == 2
    sent = {**carried(shaper), "turn": turns[0], "other": turns[1]}
    assert shaper.post("/duty/swap", sent).status_code == 422  # neither is as it was shown


def test_gap_and_overload_stand_on_the_page_in_words(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper, most_in_row="20", most_in_week="60")
    desk = panel.desk
    desk.write(update(Person).where(Person.name == "Ada").values(absent_from=desk.now()))
    page = shaper.get(PAGE).text
    assert "Nobody is on duty from" in page
    assert "is on duty for 24 hours in a row" in page
    assert re.search(r"is on duty for (72|96) hours in the week", page)


def test_hand_over_note_is_written_by_people_of_the_rota_alone(
    panel: Panel, shaper: Visitor
) -> None:
    added(panel, shaper)
    tom = panel.visitor("Tom")
    assert tom.post("/duty/note", {"id": "nights", "text": "Watch <b>it</b>"}).status_code == 303
    page = tom.get(PAGE).text
    assert "Watch &lt;b&gt;it&lt;/b&gt;" in page
    assert "told at the next hand-over" in page
    assert "/duty/stand_in" not in page
    refused = tom.post("/duty/note", {"id": "nights", "text": "ring 13800138000"})
    assert refused.status_code == 422
    assert 'id="text-error"' in refused.text
    vera = panel.visitor("Vera")
    assert "/duty/note" not in vera.get(PAGE).text
    assert vera.post("/duty/note", {"id": "nights", "text": "Hello"}).status_code == 422
    assert len(panel.desk.db.read(lambda c, now: rotas.notes(c, "nights"))) == 1


def test_rotas_are_had_as_a_file(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    lines = exported.as_csv(shaper.get("/rotas/export.csv"))
    assert lines[1][0] == "Nights"
    assert lines[1][-1] == "Tom, Eva, Ada"


def test_changes_say_in_words_what_became_of_a_rota(panel: Panel, shaper: Visitor) -> None:
    added(panel, shaper)
    form = shaper.form("/rotas/edit/?id=nights")
    shaper.post("/rotas/edit/?id=nights", {**form, "turns": "weekly", "minute": "09:30"})
    text = shaper.get("/changes/?kind=rota").text
    assert "A day each, in turn" in text
    assert "A week each, in turn" in text
    assert "09:30" in text
    assert "Monday" in text


def test_rota_that_is_not_there_is_not_found(shaper: Visitor) -> None:
    assert shaper.get("/duty/?id=none").status_code == 404
    assert shaper.get("/rotas/edit/?id=none").status_code == 404


@pytest.mark.browser
def test_rota_is_made_by_keyboard_and_read_by_everybody(
    panel: Panel, address: str, browser: Any
) -> None:
    page = visit(browser)
    page.context.add_init_script(AXE)
    page.goto(address + panel.link("Sun Wei"))
    page.locator("form button.primary").click()
    expect(page.locator(".side")).to_be_attached()
    page.goto(f"{address}/panel/rotas/new/")
    for field, value in (("#label_zh", "夜班"), ("#label_en", "Nights"), ("#key", "nights")):
        page.locator(field).focus()
        page.keyboard.type(value)
    page.locator("#person_1").focus()
    page.keyboard.type("Eva")
    page.locator("#label_en").press("Enter")
    expect(page.locator("h1")).to_have_text(re.compile("夜班|Nights"))
    assert page.troubles == []  # type: ignore[attr-defined]
