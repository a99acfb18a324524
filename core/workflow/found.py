"""What a past dispute, played again through another document, says of it: a kind and keys (S5)."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """How a past dispute goes another way, and what changes without moving it elsewhere."""

    OTHER_WORKFLOW = "other_workflow"
    ROUTED = "routed"
    STAGE_GONE = "stage_gone"
    WORKFLOW_GONE = "workflow_gone"
    DECISION_GONE = "decision_gone"
    NOT_YOURS = "not_yours"
    NOT_OFFERED = "not_offered"
    OPTION_GONE = "option_gone"
    OPTION_RETIRED = "option_retired"
    FIELD_REQUIRED = "field_required"
    VALUE_REFUSED = "value_refused"
    NOTHING_LEFT = "nothing_left"
    OUTWARD = "outward"
    BY_ITSELF = "by_itself"
    UNKNOWABLE = "unknowable"
    FIELD_GONE = "field_gone"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Finding:
    """What differs, where; all by key.

    `to` is where the document leads, `instead` where the dispute went; `names` are the fields or
    options concerned, `reasons` keys of the document's reasons, `refusal` why a value cannot stand,
    or what is not knowable.
    """

    what: What
    workflow: str
    stage: str = ""
    decision: str = ""
    field: str = ""
    names: tuple[str, ...] = ()
    to: str = ""
    instead: str = ""
    reasons: tuple[str, ...] = ()
    refusal: str = ""
