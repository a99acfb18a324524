"""Shortcuts: a dispute opened from any message, or from anywhere in Slack (I1)."""

import datetime as dt
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot import ids
from bot.cards import modals
from bot.cards import origin as origins
from bot.cards.origin import Origin
from bot.context import Bot
from bot.listeners import home
from bot.listeners.members import Done, tell, user_id
from core.db import Busy
from core.desk import documents, people
from core.desk.actor import Right
from core.desk.answers import Applied, Refused

Body = dict[str, Any]


def register(app: App, bot: Bot) -> None:
    """Registers both shortcuts."""

    def on_message(ack: Ack, body: Body) -> None:
        _open(ack, bot, body, origins.of_message(body))

    def on_anywhere(ack: Ack, body: Body) -> None:
        _open(ack, bot, body, None)

    app.message_shortcut(ids.OPEN_FROM_MESSAGE)(on_message)
    app.global_shortcut(ids.OPEN_ANYWHERE)(on_anywhere)


def _open(ack: Ack, bot: Bot, body: Body, origin: Origin | None) -> None:
    """Opens the form of a new dispute, or says why this person may not open one."""
    try:
        done, form = bot.database.read(_form, user_id(body), origin)
    except Busy:
        done, form = Done(Refused("busy"), None), None
    ack()
    if form is None:
        tell(bot, body, done.refusal())
        return
    trigger = body.get("trigger_id", "")
    bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))
    home.meet(bot, user_id(body))


def _form(
    connection: Connection, slack_id: str, origin: Origin | None, *, now: dt.datetime
) -> tuple[Done, dict[str, Any] | None]:
    """The form for whoever may open disputes; submitting it asks the desk again."""
    del now
    member = people.by_slack_id(connection, slack_id)
    if member is None:
        return Done(Refused("inactive"), None), None
    refused = people.refusal(connection, member.actor, Right.OPEN)
    if refused is not None:
        return Done(refused, member), None
    form = modals.new(documents.active(connection), member.locale, origin)
    return Done(Applied("form", 0, "", 0), member), form
