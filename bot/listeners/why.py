"""Why then: pressed in the details, answered over them with what explains each promise."""

from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.cards.why import why
from bot.context import Bot
from bot.listeners.members import user_id
from core.desk import about_time, people


def register(app: App, bot: Bot) -> None:
    """Registers the press."""

    def on_why(ack: Ack, body: dict[str, Any], action: dict[str, Any]) -> None:
        aim = ids.aim_of(action)
        member = bot.database.read(people.by_slack_id, user_id(body))
        told = bot.database.read(about_time.about, aim.visit_id) if aim is not None else None
        ack()
        if member is not None and told is not None:
            shown = why(told, member.locale)
            trigger = body.get("trigger_id", "")
            bot.later(lambda client: client.views_push(trigger_id=trigger, view=shown))

    app.action(ids.WHY)(on_why)
