"""What one document says differently from another: rows added, removed, changed or moved (S3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from core.workflow.model import Decision, Document, Label, Ladder, OptionSet, Stage, Workflow

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"

# The collections whose rows have keys, and what a row of each is called.
_PARTS: dict[type, dict[str, str]] = {
    Document: {
        "option_sets": "option_set",
        "reasons": "reason",
        "workflows": "workflow",
        "workflow_rules": "workflow_rule",
        "ladders": "ladder",
        "grade_rules": "grade_rule",
    },
    Ladder: {"levels": "ladder_level"},
    OptionSet: {"options": "option"},
    Workflow: {
        "stages": "stage",
        "ends": "decision",
        "limits": "limit",
        "service_levels": "service_level",
        "assignments": "assignment",
    },
    Stage: {"fields": "field", "decisions": "decision", "macros": "macro"},
    Decision: {"fields": "field"},
}


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something about a row that differs, from what to what.

    Rows within rows that have no keys, such as conditions and routes, are a value as a whole.
    """

    name: str
    before: object = None
    after: object = None


@dataclass(frozen=True, slots=True)
class Change:
    """A row that differs. `path` holds the rows around it and itself: what each is, its label.

    For MOVED the path ends at the row whose parts stand in another order, and `kind` is theirs.
    """

    what: str
    kind: str
    path: tuple[tuple[str, str, Label | None], ...]  # kind, key, label
    aspects: tuple[Aspect, ...] = ()


def differences(before: Document, after: Document) -> list[Change]:
    """What `after` says differently, in the order of the document."""
    return list(_parts(before, after, ()))


def row_of(document: Document, change: Change) -> Any:
    """The row that a change is about, as this document has it."""
    row: Any = document
    for kind, key, _ in change.path:
        name = next(name for name, of in _PARTS[type(row)].items() if of == kind)
        row = next(one for one in getattr(row, name) if one.key == key)
    return row


def _parts(
    before: Any, after: Any, path: tuple[tuple[str, str, Label | None], ...]
) -> Iterator[Change]:
    for name, kind in _PARTS.get(type(after), {}).items():
        old = {row.key: row for row in getattr(before, name)}
        new = {row.key: row for row in getattr(after, name)}
        for key, row in new.items():
            here = (*path, (kind, key, getattr(row, "label", None)))
            if key not in old:
                yield Change(ADDED, kind, here)
                continue
            aspects = tuple(_aspects(old[key], row))
            if aspects:
                yield Change(CHANGED, kind, here, aspects)
            yield from _parts(old[key], row, here)
        for key, row in old.items():
            if key not in new:
                yield Change(REMOVED, kind, (*path, (kind, key, getattr(row, "label", None))))
        if _order(old, new) != _order(new, old):
            yield Change(MOVED, kind, path)


def _aspects(before: Any, after: Any) -> Iterator[Aspect]:
    parts = _PARTS.get(type(after), {})
    for item in fields(after):
        old, new = getattr(before, item.name), getattr(after, item.name)
        if item.name not in parts and old != new:
            yield Aspect(item.name, old, new)


def _order(rows: dict[str, Any], others: dict[str, Any]) -> Sequence[str]:
    """The keys that both have, in the order of the first."""
    return [key for key in rows if key in others]
