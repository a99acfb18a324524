"""Which changes of a document weigh: those of routing and money ask for a second person (S7)."""

from core.workflow.difference import ADDED, CHANGED, MOVED, REMOVED, Change
from core.workflow.model import Document

# What about a row decides where disputes go, what moves money, or who must be different people.
_WEIGHTY = {
    "workflow_rule": {"workflow", "when"},
    "workflow": {"start", "first", "successors"},
    "stage": {"kind", "separation"},
    "decision": {"by", "when", "needs", "effects", "routes"},
    "option": {"share"},
    "limit": {"maximum", "counts", "grants"},
}


def weighs(change: Change, before: Document, after: Document) -> bool:
    """Whether a change between two documents touches routing or money.

    An added or removed row weighs where rows of its kind could; of options, those with amounts.
    """
    if change.what == MOVED or change.kind not in _WEIGHTY:
        return False
    if change.what == CHANGED:
        return any(aspect.name in _WEIGHTY[change.kind] for aspect in change.aspects)
    if change.kind != "option":
        return change.what in (ADDED, REMOVED)
    (_, set_key, _), (_, key, _) = change.path[-2:]
    document = after if change.what == ADDED else before
    return document.options_by_set[set_key][key].share is not None
