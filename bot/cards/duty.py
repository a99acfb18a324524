"""What a rota tells: who came on and what they must know, and what is wrong ahead (K5, K23)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bot.cards.card import Message
from bot.cards.parts import cut, escaped, fallback, quoted, section, when
from core.i18n import say

_NOTE = 600  # characters


def came_on(rota: str, names: Sequence[str], data: dict[str, Any], locale: str) -> Message:
    """A channel is told who is on duty at a rota from now on."""
    who = say("word.comma", locale).join(quoted(name) for name in names)
    text = _until("duty.came_on", data, locale, rota=escaped(rota), who=who)
    return fallback(text), [section(text)]


def yours(
    rota: str, notes: Sequence[tuple[str, str]], data: dict[str, Any], locale: str
) -> Message:
    """Whoever came on is told so, with each note that was left and who left it."""
    text = _until("duty.yours", data, locale, rota=escaped(rota))
    blocks = [section(text)]
    for who, note in notes:
        left = say("duty.note", locale, who=quoted(who), note=cut(quoted(note), _NOTE))
        blocks.append(section(left))
    return fallback(text), blocks


def trouble(rota: str, other: str, who: str, data: dict[str, Any], locale: str) -> Message:
    """A channel is told of a gap or an overload that lies ahead."""
    sentence = say(
        f"rota.trouble.{data['trouble']}",
        locale,
        who=quoted(who),
        other=escaped(other),
        since=when(dt.datetime.fromisoformat(data["since"])),
        until=when(dt.datetime.fromisoformat(data["until"])),
        hours=f"{data['seconds'] / 3600:.2f}".rstrip("0").rstrip("."),
    )
    text = say("duty.trouble", locale, rota=escaped(rota), sentence=sentence)
    return fallback(text), [section(text)]


def _until(key: str, data: dict[str, Any], locale: str, **names: str) -> str:
    """A sentence with when the turn ends, where that is known."""
    if not data["until"]:
        return say(f"{key}.open", locale, **names)
    return say(key, locale, until=when(dt.datetime.fromisoformat(data["until"])), **names)
