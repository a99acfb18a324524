"""Publishing what touches routing or money takes two supervisors, each at their own screen (S7)."""

import datetime as dt

import pytest

from core.tables import DraftOption
from tests.admin.drafts import one
from tests.core.desk.ruled import person
from tests.panel import Panel, Visitor


@pytest.fixture
def second(panel: Panel) -> Visitor:
    """Another supervisor, reading English."""
    person(panel.desk, "Zhou Min", roles=["supervisor"])
    visitor = panel.visitor("Zhou Min")
    visitor.post("/language", {"locale": "en"})
    return visitor


def dearer(panel: Panel, visitor: Visitor) -> None:
    """The share that is called half becomes more."""
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'half').id}"
    answer = visitor.post(path, visitor.form(path) | {"percent": "60"})
    assert answer.status_code == 302, answer.text


def test_one_asks_and_the_other_publishes(panel: Panel, visitor: Visitor, second: Visitor) -> None:
    dearer(panel, visitor)
    page = visitor.get("/publish/").text
    assert "routing or money" in page
    assert "Ask a second supervisor" in page
    form = visitor.form("/publish/") | {"note": "half was too little"}
    assert visitor.post("/publish/ask", form).status_code == 302
    assert "It waits for somebody else" in visitor.get("/publish/").text
    assert "half was too little" in second.get("/").text
    page = second.get("/publish/").text
    assert "Sun Wei asked a second supervisor to publish this" in page
    answer = second.post("/publish/", second.form("/publish/"))
    listed = second.client.get(answer.location).text
    assert "asked for by Sun Wei" in listed
    assert "half was too little" in listed
    assert "half was too little" not in second.get("/").text


def test_whoever_asked_cannot_publish_by_a_form_of_their_own(
    panel: Panel, visitor: Visitor, second: Visitor
) -> None:
    del second
    dearer(panel, visitor)
    form = visitor.form("/publish/") | {"note": "half was too little"}
    visitor.post("/publish/ask", form)
    answer = visitor.post("/publish/", form)
    assert "a second supervisor publishes it" in visitor.client.get(answer.location).text


def test_request_for_a_draft_that_moved_on_is_refused_in_words(
    panel: Panel, visitor: Visitor, second: Visitor
) -> None:
    dearer(panel, visitor)
    form = visitor.form("/publish/") | {"note": "half was too little"}
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'goods').id}"
    second.post(path, second.form(path) | {"label_en": "All of the goods"})
    answer = visitor.post("/publish/ask", form)
    assert "changed" in visitor.client.get(answer.location).text
    assert "asked a second supervisor" not in second.get("/publish/").text


def test_without_a_note_nobody_is_asked(panel: Panel, visitor: Visitor, second: Visitor) -> None:
    dearer(panel, visitor)
    for note in ("", "   "):
        answer = visitor.post("/publish/ask", visitor.form("/publish/") | {"note": note})
        assert answer.status_code == 422
        assert 'class="error" id="note-error">This is needed.' in answer.text
    assert "asked a second supervisor" not in second.get("/publish/").text


def asked(panel: Panel, visitor: Visitor) -> None:
    """The first of two asks, with a note."""
    dearer(panel, visitor)
    form = visitor.form("/publish/") | {"note": "half was too little"}
    assert visitor.post("/publish/ask", form).status_code == 302


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/publish/", {}),
        ("/publish/plan", {"at": "2030-01-01T10:00"}),
        ("/pilot/", {"part": "50", "days": "7"}),
    ],
)
def test_whoever_was_asked_passes_the_note_on(
    panel: Panel, visitor: Visitor, second: Visitor, path: str, more: dict[str, str]
) -> None:
    asked(panel, visitor)
    page = path.removesuffix("plan")
    form = second.form(page)
    assert form["note"] == "half was too little"
    assert second.get(page).text.count('value="half was too little"') == (
        2 if page != "/pilot/" else 1
    )
    answer = second.post(path, form | more | {"note": ""})
    assert answer.status_code == 422
    assert "This is needed." in answer.text


def test_what_is_planned_is_not_asked_for_again(
    panel: Panel, visitor: Visitor, second: Visitor
) -> None:
    asked(panel, visitor)
    then = (panel.desk.now() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = second.form("/publish/") | {"at": then}
    assert second.post("/publish/plan", form).status_code == 302
    page = visitor.get("/publish/").text
    assert "half was too little" in page
    assert "This is planned already." in page
    assert "Ask a second supervisor" not in page
    waiting = page.partition('class="waiting"')[2].partition("</section>")[0]
    assert "What it changes: 1" in waiting
    assert "to “60 % of " in waiting
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'goods').id}"
    visitor.post(path, visitor.form(path) | {"label_en": "All of the goods"})
    page = visitor.get("/publish/").text
    assert "This is planned already." not in page
    assert "Ask a second supervisor" in page
