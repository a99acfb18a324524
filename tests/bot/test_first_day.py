"""Home on a first day: the stage, how the desk works, practice or not, then the real queue."""

import dataclasses
import time
from typing import Any

import pytest
from sqlalchemy import select, update

from blockkit.validator import validate_view
from bot.cards import first_day as cards
from bot.cards.home import documents_of
from core.desk import documents, first_day, people
from core.desk.cards import place
from core.desk.first_day import FirstDay
from core.i18n import LOCALES, say
from core.practice import Kind, Pass, Practice
from core.tables import Person
from tests.bot.drawn import longest
from tests.bot.office import Office
from tests.bot.sights import seen
from tests.core.desk.newcomers import begin
from tests.core.desk.seen import at_home
from tests.factories import AT, TRIAGED, Desk
from tests.waiting import eventually

SECRET = "a secret of both desks, and of nobody else"
BACK = "https://desk.example/panel/practised/"
ORIGIN = {"slack_id": "U0HOME", "back": "https://other.example/panel/practised/"}


def drawn(
    desk: Desk, name: str, locale: str, begun: FirstDay, way: str = "", *, long: bool = False
) -> dict[str, Any]:
    """The first day's Home of somebody, in a language."""
    document = desk.db.read(lambda c, now: documents.active(c))
    document = longest(document) if long else document
    slack_id = f"U{list(desk.people).index(name) + 1:04}"
    member = desk.db.read(lambda c, now: people.by_slack_id(c, slack_id))
    assert member is not None
    member = dataclasses.replace(member, locale=locale, name="名" * 80 if long else member.name)
    here = first_day.place(document, member.home_stage)
    assert here is not None
    found = at_home(desk, name)
    known = dict.fromkeys(documents_of(found), document)
    return cards.view(begun, member, here, found, document, known, way)


@pytest.mark.parametrize("long", [False, True], ids=["labels", "longest labels"])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("stage", AT)
def test_first_day_is_valid_at_every_stage_and_step(
    desk: Desk, stage: str, locale: str, long: bool
) -> None:
    who = AT[stage]
    for _ in range(2):
        desk.assign(desk.at_stage(stage), who)
    way = "https://practice.example/practise/" + "x" * 600
    for begun, link in (
        (FirstDay(), ""),
        (FirstDay(), way),
        (FirstDay(ORIGIN, 0), ""),
        (FirstDay(ORIGIN, 0, 1), way),
        (FirstDay(ORIGIN, 3), way),
    ):
        view = drawn(desk, who, locale, begun, link, long=long)
        assert list(validate_view(view)) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_each_stage_is_told_what_it_is_for(desk: Desk, locale: str) -> None:
    purposes = ("first", "evidence", "ruling", "remedy")
    for who, purpose in zip(AT.values(), purposes, strict=True):
        view = str(drawn(desk, who, locale, FirstDay()))
        assert say(f"guide.purpose.{purpose}", locale) in view


def fresh(office: Office, name: str) -> dict[str, Any]:
    """Somebody's Home as they open it on their first day."""
    begin(office.desk, name)
    return seen(office, name)


def wait_for_home(office: Office, who: str, text: str) -> str:
    eventually(lambda: text in home_text(office, who), lambda: home_text(office, who))
    return home_text(office, who)


def home_text(office: Office, who: str) -> str:
    return str(office.person(who).home()["view"])


def link_in(view: dict[str, Any]) -> str:
    found = [e["url"] for b in view["blocks"] for e in b.get("elements", ()) if "url" in e]
    assert len(found) == 1, view
    return str(found[0])


def said_in(office: Office, view: dict[str, Any], prefix: str, kind: Kind) -> Pass:
    """What the pass of Home's one link says."""
    assert office.bot.practice is not None
    link = link_in(view)
    assert link.startswith(prefix)
    said = office.bot.practice.read(link.removeprefix(prefix), kind, time.time())
    assert isinstance(said, Pass)
    return said


def test_new_agent_s_home_shows_no_queue_and_the_way_to_practise(at_work: Office) -> None:
    at_work.bot.practice = Practice("https://practice.example", SECRET, BACK)
    waiting = at_work.desk.at_stage("adjudication")
    view = fresh(at_work, "Ada")
    assert "Welcome, Ada" in str(view)
    assert f"waiting.{at_work.desk.visit(waiting)}" not in str(view)
    said = said_in(at_work, view, "https://practice.example/practise/", Kind.GO)
    assert (said.slack_id, said.name, said.stage, said.locale, said.back) == (
        "U0004",
        "Ada",
        "adjudication",
        "en",
        BACK,
    )


