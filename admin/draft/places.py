"""From the place of a problem or a change to words, and to the page of the row."""

from typing import Any

from flask import url_for
from sqlalchemy import Row

from admin.draft.kinds import BY_KIND
from admin.draft.sketch import row_label
from core.desk import draft_rows
from core.desk.draft_rows import Owner
from core.workflow.difference import Change
from core.workflow.problems import Problem
from web.desk import reading
from web.language import say

_TOPS = {
    "option_sets": "option_set",
    "reasons": "reason",
    "workflows": "workflow",
    "workflow_rules": "workflow_rule",
    "ladders": "ladder",
    "grade_rules": "grade_rule",
}
_OF_WORKFLOW = {
    "limits": "limit",
    "service_levels": "service_level",
    "ends": "decision",
    "assignments": "assignment",
}

Found = list[tuple[str, Row[Any]]]


class Places:
    """Finds the rows of the draft that problems name; asks for each list of rows once."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Owner | None], list[Row[Any]]] = {}

    def told(self, problem: Problem) -> tuple[str, str]:
        """The place in words, and the page nearest to it: the innermost row that is found."""
        keys = [key for part in problem.place for key in part.split("/") if key]
        top, kinds, rest = _way(keys)
        found = self._follow(kinds, rest)
        names = [_name(row) for _, row in found] + rest[len(found) :]
        if not found:
            return " › ".join([say(f"panel.nav.{top}"), *names]), url_for(f"{top}.index_view")
        kind, row = found[-1]
        return " › ".join(names), url_for(f"{BY_KIND[kind].endpoint}.edit_view", id=row.id)

    def address(self, change: Change) -> str:
        """The page of a row that differs; of one that is gone, of the nearest around it."""
        kinds: list[tuple[str, ...]] = [(kind,) for kind, _, _ in change.path]
        found = self._follow(kinds, [key for _, key, _ in change.path])
        if found:
            kind, row = found[-1]
            return url_for(f"{BY_KIND[kind].endpoint}.edit_view", id=row.id)
        top = change.path[0][0] if change.path else change.kind
        return url_for(f"{BY_KIND[top].endpoint}.index_view")

    def _follow(self, kinds: list[tuple[str, ...]], keys: list[str]) -> Found:
        """Follows keys from owner to owned as far as rows are found."""
        found: Found = []
        owner: Owner | None = None
        for choices, key in zip(kinds, keys, strict=False):
            rows = ((k, row) for k in choices for row in self._owned(k, owner) if row.key == key)
            here = next(rows, None)
            if here is None:
                break
            found.append(here)
            owner = Owner(here[0], here[1].id)
        return found

    def _owned(self, kind: str, owner: Owner | None) -> list[Row[Any]]:
        if (kind, owner) not in self._rows:
            self._rows[kind, owner] = draft_rows.rows(reading(), kind, owner)
        return self._rows[kind, owner]


def _way(keys: list[str]) -> tuple[str, list[tuple[str, ...]], list[str]]:
    """The list in which the place lies, the kinds of rows on the way to it, and their keys."""
    if keys and keys[0] in _TOPS:
        return keys[0], [(_TOPS[keys[0]],), ("option", "ladder_level")], keys[1:]
    below = _OF_WORKFLOW.get(keys[1]) if len(keys) > 1 else None
    if below is not None:
        return "workflows", [("workflow",), (below,), ("field",)], [keys[0], *keys[2:]]
    return (
        "workflows",
        [("workflow",), ("stage",), ("decision", "field", "macro"), ("field",)],
        keys,
    )


def _name(row: Row[Any]) -> str:
    return row_label(row) if "label_zh" in row._mapping else str(row.key)
