"""The search on top of every page: to the one dispute, to the list, or to what can be searched."""

import logging
import re

import pytest
from sqlalchemy import select

from core.desk.numbers import shown
from core.tables import Look
from tests.factories import VAULT, Desk
from tests.panel import Panel, Visitor

ANNA = "anna@example.org"


def number(desk: Desk, dispute: int) -> str:
    """The number by which people know a dispute."""
    return str(desk.at(dispute).row.number)


def goes_to(visitor: Visitor, text: str) -> str:
    """Where a search leads, below the panel; empty where it leads nowhere."""
    answer = visitor.post("/search/", {"text": text})
    assert answer.status_code in (200, 303)
    return (answer.location or "").removeprefix("/panel")


def test_one_match_leads_straight_to_its_page(panel: Panel, visitor: Visitor) -> None:
    which = number(
        panel.desk,
        panel.desk.open(order_number="A-1", merchant="shop-1", buyer="u81109", buyer_contact=ANNA),
    )
    for text in (which, shown(which).lower(), "A-1", "shop-1", "u81109", ANNA):
        assert goes_to(visitor, text) == f"/disputes/{which}/"


def test_several_lead_to_the_list_narrowed(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    numbers = [number(desk, desk.open(merchant="店铺 &1", order_number=f"A-{n}")) for n in range(3)]
    desk.open(merchant="other")
    desk.open(buyer="u2", order_number="B-1")
    desk.open(buyer="u2", order_number="B-2")
    assert visitor.get(goes_to(visitor, "u2")).text.count('class="number"') == 2
    text = visitor.get(goes_to(visitor, "店铺 &1")).text
    assert re.findall(r'href="/panel/disputes/(\w{9})/"', text) == numbers[::-1]


def test_contact_never_stands_in_an_address_or_a_log(
    panel: Panel, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    desk = panel.desk
    for _ in range(2):
        desk.open(buyer="anna", buyer_contact=ANNA)
    desk.open()
    with caplog.at_level(logging.INFO):
        address = goes_to(visitor, ANNA)
    assert address == f"/disputes/?contact={VAULT.blind(ANNA).hex()}"
    assert ANNA not in caplog.text
    looks = desk.rows(select(Look.person_id, Look.kind, Look.dispute_id))
    assert looks == [(desk.people["Sun Wei"], "contact", None)]
    text = visitor.get(address).text
    assert ANNA not in text
    assert "Disputes of the contact you searched for" in text
    assert len(set(re.findall(r'href="/panel/disputes/(\w{9})/"', text))) == 2
    assert f'name="contact" value="{VAULT.blind(ANNA).hex()}"' in text  # other filters keep it


@pytest.mark.parametrize("text", ["High value", "high VALUE", "high_value", "高价值用户"])
def test_tag_leads_to_its_buyers_disputes(panel: Panel, visitor: Visitor, text: str) -> None:
    panel.desk.open(buyer_tags=("high_value",))
    panel.desk.open()
    address = goes_to(visitor, text)
    assert address == "/disputes/?tag=high_value"
    assert len(re.findall(r'href="/panel/disputes/\w{9}/"', visitor.get(address).text)) == 1


def test_nothing_found_says_what_can_be_searched_for(panel: Panel, visitor: Visitor) -> None:
    panel.desk.open()
    text = visitor.post("/search/", {"text": "<b>no</b>"}).text
    assert "Nothing was found for “&lt;b&gt;no&lt;/b&gt;”." in text
    for way in ("A dispute&#39;s number", "An order number", "A merchant", "A contact"):
        assert way in text


def test_slip_in_a_number_is_said_in_words(panel: Panel, visitor: Visitor) -> None:
    right = number(panel.desk, panel.desk.open())
    wrong = right[:-1] + ("2" if right[-1] != "2" else "3")
    assert "its check character does not fit" in visitor.post("/search/", {"text": wrong}).text
    visitor.post("/language", {"locale": "zh_CN"})
    assert "校验位不符" in visitor.post("/search/", {"text": wrong}).text


@pytest.mark.parametrize("text", ["", " ", "%00\x00", "'; DROP TABLE disputes; --", "长" * 5000])
def test_odd_texts_find_nothing(panel: Panel, visitor: Visitor, text: str) -> None:
    panel.desk.open()
    assert goes_to(visitor, text) == ""


@pytest.mark.parametrize("query", ["contact=zz", "contact=a", "contact=%00", "tag=%00", "tag=x"])
def test_odd_narrowing_is_still_a_list(panel: Panel, visitor: Visitor, query: str) -> None:
    panel.desk.open()
    assert visitor.get(f"/disputes/?{query}").status_code == 200


def test_it_stands_on_every_page_for_who_may_see_disputes(panel: Panel) -> None:
    for name, page in (("Sun Wei", "/people/"), ("Olga", "/messages/"), ("Tim", "/disputes/")):
        text = panel.visitor(name).get(page).text
        assert text.count('action="/panel/search/"') == 1
    assert 'action="/panel/search/"' not in panel.visitor().get("/").text


def test_search_without_the_forms_secret_is_refused(visitor: Visitor) -> None:
    answer = visitor.client.post("/panel/search/", data={"text": "A-1"})
    assert answer.status_code == 400
