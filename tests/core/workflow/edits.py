"""Changing one thing in a frozen document, named by its place."""

from dataclasses import replace
from typing import Any

from core.workflow.model import Document


def put(document: Document, place: str, **changes: Any) -> Document:
    """The document with fields of one row changed.

    The place is a path of names and keys, such as `workflows/dispute/stages/triage`; rows without
    a key are counted from 0.
    """
    found: Document = _at(document, place.split("/") if place else [], changes)
    return found


def drop(document: Document, place: str) -> Document:
    """The document without one row."""
    *above, name, key = place.split("/")
    rows = look(document, "/".join(above))
    kept = tuple(r for i, r in enumerate(getattr(rows, name)) if _key(r, i) != key)
    return put(document, "/".join(above), **{name: kept})


def add(document: Document, place: str, *rows: Any) -> Document:
    """The document with rows added to the end of a list."""
    *above, name = place.split("/")
    before = getattr(look(document, "/".join(above)), name)
    return put(document, "/".join(above), **{name: (*before, *rows)})


def look(document: Document, place: str) -> Any:
    """The row at a place."""
    found: Any = document
    steps = iter(place.split("/") if place else [])
    for name in steps:
        found = getattr(found, name)
        if isinstance(found, tuple):
            key = next(steps)
            found = next(row for i, row in enumerate(found) if _key(row, i) == key)
    return found


def _at(value: Any, steps: list[str], changes: dict[str, Any]) -> Any:
    if not steps:
        return replace(value, **changes)
    name, *rest = steps
    inner = getattr(value, name)
    if not isinstance(inner, tuple):
        return replace(value, **{name: _at(inner, rest, changes)})
    key, *below = rest
    assert any(_key(row, i) == key for i, row in enumerate(inner)), f"no {key} in {name}"
    rows = (_at(row, below, changes) if _key(row, i) == key else row for i, row in enumerate(inner))
    return replace(value, **{name: tuple(rows)})


def _key(row: Any, position: int) -> str:
    return str(getattr(row, "key", position))
