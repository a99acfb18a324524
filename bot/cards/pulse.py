"""What the auditor tells supervisors, and the probe that only shows its arrival (G10, K14)."""

import datetime as dt
from typing import Any

from bot.cards.card import Message
from bot.cards.parts import fallback, section, when
from core.i18n import say


def pulse(data: dict[str, Any], locale: str) -> Message:
    """One message as something that was due does not run, one as all is well again."""
    since = when(dt.datetime.fromisoformat(data["since"]))
    if data["over"]:
        text = say("pulse.over", locale, since=since)
        return fallback(text), [section(text)]
    lines = [
        say(f"pulse.trouble.{reason}", locale, number=number)
        for reason, number in data["trouble"].items()
    ]
    text = "\n".join([say("pulse.begun", locale), *(f"• {line}" for line in lines)])
    return fallback(text), [section(text + "\n" + say("pulse.do", locale))]


def probe(locale: str) -> Message:
    """An alert like any other, which is taken away as soon as it has arrived."""
    text = say("pulse.probe", locale)
    return fallback(text), [section(text)]
