"""100,000 random questions, answered as by somebody who walks minute by minute (row G7)."""

import datetime as dt
import random
from dataclasses import replace
from itertools import takewhile

import pytest

from core.clocks.calendar import NeverOpen, after, between, spans
from core.clocks.running import Pause, Running, moment, used
from tests.core.clocks.oracle import MINUTE
from tests.core.clocks.worlds import DAYS, World, calendar, world

SEEDS = range(20)
WORLDS = 5  # for each seed
PLAIN = 350  # for each world: so many due moments, and as many elapsed times
PAUSED = 150  # and so many of each with pauses
assert len(SEEDS) * WORLDS * (PLAIN + PAUSED) * 2 == 100_000


def lengths(draw: random.Random) -> int:
    """Minutes, from none to some days."""
    return draw.choice((0, 1, 15, 60, 480, draw.randrange(6000)))


def due(one: World, start: dt.datetime, length: int) -> dt.datetime | None:
    """What the code says; None beyond the oracle's window, or never."""
    try:
        told = after(one.calendar, start, length * MINUTE)
    except NeverOpen:
        return None
    return told if one.table.at(told) <= DAYS * 1440 else None


@pytest.mark.parametrize("seed", SEEDS)
def test_open_time_is_what_somebody_counts_who_walks_minute_by_minute(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(WORLDS):
        one = world(draw)
        for _ in range(PLAIN):
            start, length = one.moment(), lengths(draw)
            asked = (seed, one.calendar, start, length)
            assert due(one, start, length) == one.table.after(start, length), asked
            end = one.moment()
            counted = one.table.between(start, end) * MINUTE
            assert between(one.calendar, start, end) == counted, (seed, one.calendar, start, end)


@pytest.mark.parametrize("seed", SEEDS)
def test_paused_time_is_not_used_however_the_pauses_lie(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(WORLDS):
        one = world(draw)
        other = calendar(draw)  # what it ran by before somebody edited it
        for _ in range(PAUSED):
            start, length = one.moment(), lengths(draw)
            pauses = one.pauses(start)
            before = Running(other, start, tuple(Pause(*pause) for pause in pauses))
            running = replace(before, calendar=one.calendar)
            walked = one.table.without(pauses)
            asked = (seed, running, length)
            try:
                told = moment(running, length * MINUTE)
            except NeverOpen:
                told = None
            if told is not None and one.table.at(told) > DAYS * 1440:
                told = None
            assert told == walked.after(start, length), asked
            now = one.moment()
            assert used(running, now) == walked.between(start, now) * MINUTE, (asked, now)


@pytest.mark.parametrize("seed", SEEDS)
def test_spans_are_the_runs_of_open_minutes(seed: int) -> None:
    one = world(random.Random(seed))
    end = one.table.moment(DAYS * 1440)
    told = [
        (opens, min(closes, end))
        for opens, closes in takewhile(
            lambda span: span[0] < end, spans(one.calendar, one.table.first)
        )
    ]
    assert told == one.table.stretches(), (seed, one.calendar)


@pytest.mark.parametrize("seed", range(5))
def test_seconds_and_less_are_counted_as_they_are(seed: int) -> None:
    """Between whole minutes the clock simply runs on, or stands."""
    one = world(random.Random(seed))
    for _ in range(200):
        start = one.moment()
        part = dt.timedelta(microseconds=one.draw.randrange(60_000_000))
        is_open = one.table.minutes[one.table.at(start)]
        assert between(one.calendar, start, start + part) == (part if is_open else 0 * part)
        length = dt.timedelta(minutes=one.draw.randrange(600)) + part
        told = after(one.calendar, start, length)
        assert between(one.calendar, start, told) == length
        assert between(one.calendar, start, told - dt.timedelta(microseconds=1)) < length