def test_following_the_link_draws_home_with_a_fresh_one(at_work: Office) -> None:
    at_work.bot.practice = Practice("https://practice.example", SECRET, BACK)
    before = link_in(fresh(at_work, "Ada"))
    at_work.person("Ada").click_home("home.practise", app="A1")
    home = f"as/{at_work.slack_ids['Ada']}/home"
    eventually(lambda: link_in(at_work.sandbox.get(home)["view"]) != before)


def test_skipping_shows_the_real_queue_at_once_and_for_good(at_work: Office) -> None:
    dispute = at_work.desk.at_stage("adjudication")
    view = fresh(at_work, "Ada")
    assert say("first_day.queue", "en") in str(view)  # no practice desk: nothing to skip
    at_work.person("Ada").click_home("home.queue", app="A1")
    shown = wait_for_home(at_work, "Ada", "My work")
    assert f"waiting.{at_work.desk.visit(dispute)}" in shown
    kept = at_work.desk.rows(select(Person.skipped_at).where(Person.name == "Ada"))
    assert kept[0].skipped_at is not None


def test_what_a_newcomer_holds_already_is_never_out_of_sight(at_work: Office) -> None:
    dispute = at_work.desk.at_stage("adjudication")
    at_work.desk.assign(dispute, "Ada")
    assert f"mine.{at_work.desk.visit(dispute)}" in str(fresh(at_work, "Ada"))


def test_practice_counts_and_after_the_third_leads_back(at_work: Office) -> None:
    desk = at_work.desk
    at_work.bot.practice = Practice("https://practice.example", SECRET, BACK)
    disputes = [desk.at_stage("triage") for _ in range(3)]
    begin(desk, "Tom", practises_for=ORIGIN)
    for count, dispute in enumerate(disputes):
        wait_for_home(at_work, "Tom", f"Practice: {count} of 3 decided")
        desk.must(dispute, "no_evidence", TRIAGED, "Tom")
    wait_for_home(at_work, "Tom", "Well done, Tom")
    view = dict(at_work.person("Tom").home()["view"])
    said = said_in(at_work, view, ORIGIN["back"], Kind.DONE)
    assert (said.slack_id, said.back) == (ORIGIN["slack_id"], ORIGIN["back"])


def test_home_stage_that_no_document_has_shows_home_as_ever(at_work: Office) -> None:
    begin(at_work.desk, "Ada")
    at_work.desk.write(update(Person).where(Person.name == "Ada").values(home_stage="gone"))
    at_work.person("Ada").home()
    wait_for_home(at_work, "Ada", "My work")


def test_way_to_another_is_shown_where_a_practice_dispute_left_undecided(at_work: Office) -> None:
    desk = at_work.desk
    at_work.bot.practice = Practice("https://practice.example", SECRET, BACK)
    disputes = [desk.at_stage("triage") for _ in range(3)]
    begin(desk, "Tom", practises_for=ORIGIN)
    assert "Bring me another" not in wait_for_home(at_work, "Tom", "Practice: 0 of 3 decided")
    desk.release(disputes[0], "Tom")
    wait_for_home(at_work, "Tom", "Bring me another")
    view = dict(at_work.person("Tom").home()["view"])
    said = said_in(at_work, view, "https://practice.example/practise/", Kind.GO)
    assert (said.slack_id, said.back) == (ORIGIN["slack_id"], ORIGIN["back"])


def test_home_counts_along_with_what_is_pressed_on_a_card(at_work: Office) -> None:
    desk = at_work.desk
    dispute = desk.at_stage("triage")
    begin(desk, "Tom", practises_for=ORIGIN)
    at_work.settle()
    at_work.bot.identity()
    card = at_work.bot.permalink(desk.db.read(place, desk.visit(dispute)))
    assert str(card) in wait_for_home(at_work, "Tom", "Practice: 0 of 3 decided")
    at_work.press(dispute, "decide.no_evidence", TRIAGED)
    read = f"as/{at_work.slack_ids['Tom']}/home"
    counted = "Practice: 1 of 3 decided"  # without another look at Home
    eventually(lambda: counted in str(at_work.sandbox.get(read)["view"]))


def test_own_practice_desk_lets_somebody_stop_practising(at_work: Office) -> None:
    at_work.bot.practice = Practice("https://practice.example", SECRET, BACK)
    begin(at_work.desk, "Tom", practises_for={"slack_id": "U0002", "back": BACK})
    assert "Skip" in wait_for_home(at_work, "Tom", "Practice: 0 of 3 decided")
    at_work.person("Tom").click_home("home.queue", app="A1")
    wait_for_home(at_work, "Tom", "My work")
