"""The card beside a form of the draft: as an agent will see it, in both languages, unsaved (S4)."""

from typing import Any

import pytest

from bot.cards.card import card
from core.desk import documents, preview
from core.i18n import LOCALES
from core.tables import DraftOption
from core.workflow.example import way_to
from tests.admin.drafts import decision_id, one, set_id, stage_id, version
from tests.bot.drawn import longest, problems
from tests.factories import Desk
from tests.panel import Panel, Visitor

Json = dict[str, Any]


def shown(visitor: Visitor, path: str, **changes: Any) -> Json:
    """What stands beside a form that was changed so."""
    part, _, query = path.partition("?")
    form = visitor.form(path) | changes
    answer = visitor.post(f"{part.rpartition('/')[0].rpartition('/')[0]}/card/?{query}", form)
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def words(blocks: list[Json]) -> str:
    return str(blocks)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("long", [False, True])
def test_every_stage_with_a_card_has_an_example_that_slack_would_take(
    desk: Desk, locale: str, long: bool
) -> None:
    document = desk.db.read(lambda c, now: documents.active(c))
    document = longest(document) if long else document
    for workflow in document.workflows:
        for stage in workflow.stages:
            view = preview.card_at(document, workflow, stage, locale, now=desk.now())
            assert (view is not None) == (stage.kind in preview.WORKED)
            assert view is None or problems(card(view, locale)) == []


def test_example_comes_the_shortest_way_with_what_was_decided_on_it(desk: Desk) -> None:
    document = desk.db.read(lambda c, now: documents.active(c))
    (workflow,) = document.workflows
    stage = workflow.stage_by_key["verification"]
    way = [(hop.stage, hop.decision) for hop in way_to(workflow, stage) or ()]
    assert [stage for stage, _ in way] == ["intake", "triage", "adjudication"]
    view = preview.card_at(document, workflow, stage, "en", now=desk.now())
    assert view is not None
    assert [past.stage for past in view.past] == ["triage", "adjudication"]
    assert view.facts["liability"] == "merchant"
    assert "quality" in {field.meaning for field in view.fields}


def test_card_follows_the_form_and_nothing_is_saved(panel: Panel, visitor: Visitor) -> None:
    before = version(panel)
    triage = f"/stages/edit/?id={stage_id(panel, 'triage')}"
    answer = shown(visitor, triage, label_en="First look", label_zh="初看")
    assert "*First look*" in words(answer["cards"]["en"])
    assert "*初看*" in words(answer["cards"]["zh_CN"])
    assert {"value": "dispute/triage", "text": "First look"} in answer["stages"]
    assert version(panel) == before
    assert visitor.form(triage)["label_en"] == "Triage"


def test_new_option_is_on_the_card_that_asks_for_its_set(panel: Panel, visitor: Visitor) -> None:
    reason = one(panel, DraftOption, DraftOption.set_id == set_id(panel, "reason"))
    path = f"/options/new/?option_set={reason.set_id}"
    answer = shown(visitor, path, label_en="Melted", label_zh="已融化")
    assert answer["stage"] == "dispute/triage"
    assert "Melted" in words(answer["cards"]["en"])
    assert "已融化" in words(answer["cards"]["zh_CN"])


def test_card_of_another_stage_can_be_asked_for(panel: Panel, visitor: Visitor) -> None:
    path = f"/decisions/edit/?id={decision_id(panel, 'no_evidence')}"
    answer = shown(visitor, path, stage="dispute/adjudication")
    assert answer["stage"] == "dispute/adjudication"
    assert "*Adjudication*" in words(answer["cards"]["en"])


def test_form_that_would_be_refused_says_so_beside_the_last_card(
    panel: Panel, visitor: Visitor
) -> None:
    triage = f"/stages/edit/?id={stage_id(panel, 'triage')}"
    assert "Mend" in shown(visitor, triage, hold_minutes="soon")["problem"]
    opened = shown(visitor, triage, hold_minutes="soon", unchanged="yes")
    assert "*Triage*" in words(opened["cards"]["en"])


def test_hidden_stage_says_that_it_has_no_card(panel: Panel, visitor: Visitor) -> None:
    waits = f"/stages/edit/?id={stage_id(panel, 'awaiting_evidence')}"
    assert shown(visitor, waits)["problem"] == "This stage is hidden from agents: it has no card."


def test_renderer_is_kept_by_browsers_under_an_address_of_its_own(visitor: Visitor) -> None:
    page = visitor.get("/stages/edit/?id=2").text
    address = page.partition('data-renderer="')[2].partition('"')[0].removeprefix("/panel")
    with visitor.get(address) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
        assert "immutable" in answer.headers["Cache-Control"]
    assert visitor.get("/blockkit/000000000000/index.js").status_code == 404
    assert visitor.get(address.replace("index.js", "../__init__.py")).status_code == 404
