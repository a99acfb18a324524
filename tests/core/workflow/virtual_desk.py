"""A desk simulated second by second, that imports nothing: what a replay is held against.

Disputes arrive by chance, wait in one queue, and are worked at by agents in their shifts, each of
whom takes the one that came first. What it records is what a real desk would: arrival, who held it
since when, decision.
"""

import random
from dataclasses import dataclass

MINUTE = 60


@dataclass
class Record:
    arrived: int
    held: int
    decided: int
    agent: int


def arrivals(seed: int, days: int, per_day: int, mean_minutes: int) -> list[tuple[int, int]]:
    """Arrivals by day, most of them around ten and fifteen o'clock, each with its length."""
    chance = random.Random(seed)
    found = []
    for day in range(days):
        for _ in range(per_day):
            hour = chance.choice((chance.gauss(10, 1.2), chance.gauss(15, 1.5)))
            second = int(min(max(hour, 8.0), 18.0) * 3600)
            length = int(min(max(chance.expovariate(1 / (mean_minutes * MINUTE)), 30), 90 * MINUTE))
            found.append((day * 86_400 + second, length))
    return sorted(found)


def shifts(days: int, begin: int, end: int, lunch: int = 0) -> list[tuple[int, int]]:
    """Every day from one hour to another; where `lunch` is said, an hour from then on is free."""
    found = []
    for day in range(days):
        start = day * 86_400
        if lunch:
            found.append((start + begin * 3600, start + lunch * 3600))
        found.append((start + (lunch + 1 if lunch else begin) * 3600, start + end * 3600))
    return found


def lived(work: list[tuple[int, int]], people: list[list[tuple[int, int]]]) -> list[Record]:
    """What happens second by second: whoever is at work and free takes what came first."""
    records: list[Record] = []
    coming, queue = list(work), []
    busy: dict[int, list[int]] = {}  # agent: dispute, seconds left
    now, last = min(at for at, _ in work), max(end for own in people for _, end in own)
    while now < last and (coming or queue or busy):
        while coming and coming[0][0] <= now:
            queue.append(coming.pop(0))
        for agent, own in enumerate(people):
            if not any(start <= now < end for start, end in own):
                continue
            if agent not in busy and queue:
                arrived, length = queue.pop(0)
                records.append(Record(arrived, now, -1, agent))
                busy[agent] = [len(records) - 1, length]
            if agent in busy:
                busy[agent][1] -= 1
                if busy[agent][1] <= 0:
                    records[busy[agent][0]].decided = now + 1
                    del busy[agent]
        now += 1
        if not any(start <= now < end for own in people for start, end in own):
            later = [start for own in people for start, _ in own if start >= now]
            now = min(later, default=last)  # nothing happens at night
    return [record for record in records if record.decided >= 0]
