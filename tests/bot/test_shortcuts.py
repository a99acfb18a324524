"""A dispute opened from any message, or from anywhere: the same form, the same rights (I1)."""

from typing import Any

import pytest
from sqlalchemy import select

from blockkit.validator import validate_view
from bot.cards import modals
from bot.cards.origin import Origin, plain_words
from core.desk import documents, views
from core.i18n import LOCALES
from core.tables import Dispute
from tests.bot.office import Office
from tests.bot.sights import wait_modal, wait_told
from tests.factories import VAULT, Desk

FORM = {"order": "order-77", "buyer": "buyer-77"}


def said(office: Office, text: str, who: str = "Tom") -> str:
    """Somebody says something in the intake channel; its ts."""
    return str(office.person(who).post("C0001", text)["ts"])


def use(office: Office, ts: str, who: str = "Tom") -> dict[str, Any]:
    """Somebody uses the shortcut on a message; the form that opens."""
    if office.person(who).modals():  # what came of the form before this one
        office.person(who).close(everything=True)
    office.person(who).shortcut("open_dispute", "C0001", ts)
    return wait_modal(office, who)


def story_in(form: dict[str, Any]) -> str:
    block = next(b for b in form["blocks"] if b.get("block_id") == "story")
    return str(block["element"].get("initial_value", ""))


def test_message_becomes_the_story_of_a_new_dispute(at_work: Office) -> None:
    ts = said(at_work, "It came broken & wet, see <https://shop.example/1|the order>.")
    form = use(at_work, ts)
    assert story_in(form) == "It came broken & wet, see the order (https://shop.example/1)."
    assert "<#C0001>" in str(form["blocks"])
    outcome = at_work.person("Tom").submit(FORM)
    assert "is open and waits at Intake" in str(outcome["modal"]["blocks"])
    row = at_work.desk.rows(select(Dispute.id, Dispute.external_id))[0]
    assert row.external_id.startswith(f"message:C0001:{ts}:")
    told = at_work.desk.db.read(lambda c, now: views.story(c, row.id, VAULT))
    assert told == "It came broken & wet, see the order (https://shop.example/1)."


def test_same_message_and_order_lead_two_people_to_one_dispute(at_work: Office) -> None:
    ts = said(at_work, "Two of us read this.")
    for who in ("Tom", "Tang Li"):
        use(at_work, ts, who)
        assert at_work.person(who).submit(FORM)["ok"]
    at_work.person("Tom").close(everything=True)  # the answer to the first time
    use(at_work, ts)
    at_work.person("Tom").submit({**FORM, "order": "order-78"})  # it told of two orders
    assert len(at_work.desk.rows(select(Dispute.id))) == 2


def test_nothing_in_the_message_takes_effect(at_work: Office) -> None:
    form = use(at_work, said(at_work, "<!channel> <@U0002> *bold* <b> &lt;script&gt;"))
    assert story_in(form) == "!channel @U0002 *bold* <b> <script>"
    assert plain_words("a\u202eb\x00c") == "abc"


def test_long_message_is_cut_with_a_word_about_it(at_work: Office) -> None:
    form = use(at_work, said(at_work, "很长" * 2_000))
    assert story_in(form) == "很长" * 1_500
    assert "its first 3,000 characters" in str(form["blocks"])


def test_global_shortcut_opens_the_empty_form(at_work: Office) -> None:
    at_work.person("Tang Li").shortcut("new_dispute")
    form = wait_modal(at_work, "Tang Li")
    assert form["title"]["text"] == "新建纠纷单"
    assert story_in(form) == ""


def test_who_may_not_open_disputes_is_told_so_and_sees_no_form(at_work: Office) -> None:
    ts = said(at_work, "A trainee reads this.")
    at_work.person("Tim").shortcut("open_dispute", "C0001", ts)
    wait_told(at_work, "Tim", "Your role does not allow this")
    assert at_work.person("Tim").modals() == []


@pytest.mark.parametrize("locale", LOCALES)
def test_form_with_a_message_stays_within_slack_s_limits(desk: Desk, locale: str) -> None:
    document = desk.db.read(lambda c, now: documents.active(c))
    form = modals.new(document, locale, Origin("C0001", "1.2", "&<" * 9_000))
    assert list(validate_view(form)) == []
