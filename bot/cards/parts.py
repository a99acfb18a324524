"""The small parts of every message: texts that cannot break out, within Slack's limits."""

import datetime as dt
import re
from typing import Any

Block = dict[str, Any]

FALLBACK_BYTES = 3_800  # chat.update counts bytes, which Chinese reaches early
_FORMATTING = re.compile(r"([*_~`])")
_UNSEEN = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")  # NUL, and what overrides directions
_BREAK = "\u200b"  # between formatting characters: they are seen and do nothing


def escaped(text: str) -> str:
    """Text of the house's own for mrkdwn: what Slack reads as markup is escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bare(text: str) -> str:
    """Text from outside on one line, without what is unseen and turns other text round."""
    return " ".join(_UNSEEN.sub("", text).split())


def quoted(text: str) -> str:
    """Text from outside for mrkdwn: no mention, link or formatting works (fault 34)."""
    return _FORMATTING.sub(rf"\1{_BREAK}", escaped(bare(text)))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def fallback(text: str) -> str:
    """A message's top-level text: what notifications and screen readers say."""
    raw = text.encode()
    if len(raw) <= FALLBACK_BYTES:
        return text
    return raw[: FALLBACK_BYTES - 3].decode(errors="ignore") + "…"


def when(at: dt.datetime, *, left: bool = False) -> str:
    """A moment that every reader sees in their own zone and language.

    `left` adds how far away it is, which Slack keeps counting without a redraw.
    """
    utc = at.astimezone(dt.UTC)
    shown = "{date_short_pretty} {time}" + (" ({ago})" if left else "")
    return f"<!date^{int(utc.timestamp())}^{shown}|{utc:%Y-%m-%d %H:%M} UTC>"


def plain(text: str, limit: int) -> Block:
    """A plain text object."""
    shown = cut(_UNSEEN.sub("", text), limit)
    return {"type": "plain_text", "text": shown if shown.strip() else "–", "emoji": True}


def mrkdwn(text: str, limit: int = 3000) -> Block:
    """A text object with formatting."""
    return {"type": "mrkdwn", "text": cut(text, limit) or "–"}


def section(text: str, **more: Any) -> Block:
    """A section."""
    return {"type": "section", "text": mrkdwn(text), **more}


def context(text: str) -> Block:
    """A line in small print."""
    return {"type": "context", "elements": [mrkdwn(text, 2000)]}


def button(text: str, action_id: str, value: str, **more: Any) -> Block:
    """A button; styles and confirms come in `more`, empty ones are left out."""
    return {
        "type": "button",
        "text": plain(text, 75),
        "action_id": action_id,
        "value": value,
        **{name: item for name, item in more.items() if item},
    }


def link(url: str | None, text: str) -> str:
    """A link where there is an address, the bare text where there is none."""
    return f"<{url}|{escaped(text).replace('|', '¦')}>" if url else escaped(text)
