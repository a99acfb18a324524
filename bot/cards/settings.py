"""The form of one's own settings: language, time zone, quiet hours."""

import datetime as dt
from typing import Any

from bot import ids
from bot.cards.parts import Block, context, plain
from core import zones
from core.desk.preferences import Preferences
from core.i18n import LOCALES, say

View = dict[str, Any]
FOLLOW = "follow"


def settings(now_set: Preferences, locale: str, now: dt.datetime) -> View:
    """What a person may set for themselves, as it is now."""
    follow = _option(say("settings.follow", locale), FOLLOW)
    follows = {"type": "checkboxes", "options": [follow]}
    if now_set.as_in_slack:
        follows["initial_options"] = [follow]
    languages = {value: _option(say(f"settings.{value}", locale), value) for value in LOCALES}
    language = {
        "type": "static_select",
        "options": list(languages.values()),
        "initial_option": languages[now_set.locale],
    }
    zone = {
        "type": "external_select",
        "min_query_length": 2,
        "initial_option": zone_option(now_set.zone, locale, now),
    }
    blocks: list[Block] = [
        _input("follow", say("settings.from_slack", locale), follows, optional=True),
        context(say("settings.own", locale)),
        _input("locale", say("settings.locale", locale), language),
        _input(ids.ZONE, say("settings.zone", locale), zone),
        _input("quiet_from", say("settings.quiet_from", locale), _time(now_set.quiet_from), True),
        _input("quiet_to", say("settings.quiet_to", locale), _time(now_set.quiet_to), True),
        context(say("settings.quiet", locale)),
    ]
    return {
        "type": "modal",
        "callback_id": ids.SETTINGS_VIEW,
        "title": plain(say("settings.title", locale), 24),
        "submit": plain(say("settings.save", locale), 24),
        "close": plain(say("modal.cancel", locale), 24),
        "blocks": blocks,
    }


def zone_option(name: str, locale: str, now: dt.datetime) -> Block:
    """A zone as a menu offers it."""
    return _option(zones.called(name, locale, now), name)


def _time(now_set: str) -> Block:
    return {"type": "timepicker", **({"initial_time": now_set} if now_set else {})}


def _option(text: str, value: str) -> Block:
    return {"text": plain(text, 75), "value": value}


def _input(name: str, label: str, element: Block, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "optional": optional,
        "element": {"action_id": name, **element},
    }
