"""Each person's settings, and their profile in Slack: language, time zone, quiet hours."""

import datetime as dt
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot import ids
from bot.cards import settings as cards
from bot.context import Bot
from bot.listeners import home
from bot.listeners.members import act, user_id
from core import zones
from core.desk import people, preferences
from core.desk.answers import Applied, Refused
from core.desk.preferences import Preferences

Body = dict[str, Any]


def register(app: App, bot: Bot) -> None:
    """Registers the form, its menu of zones, and Slack's news of profiles."""

    def on_open(ack: Ack, body: Body) -> None:
        form = bot.database.read(_form, user_id(body))
        ack()
        if form is not None:
            trigger = body.get("trigger_id", "")
            bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))

    def on_zones(ack: Ack, body: Body) -> None:
        ack(options=bot.database.read(_zones, user_id(body), str(body.get("value", ""))))

    def on_save(ack: Ack, body: Body, view: Body) -> None:
        wanted = _wanted(view)
        done = act(bot, body, preferences.choose, wanted)
        if isinstance(done.answer, Refused):
            ack(response_action="errors", errors={"quiet_from": done.refusal()[:200]})
            return
        ack()
        if isinstance(done.answer, Applied):
            home.publish(bot, user_id(body))
            home.read_profile(bot, user_id(body))

    def on_profile(event: Body) -> None:
        user = event.get("user")
        slack_id = str(user.get("id", "")) if isinstance(user, dict) else ""
        if bot.database.read(people.by_slack_id, slack_id) is None:
            return  # of everybody's news in the workspace, the desk's people concern us
        if isinstance(user, dict) and user.get("locale"):
            home.take_profile(bot, slack_id, user)
        else:
            home.read_profile(bot, slack_id)

    app.action(ids.HOME_SETTINGS)(on_open)
    app.options(ids.ZONE)(on_zones)
    app.view(ids.SETTINGS_VIEW)(on_save)
    app.event("user_change")(on_profile)


def _form(connection: Connection, slack_id: str, *, now: dt.datetime) -> Body | None:
    member = people.by_slack_id(connection, slack_id)
    if member is None or not member.active:
        return None
    return cards.settings(preferences.of_person(connection, member.id), member.locale, now)


def _zones(connection: Connection, slack_id: str, typed: str, *, now: dt.datetime) -> list[Body]:
    member = people.by_slack_id(connection, slack_id)
    locale = member.locale if member else "en"
    return [cards.zone_option(name, locale, now) for name in zones.matching(typed, locale)]


def _wanted(view: Body) -> Preferences:
    """What the form says."""
    found: Body = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        found |= {name: element for name, element in block.items() if isinstance(element, dict)}
    chosen = {name: (found.get(name, {}).get("selected_option") or {}) for name in found}
    return Preferences(
        str(chosen.get("locale", {}).get("value", "")),
        str(chosen.get(ids.ZONE, {}).get("value", "")),
        bool(found.get("follow", {}).get("selected_options")),
        str(found.get("quiet_from", {}).get("selected_time") or ""),
        str(found.get("quiet_to", {}).get("selected_time") or ""),
    )
