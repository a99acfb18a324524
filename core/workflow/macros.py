"""A macro's presets as what somebody would have chosen."""

from collections.abc import Mapping

from core.workflow.choices import Choice
from core.workflow.model import Field, Macro
from core.workflow.terms import FieldKind


def choices(macro: Macro, asked: Mapping[str, Field]) -> dict[str, Choice]:
    """What the macro chooses, by field; a field of one choice takes the first value."""
    chosen: dict[str, Choice] = {}
    for preset in macro.presets:
        field = asked.get(preset.field)
        many = field is not None and field.kind == FieldKind.MANY
        chosen[preset.field] = list(preset.values) if many else "".join(preset.values[:1])
    return chosen
