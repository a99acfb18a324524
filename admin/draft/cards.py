"""The Slack card beside the draft, as an agent will see it, while it is edited (S4)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import request
from sqlalchemy import Connection

from admin.base import me
from admin.draft.sketch import Sketch
from core.desk import draft, preview
from core.desk.actor import Actor
from core.desk.ladders import Plans
from core.desk.views import CardView
from core.i18n import LOCALES
from core.workflow.model import Document, Stage, Workflow
from web.desk import reading, rehearse
from web.language import locale, say

Draw = Callable[[CardView, str], tuple[str, list[dict[str, Any]]]]
Edit = Callable[..., object]
UNSEEN = (
    "assignment",
    "successor",
    "workflow_rule",
    "grade_rule",
    "ladder",
    "ladder_level",
)  # kinds of rows that no card shows


def answer(sketch: Sketch, edit: Edit | None, draw: Draw) -> dict[str, Any]:
    """The cards in every language, the stage that they are of, and the stages to choose from."""
    document, now = _edited(edit)
    found = _stages(document, sketch)
    asked = request.form.get("card_stage", "")
    chosen = next(((w, s) for w, s in found if f"{w.key}/{s.key}" == asked), None) or _own(
        found, sketch
    )
    if chosen is None:
        return {"problem": say("panel.card.hidden" if _stage_key(sketch) else "panel.card.none")}
    workflow, stage = chosen
    plans, drawn = Plans(reading()), {}
    for one in LOCALES:
        view = preview.card_at(document, workflow, stage, one, plans=plans, now=now)
        drawn[one] = draw(view, one)[1] if view is not None else []
    return {
        "cards": drawn,
        "stage": f"{workflow.key}/{stage.key}",
        "stages": [
            {"value": f"{w.key}/{s.key}", "text": s.label.text(locale()) or s.key} for w, s in found
        ],
    }


def _edited(edit: Edit | None) -> tuple[Document, dt.datetime]:
    """The draft as it would be after the edit, and what time it is at the desk."""

    def work(
        connection: Connection, actor: Actor, *, now: dt.datetime
    ) -> tuple[Document, dt.datetime]:
        if edit is not None:
            edit(connection, actor, now=now)
        return draft.document(connection), now

    return rehearse(work, me())


def _stages(document: Document, sketch: Sketch) -> list[tuple[Workflow, Stage]]:
    """The stages with cards on which the row may be seen: of its workflow, or of all."""
    own = sketch.workflow_key
    return [
        (workflow, stage)
        for workflow in document.workflows
        if not own or workflow.key == own
        for stage in workflow.stages
        if stage.kind in preview.WORKED
    ]


def _stage_key(sketch: Sketch) -> str:
    """The stage that the row belongs to, or with whose visits a time limit runs; empty for none."""
    if sketch.kind == "service_level":
        return request.form.get("stage", "")
    return sketch.stage_key


def _own(found: list[tuple[Workflow, Stage]], sketch: Sketch) -> tuple[Workflow, Stage] | None:
    """The row's own stage; of an option, the first that asks for its set; else the first of all."""
    key = _stage_key(sketch)
    if key:
        return next((one for one in found if one[1].key == key), None)
    for workflow, stage in found:
        asked = [*stage.fields, *(f for d in stage.decisions for f in d.fields)]
        if sketch.set_key and any(field.options == sketch.set_key for field in asked):
            return workflow, stage
    return found[0] if found else None
