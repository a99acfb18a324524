"""The forms of what the draft consists of, but for effects and conditions."""

from typing import Any, ClassVar

from sqlalchemy import Row

from admin.draft.meanings import DECISION_MEANINGS, FIELD_MEANINGS
from admin.draft.sketch import Sketch
from admin.form import PanelForm, keyed, lines, number, offer, one, text, yes
from admin.form import many as several
from core.desk.draft_rows import KINDS
from core.workflow.problems.decisions import STYLES
from core.workflow.problems.fields import CHOSEN_KINDS
from core.workflow.problems.service_levels import MOST_MINUTES
from core.workflow.problems.stages import MOST_UNDO_SECONDS
from core.workflow.terms import SET_MEANINGS, Assignee, By, FieldKind, Kind
from web.language import say

BUTTON = 75  # characters that Slack shows on a button or an option
NAME = 150
CONFIRM = 300  # characters of Slack's confirm dialog


class DraftForm(PanelForm):
    """A form of one kind of row; a fresh row may be given a key, once."""

    kind: ClassVar[str]
    asked_first: ClassVar[str] = ""  # what must be chosen before the form can be shown, if anything
    key = text("panel.label.key", 60, hint="panel.hint.key")

    def about(self, _sketch: Sketch) -> str:
        """What the form is about where its row has no name of its own."""
        return ""

    @classmethod
    def choices_asked_first(cls, _sketch: Sketch) -> list[tuple[str, str]]:
        """The choices of what must be chosen first."""
        return []

    def offer(self, sketch: Sketch) -> None:
        """Sets the choices that this row's surroundings allow."""
        if sketch.row is not None or not KINDS[self.kind].keyed:
            del self.key

    def values(self) -> dict[str, Any]:
        """The columns to save."""
        return {name: self[name].data for name in KINDS[self.kind].columns if name in self}

    @classmethod
    def data_of(cls, row: Row[Any]) -> dict[str, Any]:
        """What the form shows of a row that exists."""
        return dict(row._mapping)


class OptionSetForm(DraftForm):
    """An option set."""

    kind = "option_set"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    meaning = one("panel.label.meaning", hint="panel.hint.set_meaning")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.meaning, keyed(SET_MEANINGS, "panel.meaning"), none=say("panel.none"))


class ReasonForm(DraftForm):
    """Why something is not offered."""

    kind = "reason"
    label_zh = text("panel.label.label_zh", NAME, hint="panel.hint.reason")
    label_en = text("panel.label.label_en", NAME)


class WorkflowForm(DraftForm):
    """A workflow's own settings."""

    kind = "workflow"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    start = one("panel.label.start", hint="panel.hint.start")
    first = one("panel.label.first", hint="panel.hint.first")
    escalation = one("panel.label.escalation", hint="panel.hint.escalation")
    preferred_minutes = number(
        "panel.label.preferred_minutes",
        0,
        MOST_MINUTES,
        hint="panel.hint.preferred_minutes",
        default=60,
    )
    undo_seconds = number(
        "panel.label.undo_seconds",
        0,
        MOST_UNDO_SECONDS,
        hint="panel.hint.undo_seconds",
        default=60,
    )

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        none = say("panel.none")
        there = sketch.row is not None
        offer(self.start, sketch.stages([Kind.INTAKE]) if there else [], none=none)
        offer(self.first, sketch.stages([Kind.WORK]) if there else [], none=none)
        offer(self.escalation, sketch.channels(), none=none)


class StageForm(DraftForm):
    """A stage."""

    kind = "stage"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    # `kind` names the form's row above, so that the column has a name of its own here.
    stage_kind = one("panel.label.stage_kind", hint="panel.hint.stage_kind")
    channel = one("panel.label.channel", hint="panel.hint.channel")
    separation = yes("panel.label.separation", hint="panel.hint.separation", default=True)
    hold_minutes = number(
        "panel.label.hold_minutes", 0, MOST_MINUTES, hint="panel.hint.hold_minutes", default=15
    )

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.stage_kind, keyed(Kind, "panel.kind"))
        offer(self.channel, sketch.channels(), none=say("panel.none"))

    def values(self) -> dict[str, Any]:
        return super().values() | {"kind": self.stage_kind.data}

    @classmethod
    def data_of(cls, row: Row[Any]) -> dict[str, Any]:
        return dict(row._mapping) | {"stage_kind": row.kind}


