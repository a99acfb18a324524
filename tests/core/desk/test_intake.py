"""Intake: each dispute once, what differs recorded, what cannot stand refused at its place (I4)."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.desk import opening, views
from core.desk.actor import Actor
from core.desk.intake import BadIntake, Intake, Opened, OrderInfo
from core.tables import Dispute, Event, Fact, Order, Outbox, Party, PersonKey
from tests.factories import KETTLE, VAULT, Desk

IMPORT = Actor("import")
ODD = "😡👩‍👧‍👦 " + "שלום \u202e" + "مرحبا " + "<!channel> <@U123> =1+1"


def bring(desk: Desk, *intakes: Intake) -> list[Opened]:
    """Brings intakes in."""
    return desk.db.transact(opening.open_disputes, list(intakes), IMPORT, VAULT)


def count(desk: Desk, table: Any) -> int:
    """How many rows a table has."""
    return int(desk.rows(select(func.count()).select_from(table))[0][0])


def test_same_source_and_external_id_is_always_the_same_dispute(any_desk: Desk) -> None:
    intake = any_desk.intake()
    first, second = bring(any_desk, intake)[0], bring(any_desk, intake)[0]
    assert (first.created, second.created) == (True, False)
    assert first.dispute_id == second.dispute_id
    assert first.number == second.number
    assert count(any_desk, Dispute) == 1
    assert any_desk.rows(select(Event.kind)) == [("opened",)]


def test_same_id_of_another_source_is_another_dispute(desk: Desk) -> None:
    bring(desk, desk.intake(external_id="1"), desk.intake(external_id="1", source="other"))
    assert count(desk, Dispute) == 2


def test_repetition_records_by_name_what_it_says_differently(any_desk: Desk) -> None:
    first = any_desk.intake(external_id="1")
    bring(any_desk, first)
    changed = replace(first, story="The lid is missing.", entered="merchant_timeout", channel="web")
    bring(any_desk, changed)
    repeated = any_desk.rows(select(Event.data).where(Event.kind == "intake_repeated"))
    assert [row.data for row in repeated] == [{"different": ["entered", "channel", "story"]}]
    assert any_desk.rows(select(Dispute.entered, Dispute.channel)) == [("unsettled", "import")]
    story = any_desk.db.read(lambda c, now: views.story(c, 1, VAULT))
    assert story == "The kettle came broken."


def test_repetition_within_one_batch_opens_one_dispute(any_desk: Desk) -> None:
    intake = any_desk.intake()
    opened = bring(any_desk, intake, any_desk.intake(), intake)
    assert [o.created for o in opened] == [True, True, False]
    assert opened[0].dispute_id == opened[2].dispute_id
    assert count(any_desk, Dispute) == 2


def test_disputes_of_one_order_share_it_and_see_each_other(desk: Desk) -> None:
    bring(desk, desk.intake(order_number="o"), desk.intake(order_number="o", order=None))
    assert count(desk, Order) == 1
    view = desk.db.read(views.card_view, desk.visit(1), VAULT)
    assert view is not None
    assert view.others_on_order == (desk.at(2).row.number,)


def test_order_is_asked_for_where_the_intake_does_not_know_it(desk: Desk) -> None:
    bring(desk, desk.intake(order=None), desk.intake())
    asked = desk.rows(select(Outbox.dispute_id).where(Outbox.kind == "ask_order"))
    assert asked == [(1,)]


def test_batch_of_five_hundred_opens_each_once_in_order(any_desk: Desk) -> None:
    intakes = [any_desk.intake(buyer=f"b{i % 50}", order_number=f"o{i % 400}") for i in range(500)]
    opened = bring(any_desk, *intakes)
    assert len({o.dispute_id for o in opened}) == len({o.number for o in opened}) == 500
    rows = any_desk.rows(select(Dispute.id, Dispute.external_id))
    known = {row.id: row.external_id for row in rows}
    assert [known[o.dispute_id] for o in opened] == [i.external_id for i in intakes]
    assert (count(any_desk, Party), count(any_desk, Order)) == (50 + 1, 400)
    assert any_desk.differences() == []
    assert [o.created for o in bring(any_desk, *intakes)] == [False] * 500


def stated(desk: Desk) -> dict[str, Any]:
    """What is known of the first dispute, without what rules may ask of every one."""
    facts = dict(desk.at(1).facts)
    for key in ("channel", "source", "language", "hour", "paid", "grade"):
        assert facts.pop(key)
    return facts


def test_facts_that_are_known_are_prefilled(desk: Desk) -> None:
    known = {"category": "food", "given_buyer": ["photos", "chat"]}
    bring(desk, desk.intake(facts=known, entered="buyer_timeout"))
    assert stated(desk) == {
        "category": "food",
        "given_buyer": ("photos", "chat"),
        "entered": "buyer_timeout",
        "state": "buyer_timeout",  # as it came to the desk (rule 3)
    }


def test_state_that_the_source_says_itself_is_kept(desk: Desk) -> None:
    bring(desk, desk.intake(facts={"state": "settled"}, entered="merchant_timeout"))
    assert stated(desk) == {"state": "settled", "entered": "merchant_timeout"}


def test_story_of_forty_thousand_characters_in_any_script_comes_in(any_desk: Desk) -> None:
    story = (ODD * 1000)[:40_000]
    bring(any_desk, any_desk.intake(story=story))
    assert any_desk.db.read(lambda c, now: views.story(c, 1, VAULT)) == story


LINE = dict(KETTLE)
BAD: list[tuple[str, dict[str, Any]]] = [
    ("source", {"source": ""}),
    ("external_id", {"external_id": " "}),
    ("external_id", {"external_id": "x" * 201}),
    ("external_id", {"external_id": "a\x00b"}),
    ("order_number", {"order_number": "a\nb"}),
    ("order_number", {"order_number": "\ud800"}),
    ("buyer", {"buyer": ""}),
    ("buyer", {"buyer": "b\x00"}),
    ("merchant", {"merchant": "m" * 201}),
    ("merchant", {"merchant": "m\x00"}),
    ("appeared", {"appeared": "x" * 201}),
    ("appeared", {"appeared": "\x00"}),
    ("locale", {"locale": "\x00"}),
    ("story", {"story": "  "}),
    ("story", {"story": "x" * 40_001}),
    ("story", {"story": "a\x00b"}),
    ("story", {"story": "\ud800"}),
    ("buyer_name", {"buyer_name": "x" * 201}),
    ("buyer_name", {"buyer_name": "\ud800"}),
    ("buyer_contact", {"buyer_contact": "x" * 201}),
    ("entered", {"entered": "settled"}),
    ("channel", {"channel": "pigeon"}),
    ("workflow", {"workflow": "another"}),
    ("facts.category", {"facts": {"category": "ships"}}),
    ("facts.category", {"facts": {"category": ["food"]}}),
    ("facts.given_buyer", {"facts": {"given_buyer": ["none", "photos"]}}),
    ("facts.mood", {"facts": {"mood": "bad"}}),
    ("order.currency", {"order": OrderInfo("", 100)}),
    ("order.currency", {"order": OrderInfo("yuan", 100)}),
    ("order.currency", {"order": OrderInfo("C\x00Y", 100)}),
    ("order.paid", {"order": OrderInfo("CNY", -1)}),
    ("order.paid", {"order": OrderInfo("CNY", 2**63)}),
    ("order.freight", {"order": OrderInfo("CNY", 1, freight=-1)}),
    ("order.refunded", {"order": OrderInfo("CNY", 1, refunded=-1)}),
    ("order.purchased_at", {"order": OrderInfo("CNY", 1, purchased_at=dt.datetime(2026, 1, 1))}),  # noqa: DTZ001
    ("order.lines[0].key", {"order": OrderInfo("CNY", 1, lines=({**LINE, "key": ""},))}),
    ("order.lines[0].key", {"order": OrderInfo("CNY", 1, lines=({**LINE, "key": "a\x00"},))}),
    (
        "order.lines[0].key",
        {"order": OrderInfo("CNY", 1, lines=({"unit_price": 1, "quantity": 1},))},
    ),
    ("order.lines[1].key", {"order": OrderInfo("CNY", 1, lines=(LINE, LINE))}),
    ("order.lines[0].quantity", {"order": OrderInfo("CNY", 1, lines=({**LINE, "quantity": 0},))}),
    ("order.lines[0].quantity", {"order": OrderInfo("CNY", 1, lines=({**LINE, "quantity": "2"},))}),
    (
        "order.lines[0].unit_price",
        {"order": OrderInfo("CNY", 1, lines=({**LINE, "unit_price": -1},))},
    ),
    (
        "order.lines[0].unit_price",
        {"order": OrderInfo("CNY", 1, lines=({**LINE, "unit_price": 1.5},))},
    ),
    ("order.lines[0].title", {"order": OrderInfo("CNY", 1, lines=({**LINE, "title": "\x00"},))}),
    (
        "order.lines",
        {"order": OrderInfo("CNY", 1, lines=tuple({**LINE, "key": str(i)} for i in range(1001)))},
    ),
]


@pytest.mark.parametrize(
    ("place", "changes"), BAD, ids=[f"{p}-{i}" for i, (p, _) in enumerate(BAD)]
)
def test_bad_intake_is_refused_at_its_place_and_nothing_of_its_batch_comes_in(
    desk: Desk, place: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadIntake) as error:
        bring(desk, desk.intake(), desk.intake(**changes))
    assert error.value.place == place
    assert count(desk, Dispute) == 0


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(("external_id", "buyer", "order_number", "merchant", "story", "appeared")),
        st.text(max_size=12),
    )
)
def test_any_text_comes_in_or_is_refused_on_both_databases(
    any_desk: Desk, changes: dict[str, str]
) -> None:
    try:
        opened = bring(any_desk, any_desk.intake(**changes))
    except BadIntake:
        return
    assert any_desk.db.read(lambda c, now: views.story(c, opened[0].dispute_id, VAULT))


def test_erased_buyer_who_comes_back_stays_unreadable(desk: Desk) -> None:
    bring(desk, desk.intake(buyer="b"))
    desk.write(PersonKey.__table__.update().values(wrapped=None))
    bring(desk, desk.intake(buyer="b"))
    assert desk.db.read(lambda c, now: views.story(c, 2, VAULT)) is None
    assert desk.rows(select(Fact.key)).count(("entered",)) == 2


def test_number_taken_by_chance_is_drawn_again(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(any_desk, any_desk.intake())
    taken = any_desk.rows(select(Dispute.number))[0][0]
    drawn = iter([taken, "000000000"])
    monkeypatch.setattr(opening, "new_number", lambda: next(drawn))
    assert bring(any_desk, any_desk.intake())[0].number == "000000000"


def test_empty_batch_opens_nothing(any_desk: Desk) -> None:
    assert bring(any_desk) == []
