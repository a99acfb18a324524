"""The files of evidence in the panel: behind sign-in, as they were given, every look recorded."""

import re
from pathlib import Path

import pytest

from tests.factories import Desk
from tests.panel import Panel
from tests.photos import give, photo


@pytest.fixture
def shelf(desk: Desk, tmp_path: Path) -> Panel:
    """A panel whose files lie in a folder of this test."""
    return Panel(desk, files=tmp_path)


def piece(panel: Panel) -> tuple[str, str]:
    """A dispute with a photo: its number, and the photo's address in the panel."""
    dispute = panel.desk.at_stage("triage")
    evidence = give(panel.desk, panel.settings.files, dispute, photo())
    number = panel.desk.at(dispute).row.number
    return number, f"/disputes/{number}/evidence/{evidence}"


def test_file_opens_as_it_was_given_and_the_look_is_in_the_story(shelf: Panel) -> None:
    number, path = piece(shelf)
    visitor = shelf.visitor("Sun Wei")
    visitor.post("/language", {"locale": "en"})
    visitor.post(f"/disputes/{number}/look", {"reason": "decide"})
    story = visitor.get(f"/disputes/{number}/").text
    assert f"/panel{path}" in re.findall(r'href="([^"]+)"', story)
    with visitor.get(path) as answer:
        assert answer.data == photo()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "opened evidence: Photos with flaw" in visitor.get(f"/disputes/{number}/").text


def test_nobody_who_is_not_signed_in_gets_a_file(shelf: Panel) -> None:
    _, path = piece(shelf)
    answer = shelf.visitor().get(path)
    assert answer.status_code in (302, 401, 403)
    assert answer.data != photo()


def test_file_of_another_dispute_is_unknown_here(shelf: Panel) -> None:
    _, path = piece(shelf)
    other, _ = piece(shelf)
    visitor = shelf.visitor("Sun Wei")
    visitor.post(f"/disputes/{other}/look", {"reason": "decide"})
    assert visitor.get(f"/disputes/{other}/evidence/{path.rpartition('/')[2]}").status_code == 404


def test_file_that_lies_no_more_on_the_disk_is_not_found(shelf: Panel) -> None:
    number, path = piece(shelf)
    for file in shelf.settings.files.glob("??/*"):
        file.unlink()
    visitor = shelf.visitor("Sun Wei")
    visitor.post(f"/disputes/{number}/look", {"reason": "decide"})
    assert visitor.get(path).status_code == 404
