"""Deciding several at once from Home: chosen, previewed, confirmed, told one by one."""

import time
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, update

from blockkit.validator import validate_view
from bot.cards import bulk as cards
from bot.ids import Several, read_several
from core.desk import bulk, views
from core.desk.home import items
from core.desk.numbers import shown
from core.desk.queues import open_visits, rows
from core.i18n import LOCALES
from core.tables import Click, Person
from tests.bot.drawn import longest
from tests.bot.office import Office
from tests.bot.sights import number, seen, wait_modal
from tests.core.desk.seen import foreseen, shared
from tests.factories import SOUND, VAULT, Desk


def choose_from_home(at_work: Office, who: str) -> Any:
    """Somebody at the modal in which they tick several disputes, opened from their Home."""
    at_work.settle()
    person = at_work.person(who)
    seen(at_work, who)
    person.click_home("home.bulk", app="A1")
    wait_modal(at_work, who)
    return person


def visits_of(at_work: Office, disputes: Sequence[int]) -> list[str]:
    """The open visits of these disputes, as the modal's boxes carry them."""
    return [str(at_work.desk.visit(dispute)) for dispute in disputes]


def test_several_are_chosen_previewed_and_decided_each_by_itself(at_work: Office) -> None:
    desk = at_work.desk
    every = [desk.at_stage("adjudication") for _ in range(3)]
    ada = choose_from_home(at_work, "Ada")
    chosen = visits_of(at_work, every)
    assert ada.submit({"visits": chosen})["modal"]["callback_id"] == "bulk.decide"
    assert ada.submit({"act": "rule_none"})["modal"]["callback_id"] == "bulk.fields"
    desk.hold(every[2], "Sun Wei")
    preview = ada.submit({"field.quality": "sound"})["modal"]
    assert "Possible for 2 of 3" in str(preview)
    assert "Sun Wei is working on" in str(preview)
    assert all(desk.stage(dispute) == "adjudication" for dispute in every)
    result = ada.submit({})["modal"]
    assert "Decided: 2 of 2" in str(result)
    assert shown(number(at_work, every[0])) in str(result)
    assert [desk.stage(d) for d in every] == ["verification", "verification", "adjudication"]
    clicks = desk.rows(select(Click.key).where(Click.key.startswith("view:")))
    assert len(clicks) == 2
    assert desk.differences() == []


def test_choice_across_stages_is_refused_beside_the_field(at_work: Office) -> None:
    desk = at_work.desk
    intake, triage = desk.open(), desk.at_stage("triage")
    tom = choose_from_home(at_work, "Tom")
    chosen = visits_of(at_work, (intake, triage))
    assert "different stages" in tom.submit({"visits": chosen})["errors"]["visits"]


@pytest.mark.parametrize("text", ["", "{}", '{"visits": [-1]}', '{"visits": ["1"]}', "[" * 9_000])
def test_metadata_of_nobody_is_read_as_nothing(text: str) -> None:
    assert read_several(text) is None


@pytest.mark.parametrize("locale", LOCALES)
def test_modals_are_valid_with_the_longest_labels(desk: Desk, locale: str) -> None:
    every = [desk.at_stage("verification") for _ in range(20)]
    found = shared(desk, "Vera", every)
    assert isinstance(found, bulk.Common)
    view = desk.db.read(views.card_view, desk.visit(every[0]), VAULT)
    assert view is not None
    for document in (found.document, longest(found.document)):
        decisions = document.workflows[0].decisions_by_stage["verification"]
        common = bulk.Common(
            found.stage, found.workflow, document, tuple(decisions[d.key] for d in found.decisions)
        )
        several = Several(tuple(desk.visit(d) for d in every), "deduct_online", SOUND)
        told = foreseen(desk, "Vera", every, "deduct_online", SOUND)
        listed = desk.db.read(lambda c, now: items(c, rows(c, open_visits()), now=now))
        results = [("0123456789", "Donaudampfschifffahrt " * 30)] * 20
        known: dict[int, Any] = {item.queued.document_id: document for item in listed}
        for modal in (
            cards.choose(listed, known, locale),
            cards.decide(common, several, locale),
            cards.fields(common, several, view, locale),
            cards.confirm(told, "Label " * 60, several, locale, "UTC"),
            cards.done(results, 20, locale),
        ):
            assert list(validate_view(modal)) == []


def test_macro_chooses_everything_beforehand_and_goes_straight_to_the_preview(
    at_work: Office,
) -> None:
    desk = at_work.desk
    every = [desk.at_stage("evidence_review") for _ in range(2)]
    eva = choose_from_home(at_work, "Eva")
    eva.submit({"visits": visits_of(at_work, every)})
    preview = eva.submit({"act": "macro.sound_and_enough"})["modal"]
    assert preview["callback_id"] == "bulk.confirm"
    eva.submit({})
    assert [desk.stage(dispute) for dispute in every] == ["adjudication"] * 2
    assert desk.at(every[0]).facts["quality"] == "sound"


def test_disputes_of_one_incident_are_grouped_and_ruled_once(at_work: Office) -> None:
    desk = at_work.desk
    desk.write(update(Person).where(Person.name == "Ada").values(roles=["expert"]))
    every = [desk.at_stage("adjudication") for _ in range(3)]
    ada = choose_from_home(at_work, "Ada")
    ada.submit({"visits": visits_of(at_work, every)})
    assert ada.submit({"act": "incident.new"})["modal"]["callback_id"] == "bulk.name"
    assert "grouped" in str(ada.submit({"title": "Cold chain broke"})["modal"])
    ada.close(everything=True)
    at_work.settle()
    assert "Cold chain broke" in str(at_work.card(every[0])["blocks"])
    at_work.press(every[0], "more", who="Ada", value=f"{desk.visit(every[0])}:DETAILS")
    wait_modal(at_work, "Ada")
    ada.click_view("group.decide")
    for _ in range(50):
        if ada.modals()[-1]["callback_id"] == "bulk.decide":
            break
        time.sleep(0.1)
    ada.submit({"act": "rule_merchant"})
    assert "Possible for all of them" in str(ada.submit({"field.quality": "sound"})["modal"])
    ada.submit({})
    assert [desk.stage(dispute) for dispute in every] == ["verification"] * 3
    assert desk.differences() == []
