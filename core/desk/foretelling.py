"""What levels of ladders will have done by themselves: the next grade, the next shift (G8, G11).

A raise may end one promise and begin another, so that all promises of a dispute are played through
together, moment by moment, by the same rules by which the sweep then acts. What a pause holds has
no moment yet, and is left as it is.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from core.clocks.calendar import NeverOpen
from core.desk import assigning, deadlines, people, raising, rotas, standing
from core.desk.assignment import Hands
from core.desk.deadlines import Turn
from core.desk.explaining import Explained, foreseen
from core.desk.hearing import Coming, Outcome
from core.desk.ladders import Plans
from core.desk.standing import Standing
from core.workflow.conditions import holds
from core.workflow.facts import GRADE, GRADES
from core.workflow.grading import next_up
from core.workflow.model import Label, LadderLevel, Value
from core.workflow.service_level import ServiceLevel
from core.workflow.terms import Act, Kind


def played(
    connection: Connection, dispute_id: int, found: Sequence[Explained], *, now: dt.datetime
) -> list[Explained]:
    """The promises of a dispute with all that comes of them; those that a raise begins come last.

    A promise that a raise gives up tells nothing more from then on.
    """
    acting = any(_tells_more(level) for one in found for c in one.coming for level in c.acts)
    at = standing.of_dispute(connection, dispute_id, lock=False) if acting else None
    if at is None:
        return list(found)
    play = _Play(connection, at, list(found), now)
    play.through()
    return play.found


def _tells_more(level: LadderLevel) -> bool:
    return level.act == Act.RAISE or bool(level.shift)


@dataclass
class _Play:
    """A dispute on its way through what comes, if nobody does anything."""

    connection: Connection
    at: Standing
    found: list[Explained]
    now: dt.datetime
    told: list[list[Coming]] = field(init=False)
    facts: dict[str, Value] = field(init=False)
    done: set[tuple[str, str]] = field(init=False)
    gone: dict[int, dt.datetime] = field(default_factory=dict)  # which are given up, and when
    given: set[int] = field(default_factory=set)  # who holds it by then

    def __post_init__(self) -> None:
        self.told = [[] for _ in self.found]
        self.facts = dict(self.at.facts)
        self.done = raising.done(self.connection, self.at.row.dispute_id)

    def through(self) -> None:
        """Plays every moment, earliest first, then what a pause holds."""
        left = [(c, n) for n, one in enumerate(self.found) for c in one.coming]
        while left:
            first = min(left, key=lambda row: (row[0].at is None, row[0].at or self.now, row[1]))
            left.remove(first)
            coming, place = first
            if self.gone.get(place, coming.at) != coming.at:
                continue
            known = len(self.found)
            self.told[place].append(self._played(coming, place))
            fresh = enumerate(self.found[known:], known)
            left += [(c, n) for n, one in fresh for c in one.coming]
        self.found = [
            replace(one, coming=tuple(told))
            for one, told in zip(self.found, self.told, strict=True)
        ]

    def _played(self, coming: Coming, place: int) -> Coming:
        if coming.at is None:
            return coming
        acts, outcomes = [], {}
        for level in coming.acts:
            if place in self.gone:  # another one of this moment has given its promise up
                break
            acts.append(level)
            if level.act == Act.RAISE:
                outcomes[level.key] = self._raised(place, level, coming.at)
            elif level.shift:
                outcomes[level.key] = Outcome(who=self._next(level.shift, coming.at))
        return replace(coming, acts=tuple(acts), outcomes=outcomes)

    def _raised(self, place: int, level: LadderLevel, when: dt.datetime) -> Outcome:
        grade = str(self.facts.get(GRADE, ""))
        mark = (self.found[place].level.key, level.key)
        if mark in self.done:
            return Outcome(grade, again=True)
        self.done.add(mark)
        to = next_up(self.at.document.grade_rules, grade)
        if not to:
            return Outcome(grade, highest=True)
        turn = self._turn(to)
        self.facts = dict(turn.facts)
        here = [n for n, one in enumerate(self.found) if one.stopped_at is None]
        over = [n for n in here if n not in self.gone and self._given_up(n, turn)]
        self.gone.update(dict.fromkeys(over, when))
        going = {self.found[n].level.key for n in here if n not in self.gone}
        plans, workflow = Plans(self.connection), self.at.workflow
        rows = deadlines.reopening(plans, self.at.row.dispute_id, turn, now=when)
        begun = dict.fromkeys(row["service_level"] for row in rows)
        fresh = [workflow.level_by_key[key] for key in begun if key not in going]
        for one in fresh:
            self._begin(one, when, held=one.pauses and turn.hidden)
        return Outcome(
            to,
            over=tuple(self.found[n].level.label for n in over),
            starts=tuple(one.label for one in fresh),
        )

    def _begin(self, level: ServiceLevel, when: dt.datetime, *, held: bool) -> None:
        """What a raise begins is played as well; nothing where its calendar never opens."""
        document, workflow = self.at.document, self.at.workflow
        try:
            one = foreseen(self.connection, document, workflow, level, when)
        except NeverOpen:
            return
        self.found.append(replace(one, coming=()) if held else one)
        self.told.append([])

    def _turn(self, to: str) -> Turn:
        row = self.at.row
        return Turn(
            row.workflow,
            row.stage,
            row.visit_id,
            row.document_id,
            (),
            {**self.facts, GRADE: to},
            row.currency,
            hidden=row.kind == Kind.WAIT,
            before=self.facts,
        )

    def _given_up(self, place: int, turn: Turn) -> bool:
        one = self.found[place]
        return deadlines.given_up(one.workflow, one.level, turn)

    def _next(self, shift: str, when: dt.datetime) -> tuple[str, ...]:
        hands = Hands(self.connection, now=self.now, lock=False)
        found = assigning.whom(self.connection, self.at, hands, shift, self.given, now=when)
        if found is None:
            return ()
        self.given.add(found)
        return (people.name(self.connection, found),)


def drafted(connection: Connection, one: Explained, at: Standing | None) -> Explained:
    """A promise of a draft with what comes of its levels, as far as that can be told.

    Without a dispute the grade is the one to which the promise is made, if it is one, and anybody
    may be given it who comes on next; of a dispute nobody who decided another stage.
    """
    facts = at.facts if at is not None else {}
    known = (str(facts[GRADE]),) if GRADE in facts else GRADES
    fit = [grade for grade in known if _made_to(one, grade)]
    grade, told = fit[0] if len(fit) == 1 else "", []
    for coming in one.coming:
        acts, outcomes, over = [], {}, False
        for level in coming.acts:
            acts.append(level)
            if level.act == Act.RAISE and grade:
                to = next_up(one.document.grade_rules, grade)
                over = not _made_to(one, to or grade)
                gone: tuple[Label, ...] = (one.level.label,) if over else ()
                outcomes[level.key] = Outcome(to or grade, highest=not to, over=gone)
                grade = to or grade
            elif level.shift and coming.at is not None:
                next_on = rotas.coming_on(connection, level.shift, now=coming.at)
                able = [person for person in next_on if person not in _barred(one, at)]
                names = tuple(people.name(connection, person) for person in able)
                outcomes[level.key] = Outcome(who=names)
            if over:
                break
        told.append(replace(coming, acts=tuple(acts), outcomes=outcomes))
        if over:
            break
    return replace(one, coming=tuple(told))


def _barred(one: Explained, at: Standing | None) -> set[int]:
    """Whom stage separation keeps from the stage of a promise, at this dispute (W3)."""
    stage = one.workflow.stage_by_key.get(one.level.stage)
    if at is None or stage is None or not stage.separation:
        return set()
    return at.handlers(stage.key)


def _made_to(one: Explained, grade: str) -> bool:
    """Whether a promise is made to disputes of a grade, as far as that goes."""
    asked = (condition for condition in one.level.when if condition.fact == GRADE)
    return all(holds(condition, {GRADE: grade}, "") for condition in asked)
