"""Who used the time: four clocks and the others, together the dispute's whole life (G6)."""

import datetime as dt
import itertools
import random
from typing import Any

import pytest
from sqlalchemy import select

from core import tables as t
from core.desk import time_used
from core.desk.time_used import Request, Stay, percents, seconds, used, waited_for
from core.migrate import standard
from tests.core.desk.lived import live
from tests.factories import TRIAGED, Desk

HOUR = dt.timedelta(hours=1)
START = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


def spent(desk: Desk, dispute: int) -> dict[str, dt.timedelta]:
    return desk.db.read(lambda c, now: time_used.of_dispute(c, dispute, now=now))


def test_waits_count_for_whom_their_own_decisions_wait() -> None:
    workflow = standard().workflows[0]
    stages = ("awaiting_return", "awaiting_inspection", "awaiting_refund", "awaiting_payment")
    stays = [
        Stay(n, "wait", START, START + HOUR, waited_for(workflow, stage))
        for n, stage in enumerate(stages)
    ]
    assert used(stays, []) == {"buyer": HOUR, "merchant": 2 * HOUR, "others": HOUR}


def test_shared_time_adds_up_to_the_wait() -> None:
    requests = [
        Request(1, "buyer", START + HOUR),
        Request(1, "merchant", None),
        Request(1, "carrier", START + 9 * HOUR),  # spoke after the wait had ended
    ]
    found = used([Stay(1, "wait", START, START + 4 * HOUR)], requests)
    assert sum(found.values(), dt.timedelta()) == 4 * HOUR
    assert found["buyer"] == HOUR / 3
    assert found["merchant"] == found["carrier"]


def test_third_of_a_microsecond_is_not_lost() -> None:
    requests = [Request(1, party, None) for party in ("buyer", "merchant", "carrier")]
    end = START + dt.timedelta(microseconds=10)
    found = used([Stay(1, "wait", START, end)], requests)
    assert sum(found.values(), dt.timedelta()) == end - START


def test_time_after_everybody_answered_is_the_platform_s() -> None:
    requests = [Request(1, "buyer", START + HOUR)]
    assert used([Stay(1, "wait", START, START + 3 * HOUR)], requests) == {
        "platform": 2 * HOUR,
        "buyer": HOUR,
    }


def test_hiding_stops_only_the_platform_s_clock(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    any_desk.pass_time(hours=1)
    any_desk.must(dispute, "request_buyer", TRIAGED)
    before = spent(any_desk, dispute)
    any_desk.pass_time(hours=5)
    after = spent(any_desk, dispute)
    assert round((after["buyer"] - before.get("buyer", 0 * HOUR)) / HOUR) == 5
    assert after["platform"] == before["platform"]


@pytest.mark.parametrize("seed", range(6))
def test_all_clocks_together_are_the_dispute_s_life(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(4):
        dispute = live(desk, chance, most=25)
        desk.pass_time(minutes=chance.randrange(600))
        told = desk.db.read(_both, dispute)
        assert sum(told["used"].values(), dt.timedelta()) == told["life"], seed
        for user, ticks in told["recount"].items():
            counted = told["used"].get(user, dt.timedelta()) // dt.timedelta(microseconds=1)
            assert abs(counted - ticks) <= 50, (seed, user)  # microseconds of shared waits
        assert sum(seconds(told["used"]).values()) == told["life"] // dt.timedelta(seconds=1)
        assert sum(percents(told["used"]).values()) == 100


def _both(connection: Any, dispute: int, *, now: dt.datetime) -> dict[str, Any]:
    """What the code says and what is counted here, of one moment."""
    return {
        "used": time_used.of_dispute(connection, dispute, now=now),
        "recount": _recount(connection, dispute, now),
        "life": _life(connection, dispute, now),
    }


WAITS_FOR = {  # of the standard workflow, written down by hand
    "awaiting_return": ("buyer",),
    "awaiting_inspection": ("merchant",),
    "awaiting_refund": ("merchant",),
    "awaiting_payment": ("others",),
}


def _life(connection: Any, dispute: int, now: dt.datetime) -> dt.timedelta:
    """From when the dispute was opened until it ended, or now."""
    begun = connection.scalar(select(t.Dispute.opened_at).where(t.Dispute.id == dispute))
    final = select(t.Visit.opened_at).where(t.Visit.dispute_id == dispute, t.Visit.kind == "final")
    ended = connection.scalar(final.where(t.Visit.left_at.is_(None)))
    return (ended or now) - begun  # type: ignore[no-any-return]


def _recount(connection: Any, dispute: int, now: dt.datetime) -> dict[str, float]:
    """The same by walking from one moment at which anything changed to the next."""
    visits = connection.execute(
        select(t.Visit).where(t.Visit.dispute_id == dispute).order_by(t.Visit.id)
    ).all()
    asked = connection.execute(
        select(t.Round.visit_id, t.EvidenceRequest.party, t.EvidenceRequest.answered_at)
        .join(t.EvidenceRequest, t.EvidenceRequest.round_id == t.Round.id)
        .where(t.Round.dispute_id == dispute)
    ).all()
    moments = {now, *(v.opened_at for v in visits), *(v.left_at for v in visits if v.left_at)}
    moments |= {row.answered_at for row in asked if row.answered_at}
    steps = sorted(moment for moment in moments if moment <= now)
    total: dict[str, float] = {}
    for begin, end in itertools.pairwise(steps):
        visit = next(
            (v for v in visits if v.opened_at <= begin and (v.left_at or now) > begin), None
        )
        if visit is None or (visit.kind == "final" and visit.undone_at is None):
            continue
        users: tuple[str, ...] = ("platform",)
        if visit.kind == "wait" and visit.undone_at is None:
            mine = [row for row in asked if row.visit_id == visit.id]
            open_ones = {
                row.party for row in mine if row.answered_at is None or row.answered_at > begin
            }
            users = tuple(open_ones) or (("platform",) if mine else WAITS_FOR[visit.stage])
        for user in users:
            share = (end - begin) / dt.timedelta(microseconds=1) / len(users)
            total[user] = total.get(user, 0) + share
    return total
