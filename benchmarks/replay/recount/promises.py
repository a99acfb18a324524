"""What every promise must have done: when it ran, stood still, was due, and what of it fired.

A promise is read from the published document as plain data; its clock is minutes of `Hours`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.replay.recount.minutes import ALWAYS, Hours
from benchmarks.replay.recount.story import CLOSED, HIDDEN, INTAKE, Outages, Visit, swept

Mark = tuple[str, str]
BACK = "send_back"  # the meaning of a decision that reopens


@dataclass(frozen=True, slots=True)
class Promise:
    """A service level with its ladder: when each level comes, in minutes of its clock.

    The promise's own end is among them, at `end`, before whatever falls on it.
    """

    key: str
    stage: str
    starts: frozenset[Mark]
    stops: frozenset[Mark]
    pauses: bool
    priorities: frozenset[str]  # empty: all
    length: int
    hours: Hours
    telling: Hours
    offsets: tuple[int, ...]
    end: int
    loud: frozenset[int]  # the places of which a channel hears

    def meant_for(self, priority: str) -> bool:
        """Whether it is promised to disputes of this priority."""
        return not self.priorities or f"p{priority}" in self.priorities


@dataclass(slots=True)
class Run:
    """One running of a promise; `still` are the stretches in which its clock stood.

    It is `over` where it is promised no longer, for the dispute is one of another priority.
    """

    promise: Promise
    started: int
    stopped: int | None = None
    over: bool = False
    still: list[list[int | None]] = field(default_factory=list)

    def passed(self, length: int) -> int | None:
        """When so much of its clock has passed; None while it stands still before that."""
        hours, begin, left = self.promise.hours, self.started, length
        for since, until in self.still:
            room = hours.between(begin, since or 0)
            if left <= room:
                break
            if until is None:
                return None
            left, begin = left - room, until
        return hours.after(begin, left)

    def fires(self, outages: Outages, until: int) -> dict[int, int]:
        """The levels that must have fired by then, with the minute of each.

        Several that come with one sweep fire together; nobody is warned of what is over.
        """
        moments = self._moments()
        over = until if self.stopped is None else self.stopped
        fired: dict[int, int] = {}
        place = 0
        while place < len(moments) and (due := moments[place]) is not None:
            at = swept(due, outages)
            if at > over:
                break
            come = [p for p in range(place, len(moments)) if self._come(moments, place, p, at)]
            fired |= dict.fromkeys([p for p in come if p >= self.promise.end] or come, at)
            place = come[-1] + 1
        return fired

    @staticmethod
    def _come(moments: Sequence[int | None], first: int, place: int, at: int) -> bool:
        return all((m := moments[p]) is not None and m <= at for p in range(first, place + 1))

    def _moments(self) -> list[int | None]:
        """When each level comes; what people may not hear yet waits, a warning until the end."""
        promise, due = self.promise, self.passed(self.promise.length)
        found: list[int | None] = []
        for place, offset in enumerate(promise.offsets):
            at = self.passed(offset)
            if at is not None and place != promise.end:
                opens = promise.telling.opens(at)
                if place < promise.end and due is not None:
                    at = due if opens is None else min(opens, due)
                else:
                    at = opens
            found.append(at)
        return found


def read(document: Any, workflow: str, hours: dict[str, Hours]) -> list[Promise]:
    """The promises of a workflow of a published document."""
    ladders = {one["key"]: one for one in document.get("ladders", ())}
    levels = next(w for w in document["workflows"] if w["key"] == workflow)["service_levels"]
    return [_promise(level, ladders.get(level.get("ladder", "")), hours) for level in levels]


def _promise(level: Any, ladder: Any, hours: dict[str, Hours]) -> Promise:
    length = level["minutes"]
    rungs = [(length, 0, "")]
    levels = ladder.get("levels", ()) if ladder else ()
    rungs += [(_offset(rung, length), 1, rung.get("hears", "")) for rung in levels]
    rungs.sort(key=lambda one: one[:2])
    return Promise(
        level["key"],
        level.get("stage", ""),
        _marks(level.get("starts", ())),
        _marks(level.get("stops", ())),
        level.get("pauses", False),
        frozenset(value for one in level.get("when", ()) for value in one["values"]),
        length,
        hours.get(level.get("calendar", ""), ALWAYS),
        hours.get(ladder.get("calendar", "") if ladder else "", ALWAYS),
        tuple(offset for offset, _, _ in rungs),
        rungs.index((length, 0, "")),
        frozenset(place for place, rung in enumerate(rungs) if rung[2] == "channel"),
    )


def _offset(rung: Any, length: int) -> int:
    at, point = rung.get("at", 0), rung.get("point", "after")
    if point == "percent":
        whole, rest = divmod(length * at, 100)
        assert not rest, f"{at} percent of {length} minutes fall between two"
        return whole
    return max(length + at if point == "after" else length - at, 0)


def _marks(given: Any) -> frozenset[Mark]:
    return frozenset((one["event"], one.get("of", "")) for one in given)


def runs(promises: Sequence[Promise], visits: Sequence[Visit]) -> list[Run]:
    """Every running of a promise on one dispute, in the order in which they began."""
    found: list[Run] = []
    so_far: list[set[Mark]] = []
    before: Visit | None = None
    for visit in visits:
        happened = _happened(before, visit)
        so_far.append(happened)
        for run in found:
            if run.stopped is None:
                _turn(run, visit, happened)
        going = {run.promise.key for run in found if run.stopped is None}
        begun = [*_begun(promises, visit, happened)]
        if before is not None and visit.stage != CLOSED:
            begun += _meant_now(promises, before.priority, visit.priority, so_far)
        for promise in begun:
            if promise.key not in going:
                going.add(promise.key)
                found.append(_started(promise, visit, happened))
        before = visit
    return found


def _happened(before: Visit | None, visit: Visit) -> set[Mark]:
    if before is None:
        return {("opened", ""), ("entered", INTAKE)}
    happened = {("left", before.stage), ("entered", visit.stage)}
    if visit.back:
        happened.add(("decided", BACK))
    return happened


def _turn(run: Run, visit: Visit, happened: set[Mark]) -> None:
    """What moving to the visit does to a promise that runs."""
    if run.promise.stage or visit.stage == CLOSED or run.promise.stops & happened:
        run.stopped = visit.since
        return
    if not run.promise.meant_for(visit.priority):
        run.stopped, run.over = visit.since, True
        return
    held = bool(run.still) and run.still[-1][1] is None
    if run.promise.pauses and held != (visit.stage in HIDDEN):
        if held:
            run.still[-1][1] = visit.since
        else:
            run.still.append([visit.since, None])


def _begun(promises: Sequence[Promise], visit: Visit, happened: set[Mark]) -> Iterator[Promise]:
    """With a visit the first promise of its stage that is meant, with the dispute all of them."""
    meant = [promise for promise in promises if promise.meant_for(visit.priority)]
    yield from [one for one in meant if one.stage == visit.stage][:1]
    yield from (one for one in meant if not one.stage and one.starts & happened)


def _meant_now(
    promises: Sequence[Promise], before: str, priority: str, so_far: Sequence[set[Mark]]
) -> Iterator[Promise]:
    """What is promised to this priority and was not to the one before, begun and not over yet."""
    for promise in promises:
        if promise.stage or promise.meant_for(before) or not promise.meant_for(priority):
            continue
        runs = False
        for happened in so_far:
            runs = (runs or bool(promise.starts & happened)) and not promise.stops & happened
        if runs:
            yield promise


def _started(promise: Promise, visit: Visit, happened: set[Mark]) -> Run:
    run = Run(promise, visit.since)
    if not promise.stage and promise.stops & happened:
        run.stopped = visit.since
    if promise.pauses and visit.stage in HIDDEN:
        run.still.append([visit.since, None])
    return run
