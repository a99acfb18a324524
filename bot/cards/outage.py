"""What supervisors are told when a channel is lost or back, or the token is accepted again."""

import datetime as dt
from typing import Any

from bot.cards.card import Message
from bot.cards.parts import escaped, fallback, quoted, section, when
from core.desk.outages import TOKEN
from core.desk.watching import remedy
from core.i18n import say


def outage(data: dict[str, Any], channel: str, locale: str) -> Message:
    """One message for the beginning, one for the end; `channel` is the lost one's name."""
    since = when(dt.datetime.fromisoformat(data["since"]))
    reason = data["reason"]
    names = {"channel": quoted(channel), "since": since, "reason": escaped(reason)}
    what = "token" if data["outage"] == TOKEN else "channel"
    text = say(f"outage.{what}.{'over' if data['over'] else 'begun'}", locale, **names)
    if not data["over"]:
        text += "\n" + say(remedy(data["outage"], reason), locale)
    return fallback(text), [section(text)]
