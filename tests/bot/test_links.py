"""Links to disputes: a compact card for those who may see it, and silence elsewhere (X1, X5)."""

from typing import Any

import pytest
from sqlalchemy import select, update

from blockkit.validator import validate_blocks
from bot.cards.unfurl import compact
from core.desk import views
from core.i18n import LOCALES
from core.tables import Channel, Person
from tests.bot.office import PAGES, Office
from tests.bot.sights import number
from tests.factories import VAULT, Desk
from tests.waiting import eventually


def post(office: Office, text: str, who: str = "Tom", channel: str = "C0001") -> str:
    """Somebody says something; its ts."""
    return str(office.person(who).post(channel, text)["ts"])


def card(office: Office, ts: str, channel: str = "C0001") -> list[dict[str, Any]]:
    """What stands beneath a message now."""
    found = [m for m in office.sandbox.messages(channel) if m["ts"] == ts]
    return list(found[0].get("attachments", ()))


def wait_card(office: Office, ts: str, channel: str = "C0001") -> str:
    """Waits for what unfurls beneath a message."""
    return str(eventually(lambda: card(office, ts, channel), "nothing unfurled"))


def test_link_unfurls_to_where_the_dispute_stands(at_work: Office) -> None:
    dispute = at_work.desk.at_stage("adjudication", buyer_name="Mrs Lee")
    at_work.desk.hold(dispute, "Ada")
    ts = post(at_work, f"Look at <{PAGES}{number(at_work, dispute)}/>, please")
    shown = wait_card(at_work, ts)
    assert "Adjudication" in shown
    assert "Ada" in shown
    assert "¥200.00" in shown
    assert "kettle" not in shown  # the buyer's words
    assert "Mrs Lee" not in shown


def test_card_speaks_the_channel_s_language(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.open()
    desk.write(update(Channel).where(Channel.slack_id == "C0001").values(locale="zh_CN"))
    shown = wait_card(at_work, post(at_work, f"{PAGES}{number(at_work, dispute)}/"))
    assert "客服接入" in shown


def test_own_direct_messages_with_the_desk_show_the_card(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    desk.assign(dispute, "Ada")
    at_work.settle()
    place = desk.rows(select(Person.dm).where(Person.name == "Ada"))[0].dm
    ts = post(at_work, f"{PAGES}{number(at_work, dispute)}/", "Ada", place)
    assert "Adjudication" in wait_card(at_work, ts, place)


def silent(office: Office, ts: str, channel: str) -> None:
    """Nothing unfurled: a link that may unfurl, posted later, has done so by now."""
    dispute = office.desk.open()
    wait_card(office, post(office, f"{PAGES}{number(office, dispute)}/"))
    assert card(office, ts, channel) == []


def test_links_elsewhere_and_of_strangers_stay_bare(at_work: Office) -> None:
    link = f"{PAGES}{number(at_work, at_work.desk.open())}/"
    other = at_work.sandbox.add_channel(
        name="random", members=[*at_work.slack_ids.values(), "UBOT"]
    )
    in_another_channel = post(at_work, link, "Tom", other)
    at_work.sandbox.add_person(id="U9999", name="stranger", real_name="Stranger")
    at_work.sandbox.change_channel("C0001", join=["U9999"])
    of_a_stranger = str(at_work.sandbox.act_as("U9999").post("C0001", link)["ts"])
    silent(at_work, in_another_channel, other)
    silent(at_work, of_a_stranger, "C0001")


def test_links_that_lead_to_no_dispute_stay_bare(at_work: Office) -> None:
    for text in (f"{PAGES}ABC/", f"{PAGES}", "https://desk.example/panel/people/"):
        silent(at_work, post(at_work, text), "C0001")


def test_who_has_left_the_desk_shows_nothing(at_work: Office) -> None:
    link = f"{PAGES}{number(at_work, at_work.desk.open())}/"
    at_work.desk.write(update(Person).where(Person.name == "Eva").values(active=False))
    silent(at_work, post(at_work, link, "Eva"), "C0001")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("stage", ["intake", "awaiting_evidence", "adjudication", "finished"])
def test_card_is_valid_wherever_the_dispute_stands(desk: Desk, stage: str, locale: str) -> None:
    view = desk.db.read(views.card_view, desk.visit(desk.at_stage(stage)), VAULT)
    assert view is not None
    assert list(validate_blocks(compact(view, locale)["blocks"])) == []
