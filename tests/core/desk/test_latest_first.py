"""What is only appended is read latest first, by number or of a period, each row once."""

import datetime as dt
import random

import pytest
from sqlalchemy import insert

from core.desk import looks
from core.tables import Look
from tests.factories import Desk


def looked(desk: Desk, moments: list[dt.datetime]) -> None:
    """Looks at these moments, in the order in which they were written down."""
    row = {"person_id": desk.people["Tom"], "kind": looks.LOOKS, "reason": looks.NO_REASON}
    desk.db.transact(lambda c, now: c.execute(insert(Look), [{"at": at, **row} for at in moments]))


@pytest.mark.parametrize("asked", ["all", "since", "until", "both"])
def test_every_look_of_a_period_stands_on_one_page_though_two_were_written_in_turn(
    any_desk: Desk, asked: str
) -> None:
    """Whoever waited for another's transaction keeps the moment at which it began."""
    chance, day = random.Random(7), any_desk.now().replace(microsecond=0)
    moments = [day + dt.timedelta(minutes=n // 3) for n in range(60)]
    for place in range(0, 60, 2):
        if chance.random() < 0.5:
            moments[place], moments[place + 1] = moments[place + 1], moments[place]
    looked(any_desk, moments)
    since = day + dt.timedelta(minutes=4) if asked in ("since", "both") else None
    until = day + dt.timedelta(minutes=15) if asked in ("until", "both") else None
    told, before = [], None
    while page := any_desk.db.read(
        lambda c, now, at=before: looks.latest(c, since=since, until=until, before_id=at, most=7)
    ):
        told += page
        before = page[-1].id
    wanted = [
        (at, number)
        for number, at in enumerate(moments, start=1)
        if (since is None or at >= since) and (until is None or at < until)
    ]
    if asked == "all":
        assert [row.id for row in told] == [number for _, number in reversed(wanted)]
    else:
        assert [(row.at, row.id) for row in told] == sorted(wanted, reverse=True)
