"""Replays of a stage's work say what they may: as the desk lived, and as it would have (W16).

The stated bound, on simulated desks with nights and lunch breaks: with today's people a replay's
mean waiting is within 15 % of what the desk saw, or a minute; the change that it foresees of one
more person is within 20 % of the change at that larger desk, or three minutes.
"""

from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workflow.staffing import APART, LEAST, Stay, at_work, foresee, replay, served, spread
from tests.core.workflow import virtual_desk
from tests.core.workflow.virtual_desk import Record, arrivals, lived, shifts

DAYS = 8


def stays(records: list[Record]) -> list[Stay]:
    return [Stay(one.arrived, one.decided, one.agent, one.held) for one in records]


def waited(records: list[Record]) -> float:
    return fmean(one.held - one.arrived for one in records)


# seed, disputes a day, minutes each, people, the hour of lunch
DESKS = [(1, 60, 14, 2, 0), (2, 90, 12, 3, 12), (7, 30, 14, 1, 0), (9, 120, 14, 4, 12)]


@pytest.mark.parametrize(("seed", "per_day", "minutes", "people", "lunch"), DESKS)
def test_replay_gives_the_waiting_that_was_seen_and_what_one_more_person_changes(
    seed: int, per_day: int, minutes: int, people: int, lunch: int
) -> None:
    work = arrivals(seed, DAYS, per_day, minutes)
    hours = shifts(DAYS, 8, 18, lunch)
    today, larger = lived(work, [hours] * people), lived(work, [hours] * (people + 1))
    found = foresee(stays(today))
    assert found.waiting is not None
    assert found.replayed is not None
    assert found.with_one_more is not None
    assert found.agents == people
    assert found.waiting.mean == pytest.approx(waited(today))
    assert found.replayed.mean == pytest.approx(waited(today), rel=0.15, abs=60)
    assert found.reproduced
    foreseen = found.replayed.mean - found.with_one_more.mean
    assert foreseen == pytest.approx(waited(today) - waited(larger), rel=0.2, abs=180)


Pieces = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40)), min_size=1, max_size=12)
Breaks = st.lists(st.integers(0, 400), min_size=2, max_size=6, unique=True)


@given(Pieces, st.lists(Breaks, min_size=1, max_size=3))
def test_replay_is_what_happens_second_by_second(
    pieces: list[tuple[int, int]], breaks: list[list[int]]
) -> None:
    work = sorted(pieces)
    people = []
    for one in breaks:
        moments = sorted(one)
        people.append(list(zip(moments[::2], moments[1::2], strict=False)))
    last = max(end for own in people for _, end in own)
    roomy = [[*own, (last + 1, last + 2_000)] for own in people]  # everything comes to its end
    seen = lived(work, roomy)
    waits = replay(work, [[(float(a), float(b)) for a, b in own] for own in roomy])
    assert len(seen) == len(work)
    by_arrival = sorted((one.arrived, one.held - one.arrived) for one in seen)
    told = sorted((at, wait) for (at, _), wait in zip(work, waits, strict=True))
    assert told == by_arrival


def test_two_held_at_once_are_worked_at_one_after_another() -> None:
    found = served([Stay(0, 600, 1, 0), Stay(0, 900, 1, 0)])
    assert [(one.waited, one.took) for one in found] == [(0, 600), (600, 300)]


def test_what_was_held_overnight_took_as_long_as_the_others() -> None:
    night = 16 * 3600
    found = served([Stay(0, 600, 1, 0), Stay(600, 1200, 1, 600), Stay(700, 1200 + night, 1, 800)])
    assert [one.seen for one in found] == [True, True, False]
    assert found[-1].took == 600
    assert found[-1].waited == 500
    assert at_work(found)[1] == [(0, 1500), (900 + night, 1200 + night)]


def test_nobody_is_at_work_in_a_long_pause() -> None:
    found = served([Stay(0, 600, 1, 0), Stay(0, 600 + APART + 700, 1, 600 + APART + 100)])
    assert len(at_work(found)[1]) == 2


def test_too_little_is_told_as_too_little() -> None:
    few = foresee([Stay(n * 1000, n * 1000 + 500, 1, n * 1000 + 100) for n in range(LEAST - 1)])
    assert (few.replayed, few.with_one_more, few.reproduced) == (None, None, False)
    assert few.waiting is not None
    unseen = foresee([Stay(n * 1000, n * 1000 + 500, 1, None) for n in range(LEAST)])
    assert unseen.replayed is None
    assert foresee([]).service is None


def test_replay_that_differs_from_what_was_seen_is_not_believed() -> None:
    """Disputes that lay about while somebody was free: people do not queue by these rules."""
    lazy = [Stay(n * 7200, n * 7200 + 6900, 1, n * 7200 + 6600) for n in range(LEAST)]
    idle = [Stay(n * 7200, n * 7200 + 900, 2, n * 7200 + 600) for n in range(LEAST)]
    assert not foresee([*lazy, *idle]).reproduced


def test_spread_is_by_nearest_rank() -> None:
    found = spread([float(n) for n in range(1, 11)])
    assert found is not None
    assert (found.mean, found.low, found.middle, found.high) == (5.5, 2.0, 6.0, 10.0)


def test_oracle_imports_nothing_of_the_house() -> None:
    assert virtual_desk.__file__ is not None
    lines = Path(virtual_desk.__file__).read_text().splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert imports == ["import random", "from dataclasses import dataclass"]
