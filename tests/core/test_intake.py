"""Intakes on their way in: unfit texts are refused by place, repetitions are compared."""

from typing import Any

import pytest
from sqlalchemy import select

from core.desk.intake import BadIntake
from core.desk.opening import open_disputes
from core.desk.orders import MARKET
from core.tables import Event
from tests.factories import VAULT, Desk


@pytest.mark.parametrize(
    ("change", "place", "key"),
    [
        ({"external_id": ""}, "external_id", "needed_short"),
        ({"buyer": "x" * 201}, "buyer", "needed_short"),
        ({"order_number": "a\nb"}, "order_number", "unreadable"),
        ({"merchant": "\ud800"}, "merchant", "unreadable"),
        ({"buyer_name": "x" * 201}, "buyer_name", "unreadable"),
        ({"locale": "x" * 201}, "locale", "unreadable"),
        ({"story": " "}, "story", "needed"),
        ({"story": "a\x00b"}, "story", "unreadable"),
        ({"story": "a\udfffb"}, "story", "unreadable"),
    ],
)
def test_text_that_no_column_holds_is_refused_by_its_place(
    desk: Desk, change: dict[str, Any], place: str, key: str
) -> None:
    with pytest.raises(BadIntake) as caught:
        desk.open(**change)
    assert (caught.value.place, caught.value.key) == (place, key)


def test_batch_with_repetitions_opens_each_once_and_records_what_differs(any_desk: Desk) -> None:
    desk = any_desk
    known = desk.intake()
    desk.db.transact(open_disputes, [known], MARKET, VAULT)
    fresh = desk.intake()
    changed = desk.intake(external_id=known.external_id, buyer="another", story="It works now.")
    batch = [fresh, known, fresh, changed]
    opened = desk.db.transact(open_disputes, batch, MARKET, VAULT)
    assert [o.created for o in opened] == [True, False, False, False]
    assert opened[0].number == opened[2].number
    assert opened[1].number == opened[3].number
    told = desk.rows(select(Event.data).where(Event.kind == "intake_repeated"))
    assert [set(row.data["different"]) for row in told] == [{"order_number", "buyer", "story"}]
