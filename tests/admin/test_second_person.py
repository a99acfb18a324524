"""Publishing what touches routing or money takes two supervisors, each at their own screen (S7)."""

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
    form = visitor.form("/publish/")
    visitor.post("/publish/ask", form)
    answer = visitor.post("/publish/", form)
    assert "a second supervisor publishes it" in visitor.client.get(answer.location).text


def test_request_for_a_draft_that_moved_on_is_refused_in_words(
    panel: Panel, visitor: Visitor, second: Visitor
) -> None:
    dearer(panel, visitor)
    form = visitor.form("/publish/")
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'goods').id}"
    second.post(path, second.form(path) | {"label_en": "All of the goods"})
    answer = visitor.post("/publish/ask", form)
    assert "changed" in visitor.client.get(answer.location).text
    assert "asked a second supervisor" not in second.get("/publish/").text
