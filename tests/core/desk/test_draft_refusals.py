"""What changes nothing of the draft counts no change: a request to publish it stands (S1, S7)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.desk import draft_edit, draft_options, draft_order, draft_rows, second
from core.desk.answers import Refused
from core.desk.draft_rows import Owner
from core.tables import DraftOption, DraftOptionSet
from tests.core.desk.redrafted import DEARER, edit, version
from tests.factories import Desk


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """A desk on which somebody asked a second person to publish the draft."""
    edit(desk, DEARER)
    assert desk.db.transact(second.ask, desk.who("Sun Wei"), version(desk), note="why") is None
    return desk


def option(desk: Desk, key: str) -> Any:
    """An option's row."""
    return desk.rows(DraftOption.__table__.select().where(DraftOption.key == key))[0]


def first(desk: Desk) -> tuple[Owner, list[Any]]:
    """A set, and its options in their order."""
    (row,) = desk.rows(select(DraftOptionSet.id).where(DraftOptionSet.key == "category"))
    owner = Owner("option_set", int(row.id))
    return owner, desk.db.read(lambda c, now: draft_rows.rows(c, "option", owner))


def remove_published(desk: Desk) -> Refused | None:
    row = option(desk, "half")
    read = draft_rows.mark("option", row)
    return desk.db.transact(draft_edit.remove, desk.who("Sun Wei"), "option", row.id, read)


def move_trunk(desk: Desk) -> Refused | None:
    row = option(desk, "defect")
    return desk.db.transact(draft_order.move, desk.who("Sun Wei"), "option", row.id, True)


def move_first_up(desk: Desk) -> Refused | None:
    _, rows = first(desk)
    return desk.db.transact(draft_order.move, desk.who("Sun Wei"), "option", rows[0].id, True)


def drop_where_it_was(desk: Desk) -> Refused | None:
    owner, rows = first(desk)
    order = [(row.id, None) for row in rows]
    read = draft_order.mark("option", rows)
    who = desk.who("Sun Wei")
    return desk.db.transact(draft_order.arrange, who, "option", owner, read, order)


def retire_trunk(desk: Desk) -> Refused | None:
    row = option(desk, "defect")
    read = draft_rows.mark("option", row)
    return desk.db.transact(draft_options.retire, desk.who("Sun Wei"), row.id, read)


@pytest.mark.parametrize(
    ("act", "refused"),
    [
        (remove_published, "retire_instead"),
        (move_trunk, "trunk_fixed"),
        (retire_trunk, "trunk_fixed"),
        (move_first_up, None),
        (drop_where_it_was, None),
    ],
)
def test_request_stands_where_nothing_was_changed(
    asked: Desk, act: Callable[[Desk], Refused | None], refused: str | None
) -> None:
    seen = version(asked)
    answer = act(asked)
    assert (answer.key if answer is not None else None) == refused
    assert version(asked) == seen
    assert asked.db.read(lambda c, now: second.request(c, seen)) is not None


def test_order_that_changes_counts_once(asked: Desk) -> None:
    owner, rows = first(asked)
    seen, read = version(asked), draft_order.mark("option", rows)
    order = [(row.id, None) for row in rows[::-1]]
    who = asked.who("Sun Wei")
    assert asked.db.transact(draft_order.arrange, who, "option", owner, read, order) is None
    assert version(asked) == seen + 1