class FieldForm(DraftForm):
    """A field of a stage or of a decision."""

    kind = "field"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    field_kind = one("panel.label.field_kind", hint="panel.hint.field_kind")
    options = one("panel.label.options", hint="panel.hint.options")
    required = yes("panel.label.required", hint="panel.hint.required", default=True)
    prefill = yes("panel.label.prefill", hint="panel.hint.prefill", default=True)
    meaning = one("panel.label.meaning", hint="panel.hint.field_meaning")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.field_kind, keyed(FieldKind, "panel.field_kind"))
        offer(self.options, sketch.option_sets(), none=say("panel.none"))
        offer(self.meaning, keyed(FIELD_MEANINGS, "panel.meaning"), none=say("panel.none"))

    def validate_options(self, field: Any) -> None:
        """Only a kind of field that is chosen from options keeps its option set."""
        if self.field_kind.data not in CHOSEN_KINDS:
            field.data = ""

    def values(self) -> dict[str, Any]:
        return super().values() | {"kind": self.field_kind.data}

    @classmethod
    def data_of(cls, row: Row[Any]) -> dict[str, Any]:
        return dict(row._mapping) | {"field_kind": row.kind}


class DecisionForm(DraftForm):
    """A decision: a button, a party's act, or what happens when time runs out."""

    kind = "decision"
    label_zh = text("panel.label.label_zh", BUTTON, hint="panel.hint.button")
    label_en = text("panel.label.label_en", BUTTON)
    by = one("panel.label.by", hint="panel.hint.by")
    style = one("panel.label.style", hint="panel.hint.style")
    meaning = one("panel.label.meaning", hint="panel.hint.decision_meaning")
    needs = several("panel.label.needs", hint="panel.hint.needs")
    confirm_zh = lines("panel.label.confirm_zh", CONFIRM, hint="panel.hint.confirm")
    confirm_en = lines("panel.label.confirm_en", CONFIRM)

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.by, keyed(By, "panel.by"))
        offer(self.style, keyed(sorted(STYLES - {""}), "panel.style"), none=say("panel.style"))
        offer(self.meaning, keyed(DECISION_MEANINGS, "panel.meaning"), none=say("panel.none"))
        fields = sketch.stage.fields if sketch.stage is not None else ()
        offer(self.needs, [(f.key, sketch.label(f)) for f in fields])
        if not self.needs.choices:  # the ends that all stages share have only their own fields
            del self.needs


class RouteForm(DraftForm):
    """Where a decision leads."""

    kind = "route"
    to = one("panel.label.to", hint="panel.hint.to")
    assignee = one("panel.label.assignee", hint="panel.hint.assignee")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.to, sketch.stages([Kind.WORK, Kind.WAIT, Kind.FINAL]))
        offer(self.assignee, keyed(Assignee, "panel.assignee"))


class LimitForm(DraftForm):
    """How often decisions of one meaning may be made."""

    kind = "limit"
    maximum = number("panel.label.maximum", 0, 1_000, hint="panel.hint.maximum", default=1)
    counts = one("panel.label.counts", hint="panel.hint.counts")
    grants = one("panel.label.grants", hint="panel.hint.grants")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        meanings = keyed(DECISION_MEANINGS, "panel.meaning")
        offer(self.counts, meanings)
        offer(self.grants, meanings, none=say("panel.none"))


class SuccessorForm(DraftForm):
    """Where disputes go that would enter a stage which exists no more."""

    kind = "successor"
    removed = one("panel.label.removed", hint="panel.hint.removed")
    to = one("panel.label.successor_to", hint="panel.hint.successor_to")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.removed, sketch.removed_stages())
        offer(self.to, sketch.stages([Kind.WORK, Kind.WAIT, Kind.FINAL]))
