"""Evidence on cards: blurred thumbnails that say what they are and open in the panel."""

from pathlib import Path
from typing import Any

import pytest

from app import addresses
from bot.cards.card import card
from core import pictures
from core.desk import pieces, views
from core.desk.pieces import NOWHERE, Addresses
from core.i18n import LOCALES, moment
from tests.bot.drawn import problems
from tests.bot.office import Office
from tests.factories import VAULT, Desk
from tests.files import PDF
from tests.panel import settings_for
from tests.photos import give, photo

HERE = Addresses(
    "https://desk.example/api/pictures/",
    "https://desk.example/panel/disputes/{number}/evidence/{evidence}",
)


def shown(desk: Desk, dispute: int, where: Addresses = HERE) -> views.CardView:
    view = desk.db.read(views.card_view, desk.visit(dispute), VAULT, where)
    assert view is not None
    return view


def images(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [block.get("accessory", {}) for block in blocks]
    return [element for element in found if element.get("type") == "image"]


def pictured(desk: Desk, folder: Path, count: int = 1) -> int:
    """A dispute with pictures, whose blurred ones are made."""
    dispute = desk.at_stage("triage")
    for number in range(count):
        give(desk, folder, dispute, photo(square=8 + number))
    pictures.make(desk.db, folder)
    return dispute


@pytest.mark.parametrize(
    ("locale", "kind", "who"), [("en", "Photos", "buyer"), ("zh_CN", "照片", "用户")]
)
def test_thumbnail_says_kind_giver_and_time_in_the_card_s_language(
    desk: Desk, tmp_path: Path, locale: str, kind: str, who: str
) -> None:
    dispute = pictured(desk, tmp_path)
    message = card(shown(desk, dispute), locale)
    assert problems(message) == []
    (image,) = images(message[1])
    assert image["image_url"].startswith(HERE.picture)
    assert kind in image["alt_text"]
    assert who in image["alt_text"]
    assert moment(shown(desk, dispute).pieces[0].received_at, locale, "UTC") in image["alt_text"]
    number = desk.at(dispute).row.number
    assert f"/panel/disputes/{number}/evidence/1|" in str(message[1])


@pytest.mark.parametrize("locale", LOCALES)
def test_card_shows_a_few_and_counts_the_rest(desk: Desk, tmp_path: Path, locale: str) -> None:
    dispute = pictured(desk, tmp_path, count=5)
    message = card(shown(desk, dispute), locale)
    assert problems(message) == []
    assert len(images(message[1])) == 3
    assert ("+2 more" if locale == "en" else "另有 2 份") in str(message[1])


def test_file_that_is_no_picture_is_a_line_that_opens_in_the_panel(
    desk: Desk, tmp_path: Path
) -> None:
    dispute = desk.at_stage("triage")
    give(desk, tmp_path, dispute, PDF, kind="photos")
    give(desk, tmp_path, dispute, photo()[:900])
    while pictures.make(desk.db, tmp_path):
        pass
    message = card(shown(desk, dispute), "en")
    assert images(message[1]) == []
    assert str(message[1]).count("/evidence/") == 2


def test_where_slack_could_not_fetch_it_there_is_text_only(desk: Desk, tmp_path: Path) -> None:
    dispute = pictured(desk, tmp_path)
    local = Addresses("", "http://127.0.0.1:8000/panel/disputes/{number}/evidence/{evidence}")
    blocks = card(shown(desk, dispute, local), "en")[1]
    assert images(blocks) == []
    assert "/evidence/1|Photos" in str(blocks)
    assert "/evidence/" not in str(card(shown(desk, dispute, NOWHERE), "en")[1])


@pytest.mark.parametrize(
    ("public", "slack", "fetched"),
    [
        ("https://desk.example", "https://slack.com/api/", True),
        ("http://desk.example", "https://slack.com/api/", False),
        ("http://127.0.0.1:8000", "https://slack.com/api/", False),
        ("https://localhost", "https://slack.com/api/", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001/api/", True),
    ],
)
def test_pictures_have_an_address_only_where_slack_can_reach_it(
    desk: Desk, public: str, slack: str, fetched: bool
) -> None:
    settings = settings_for(desk, public, slack_api_url=slack)
    assert bool(addresses(settings).picture) is fetched
    assert addresses(settings).file.startswith(f"{public}/panel/disputes/")


def test_address_of_a_picture_stays_the_same_and_ends(desk: Desk, tmp_path: Path) -> None:
    dispute = pictured(desk, tmp_path)
    first = shown(desk, dispute).pieces[0].picture
    desk.pass_time(days=29)
    assert shown(desk, dispute).pieces[0].picture == first
    desk.pass_time(days=1)
    assert shown(desk, dispute).pieces[0].picture == ""
    name = first.removeprefix(HERE.picture)
    assert desk.db.read(pieces.picture, name, VAULT) is None


def test_card_in_slack_shows_the_picture_once_it_is_made(at_work: Office, tmp_path: Path) -> None:
    at_work.bot.addresses = HERE
    dispute = at_work.desk.at_stage("intake")
    give(at_work.desk, tmp_path, dispute, photo())
    at_work.settle()
    assert images(at_work.card(dispute)["blocks"]) == []
    pictures.make(at_work.desk.db, tmp_path)
    at_work.settle()
    assert len(images(at_work.card(dispute)["blocks"])) == 1


def test_picture_waits_while_somebody_chooses_on_the_card(at_work: Office, tmp_path: Path) -> None:
    at_work.bot.addresses = HERE
    dispute = at_work.desk.at_stage("triage")
    give(at_work.desk, tmp_path, dispute, photo())
    at_work.settle()
    before = at_work.card(dispute)
    pictures.make(at_work.desk.db, tmp_path)
    at_work.settle()
    assert at_work.card(dispute) == before
    at_work.desk.release(dispute, "Tom")
    at_work.settle()
    assert len(images(at_work.card(dispute)["blocks"])) == 1
