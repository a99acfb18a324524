"""Home in Slack: the next one at a click, lists in pages, the reader's language, within limits."""

from typing import Any

import pytest

from blockkit.validator import validate_view
from bot.cards.home import documents_of, home
from core.desk import documents
from core.desk.home import Place
from core.desk.numbers import shown
from core.i18n import LOCALES
from tests.bot.drawn import longest
from tests.bot.office import Office
from tests.bot.sights import number, seen, wait_modal
from tests.core.desk.seen import at_home
from tests.factories import Desk


def test_next_hands_out_a_dispute_and_opens_its_details(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    ada = at_work.person("Ada")
    view = seen(at_work, "Ada")
    assert shown(number(at_work, dispute)) in str(view)
    ada.click_home("home.next", app="A1")
    assert shown(number(at_work, dispute)) in str(wait_modal(at_work, "Ada"))
    assert desk.at(dispute).row.holder_id == desk.people["Ada"]


@pytest.mark.parametrize("long", [False, True], ids=["labels", "longest labels"])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("place", [None, Place("waiting", 1), Place("team"), Place("overdue")])
def test_home_is_valid_wherever_one_looks(
    desk: Desk, locale: str, place: Place | None, long: bool
) -> None:
    for _ in range(12):
        desk.take(desk.open(), "Tom")
        desk.open()
    desk.pass_time(hours=3)
    for who in ("Tom", "Sun Wei", "Vera"):
        found = at_home(desk, who, place)
        document = desk.db.read(lambda c, now: documents.active(c))
        document = longest(document) if long else document
        known = dict.fromkeys(documents_of(found), document)
        assert list(validate_view(home(found, document, known, locale))) == []


def test_each_dispute_stands_in_home_once(desk: Desk) -> None:
    mine = desk.at_stage("triage")
    late = desk.open()
    desk.pass_time(hours=3)
    fresh = desk.open()
    found = at_home(desk, "Tom")
    document = desk.db.read(lambda c, now: documents.active(c))
    blocks: Any = home(found, document, dict.fromkeys(documents_of(found), document), "en")
    opened = [b["accessory"]["value"] for b in blocks["blocks"] if "accessory" in b]
    assert opened == [str(desk.visit(dispute)) for dispute in (mine, late, fresh)]
