"""Saving an order of the draft's rows that was dragged, or moved by keys (S1)."""

from typing import Any

from flask import request

from admin.base import MOST_DIGITS, me, refusal
from core.desk import draft_order, draft_rows
from core.desk.answers import Stale
from core.desk.draft_rows import Owner
from web.desk import reading, transact
from web.language import say

MOST_PLACE = 2 * MOST_DIGITS + 1  # characters of a row's place in an order
Answer = dict[str, Any] | tuple[dict[str, Any], int]


def save_order(kind: str, owner: Owner | None) -> Answer:
    """What the page's script is told: the mark of the saved order, or why it was not saved."""
    try:
        wanted = [_place(text) for text in request.form.get("order", "").split(",") if text]
        read = request.form.get("mark", "")
        refused = transact(draft_order.arrange, me(), kind, owner, read, wanted)
    except Stale:
        return {"said": say("panel.order.stale")}, 409
    except ValueError:
        return {"said": say("panel.order.bad")}, 422
    if refused is not None:
        return {"said": refusal(refused)}, 422
    rows = draft_rows.rows(reading(), kind, owner)
    return {"said": say("panel.order.saved"), "mark": draft_order.mark(kind, rows)}


def _place(text: str) -> draft_order.Place:
    """A row's place as the page says it: `12`, or `12:7` below the trunk 7. Raises ValueError."""
    row, _, trunk = text.partition(":")
    if len(text) > MOST_PLACE:
        raise ValueError("no place")
    return int(row), int(trunk) if trunk else None
