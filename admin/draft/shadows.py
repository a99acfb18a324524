"""Which rows of the draft's first-match tables no dispute can ever hit, in words (A1)."""

from admin.draft.sketch import Sketch
from admin.words import join
from core.workflow.first_match import Shadow
from core.workflow.rule_tables import (
    ASSIGNMENTS,
    CHOICE,
    ENDS,
    GRADING,
    ROUTES,
    assignment_table,
    choice_table,
    grade_table,
    route_table,
)
from web.language import say


def shadow_text(shadow: Shadow, places: list[int]) -> str:
    """Why nothing can hit a row; `places` are those of the table's rows as the reader counts."""
    if not shadow.by:
        return say("panel.never.contradicts")
    rows = join(str(places[at] + 1) for at in shadow.by)
    return say("panel.never.one" if len(shadow.by) == 1 else "panel.never.together", rows=rows)


def warnings(kind: str, sketch: Sketch) -> dict[int, str]:
    """The warning beside each row of a kind that belongs to the sketch's row, by its place."""
    if kind in ("workflow_rule", "grade_rule"):
        early = choice_table if kind == "workflow_rule" else grade_table
        table = early(sketch.document)
        every = list(range(len(table.rows)))
        return {at: shadow_text(shadow, every) for at, shadow in table.shadows().items()}
    if kind == "route" and sketch.row is not None:
        known = sketch.workflow.stage_by_key.get(sketch.stage_key)
        decisions = known.decisions if known is not None else sketch.workflow.ends
        decision = next((one for one in decisions if one.key == sketch.row.key), None)
        if decision is None:
            return {}
        table = route_table(sketch.document, sketch.workflow, known, decision)
        every = list(range(len(table.rows)))
        return {at: shadow_text(shadow, every) for at, shadow in table.shadows().items()}
    return _assignments(sketch) if kind == "assignment" else {}


def _assignments(sketch: Sketch) -> dict[int, str]:
    """Rules of all stages stand in one list; each stage's are a table of their own."""
    workflow, found = sketch.workflow, {}
    place = {id(rule): at for at, rule in enumerate(workflow.assignments)}
    for stage in workflow.stages:
        rules = workflow.rules_by_stage.get(stage.key, ())
        if not rules or stage.key == workflow.start:  # its rules are its first stage's
            continue
        places = [place[id(rule)] for rule in rules]
        table = assignment_table(sketch.document, workflow, stage)
        for at, shadow in table.shadows().items():
            found[places[at]] = shadow_text(shadow, places)
    return found


def table_name(kind: str, sketch: Sketch) -> str:
    """What the tester calls the table of these rows; empty where they are none."""
    if kind == "workflow_rule":
        return CHOICE
    if kind == "grade_rule":
        return GRADING
    if kind == "route" and sketch.row is not None:
        return "/".join([ROUTES, sketch.workflow_key, sketch.stage_key or ENDS, sketch.row.key])
    if kind == "assignment" and sketch.workflow.assignments:
        stage = sketch.workflow.assignments[0].stage
        if stage == sketch.workflow.start:
            stage = sketch.workflow.first
        return f"{ASSIGNMENTS}/{sketch.workflow_key}/{stage}"
    return ""
