"""First-match tables: which row a dispute hits and why, and which rows nothing can ever hit (A1).

Routes of a decision, assignment rules and the choice of a workflow are all such tables: the first
row whose conditions all hold wins. Whether a row is shadowed by the rows above it is decidable,
for conditions are closed: see `core.workflow.satisfying`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.workflow.conditions import holds
from core.workflow.model import Condition, Facts, Group
from core.workflow.satisfying import Clause, Domains, TooHard, satisfiable

Rows = Sequence[tuple[Condition, ...]]


@dataclass(frozen=True, slots=True)
class Tried:
    """A row as a dispute meets it: each condition with whether it holds.

    `matches` says that all do; `hit` that it is also the row that is acted on.
    """

    checks: tuple[tuple[Condition, bool], ...]
    matches: bool
    hit: bool


@dataclass(frozen=True, slots=True)
class Shadow:
    """Why nothing can ever hit a row: the rows above that leave it nothing.

    No rows at all: its own conditions contradict each other.
    """

    by: tuple[int, ...] = ()


def tried(
    rows: Rows, facts: Facts, currency: str, falling: frozenset[int] = frozenset()
) -> list[Tried]:
    """Every row of a table against a dispute's facts; rows in `falling` let the next ones try."""
    found: list[Tried] = []
    open_still = True
    for place, row in enumerate(rows):
        checks = tuple((condition, holds(condition, facts, currency)) for condition in row)
        matches = all(held for _, held in checks)
        found.append(Tried(checks, matches, matches and open_still))
        if matches and place not in falling:
            open_still = False
    return found


def never_hit(
    rows: Rows,
    domains: Domains,
    given: Sequence[Group] = (),
    falling: frozenset[int] = frozenset(),
) -> Mapping[int, Shadow]:
    """The rows that nothing can ever hit, by their place, each with what shadows it.

    `given` are groups that hold whenever the table is asked. What cannot be decided within bounds
    is not claimed. A last row without conditions is left out: a table needs it (S3).
    """
    known = [clause for group in given for clause in _clauses(group)]
    found: dict[int, Shadow] = {}
    for place, row in enumerate(rows):
        if not row and place == len(rows) - 1:
            continue
        own: list[Clause] = [*known, *([(condition, True)] for condition in row)]
        above = [at for at in range(place) if at not in falling]
        try:
            shadow = _shadow(own, above, rows, domains)
        except TooHard:
            continue
        if shadow is not None:
            found[place] = shadow
    return found


def _shadow(own: list[Clause], above: list[int], rows: Rows, domains: Domains) -> Shadow | None:
    if not satisfiable(own, domains):
        return Shadow()
    if satisfiable([*own, *(_missing(rows[at]) for at in above)], domains):
        return None
    for at in above:
        if not satisfiable([*own, _missing(rows[at])], domains):
            return Shadow((at,))
    needed = list(above)
    for at in above:  # as few as explain it
        fewer = [other for other in needed if other != at]
        if not satisfiable([*own, *(_missing(rows[one]) for one in fewer)], domains):
            needed = fewer
    return Shadow(tuple(needed))


def _missing(row: tuple[Condition, ...]) -> Clause:
    """That a row does not match: at least one of its conditions does not hold."""
    return [(condition, False) for condition in row]


def _clauses(group: Group) -> list[Clause]:
    if group.match == "any":
        return [[(condition, True) for condition in group.conditions]]
    return [[(condition, True)] for condition in group.conditions]
