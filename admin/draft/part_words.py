"""Each kind of the draft's rows in words: a title, a line of detail, tags."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from admin.draft.options import share_text
from admin.draft.sketch import Sketch, row_label
from admin.words import condition_text, fact_label, join, known, length, plain, value_label
from core.desk import draft_rows
from core.desk.draft_rows import Owner
from core.fact_words import mark_text
from core.workflow.model import Condition, Mark, Workflow
from core.workflow.terms import Act, Assignee, By, EffectKind, Kind, Point
from web.desk import reading
from web.language import locale, say

Words = tuple[str, str, list[str]]


def _option(row: Row[Any], _: Sketch) -> Words:
    details = [_other_label(row)]
    if row.share:
        details.append(share_text(row.share))
    if row.meaning:
        details.append(say(f"panel.meaning.{row.meaning}"))
    tags = [tag for tag in ("retired", "exclusive") if getattr(row, tag)]
    return row_label(row), _dotted(details), tags


def _labelled(row: Row[Any], _: Sketch) -> Words:
    return row_label(row), _other_label(row), []


def _stage(row: Row[Any], sketch: Sketch) -> Words:
    details = [say(f"panel.kind.{row.kind}") if row.kind in set(Kind) else row.kind]
    if row.channel:
        details.append(f"#{row.channel}")
    levels = sketch.workflow.levels_by_stage.get(row.key, ())
    details += [length(level.minutes) for level in levels]
    return row_label(row), _dotted(details), []


def _field(row: Row[Any], sketch: Sketch) -> Words:
    details = [known(f"panel.field_kind.{row.kind}", row.kind)]
    option_set = sketch.document.set_by_key.get(row.options)
    if option_set is not None:
        details.append(sketch.label(option_set))
    return row_label(row), _dotted(details), [] if row.required else ["optional"]


def _decision(row: Row[Any], sketch: Sketch) -> Words:
    targets = dict.fromkeys(
        _stage_label(sketch.workflow, route.to)
        for route in draft_rows.rows(reading(), "route", Owner("decision", row.id))
    )
    details = [] if row.by == By.AGENT else [known(f"panel.by.{row.by}", row.by)]
    details.append(
        say("panel.leads_to", stages=join(targets)) if targets else say("panel.no_route")
    )
    return row_label(row), _dotted(details), [row.style] if row.style else []


def _effect(row: Row[Any], sketch: Sketch) -> Words:
    detail = ""
    if row.kind == EffectKind.SET:
        workflow, document = sketch.workflow, sketch.document
        value = value_label(document, workflow, row.fact, row.value)
        detail = f"{fact_label(workflow, row.fact)} = {value}"
    elif row.kind == EffectKind.REQUEST:
        detail = join(known(f"panel.by.{party}", party) for party in row.parties)
    elif row.kind == EffectKind.PAY:
        detail = join(known(f"panel.source.{source}", source) for source in row.sources)
    return known(f"panel.effect.{row.kind}", row.kind), detail, []


def _route(row: Row[Any], sketch: Sketch) -> Words:
    rows = draft_rows.rows(reading(), "condition", Owner("route", row.id))
    texts = [_condition_words(condition, sketch) for condition in rows]
    details = [say("panel.route.if", conditions=join(texts)) if texts else say("panel.route.else")]
    if row.assignee != Assignee.NOBODY:
        details.append(known(f"panel.assignee.{row.assignee}", row.assignee))
    return "→ " + _stage_label(sketch.workflow, row.to), _dotted(details), []


def _condition(row: Row[Any], sketch: Sketch) -> Words:
    return _condition_words(row, sketch), "", []


def _limit(row: Row[Any], _: Sketch) -> Words:
    counted = known(f"panel.meaning.{row.counts}", row.counts)
    details = [say("panel.limit.says", number=row.maximum, meaning=counted)]
    if row.grants:
        more = known(f"panel.meaning.{row.grants}", row.grants)
        details.append(say("panel.limit.grants", meaning=more))
    return known(f"panel.limit.{row.key}", plain(row.key)), _dotted(details), []


def _service_level(row: Row[Any], sketch: Sketch) -> Words:
    texts = [
        _condition_words(condition, sketch)
        for condition in draft_rows.rows(reading(), "condition", Owner("service_level", row.id))
    ]
    ladder = sketch.document.ladder_by_key.get(row.ladder)
    starts = [mark_text(sketch.workflow, Mark(**mark), locale()) for mark in row.starts]
    where = _stage_label(sketch.workflow, row.stage) if row.stage else join(starts)
    details = [
        where,
        length(row.minutes),
        dict(sketch.calendars()).get(row.calendar, row.calendar),
        sketch.label(ladder) if ladder is not None else row.ladder,
        say("panel.route.if", conditions=join(texts)) if texts else "",
    ]
    return row_label(row), _dotted(details), ["pauses"] if row.pauses else []


def _ladder(row: Row[Any], sketch: Sketch) -> Words:
    levels = draft_rows.rows(reading(), "ladder_level", Owner("ladder", row.id))
    told = say("panel.ladder.levels", number=len(levels))
    details = [
        told if levels else say("panel.ladder.no_levels"),
        dict(sketch.calendars()).get(row.calendar, row.calendar),
        say("panel.ladder.acked", length=length(row.ack_minutes)) if row.ack_minutes else "",
    ]
    return row_label(row), _dotted(details), []


def level_place(point: str, at: int) -> str:
    """When a level of a ladder fires: `15 minutes before the end`."""
    nought = "start" if point == Point.PERCENT else "end"
    place = point if at else nought
    return say(f"panel.at.{place}", at=at, length=length(at))


def _ladder_level(row: Row[Any], sketch: Sketch) -> Words:
    named = dict([*sketch.channels(), *sketch.people(), *sketch.rotas()])
    heard = known(f"panel.hears.{row.hears}", row.hears) if row.hears else ""
    does = known(f"panel.act.{row.act}", row.act) if row.act else ""
    if row.act == Act.REASSIGN:
        told = "panel.act.reassign.shift" if row.shift else "panel.act.reassign.least"
        does = say(told, rota=named.get(row.shift, row.shift))
    decisions = (
        decision.label.text(locale())
        for workflow in sketch.document.workflows
        for stage in workflow.stages
        for decision in stage.decisions
        if decision.key == row.decision
    )
    taken = next(decisions, row.decision)
    return (
        level_place(row.point, row.at),
        _dotted([heard, named.get(row.whom, row.whom), does, taken]),
        [],
    )


def _macro(row: Row[Any], sketch: Sketch) -> Words:
    workflow = sketch.workflow
    stage = sketch.stage.key if sketch.stage is not None else ""
    decision = workflow.decisions_by_stage.get(stage, {}).get(row.decision)
    led = sketch.label(decision) if decision is not None else say("panel.gone", key=row.decision)
    chosen = [
        value_label(sketch.document, workflow, preset["field"], value)
        for preset in row.presets
        for value in preset.get("values", ())
    ]
    return row_label(row), _dotted([led, join(chosen)]), []


def _assignment(row: Row[Any], sketch: Sketch) -> Words:
    rows = draft_rows.rows(reading(), "condition", Owner("assignment", row.id))
    texts = [_condition_words(condition, sketch) for condition in rows]
    called = dict(sketch.people())
    names = [called.get(slack_id, slack_id) for slack_id in row.people]
    return (
        row_label(row),
        _dotted(
            [
                _stage_label(sketch.workflow, row.stage),
                known(f"panel.strategy.{row.strategy}", row.strategy),
                say("panel.rule.team", team=row.team) if row.team else "",
                say("panel.rule.rota", rota=dict(sketch.rotas()).get(row.rota, row.rota))
                if row.rota
                else "",
                join(names),
                say("panel.route.if", conditions=join(texts)) if texts else "",
            ]
        ),
        [],
    )


def _workflow_rule(row: Row[Any], sketch: Sketch) -> Words:
    rows = draft_rows.rows(reading(), "condition", Owner("workflow_rule", row.id))
    texts = [_condition_words(condition, sketch) for condition in rows]
    follows = sketch.document.workflow_by_key.get(row.workflow)
    led = sketch.label(follows) if follows is not None else say("panel.gone", key=row.workflow)
    when = say("panel.route.if", conditions=join(texts)) if texts else say("panel.route.else")
    return row_label(row), _dotted(["→ " + led, when]), []


def _grade_rule(row: Row[Any], sketch: Sketch) -> Words:
    rows = draft_rows.rows(reading(), "condition", Owner("grade_rule", row.id))
    texts = [_condition_words(condition, sketch) for condition in rows]
    grade = known(f"panel.value.grade.{row.grade}", row.grade)
    when = say("panel.route.if", conditions=join(texts)) if texts else say("panel.route.else")
    return row_label(row), _dotted(["→ " + grade, when]), []


def _successor(row: Row[Any], sketch: Sketch) -> Words:
    return f"{row.removed} → {_stage_label(sketch.workflow, row.to)}", "", []


def _condition_words(row: Row[Any], sketch: Sketch) -> str:
    values = tuple(row._mapping["values"])
    condition = Condition(row.fact, row.operator, values, row.currency)
    return condition_text(sketch.document, sketch.workflow, condition, sketch.stage_key)


def _stage_label(workflow: Workflow, key: str) -> str:
    stage = workflow.stage_by_key.get(key)
    return Sketch.label(stage) if stage is not None else say("panel.gone", key=key)


def _other_label(row: Row[Any]) -> str:
    """The label in the language that is not the reader's, so that both are seen."""
    other = row.label_en if locale() == "zh_CN" else row.label_zh
    return str(other) or say("panel.no_label")


def _dotted(texts: list[str]) -> str:
    return " · ".join(text for text in texts if text)


PART_WORDS: dict[str, Callable[[Row[Any], Sketch], Words]] = {
    "option_set": _labelled,
    "option": _option,
    "reason": _labelled,
    "workflow": _labelled,
    "stage": _stage,
    "field": _field,
    "decision": _decision,
    "effect": _effect,
    "route": _route,
    "condition": _condition,
    "limit": _limit,
    "service_level": _service_level,
    "ladder": _ladder,
    "ladder_level": _ladder_level,
    "successor": _successor,
    "macro": _macro,
    "assignment": _assignment,
    "workflow_rule": _workflow_rule,
    "grade_rule": _grade_rule,
}
