"""What a rota tells: who came on and what they must know, and what is wrong ahead (K5, K23)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bot.cards.card import Message
from bot.cards.parts import cut, escaped, fallback, quoted, section, when
from core.desk.rota_watch import Watch
from core.i18n import say

_NOTE = 600  # characters


def came_on(rota: str, names: Sequence[str], data: dict[str, Any], locale: str) -> Message:
    """A channel is told who is on duty at a rota from now on."""
    who = _names(names, locale)
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


def now(watches: Sequence[Watch], locale: str) -> str:
    """Who is on duty at each rota now, until when, and who comes next."""
    lines = []
    for one in watches:
        rota = escaped(one.label_zh if locale == "zh_CN" else one.label_en)
        data = {"until": one.until.isoformat() if one.until is not None else ""}
        if one.people:
            line = _until("duty.came_on", data, locale, rota=rota, who=_names(one.people, locale))
        else:
            line = say("duty.gap" if one.due else "duty.off", locale, rota=rota)
        if one.next_at is not None:
            names = {"who": _names(one.next_people, locale), "when": when(one.next_at)}
            line += " " + say("duty.next", locale, **names)
        lines.append(line)
    return "\n".join(lines) if lines else say("duty.none", locale)


def _names(names: Sequence[str], locale: str) -> str:
    return say("word.comma", locale).join(quoted(name) for name in names)


def _until(key: str, data: dict[str, Any], locale: str, **names: str) -> str:
    """A sentence with when the turn ends, where that is known."""
    if not data["until"]:
        return say(f"{key}.open", locale, **names)
    return say(key, locale, until=when(dt.datetime.fromisoformat(data["until"])), **names)
