"""Looks for a message in Slack by the outbox id in its metadata (faults 8 and 10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from bot.calls import GONE, Done, Later, Locked, Refused, form_call


@dataclass(frozen=True, slots=True)
class Found:
    """The timestamps of every copy that stands there, oldest first; none where it never arrived."""

    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blind:
    """History may not be read here: whether it arrived cannot be told by looking."""

    reason: str


Seen = Found | Blind | Later | Locked


def look(
    sender: WebClient, channel: str, outbox_id: int, since: float, thread_ts: str = ""
) -> Seen:
    """Every copy of a stored message since a moment (seconds), in a channel or a thread."""
    params: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": 100}
    method = "conversations.history"
    params["oldest"] = f"{since:.6f}"
    if thread_ts:
        method = "conversations.replies"
        params |= {"ts": thread_ts, "oldest": "0"}
    copies: list[str] = []
    while True:
        page = form_call(sender, method, params)
        match page:
            case Refused(error) if error in GONE:
                return Found(())
            case Refused(error) | Locked("missing_scope" | "access_denied" as error):
                return Blind(error)
            case Later() | Locked():
                return page
            case Done(data):
                copies += _copies(data, outbox_id)
        cursor = (data.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Found(tuple(sorted(copies, key=_moment)))
        params = {**params, "cursor": cursor}


def _copies(data: dict[str, Any], outbox_id: int) -> Iterator[str]:
    messages = data.get("messages")
    for message in messages if isinstance(messages, list) else ():
        metadata = message.get("metadata") or {}
        if (metadata.get("event_payload") or {}).get("outbox") == outbox_id:
            yield str(message["ts"])


def _moment(ts: str) -> tuple[int, str]:
    """Timestamps in the order of time, however long their parts are."""
    whole, _, part = ts.partition(".")
    return int(whole), part
