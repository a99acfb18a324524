"""In the panel a draft is tried on a share of new disputes, or published at a set time (S3, S5)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

import scheduler
from core.tables import DraftOption, Person, Pilot, Plan
from tests.admin.drafts import one
from tests.admin.pilot_pages import reworded, shown, started
from tests.core.desk.ruled import open_many, person
from tests.panel import Panel, Visitor


def there(panel: Panel, **ahead: float) -> str:
    """A moment as the field for it takes it, in the supervisor's zone."""
    (row,) = panel.desk.rows(select(Person.zone).where(Person.name == "Sun Wei"))
    then = panel.desk.now() + dt.timedelta(**ahead)
    return then.astimezone(ZoneInfo(row.zone)).strftime("%Y-%m-%dT%H:%M")


def test_pilot_is_started_compared_and_taken_for_all(panel: Panel, visitor: Visitor) -> None:
    page = started(panel, visitor)
    assert "Sun Wei has tried the draft on 50 %" in page
    assert "No dispute has been drawn yet" in page
    open_many(panel.desk, 20)
    page = visitor.get("/pilot/").text
    assert page.count("too little data") == 8
    assert "One half" in page
    answer = visitor.post("/pilot/adopt", shown(panel))
    assert answer.status_code == 302
    page = visitor.get("/pilot/").text
    assert "Published for all" in page
    assert "there is nothing to try" in page
    (row,) = panel.desk.rows(select(Pilot.id))
    assert "too little data" in visitor.get(f"/pilot/past/{row.id}").text


def test_pilot_is_stopped_once(panel: Panel, visitor: Visitor) -> None:
    started(panel, visitor)
    form = shown(panel)
    for told in ("The pilot has ended", "This pilot has ended already"):
        answer = visitor.post("/pilot/stop", form)
        assert told in visitor.client.get(answer.location).text
    assert "Stopped" in visitor.get("/pilot/").text


def test_share_that_nobody_offered_is_refused_beside_the_field(
    panel: Panel, visitor: Visitor
) -> None:
    reworded(panel, visitor)
    answer = visitor.post("/pilot/", visitor.form("/pilot/") | {"part": "99", "note": "kept"})
    assert answer.status_code == 422
    assert 'class="field f-part wrong"' in answer.text
    assert "kept" in answer.text


def test_draft_that_moved_on_is_not_tried_unseen(panel: Panel, visitor: Visitor) -> None:
    reworded(panel, visitor)
    form = visitor.form("/pilot/") | {"part": "5", "days": "7"}
    reworded_again = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'full').id}"
    visitor.post(reworded_again, visitor.form(reworded_again) | {"label_en": "All of it"})
    answer = visitor.post("/pilot/", form)
    assert "changed" in visitor.client.get(answer.location).text
    assert panel.desk.rows(select(Pilot.id)) == []


def test_pilot_that_never_was_is_not_found(panel: Panel, visitor: Visitor) -> None:
    del panel
    assert visitor.get("/pilot/past/7").status_code == 404


def test_draft_is_published_at_the_moment_that_was_typed(panel: Panel, visitor: Visitor) -> None:
    reworded(panel, visitor)
    form = visitor.form("/publish/") | {"note": "at night", "at": there(panel, hours=5)}
    assert visitor.post("/publish/plan", form).status_code == 302
    page = visitor.get("/publish/").text
    assert "Sun Wei planned a document" in page
    assert "at night" in page
    (plan,) = panel.desk.rows(select(Plan.document_id))
    assert "One half" in visitor.get(f"/documents/{plan.document_id}.toml").text
    panel.desk.pass_time(hours=6)
    assert scheduler.turn(panel.desk.db)
    assert "at night" in visitor.get("/documents/").text
    assert "planned a document" not in visitor.get("/publish/").text


@pytest.mark.parametrize("typed", ["", "soon", "2020-01-01T00:00", "2999-01-01T00:00"])
def test_moment_that_cannot_be_is_refused_beside_the_field(
    panel: Panel, visitor: Visitor, typed: str
) -> None:
    reworded(panel, visitor)
    answer = visitor.post("/publish/plan", visitor.form("/publish/") | {"at": typed})
    assert answer.status_code == 422
    assert 'class="field f-at wrong"' in answer.text
    assert panel.desk.rows(select(Plan.id)) == []


def test_plan_is_given_up_once(panel: Panel, visitor: Visitor) -> None:
    reworded(panel, visitor)
    visitor.post("/publish/plan", visitor.form("/publish/") | {"at": there(panel, days=1)})
    (row,) = panel.desk.rows(select(Plan.id))
    form = {"plan": str(row.id)}
    for told in ("The plan was given up", "This plan is over already"):
        answer = visitor.post("/publish/plan/cancel", form)
        assert told in visitor.client.get(answer.location).text


def test_plan_of_somebody_who_left_is_told_with_their_name(panel: Panel, visitor: Visitor) -> None:
    person(panel.desk, "Zhou Min", roles=["supervisor"])
    reworded(panel, visitor)
    visitor.post("/publish/plan", visitor.form("/publish/") | {"at": there(panel, hours=5)})
    panel.switch_off("Sun Wei")
    panel.desk.pass_time(hours=6)
    assert scheduler.turn(panel.desk.db)
    other = panel.visitor("Zhou Min")
    other.post("/language", {"locale": "en"})
    assert "Sun Wei, who planned it, may not publish any more" in other.get("/publish/").text
    assert "whoever planned it may not publish any more" in other.get("/").text
    assert "May not publish any more" in other.get("/changes/").text


def test_weighty_draft_sends_one_to_ask_a_second_supervisor(panel: Panel, visitor: Visitor) -> None:
    person(panel.desk, "Zhou Min", roles=["supervisor"])
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'half').id}"
    visitor.post(path, visitor.form(path) | {"percent": "60"})
    assert "a second supervisor starts the pilot" in visitor.get("/pilot/").text
    assert "At a set time" not in visitor.get("/publish/").text
