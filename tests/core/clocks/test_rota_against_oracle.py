"""Random rotas, asked as somebody would answer who walks minute by minute (rows A2, K5, K23)."""

import datetime as dt
import random
from dataclasses import dataclass
from functools import cached_property

import pytest

from core.clocks.calendar import Shift
from core.clocks.rota import (
    Absence,
    Duty,
    Override,
    Rota,
    Turns,
    coming_on,
    handovers,
    on_duty,
    stretches,
)
from core.clocks.rota_health import Trouble, gaps, overload, twice
from core.clocks.turns import swapped, turns
from tests.core.clocks.rota_oracle import MINUTE, Agreed, Walked, walk
from tests.core.clocks.worlds import REMARKABLE

SEEDS = range(20)
ROTAS = 110  # for each seed
DAYS = 4  # a window is so long; what is remarkable lies in its middle
LONG = 15  # one that holds a whole week
assert len(SEEDS) * ROTAS >= 2_000
PACES = {Turns.FIXED: 0, Turns.DAILY: 1, Turns.WEEKLY: 7}
CREW = tuple(range(1, 6))


@dataclass
class Case:
    """One rota, as the code knows it and as the oracle walks it."""

    rota: Rota
    agreed: Agreed
    first: dt.datetime
    days: int

    @property
    def last(self) -> dt.datetime:
        return self.first + self.days * 1440 * MINUTE

    @cached_property
    def walked(self) -> Walked:
        return walk(self.agreed, self.first, self.days)

    def moments(self, draw: random.Random, number: int) -> list[dt.datetime]:
        return [self.first + draw.randrange(self.days * 1440) * MINUTE for _ in range(number)]


