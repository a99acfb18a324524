"""Whether somebody looks at a dispute now is asked on each of its pages, whoever they are."""

import datetime as dt

from sqlalchemy import insert

from core.desk import looks
from core.tables import Look
from tests.core.desk.planned import plan, statements
from tests.factories import Desk


def test_look_that_lasts_is_found_without_reading_all_that_the_person_ever_looked_at(
    any_desk: Desk,
) -> None:
    desk = any_desk
    seen = [desk.open() for _ in range(4)]
    like = {"person_id": desk.people["Tom"], "kind": looks.DISPUTE, "reason": "check"}
    now = desk.now()
    rows = [
        {**like, "at": now - dt.timedelta(hours=n), "dispute_id": seen[n % 4]} for n in range(2_000)
    ]
    desk.write(insert(Look).values(rows))
    with statements(desk.db, "looks") as ran:
        found = [desk.db.read(looks.lasting, desk.who("Tom"), dispute) for dispute in seen]
    assert [one is not None for one in found] == [True, False, False, False]
    how = plan(desk.db, ran[0], large=True)
    assert "ix_looks_person_id" not in how, how
    assert "ix_looks_dispute_id" not in how, how
    assert "ix_looks_" in how, how
