"""The form of a macro: what of a decision is chosen beforehand, ticked among what is asked (K3)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row
from wtforms import ValidationError

from admin.draft.forms import BUTTON, DraftForm
from admin.draft.sketch import Sketch
from admin.form import many as several
from admin.form import offer, one, text
from core.workflow.model import Field
from core.workflow.relevance import asked_at
from core.workflow.terms import By, FieldKind
from web.language import say

PRESET = (FieldKind.ONE, FieldKind.MANY, FieldKind.SHARE)


class MacroForm(DraftForm):
    """A decision with what it needs chosen beforehand."""

    kind = "macro"
    label_zh = text("panel.label.label_zh", BUTTON, hint="panel.hint.macro")
    label_en = text("panel.label.label_en", BUTTON)
    decision = one("panel.label.decision")
    presets = several("panel.label.presets", hint="panel.hint.presets")
    single: frozenset[str] = frozenset()  # the fields of which one option is chosen at most

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        decisions = sketch.workflow.decisions_by_stage.get(sketch.stage_key, {}).values()
        made = [decision for decision in decisions if decision.by == By.AGENT]
        offer(self.decision, [(d.key, sketch.label(d)) for d in made])
        asked: dict[str, Field] = {}
        if sketch.stage is not None:
            for decision in made:
                asked |= asked_at(sketch.stage, decision)
        offer(self.presets, list(_choices(sketch, asked)))
        self.single = frozenset(f.key for f in asked.values() if f.kind != FieldKind.MANY)

    def validate_presets(self, field: Any) -> None:
        """Of a field with one answer one option is ticked."""
        ticked = Counter(key.partition("=")[0] for key in field.data)
        if any(number > 1 and name in self.single for name, number in ticked.items()):
            raise ValidationError(say("panel.error.presets"))

    def values(self) -> dict[str, Any]:
        chosen: dict[str, list[str]] = {}
        for key in self.presets.data:
            name, _, value = key.partition("=")
            chosen.setdefault(name, []).append(value)
        told = [{"field": name, "values": values} for name, values in chosen.items()]
        return super().values() | {"presets": told}

    @classmethod
    def data_of(cls, row: Row[Any]) -> dict[str, Any]:
        told = [f"{p['field']}={value}" for p in row.presets for value in p.get("values", ())]
        return dict(row._mapping) | {"presets": told}


def _choices(sketch: Sketch, asked: dict[str, Field]) -> Iterator[tuple[str, str]]:
    """Every option that a field with options offers, under the field's name."""
    for field in asked.values():
        if field.kind not in PRESET:
            continue
        for option in sketch.document.leaves_by_set.get(field.options, {}).values():
            words = say(
                "panel.macro.preset", field=sketch.label(field), option=sketch.label(option)
            )
            yield f"{field.key}={option.key}", words
