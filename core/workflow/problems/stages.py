"""Problems of a workflow's stages and service levels, and of the graph they make."""

from collections.abc import Iterator

from core.workflow.model import Document, Stage, Workflow
from core.workflow.problems.assignments import assignment_problems
from core.workflow.problems.decisions import decision_problems
from core.workflow.problems.fields import field_problems
from core.workflow.problems.found import Found, blank, twice
from core.workflow.problems.limits import limit_problems
from core.workflow.problems.macros import macro_problems
from core.workflow.problems.service_levels import MOST_MINUTES, service_level_problems
from core.workflow.relevance import next_stages
from core.workflow.terms import By, Kind

MOST_UNDO_SECONDS = 3_600  # so long do parties wait to hear of a decision at most


def workflow_problems(document: Document, workflow: Workflow) -> Iterator[Found]:
    """Problems of one workflow: its settings, stages, ends, limits, times, and where it leads."""
    at = (workflow.key,)
    yield from blank(at, workflow.label)
    yield from twice(workflow.key, (stage.key for stage in workflow.stages))
    stages = workflow.stage_by_key
    start, first = stages.get(workflow.start), stages.get(workflow.first)
    if start is None or start.kind != Kind.INTAKE:
        yield "start_not_intake", at, {"name": workflow.start}
    if first is None or first.kind != Kind.WORK:
        yield "first_not_work", at, {"name": workflow.first}
    if not workflow.escalation:
        yield "channel_missing", at, {}
    if not 0 <= workflow.preferred_minutes <= MOST_MINUTES:
        yield "bad_hold_minutes", at, {}
    if not 0 <= workflow.undo_seconds <= MOST_UNDO_SECONDS:
        yield "bad_undo_seconds", at, {"most": str(MOST_UNDO_SECONDS)}
    yield from limit_problems(workflow)
    yield from service_level_problems(document, workflow)
    yield from assignment_problems(document, workflow)
    for successor in workflow.successors:
        if successor.removed in stages or successor.to not in stages:
            yield "bad_successor", at, {"name": successor.removed, "to": successor.to}
    for stage in workflow.stages:
        yield from _stage(document, workflow, stage)
        yield from macro_problems(document, workflow, stage)
    yield from twice(workflow.key + "/ends", (decision.key for decision in workflow.ends))
    for decision in workflow.ends:
        yield from decision_problems(document, workflow, None, decision)
    if start is not None and first is not None:
        yield from _graph(workflow)


def _stage(document: Document, workflow: Workflow, stage: Stage) -> Iterator[Found]:
    place = (workflow.key, stage.key)
    yield from blank(place, stage.label)
    if stage.kind not in set(Kind):
        yield "unknown_kind", place, {"name": stage.kind}
    if stage.kind in (Kind.INTAKE, Kind.WORK) and not stage.channel:
        yield "channel_missing", place, {}
    if not 0 < stage.hold_minutes <= MOST_MINUTES:
        yield "bad_hold_minutes", place, {}
    if stage.kind == Kind.FINAL and (stage.decisions or stage.fields):
        yield "final_decides", place, {}
    if stage.kind == Kind.WAIT:
        timeouts = [d for d in stage.decisions if d.by == By.TIMEOUT]
        if len(timeouts) != 1:
            yield "wait_timeouts", place, {"count": str(len(timeouts))}
        levels = workflow.levels_by_stage.get(stage.key, ())
        if not levels or levels[-1].when:
            yield "wait_without_limit", place, {}
    yield from twice("/".join(place), (decision.key for decision in stage.decisions))
    yield from twice("/".join(place), (asked.key for asked in stage.fields))
    for asked in stage.fields:
        yield from field_problems(document, workflow, (*place, asked.key), asked)
    for decision in stage.decisions:
        yield from decision_problems(document, workflow, stage, decision)


def _graph(workflow: Workflow) -> Iterator[Found]:
    """Stages that nothing leads to, and stages that lead nowhere."""
    known = workflow.stage_by_key
    after = {key: next_stages(workflow, key) & known.keys() for key in known}
    reached, queue = {workflow.start}, [workflow.start]
    while queue:
        for target in after[queue.pop()] - reached:
            reached.add(target)
            queue.append(target)
    for key in known:
        if key not in reached:
            yield "stage_unreachable", (workflow.key, key), {}
        if not after[key] and known[key].kind != Kind.FINAL:
            yield "dead_end", (workflow.key, key), {}
