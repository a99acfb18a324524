"""What a stage's people do in the time they work, and what one more would change (W16).

No formula assumes how disputes arrive or how long they take: those that came are replayed, each
with the time that it took, first come first served, by as many people in the hours they worked.
Moments and lengths are seconds.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

APART = 2 * 3600  # two decisions of somebody with more than this between them: away meanwhile
LEAST = 30  # decided visits below which nothing is foreseen
CLOSE, CLOSE_SECONDS = 0.2, 120  # how near a replay must come to the mean waiting that was seen

Shift = list[tuple[float, float]]  # somebody's times at work, in order, none touching the next


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit that an agent decided. `held` is since when they held it; None where nothing says."""

    arrived: float
    decided: float
    agent: int
    held: float | None


@dataclass(frozen=True, slots=True)
class Served:
    """The same with how long it waited for somebody, and when it was worked at.

    `seen` says whether the record shows the latter; else what is usual stands for it.
    """

    arrived: float
    waited: float
    spells: tuple[tuple[float, float], ...]
    agent: int
    seen: bool

    @property
    def took(self) -> float:
        """For how long it was worked at."""
        return sum(end - start for start, end in self.spells)


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths in four numbers: of ten, one is at most `low`, nine at most `high`."""

    mean: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a stage's people did, what replaying it gives, and what one more person would change.

    `service` is of visits whose beginning was seen alone. `replayed` and `with_one_more` are None
    where there is too little data.
    """

    decided: int
    unseen: int
    agents: int
    service: Spread | None
    waiting: Spread | None
    busy: float | None  # the share of the time at work
    replayed: Spread | None = None
    with_one_more: Spread | None = None

    @property
    def reproduced(self) -> bool:
        """Whether the replay comes near what was seen; what it foresees is worth no more."""
        if self.replayed is None or self.waiting is None:
            return False
        bound = max(CLOSE * self.waiting.mean, CLOSE_SECONDS)
        return abs(self.replayed.mean - self.waiting.mean) <= bound


def foresee(stays: Iterable[Stay]) -> Foreseen:
    """What the record of a stage shows, and what one more person would change in the waiting.

    That person keeps the hours of whoever worked most.
    """
    found = served(stays)
    shifts = at_work(found)
    worked = sum(end - start for shift in shifts.values() for start, end in shift)
    known = Foreseen(
        len(found),
        sum(not one.seen for one in found),
        len(shifts),
        spread([one.took for one in found if one.seen]),
        spread([one.waited for one in found]),
        sum(one.took for one in found) / worked if worked else None,
    )
    if len(found) < LEAST or known.unseen * 2 > len(found):
        return known
    work = sorted((one.arrived, one.took) for one in found)
    people = [shifts[agent] for agent in sorted(shifts)]
    longest = max(people, key=lambda shift: sum(end - start for start, end in shift))
    return Foreseen(
        *(known.decided, known.unseen, known.agents, known.service, known.waiting, known.busy),
        replayed=spread(replay(work, people)),
        with_one_more=spread(replay(work, [*people, longest])),
    )


def served(stays: Iterable[Stay]) -> list[Served]:
    """When each visit was worked at: one after another, however many somebody held at once.

    Work begins when its agent holds the visit and has decided the one before. Where nothing says
    so, or that is more than APART before the decision, so that they were away meanwhile, the middle
    length of the others stands for it.
    """
    by_agent: dict[int, list[Stay]] = {}
    for stay in sorted(stays, key=lambda one: (one.decided, one.arrived)):
        by_agent.setdefault(stay.agent, []).append(stay)
    pairs = [
        (stay, before.decided if before else stay.arrived)
        for own in by_agent.values()
        for stay, before in zip(own, [None, *own], strict=False)
    ]
    lengths = [
        length
        for stay, free in pairs
        if stay.held is not None
        and (length := stay.decided - max(stay.arrived, stay.held, free)) <= APART
    ]
    usual = median(lengths) if lengths else 0.0
    return [_served(stay, free, usual) for stay, free in pairs]


def _served(stay: Stay, free: float, usual: float) -> Served:
    ended = stay.decided
    began = max(stay.arrived, free, ended - usual if stay.held is None else stay.held)
    waited = began - stay.arrived
    if ended - began <= max(usual, APART):
        seen = stay.held is not None
        return Served(stay.arrived, waited, ((began, ended),), stay.agent, seen)
    # They left it and came back: some of it was done at the beginning, the rest at the end.
    part = usual / 2
    spells = ((began, began + part), (ended - part, ended))
    return Served(stay.arrived, waited, spells, stay.agent, seen=False)


def at_work(found: Iterable[Served]) -> dict[int, Shift]:
    """When each agent was at work here: at a visit, or for at most APART between two."""
    shifts: dict[int, Shift] = {}
    for (began, ended), agent in sorted(
        (spell, one.agent) for one in found for spell in one.spells
    ):
        shift = shifts.setdefault(agent, [])
        if shift and began - shift[-1][1] <= APART:
            shift[-1] = (shift[-1][0], max(shift[-1][1], ended))
        else:
            shift.append((began, ended))
    return shifts


def replay(work: Sequence[tuple[float, float]], people: Sequence[Shift]) -> list[float]:
    """How long each piece of work waits: (arrival, length), by arrival, first come first served.

    Whoever can begin first takes it, the first of those named where several can. Nobody works but
    in their shifts: what they have not ended they go on with in the next. What nobody can begin any
    more waits until the last shift ends.
    """
    hours = [_Hours(shift) for shift in people if shift]
    last = max((hour.ends[-1] for hour in hours), default=0.0)
    waits = []
    for arrived, length in work:
        first: _Hours | None = None
        begins = last
        for hour in hours:
            begin = hour.earliest(arrived)
            if begin is not None and (begin < begins or (first is None and begin <= begins)):
                first, begins = hour, begin
        if first is not None:
            first.work(begins, length)
        waits.append(max(begins - arrived, 0.0))
    return waits


class _Hours:
    """Somebody's shifts, and from when on they are free."""

    def __init__(self, shift: Shift) -> None:
        self.starts = [start for start, _ in shift]
        self.ends = [end for _, end in shift]
        self.free = self.starts[0]

    def earliest(self, at: float) -> float | None:
        """The first moment from `at` on at which they could begin; None where they never could."""
        at = max(at, self.free)
        index = bisect_right(self.ends, at)  # the first shift that ends after it
        return None if index == len(self.ends) else max(at, self.starts[index])

    def work(self, at: float, length: float) -> None:
        """Works for so long, over as many shifts as that takes."""
        index = bisect_right(self.ends, at)
        while index < len(self.ends):
            at = max(at, self.starts[index])
            if at + length <= self.ends[index]:
                self.free = at + length
                return
            length -= self.ends[index] - at
            index += 1
        self.free = self.ends[-1]


def spread(lengths: Sequence[float]) -> Spread | None:
    """Lengths in four numbers, by nearest rank; None where there are none."""
    if not lengths:
        return None
    ordered = sorted(lengths)
    low, middle, high = (
        ordered[min(int(share * len(ordered)), len(ordered) - 1)] for share in (0.1, 0.5, 0.9)
    )
    return Spread(fmean(ordered), low, middle, high)
