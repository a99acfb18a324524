"""Which changes of a document weigh: those of routing and money ask for a second person (S7)."""

from core.workflow.difference import ADDED, CHANGED, MOVED, Change, row_of
from core.workflow.model import Document, Field, LadderLevel, Option
from core.workflow.terms import FieldKind

# What about a row decides where disputes go, what moves money, or who must be different people.
_WEIGHTY = {
    "workflow_rule": {"workflow", "when"},
    "grade_rule": {"grade", "when"},
    "workflow": {"start", "first", "successors"},
    "stage": {"kind", "separation"},
    "decision": {"by", "when", "needs", "effects", "routes", "meaning"},
    "field": {"kind", "options", "when"},
    "option": {"share", "meaning"},
    "limit": {"maximum", "counts", "grants"},
    "ladder_level": {"act", "decision", "shift"},  # what gives disputes away, and moves them on
}
# The first rule that fits wins, and where none does, the first workflow.
_FIRST_WINS = ("workflow_rule", "grade_rule", "workflow")


def weighs(change: Change, before: Document, after: Document) -> bool:
    """Whether a change between two documents touches routing or money.

    An added or removed row weighs where rows of its kind could; of options and fields, those with
    amounts. Another order weighs where the first row wins.
    """
    if change.what == MOVED:
        return change.kind in _FIRST_WINS
    if change.kind not in _WEIGHTY:
        return False
    if change.what == CHANGED:
        return any(aspect.name in _WEIGHTY[change.kind] for aspect in change.aspects)
    row = row_of(after if change.what == ADDED else before, change)
    if isinstance(row, Option):
        return row.share is not None
    if isinstance(row, LadderLevel):
        return bool(row.act)
    return not isinstance(row, Field) or row.kind == FieldKind.SHARE
