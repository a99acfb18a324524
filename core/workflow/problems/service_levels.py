"""Problems of service levels and ladders: promises that never begin, idle levels (G8)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from core.workflow.facts import DESK_FACTS
from core.workflow.model import Document, Ladder, LadderLevel, Mark, ServiceLevel, Workflow
from core.workflow.problems.conditions import condition_problems
from core.workflow.problems.defaults import harmless
from core.workflow.problems.found import Found, blank, twice
from core.workflow.terms import NAMED_HEARS, Act, Happening, Hears, Kind, Meaning, Point

MOST_MINUTES = 5_256_000  # ten years: what lies beyond is a slip, and overflows in the end
MOST_ACK_MINUTES = 1_440  # a day: whoever needs longer says so again
GROUP_ID = re.compile(r"S[A-Z0-9]{1,20}")  # as Slack names user groups


def service_level_problems(document: Document, workflow: Workflow) -> Iterator[Found]:
    """Problems of a workflow's service levels."""
    yield from twice(workflow.key + "/service_levels", (s.key for s in workflow.service_levels))
    for level in workflow.service_levels:
        place = (workflow.key, "service_levels", level.key)
        yield from blank(place, level.label)
        yield from _length(document, level, place)
        yield from _span(workflow, level, place)
        yield from _defaults(document, workflow, level)
        yield from condition_problems(document, workflow, place, (), level.when)
        for condition in level.when:
            known = DESK_FACTS.get(condition.fact)
            if known is not None and known.derived:
                yield "rule_fact", place, {"name": condition.fact}
    for levels in workflow.levels_by_stage.values():
        for before, after in pairwise(levels):
            if not before.when:
                place = (workflow.key, "service_levels", after.key)
                yield "rule_never_hit", place, {"name": before.key}


def _length(document: Document, level: ServiceLevel, place: tuple[str, ...]) -> Iterator[Found]:
    if not 0 < level.minutes <= MOST_MINUTES:
        yield "bad_minutes", place, {}
    ladder = document.ladder_by_key.get(level.ladder)
    if level.ladder and ladder is None:
        yield "unknown_ladder", place, {"name": level.ladder}
    for rung in ladder.levels if ladder else ():
        if rung.point == Point.BEFORE and rung.at >= level.minutes:
            yield "warned_before_start", place, {"name": rung.key}


def _defaults(document: Document, workflow: Workflow, level: ServiceLevel) -> Iterator[Found]:
    """What its ladder decides must be a harmless decision of its stage (rule 9)."""
    place = (workflow.key, "service_levels", level.key)
    ladder = document.ladder_by_key.get(level.ladder)
    stage = workflow.stage_by_key.get(level.stage)
    for rung in ladder.levels if ladder else ():
        if rung.act != Act.DECIDE or not rung.decision:  # that it decides nothing, the ladder says
            continue
        known = workflow.decisions_by_stage[stage.key] if stage else {}
        decision = known.get(rung.decision)
        if decision is None or stage is None or stage.kind != Kind.WORK:
            yield "default_unknown", place, {"name": rung.decision}
        elif not harmless(workflow, decision):
            yield "default_not_harmless", place, {"name": rung.decision}


def _span(workflow: Workflow, level: ServiceLevel, place: tuple[str, ...]) -> Iterator[Found]:
    """Where it runs: with the visits to a stage, or with the dispute from mark to mark."""
    if level.stage:
        stage = workflow.stage_by_key.get(level.stage)
        if stage is None or stage.kind == Kind.FINAL:
            yield "unknown_stage", place, {"name": level.stage}
        if level.starts or level.stops or level.pauses:
            yield "stage_level_marked", place, {}
        return
    if not level.starts:
        yield "level_never_starts", place, {}
    for mark in (*level.starts, *level.stops):
        if not _known(workflow, mark) or mark.event == Happening.ENDED:
            yield "unknown_mark", place, {"name": f"{mark.event} {mark.of}".strip()}


def _known(workflow: Workflow, mark: Mark) -> bool:
    if mark.event in (Happening.ENTERED, Happening.LEFT):
        return mark.of in workflow.stage_by_key
    if mark.event == Happening.DECIDED:
        return any(one == mark.of or one.startswith(mark.of + ".") for one in Meaning)
    return mark.event in set(Happening) and not mark.of


def ladder_problems(document: Document) -> Iterator[Found]:
    """Problems of the ladders."""
    yield from twice("ladders", (ladder.key for ladder in document.ladders))
    for ladder in document.ladders:
        yield from blank(("ladders", ladder.key), ladder.label)
        yield from twice("ladders/" + ladder.key, (level.key for level in ladder.levels))
        if not 0 <= ladder.ack_minutes <= MOST_ACK_MINUTES:
            yield "bad_ack_minutes", ("ladders", ladder.key), {}
        for level in ladder.levels:
            yield from _level(ladder, level)
            if level.act == Act.RAISE and not document.grade_rules:
                yield "raises_no_grade", ("ladders", ladder.key, level.key), {}


def _level(ladder: Ladder, level: LadderLevel) -> Iterator[Found]:
    place = ("ladders", ladder.key, level.key)
    for value, known in (
        (level.point, set(Point)),
        (level.hears, set(Hears) | ({""} if level.act else set())),
        (level.act, {"", *Act}),
    ):
        if value not in known:
            yield "unknown_kind", place, {"name": value}
    highest = 100 if level.point == Point.PERCENT else MOST_MINUTES
    if not 0 <= level.at <= highest:
        yield "bad_minutes", place, {}
    if bool(level.whom) != (level.hears in NAMED_HEARS):
        yield "level_tells_nobody", place, {"name": level.hears}
    elif level.hears == Hears.GROUP and not GROUP_ID.fullmatch(level.whom):
        yield "bad_user_group", place, {"name": level.whom}
    if bool(level.decision) != (level.act == Act.DECIDE):
        yield "level_decides_nothing", place, {"name": level.decision}
    if level.shift and level.act != Act.REASSIGN:
        yield "level_gives_no_shift", place, {"name": level.shift}
