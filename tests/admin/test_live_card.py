"""The card beside a form of the draft: as an agent will see it, in both languages, unsaved (S4)."""

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cards.card import card
from core.clocks.calendar import Shift
from core.desk import calendars, documents, preview
from core.desk.ladders import Plans
from core.desk.views import CardView
from core.i18n import LOCALES
from core.tables import DraftOption, DraftServiceLevel
from core.workflow.example import way_to
from core.workflow.model import Document, Stage, Workflow
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


def example(
    desk: Desk, document: Document, workflow: Workflow, stage: Stage, locale: str = "en"
) -> CardView | None:
    """The example at a stage, by the desk's calendars."""
    return desk.db.read(
        lambda c, now: preview.card_at(document, workflow, stage, locale, plans=Plans(c), now=now)
    )


def due_words(answer: Json) -> re.Match[str] | None:
    """Where the card beside the form says when the example is due."""
    return re.search(r"due <!date\^(\d+)", words(answer["cards"]["en"]))


def due(answer: Json) -> dt.datetime:
    """When the card beside the form says that the example is due."""
    found = due_words(answer)
    assert found is not None
    return dt.datetime.fromtimestamp(int(found[1]), dt.UTC)


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
            view = example(desk, document, workflow, stage, locale)
            assert (view is not None) == (stage.kind in preview.WORKED)
            assert view is None or problems(card(view, locale)) == []


def test_example_comes_the_shortest_way_with_what_was_decided_on_it(desk: Desk) -> None:
    document = desk.db.read(lambda c, now: documents.active(c))
    (workflow,) = document.workflows
    stage = workflow.stage_by_key["verification"]
    way = [(hop.stage, hop.decision) for hop in way_to(workflow, stage) or ()]
    assert [stage for stage, _ in way] == ["intake", "triage", "adjudication"]
    view = example(desk, document, workflow, stage)
    assert view is not None
    assert [past.stage for past in view.past] == ["triage", "adjudication"]
    assert view.facts["liability"] == "merchant"
    assert "quality" in {field.meaning for field in view.fields}


def calendar(panel: Panel, *shifts: Shift) -> str:
    """A calendar in China that is open so from Monday to Friday."""
    info = calendars.CalendarInfo("日历", "Calendar", "Asia/Shanghai", (shifts,) * 5 + ((),) * 2)
    add = (calendars.add, panel.desk.who("Sun Wei"), "office", info)
    assert panel.desk.db.transact(*add) == "office"
    return "office"


def test_card_is_due_by_the_calendar_that_the_form_names(panel: Panel, visitor: Visitor) -> None:
    """As an independent reckoning has it, minute by minute over the week."""
    level = one(panel, DraftServiceLevel, DraftServiceLevel.stage == "triage")
    path, hours = f"/service_levels/edit/?id={level.id}", (("09:00", "12:00"), ("13:00", "18:00"))
    office = calendar(panel, Shift(9 * 60, 12 * 60), Shift(13 * 60, 18 * 60))
    now = panel.desk.now()
    early = due(shown(visitor, path, minutes="600", calendar=""))
    assert abs(early - now - dt.timedelta(hours=10)) < dt.timedelta(minutes=1)
    there, left = now.astimezone(ZoneInfo("Asia/Shanghai")), 600
    while left:
        clock = f"{there:%H:%M}"
        if there.weekday() < 5 and any(since <= clock < until for since, until in hours):
            left -= 1
        there += dt.timedelta(minutes=1)
    told = due(shown(visitor, path, minutes="600", calendar=office))
    assert abs(told - there) < dt.timedelta(minutes=2)


def test_time_limit_shows_the_card_of_its_own_stage_and_any_other_that_is_asked_for(
    panel: Panel, visitor: Visitor
) -> None:
    level = one(panel, DraftServiceLevel, DraftServiceLevel.stage == "triage")
    path = f"/service_levels/edit/?id={level.id}"
    assert shown(visitor, path)["stage"] == "dispute/triage"
    assert shown(visitor, path, stage="adjudication")["stage"] == "dispute/adjudication"
    asked = shown(visitor, path, minutes="90", card_stage="dispute/intake")
    assert asked["stage"] == "dispute/intake"
    assert "hidden from agents" in shown(visitor, path, stage="awaiting_evidence")["problem"]


def test_card_of_a_promise_that_can_never_be_due_says_no_moment(
    panel: Panel, visitor: Visitor
) -> None:
    level = one(panel, DraftServiceLevel, DraftServiceLevel.stage == "triage")
    path, office = f"/service_levels/edit/?id={level.id}", calendar(panel, Shift(0, 1))
    answer = shown(visitor, path, minutes="525600", calendar=office)
    assert "*Triage*" in words(answer["cards"]["en"])
    assert due_words(answer) is None


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
    answer = shown(visitor, path, card_stage="dispute/adjudication")
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
