"""Two supervisors at the draft at once: nothing is lost, and nothing made twice (S1, S3)."""

import threading
from typing import Any

from sqlalchemy import update

from core.desk import draft_edit, draft_order, draft_rows
from core.desk.answers import Stale
from core.desk.draft_rows import Owner
from core.tables import DraftOption, DraftOptionSet
from tests.factories import Desk


def test_of_two_orders_read_together_exactly_one_is_saved(any_desk: Desk) -> None:
    query = DraftOptionSet.__table__.select().where(DraftOptionSet.key == "category")
    owner = Owner("option_set", int(any_desk.rows(query)[0].id))

    def rows() -> list[int]:
        return [r.id for r in any_desk.db.read(lambda c, now: draft_rows.rows(c, "option", owner))]

    before = rows()
    for turn in range(1, 6):
        read = any_desk.db.read(
            lambda c, now: draft_order.mark("option", draft_rows.rows(c, "option", owner))
        )
        wanted = [before[turn:] + before[:turn], before[::-1][turn:] + before[::-1][:turn]]
        start, outcomes = threading.Barrier(2), []

        def save(order: list[int], read: str = read, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                any_desk.db.transact(
                    draft_order.arrange,
                    any_desk.who("Sun Wei"),
                    "option",
                    owner,
                    read,
                    [(row, None) for row in order],
                )
                outcomes.append(order)  # noqa: B023  joined before the next turn
            except Stale:
                pass

        threads = [threading.Thread(target=save, args=(order,)) for order in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == 1
        assert rows() == outcomes[0]


def test_options_of_the_same_name_added_at_once_have_keys_and_places_of_their_own(
    any_desk: Desk,
) -> None:
    query = DraftOptionSet.__table__.select().where(DraftOptionSet.key == "category")
    owner = Owner("option_set", int(any_desk.rows(query)[0].id))
    start = threading.Barrier(6)

    def add(label_zh: str) -> None:
        start.wait()
        values = {"label_zh": label_zh, "label_en": "Something else"}
        any_desk.db.transact(draft_edit.add, any_desk.who("Sun Wei"), "option", owner, values)

    threads = [threading.Thread(target=add, args=(f"其他{i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = any_desk.db.read(lambda c, now: draft_rows.rows(c, "option", owner))
    added = [row for row in rows if row.label_en == "Something else"]
    assert len({row.key for row in added}) == len({row.position for row in added}) == 6


def test_form_that_adds_a_row_adds_it_once_however_often_it_is_sent(any_desk: Desk) -> None:
    """As whoever goes back in the browser and sends it again does."""
    query = DraftOptionSet.__table__.select().where(DraftOptionSet.key == "category")
    owner = Owner("option_set", int(any_desk.rows(query)[0].id))
    labels = {"label_zh": "其他", "label_en": "Something else"}

    def add(values: dict[str, str]) -> Any:
        return any_desk.db.transact(
            draft_edit.add, any_desk.who("Sun Wei"), "option", owner, values
        )

    first = add(labels)
    assert add(labels) == first
    other = add({**labels, "label_zh": "其它"})
    assert other != first
    any_desk.write(update(DraftOption).where(DraftOption.id == first).values(retired=True))
    assert add(labels) not in (first, other)  # what is retired is not what is wanted
