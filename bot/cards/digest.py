"""The digest of a channel after an outage: how much came in, how much is late, the worst first."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bot.cards.card import Message
from bot.cards.facts import shown_number
from bot.cards.parts import cut, escaped, fallback, section, when
from core.desk.queues import Queued
from core.i18n import say
from core.wording import stage_label
from core.workflow.model import Document

LINE = 200


def digest_of(
    items: Sequence[tuple[Queued, Document]], data: dict[str, Any], locale: str
) -> Message:
    """What piled up, in one message; `items` are the worst of it, worst first."""
    since = when(dt.datetime.fromisoformat(data["since"]))
    names = {"since": since, "count": data["count"], "overdue": data["overdue"]}
    heading = say("digest", locale, **names)
    lines = [_line(queued, document, locale) for queued, document in items]
    return fallback(heading), [section("\n".join([heading, *lines]))]


def _line(queued: Queued, document: Document, locale: str) -> str:
    stage = escaped(stage_label(document, queued.stage, locale))
    text = f"• *{shown_number(queued.number)}* · {cut(stage, LINE)}"
    if queued.due_at is not None:
        text += " · " + say("card.due", locale, when=when(queued.due_at, left=True))
    return text
