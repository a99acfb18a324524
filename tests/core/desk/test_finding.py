"""Finding a dispute by what somebody has at hand, through indexes alone, on both databases."""

import pytest
from sqlalchemy import select, text

from core.desk import disputes, finding
from core.desk.answers import Refused
from core.desk.finding import Hit
from core.desk.narrowing import Wanted
from core.desk.numbers import has_slip, shown
from core.tables import Dispute
from tests.core.desk.planned import plan, statements
from tests.factories import VAULT, Desk

ANNA = "anna@example.org"


def number(desk: Desk, dispute: int) -> str:
    """The number by which people know a dispute."""
    return str(desk.at(dispute).row.number)


def find(desk: Desk, typed: str) -> Hit:
    """What an agent finds."""
    hit = desk.db.read(finding.find, desk.who("Tom"), typed, VAULT.blind(typed))
    assert isinstance(hit, Hit)
    return hit


def test_one_dispute_is_found_by_each_thing_that_means_it(any_desk: Desk) -> None:
    desk = any_desk
    one = desk.open(order_number="A-1", merchant="shop-1", buyer_contact=ANNA)
    desk.open(order_number="A-2", merchant="shop-2", buyer_contact="bo@example.org")
    its = number(desk, one)
    for typed in (its, shown(its), f" #{shown(its).lower()} ", "A-1", "shop-1"):
        assert find(desk, typed) == Hit(its), typed
    for typed in (ANNA, f" {ANNA.upper()} "):
        assert find(desk, typed) == Hit(its, by_contact=True)


def test_several_are_told_as_several(any_desk: Desk) -> None:
    for n in range(3):
        any_desk.open(merchant="shop-1", buyer="anna", buyer_contact=ANNA, order_number=f"A-{n}")
    assert find(any_desk, "shop-1") == Hit(several=True)
    assert find(any_desk, ANNA) == Hit(several=True, by_contact=True)
    assert find(any_desk, "A-1").number


@pytest.mark.parametrize("typed", ["", "A", "a-1", "A-%", "anna", "example.org", "\x00", "kettle"])
def test_nothing_but_the_whole_of_a_thing_finds_it(any_desk: Desk, typed: str) -> None:
    any_desk.open(order_number="A-1", buyer_contact=ANNA, story="A kettle for anna")
    assert find(any_desk, typed) == Hit()


def test_slip_of_a_character_is_known_for_one(desk: Desk) -> None:
    right = number(desk, desk.open())
    wrong = right[:3] + ("2" if right[3] != "2" else "3") + right[4:]
    assert has_slip(wrong)
    assert has_slip(shown(wrong).lower())
    assert not has_slip(right)
    assert not any(map(has_slip, ("A-1", "", right[:-1], f"{right}0", ANNA)))


def test_whoever_may_not_see_disputes_finds_none(desk: Desk) -> None:
    desk.open(order_number="A-1")
    desk.write(text("UPDATE people SET active = false WHERE name = 'Tom'"))
    answer = desk.db.read(finding.find, desk.who("Tom"), "A-1", VAULT.blind("A-1"))
    assert isinstance(answer, Refused)


def listed(desk: Desk, wanted: Wanted) -> list[int]:
    """The disputes that a list shows."""
    found = desk.db.read(disputes.search, desk.who("Tom"), wanted)
    assert not isinstance(found, Refused)
    return [row.id for row in found.rows]


def test_list_is_narrowed_by_the_tag_that_a_source_says_now(any_desk: Desk) -> None:
    desk = any_desk
    one = desk.open(buyer="anna", buyer_tags=("high_value", "after_sales_sensitive"))
    desk.open(buyer="bo")
    assert listed(desk, Wanted(tag="high_value")) == [one]
    two = desk.open(buyer="anna", buyer_tags=("after_sales_sensitive",))
    assert listed(desk, Wanted(tag="high_value")) == []
    assert listed(desk, Wanted(tag="after_sales_sensitive")) == [two, one]
    desk.open(buyer="anna")  # says nothing of tags: what was said stands
    assert len(listed(desk, Wanted(tag="after_sales_sensitive"))) == 3
    assert listed(desk, Wanted(tag="'; --")) == []


def test_tag_that_many_have_finds_the_same_in_the_same_order(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = any_desk
    tagged = [desk.open(buyer_tags=("high_value",)) for _ in range(4)]
    desk.open()
    few = [Wanted(tag="high_value"), Wanted(tag="high_value", state="open", oldest_first=True)]
    before = [listed(desk, wanted) for wanted in few]
    monkeypatch.setattr(finding, "MANY", 3)
    assert [listed(desk, wanted) for wanted in few] == before == [tagged[::-1], tagged]


def test_list_is_narrowed_to_a_contact(any_desk: Desk) -> None:
    mine = [any_desk.open(buyer="anna", buyer_contact=ANNA) for _ in range(2)]
    any_desk.open()
    assert listed(any_desk, Wanted(contact=VAULT.blind(ANNA))) == mine[::-1]
    assert listed(any_desk, Wanted(contact=b"x")) == []


def test_no_search_reads_the_disputes_or_the_parties_through(any_desk: Desk) -> None:
    desk = any_desk
    for n in range(30):
        desk.open(order_number=f"A-{n}", buyer_contact=ANNA, buyer_tags=("high_value",))
    desk.write(text("ANALYZE"))
    with statements(desk.db, "disputes") as ran:
        find(desk, "A-1")
        listed(desk, Wanted(text="A-1"))
        listed(desk, Wanted(tag="high_value"))
        listed(desk, Wanted(contact=VAULT.blind(ANNA)))
    # Six ways to mean one; a list asks for ids, their number and rows, a text's for what it means.
    assert len(ran) == 6 + 3 * 3 + 1
    for one in ran:
        told = plan(desk.db, one, large=True)
        for table in ("disputes", "parties", "orders", "visits"):
            assert f"SCAN {table}\n" not in f"{told}\n", told
            assert f"Seq Scan on {table}" not in told, told


def test_plan_that_reads_the_table_through_would_be_seen(any_desk: Desk) -> None:
    any_desk.open()
    with statements(any_desk.db, "disputes") as ran:
        any_desk.rows(select(Dispute.id).where(Dispute.locale == "en"))
    told = plan(any_desk.db, ran[0], large=True)
    assert "SCAN disputes" in told or "Seq Scan on disputes" in told
