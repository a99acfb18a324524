"""Problems of macros: a preset that no press could carry out (K3)."""

from collections.abc import Iterator

from core.workflow.choices import Invalid, check
from core.workflow.macros import choices
from core.workflow.model import Document, Field, Macro, Stage, Workflow
from core.workflow.problems.found import Found, blank, twice
from core.workflow.relevance import asked_at
from core.workflow.terms import FieldKind

_OWN = (FieldKind.ITEMS, FieldKind.FILE, FieldKind.TYPED)  # another answer in every dispute


def macro_problems(document: Document, workflow: Workflow, stage: Stage) -> Iterator[Found]:
    """Problems of a stage's macros."""
    yield from twice(f"{workflow.key}/{stage.key}", (macro.key for macro in stage.macros))
    for macro in stage.macros:
        place = (workflow.key, stage.key, macro.key)
        yield from blank(place, macro.label)
        decision = workflow.decisions_by_stage[stage.key].get(macro.decision)
        if decision is None:  # one that agents do not make is never offered, nor is its macro
            yield "unknown_decision", place, {"name": macro.decision}
            continue
        yield from twice("/".join(place), (preset.field for preset in macro.presets))
        yield from _presets(document, macro, asked_at(stage, decision), place)


def _presets(
    document: Document, macro: Macro, asked: dict[str, Field], place: tuple[str, ...]
) -> Iterator[Found]:
    for name, choice in choices(macro, asked).items():
        field = asked.get(name)
        if field is None or field.kind in _OWN:
            yield "unknown_field", place, {"name": name}
        elif isinstance(check(document, field, choice, {}, ""), Invalid):
            yield "macro_value", place, {"name": name}
