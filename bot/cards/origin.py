"""The message that a dispute is opened from: where it stands, and its words as plain text."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

_CHANNEL, _TS = re.compile(r"[CDG][A-Z0-9]{1,30}"), re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
_MARKUP = re.compile(r"<([@#!]|(?=(?:https?|mailto|tel):))([^|<>]+)(?:\|([^<>]*))?>")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Origin:
    """A message in Slack: its channel, its ts, and what it says."""

    channel: str
    ts: str
    text: str = ""

    def metadata(self) -> str:
        """What the form carries of it."""
        return json.dumps({"channel": self.channel, "ts": self.ts})

    def reference(self, order: str) -> str:
        """The dispute's name at its source: whoever opens this message again finds the same one.

        A message may tell of several orders, so the order is part of it.
        """
        digest = hashlib.sha256(order.strip().encode()).hexdigest()[:12]
        return f"message:{self.channel}:{self.ts}:{digest}"


def of_message(body: dict[str, Any]) -> Origin | None:
    """The message that a shortcut was used on; None where the payload names none."""
    message = body.get("message") or {}
    found = _checked((body.get("channel") or {}).get("id"), message.get("ts"))
    return Origin(found.channel, found.ts, plain_words(message.get("text"))) if found else None


def read(text: object) -> Origin | None:
    """The message that a form carried, or None where it was opened without one."""
    try:
        data = json.loads(str(text))
        return _checked(data["channel"], data["ts"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def plain_words(text: object) -> str:
    """A message's text as its writer typed it: Slack's markup undone, unseen characters gone."""
    if not isinstance(text, str):
        return ""
    words = _MARKUP.sub(_word, text)
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        words = words.replace(code, sign)
    return _UNSEEN.sub("", words).strip()


def _word(found: re.Match[str]) -> str:
    sign, target, label = found.groups()
    if sign:  # somebody, a channel, a group, a date: its label, or what Slack calls it
        return label or f"{sign}{target}"
    return f"{label} ({target})" if label and label != target else target


def _checked(channel: object, ts: object) -> Origin | None:
    sound = isinstance(channel, str) and isinstance(ts, str)
    if not sound or not _CHANNEL.fullmatch(str(channel)) or not _TS.fullmatch(str(ts)):
        return None
    return Origin(str(channel), str(ts))
