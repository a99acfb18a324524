"""From a problem's place to the page where it is mended."""

from typing import Any

from flask import url_for
from sqlalchemy import Row

from admin.draft.kinds import BY_KIND
from core.desk import draft_rows
from core.desk.draft_rows import Owner
from core.workflow.problems import Problem
from web.desk import reading

_OF_WORKFLOW = {"limits": "limit", "service_levels": "service_level", "ends": "decision"}


def page_of(problem: Problem) -> str:
    """The page nearest to the problem's place: its row, or the innermost row that is found."""
    keys = [key for part in problem.place for key in part.split("/")]
    found = _find(keys)
    if found is None:
        top = keys[0] if keys and keys[0] in ("option_sets", "reasons") else "workflows"
        return url_for(f"{top}.index_view")
    kind, row = found
    return url_for(f"{BY_KIND[kind].endpoint}.edit_view", id=row.id)


def _find(keys: list[str]) -> tuple[str, Row[Any]] | None:
    if not keys:
        return None
    if keys[0] == "option_sets":
        return _down([("option_set",), ("option",)], keys[1:], None)
    if keys[0] == "reasons":
        return _down([("reason",)], keys[1:], None)
    if keys[0] == "workflows":
        return _down([("workflow",)], keys[1:], None)
    below = _OF_WORKFLOW.get(keys[1]) if len(keys) > 1 else None
    if below is not None:
        return _down([("workflow",), (below,), ("field",)], [keys[0], *keys[2:]], None)
    return _down([("workflow",), ("stage",), ("decision", "field"), ("field",)], keys, None)


def _down(
    kinds: list[tuple[str, ...]],
    keys: list[str],
    owner: Owner | None,
) -> tuple[str, Row[Any]] | None:
    """Follows keys from owner to owned as far as rows are found."""
    found: tuple[str, Row[Any]] | None = None
    for choices, key in zip(kinds, keys, strict=False):
        rows = (
            (kind, row)
            for kind in choices
            for row in draft_rows.rows(reading(), kind, owner)
            if row.key == key
        )
        here = next(rows, None)
        if here is None:
            break
        found = here
        owner = Owner(here[0], here[1].id)
    return found
