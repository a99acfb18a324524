"""What of a dispute's facts may be corrected, and with which choices (D3)."""

from collections.abc import Sequence
from typing import Any

from admin.words import fact_label
from core.desk import correct, standing
from core.desk.dossier import Dossier
from core.workflow.choices import Choice
from core.workflow.terms import FieldKind, Meaning
from web.desk import reading
from web.language import locale


def choice_of(dispute_id: int, key: str, values: Sequence[str]) -> Choice:
    """What a form sent for a field, in the shape that the field takes."""
    at = standing.of_dispute(reading(), dispute_id, lock=False)
    field = correct.correctable(at).get(key) if at is not None else None
    if field is not None and field.kind == FieldKind.MANY:
        return list(values)
    return values[0] if values else ""


def offered(dossier: Dossier) -> list[dict[str, Any]]:
    """Every field that may be corrected, with its choices and what is known now."""
    at = standing.of_dispute(reading(), dossier.dispute.id, lock=False)
    if at is None:
        return []
    told = []
    for key, field in correct.correctable(at).items():
        known = at.facts.get(key)
        leaves = at.document.leaves_by_set.get(field.options, {}).values()
        held = known if isinstance(known, tuple) else (str(known),) if known is not None else ()
        told.append(
            {
                "key": key,
                "label": fact_label(at.workflow, key, at.row.stage),  # as the story has it
                "kind": str(field.kind),
                "options": [(o.key, o.label.text(locale()), o.key in held) for o in leaves],
                "value": "" if known is None or isinstance(known, tuple) else str(known),
            }
        )
    return told


def reasons(dossier: Dossier) -> list[tuple[str, str]]:
    """Why something may be corrected: options of the document, each with its label."""
    found = dossier.document.choices_of(Meaning.CORRECTION)
    return [(key, option.label.text(locale())) for key, option in found.items()]
