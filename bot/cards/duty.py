"""What a rota tells: who came on and what they must know, and what is wrong ahead (K5, K23)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bot import ids
from bot.cards.card import Message
from bot.cards.parts import (
    Block,
    button,
    context,
    cut,
    escaped,
    fallback,
    plain,
    quoted,
    section,
    when,
)
from core.desk.rota_watch import Watch
from core.desk.standing_in import LONGEST_NOTE, Named
from core.i18n import say

_NOTE = 600  # characters
_MOST_OPTIONS = 100


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


def answer(watches: Sequence[Watch], *, writes: bool, locale: str) -> dict[str, Any]:
    """The same with a button where whoever asks may leave a note for who comes next."""
    text = now(watches, locale)
    if not writes:
        return {"text": text}
    leave = button(say("duty.leave", locale), ids.DUTY_NOTE, ids.DUTY_NOTE)
    return {"text": text, "blocks": [section(text), {"type": "actions", "elements": [leave]}]}


def note_form(rotas: Sequence[Named], locale: str) -> dict[str, Any]:
    """The form of a hand-over note: at which rota, and what whoever comes on must know."""
    options = [_option(one, locale) for one in rotas][:_MOST_OPTIONS]
    typed = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_NOTE}
    return {
        "type": "modal",
        "callback_id": ids.DUTY_NOTE,
        "title": plain(say("duty.leave.title", locale), 24),
        "submit": plain(say("duty.leave.submit", locale), 24),
        "close": plain(say("modal.cancel", locale), 24),
        "blocks": [
            context(say("duty.leave.about", locale)),
            _input(
                "rota",
                say("panel.column.rota", locale),
                {"type": "static_select", "options": options, "initial_option": options[0]},
            ),
            {
                **_input("note", say("panel.label.rota_note", locale), typed),
                "hint": plain(say("panel.hint.rota_note", locale), 2000),
            },
        ],
    }


def left(watch: Watch, locale: str) -> str:
    """What whoever left a note reads: at which rota, and who will be told."""
    rota = escaped(watch.label_zh if locale == "zh_CN" else watch.label_en)
    text = say("duty.left", locale, rota=rota)
    if watch.next_at is None:
        return text
    names = {"who": _names(watch.next_people, locale), "when": when(watch.next_at)}
    return f"{text} {say('duty.next', locale, **names)}"


def _option(one: Named, locale: str) -> Block:
    return {
        "text": plain(one.label_zh if locale == "zh_CN" else one.label_en, 75),
        "value": one.key,
    }


def _input(name: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": {"action_id": name, **element},
    }


def _names(names: Sequence[str], locale: str) -> str:
    return say("word.comma", locale).join(quoted(name) for name in names)


def _until(key: str, data: dict[str, Any], locale: str, **names: str) -> str:
    """A sentence with when the turn ends, where that is known."""
    if not data["until"]:
        return say(f"{key}.open", locale, **names)
    return say(key, locale, until=when(dt.datetime.fromisoformat(data["until"])), **names)
