"""The form of an effect: its kind is chosen first, then what that kind needs."""

from typing import Any, ClassVar

from wtforms import ValidationError

from admin.draft.forms import DraftForm
from admin.draft.sketch import Sketch
from admin.form import keyed, offer, text
from admin.form import many as several
from core.desk.draft_edit import KEY
from core.workflow.terms import By, EffectKind
from web.language import say

PARTIES = (By.BUYER, By.MERCHANT, By.CARRIER)
SOURCES = ("held", "balance", "deposit", "fund")  # in the order in which they are drawn on
PARAMETERS = {
    EffectKind.SET: ("fact", "value"),
    EffectKind.REQUEST: ("parties",),
    EffectKind.PAY: ("sources",),
}


class EffectForm(DraftForm):
    """What a decision does besides moving the dispute."""

    kind = "effect"
    asked_first: ClassVar[str] = "kind"
    fact = text("panel.label.fact", 60, hint="panel.hint.fact")
    value = text("panel.label.value", 60, hint="panel.hint.value")
    parties = several("panel.label.parties", hint="panel.hint.parties")
    sources = several("panel.label.sources", hint="panel.hint.sources")
    chosen = ""

    def about(self, _sketch: Sketch) -> str:
        return say(f"panel.effect.{self.chosen}")

    @classmethod
    def choices_asked_first(cls, _sketch: Sketch) -> list[tuple[str, str]]:
        """The kinds of effects."""
        return keyed(EffectKind, "panel.effect")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        self.chosen = sketch.row.kind if sketch.row is not None else sketch.first
        needed = PARAMETERS.get(EffectKind(self.chosen), ())
        for name in ("fact", "value", "parties", "sources"):
            if name not in needed:
                del self[name]
        if "parties" in self:
            offer(self.parties, keyed(PARTIES, "panel.by"))
        if "sources" in self:
            offer(self.sources, keyed(SOURCES, "panel.source"))

    def validate_fact(self, field: Any) -> None:
        """A fact has a key."""
        if not KEY.fullmatch(field.data):
            raise ValidationError(say("panel.error.key"))

    def validate_value(self, field: Any) -> None:
        """A value is a key too."""
        if not KEY.fullmatch(field.data):
            raise ValidationError(say("panel.error.key"))

    def validate_parties(self, field: Any) -> None:
        """Somebody must be asked."""
        if not field.data:
            raise ValidationError(say("panel.error.choose"))

    def validate_sources(self, field: Any) -> None:
        """The money must come from somewhere."""
        if not field.data:
            raise ValidationError(say("panel.error.choose"))

    def values(self) -> dict[str, Any]:
        return super().values() | {"kind": self.chosen}