def case(draw: random.Random, days: int = DAYS) -> Case:
    """A rota in a window around something remarkable."""
    zone, day = draw.choice(REMARKABLE)
    middle = dt.date.fromisoformat(day)
    first = dt.datetime.combine(middle - dt.timedelta(days=days // 2), dt.time(), dt.UTC)

    def moment() -> dt.datetime:
        return first + draw.randrange(days * 1440) * MINUTE

    shifts = []
    for _ in range(draw.randrange(1, 4)):
        of_week = sorted(draw.sample(range(7), draw.choice((1, 3, 5, 7, 7))))
        hours = [hour(draw) for _ in range(draw.choice((1, 1, 2)))]
        shifts.append((of_week, hours, draw.sample(CREW, draw.randrange(1, 3))))
    kind = draw.choice(list(Turns))
    agreed = Agreed(
        zone,
        middle + dt.timedelta(days=draw.randrange(1 - days // 2, 2) - draw.choice((0, 0, 700))),
        shifts,
        PACES[kind],
        draw.sample(CREW, draw.randrange(1, 5)),
        draw.randrange(7),
        draw.choice((0, 0, 30, 60, 120, 150, 540, 1439, draw.randrange(1440))),
        [
            (since, since + draw.randrange(1, 3000) * MINUTE, *pair(draw))
            for since in (moment() for _ in range(draw.randrange(5)))
        ],
        [
            (
                draw.choice(CREW),
                draw.choice((None, moment())),
                draw.choice((None, moment(), moment())),
            )
            for _ in range(draw.randrange(3))
        ],
    )
    return Case(rota(agreed, kind), agreed, first, days)


def hour(draw: random.Random) -> tuple[int, int]:
    opens = draw.randrange(1440)
    return draw.choice(
        ((0, 1440), (540, 1080), (1320, 1800), (120, 180), (opens, opens + draw.randrange(1, 1400)))
    )


def pair(draw: random.Random) -> tuple[int, int | None]:
    one, other = draw.sample((*CREW, 6, 7), 2)
    return one, draw.choice((None, other, other))


def rota(agreed: Agreed, kind: Turns) -> Rota:
    return Rota(
        agreed.zone,
        tuple(
            Duty(tuple(days), tuple(Shift(*one) for one in hours), tuple(crew))
            for days, hours, crew in agreed.shifts
        ),
        agreed.begins,
        kind,
        tuple(agreed.people),
        agreed.day,
        agreed.minute,
        tuple(Override(*one) for one in agreed.instead),
        tuple(Absence(*one) for one in agreed.away),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_walks_minute_by_minute_finds_the_same_people_on_duty(seed: int) -> None:
    draw = random.Random(seed)
    for n in range(ROTAS):
        one = case(draw)
        told = [(s.since, s.until, s.people) for s in stretches(one.rota, one.first, one.last)]
        assert told == one.walked.runs(), (seed, n, one.rota)
        for minute in draw.sample(range(DAYS * 1440), 20):
            at = one.first + minute * MINUTE
            assert on_duty(one.rota, at) == one.walked.minutes[minute], (seed, n, at, one.rota)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_comes_on_next_is_whom_the_clock_brings_that_is_not_there_yet(seed: int) -> None:
    draw = random.Random(2_000 + seed)
    for n in range(ROTAS // 5):
        one = case(draw)
        for minute in draw.sample(range(DAYS * 1440), 5):
            at = one.first + minute * MINUTE
            here = one.walked.minutes[minute] or ()
            later = enumerate(one.walked.minutes[minute + 1 :], minute + 1)
            came = (
                (one.first + m * MINUTE, new)
                for m, people in later
                if (new := tuple(person for person in people or () if person not in here))
            )
            told = coming_on(one.rota, at, one.last - at)
            assert told == next(came, None), (seed, n, at, one.rota)


@pytest.mark.parametrize("seed", SEEDS)
def test_gaps_and_overload_are_what_is_counted_minute_by_minute(seed: int) -> None:
    draw = random.Random(1_000 + seed)
    for n in range(4):
        one = case(draw, LONG)
        asked = (seed, n, one.rota)
        told = [(g.since, g.until) for g in gaps(one.rota, one.first, one.last)]
        walked = [(since, until) for since, until, people in one.walked.runs() if not people]
        assert told == walked, asked
        most = draw.choice((1, 4, 8, 24))
        found = overload(one.rota, one.first, one.last, in_row=most, in_week=most)
        in_row = [f for f in found if f.kind == Trouble.IN_ROW and f.until < one.last]
        assert {(f.person, f.since, f.until) for f in in_row} == {
            run
            for run in walked_runs(one.walked)
            if run[2] - run[1] > most * 60 * MINUTE and run[2] < one.last
        }, asked
        for week in (f for f in found if f.kind == Trouble.IN_WEEK):
            if one.first <= week.since and week.until <= one.last and week.person is not None:
                counted = one.walked.minutes_of(week.person, week.since, week.until)
                assert week.length == counted * MINUTE > most * 60 * MINUTE, asked


def walked_runs(walked: Walked) -> list[tuple[int, dt.datetime, dt.datetime]]:
    """How long each person is on duty without a rest."""
    found = []
    for person in (*CREW, 6, 7):
        since = None
        for n, people in enumerate([*walked.minutes, None]):
            there = people is not None and person in people
            if there and since is None:
                since = n
            elif not there and since is not None:
                found.append((person, walked.first + since * MINUTE, walked.first + n * MINUTE))
                since = None
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_at_two_rotas_at_once_unseen(seed: int) -> None:
    draw = random.Random(2_000 + seed)
    for n in range(10):
        one = case(draw)
        shift = Duty(tuple(range(7)), (Shift(*hour(draw)),), tuple(draw.sample(CREW, 2)))
        other = Rota(one.rota.zone, (shift,), one.rota.begins)
        mine = stretches(one.rota, one.first, one.last)
        found = twice(mine, stretches(other, one.first, one.last))
        for at in one.moments(draw, 100):
            both = set(on_duty(one.rota, at) or ()) & set(on_duty(other, at) or ())
            assert both == {f.person for f in found if f.since <= at < f.until}, (seed, n, at)


@pytest.mark.parametrize("seed", SEEDS)
def test_swapped_turns_change_nothing_but_these_two(seed: int) -> None:
    draw = random.Random(3_000 + seed)
    swaps = 0
    for n in range(60):
        one = case(draw)
        if one.rota.turns == Turns.FIXED:
            continue
        free = replaced(one.rota)
        known = [t for t in turns(free, one.first, one.last) if t.until <= one.last]
        if len(known) < 2:
            continue
        mine, theirs = draw.sample(known, 2)
        then = replaced(free, swapped(mine, theirs))
        for at in one.moments(draw, 60):
            before = on_duty(free, at)
            inside = mine if mine.since <= at < mine.until else theirs
            expected = before
            if before and inside.since <= at < inside.until:
                expected = ((theirs if inside is mine else mine).person,)
            assert on_duty(then, at) == expected, (seed, n, at, one.rota, mine, theirs)
        swaps += 1
    assert swaps


def replaced(one: Rota, overrides: tuple[Override, ...] = ()) -> Rota:
    """The rota with these overrides alone, and nobody away."""
    plan = (one.zone, one.duties, one.begins, one.turns, one.people, one.day, one.minute)
    return Rota(*plan, overrides)


def test_hand_over_in_the_hour_shown_twice_happens_once() -> None:
    one = Rota(
        "Europe/Berlin",
        (Duty(tuple(range(7)), (Shift(0, 1440),)),),
        dt.date(2026, 10, 20),
        Turns.DAILY,
        (1, 2),
        minute=150,  # 02:30, on the 25th twice
    )
    first = dt.datetime(2026, 10, 24, 12, tzinfo=dt.UTC)
    found = handovers(one, first, first + dt.timedelta(days=1))
    assert found == [dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)]
    assert on_duty(one, found[0] - MINUTE) == (1,)
    assert on_duty(one, found[0] + dt.timedelta(hours=1)) == (2,)


def test_hand_over_in_the_hour_left_out_happens_when_the_clock_has_jumped() -> None:
    one = Rota(
        "Europe/Berlin",
        (Duty(tuple(range(7)), (Shift(0, 1440),)),),
        dt.date(2026, 3, 20),
        Turns.DAILY,
        (1, 2),
        minute=150,  # 02:30, on the 29th never
    )
    first = dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC)
    found = handovers(one, first, first + dt.timedelta(days=1))
    assert found == [dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)]


def test_stand_in_of_a_stand_in_is_on_duty() -> None:
    first = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    always = Duty(tuple(range(7)), (Shift(0, 1440),), (1,))
    hours = first, first + dt.timedelta(hours=4)
    chain = (Override(*hours, 2, 1), Override(*hours, 3, 2))
    one = Rota("UTC", (always,), first.date(), overrides=chain)
    assert on_duty(one, first) == (3,)
    assert on_duty(one, hours[1]) == (1,)


def test_absent_person_leaves_a_gap_unless_somebody_stands_in() -> None:
    first = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    always = Duty(tuple(range(7)), (Shift(0, 1440),), (1,))
    gone = (Absence(1, first, first + dt.timedelta(hours=8)),)
    one = Rota("UTC", (always,), first.date(), absences=gone)
    assert on_duty(one, first) == ()
    stand_in = Override(first, first + dt.timedelta(hours=2), 2, 1)
    then = Rota("UTC", (always,), first.date(), overrides=(stand_in,), absences=gone)
    assert on_duty(then, first) == (2,)
    [gap] = gaps(then, first, first + dt.timedelta(days=1))
    assert (gap.since, gap.until) == (stand_in.until, gone[0].until)


def test_rota_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="day 7"):
        Rota("UTC", (), dt.date(2026, 1, 1), day=7)
    with pytest.raises(ValueError, match="minute 1440"):
        Rota("UTC", (), dt.date(2026, 1, 1), minute=1440)
