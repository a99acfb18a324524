"""App Home: opened, it shows the reader's own queue in the reader's language."""

import datetime as dt
from typing import Any

from slack_bolt import App
from sqlalchemy import Connection

from bot.cards.home import home, stranger
from bot.context import Bot
from core.desk import documents, people, queues


def register(app: App, bot: Bot) -> None:
    """Registers Home."""

    def on_opened(event: dict[str, Any]) -> None:
        if event.get("tab") == "home":
            slack_id = str(event.get("user", ""))
            view = bot.database.read(_home, slack_id)
            bot.later(lambda client: client.views_publish(user_id=slack_id, view=view))

    app.event("app_home_opened")(on_opened)


def _home(connection: Connection, slack_id: str, *, now: dt.datetime) -> dict[str, object]:
    member = people.by_slack_id(connection, slack_id)
    if member is None or not member.active:
        return stranger(slack_id, "en")
    found = queues.home(connection, member.id, now=now)
    return home(found, documents.active(connection), member.locale)
