"""Service levels: promises about time, when each begins and ends, and who is told of it (G1 to G8).

A level with a stage runs with each visit there: the first one whose conditions hold. All others run
with the dispute: each from its start to its stop, several at once. The moments and rows here are
data; how a deadline follows them is `core.desk.deadlines`, how long they are `core.clocks`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.workflow.conditions import holds
from core.workflow.parts import Condition, Facts, Label
from core.workflow.terms import Happening, Point


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happens to a dispute; `of` names the stage or meaning of it."""

    event: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class LadderLevel:
    """A level of a ladder: when it fires, who hears of it, and what it does by itself.

    `at` is a percentage of the length, or minutes before or after its end, as `point` says. `whom`
    names what `hears` means: a channel or rota by its key, a person or user group by Slack's id.
    `decision` is the key of the decision that is taken. What is given away goes to whoever comes on
    with the next shift of the rota `shift`, or without one to whoever has the least to do.
    """

    key: str
    point: str = Point.AFTER
    at: int = 0
    hears: str = ""  # nobody where the level only acts
    whom: str = ""
    act: str = ""
    decision: str = ""
    shift: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """What happens before a promise is broken, and after: levels in their order (G8)."""

    key: str
    label: Label
    levels: tuple[LadderLevel, ...] = ()
    calendar: str = ""  # people are told while it is open only; always without one
    ack_minutes: int = 30  # how long it rests for whoever says 'I am on it'; 0: never (K6)


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """A promise about time: what starts and stops it, and how long it is.

    `minutes` are those that its calendar is open, or all without one. What `pauses` stands still
    while the dispute is hidden (rule 12).
    """

    key: str
    label: Label
    minutes: int
    stage: str = ""
    starts: tuple[Mark, ...] = ()
    stops: tuple[Mark, ...] = ()
    pauses: bool = False
    calendar: str = ""
    ladder: str = ""
    when: tuple[Condition, ...] = ()


def at_stage(
    levels: Sequence[ServiceLevel], stage: str, facts: Facts, currency: str
) -> ServiceLevel | None:
    """The level that runs with a visit to the stage: the first whose conditions hold."""
    return next((x for x in levels if x.stage == stage and meant(x, facts, currency)), None)


def starting(
    levels: Sequence[ServiceLevel], happened: Collection[Mark], facts: Facts, currency: str
) -> Iterator[ServiceLevel]:
    """The levels that what happened starts for a dispute of these facts, stages' own left out."""
    for level in levels:
        if not level.stage and struck(level.starts, happened) and meant(level, facts, currency):
            yield level


def running_after(level: ServiceLevel, steps: Iterable[Collection[Mark]]) -> bool:
    """Whether the level would be running after all this happened, oldest first."""
    running = False
    for happened in steps:
        running = (running or struck(level.starts, happened)) and not stopped_by(level, happened)
    return running


def stopped_by(level: ServiceLevel, happened: Collection[Mark]) -> bool:
    """Whether what happened ends the level: its own stops, and the end of the dispute."""
    return Mark(Happening.ENDED) in happened or struck(level.stops, happened)


def meant(level: ServiceLevel, facts: Facts, currency: str) -> bool:
    """Whether the level is promised to a dispute of these facts."""
    return all(holds(condition, facts, currency) for condition in level.when)


def struck(marks: Sequence[Mark], happened: Collection[Mark]) -> bool:
    """Whether any of the marks is among what happened."""
    return any(_is(mark, one) for mark in marks for one in happened)


def _is(mark: Mark, happened: Mark) -> bool:
    """A mark without a name means any; one that names a family of meanings, each of them."""
    return mark.event == happened.event and (
        not mark.of or happened.of == mark.of or happened.of.startswith(mark.of + ".")
    )
