"""A first-match table in words: what each row is for, what it makes of a dispute, what hits it."""

from dataclasses import dataclass

from admin.draft.shadows import shadow_text
from admin.draft.sketch import Sketch, row_label
from admin.tester_facts import value_text
from admin.words import condition_text, join, known
from core.desk import people, rotas
from core.desk.rule_hits import Hits
from core.workflow.first_match import Tried
from core.workflow.model import Facts
from core.workflow.rule_tables import ASSIGNMENTS, CHOICE, EARLY, GRADING, RuleTable
from web.desk import now, reading
from web.language import say


@dataclass(frozen=True, slots=True)
class Check:
    """A condition in words, whether it holds, and what the dispute says instead."""

    text: str
    holds: bool
    now: str


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row: where it leads, what it makes of the dispute, how often it was hit of late.

    `duty` is who may be given anything by it now, where it names a rota.
    """

    number: int
    title: str
    checks: list[Check]
    hit: bool
    matches: bool
    outcome: str
    warning: str
    times: int
    duty: str = ""


@dataclass(frozen=True, slots=True)
class TableTold:
    """A table with every row told; `asked` is how often it was asked of late."""

    rows: list[RowTold]
    asked: int


def table_name(table: RuleTable, locale: str) -> tuple[str, str]:
    """What kind of table it is, and which one, in words."""
    if table.kind in EARLY:
        return say("panel.tester.group.choice"), say(f"panel.nav.{table.kind}")
    workflow = table.workflow.label.text(locale) or table.workflow.key
    stage = Sketch.label(table.stage) if table.stage is not None else say("panel.tester.ends")
    if table.decision is None:
        return say("panel.tester.group.assignments", workflow=workflow), stage
    name = f"{stage} › {Sketch.label(table.decision)}"
    return say("panel.tester.group.routes", workflow=workflow), name


def told(table: RuleTable, facts: Facts, currency: str, hits: Hits) -> TableTold:
    """Every row of a table, put to a dispute."""
    shadows = table.shadows()
    every = list(range(len(table.rows)))
    rows = [
        RowTold(
            place + 1,
            _title(table, place),
            [
                Check(
                    condition_text(table.document, table.workflow, one, _stage(table)),
                    holds,
                    value_text(table, one.fact, facts, currency),
                )
                for one, holds in row.checks
            ],
            row.hit,
            row.matches,
            _outcome(row),
            shadow_text(shadows[place], every) if place in shadows else "",
            hits.rows[place],
            _duty(table, place),
        )
        for place, row in enumerate(table.tried(facts, currency))
    ]
    return TableTold(rows, hits.askings)


def _duty(table: RuleTable, place: int) -> str:
    """Who is on duty at the rota that an assignment rule names; empty where it names none."""
    if table.kind != ASSIGNMENTS:
        return ""
    key = table.workflow.rules_by_stage[_stage(table)][place].rota
    if not key:
        return ""
    labels = {one.key: row_label(one) for one in rotas.everything(reading())}
    there = rotas.on_duty(reading(), key, now=now())
    who = join(people.name(reading(), person) for person in there)
    told = "panel.tester.on_duty" if there else "panel.tester.nobody_on_duty"
    return say(told, rota=labels.get(key, key), who=who)


def _stage(table: RuleTable) -> str:
    return table.stage.key if table.stage is not None else ""


def _outcome(row: Tried) -> str:
    if row.hit:
        return say("panel.tester.hit")
    return say("panel.tester.too_late" if row.matches else "panel.tester.passed_over")


def _title(table: RuleTable, place: int) -> str:
    document, workflow = table.document, table.workflow
    if table.kind == GRADING:
        graded = document.grade_rules[place]
        return (
            f"{Sketch.label(graded)} → {known(f'panel.value.grade.{graded.grade}', graded.grade)}"
        )
    if table.kind == CHOICE:
        rule = document.workflow_rules[place]
        to = document.workflow_by_key.get(rule.workflow)
        return f"{Sketch.label(rule)} → {Sketch.label(to) if to else rule.workflow}"
    if table.kind == ASSIGNMENTS or table.decision is None:
        assigned = workflow.rules_by_stage[_stage(table)][place]
        return f"{Sketch.label(assigned)} → {say(f'panel.strategy.{assigned.strategy}')}"
    route = table.decision.routes[place]
    stage = workflow.stage_by_key.get(workflow.successor_of.get(route.to, route.to))
    return "→ " + (Sketch.label(stage) if stage is not None else route.to)
