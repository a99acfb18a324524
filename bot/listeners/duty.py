"""Hand-over notes out of `/dispute duty`: a button, and the form that it opens (K5)."""

import datetime as dt
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot import ids
from bot.cards import duty, modals
from bot.context import Bot
from bot.listeners.members import act, tell, user_id
from core.desk import people, rota_watch, standing_in
from core.desk.actor import Actor
from core.desk.answers import Answer, Applied
from core.desk.people import Member
from core.desk.standing_in import Named
from core.i18n import say

Body = dict[str, Any]
FIELDS = {"rota_not_yours": "rota", "rota_unknown": "rota"}  # all else is about the note


def register(app: App, bot: Bot) -> None:
    """Registers the button and the form."""

    def on_leave(ack: Ack, body: Body) -> None:
        member, rotas = bot.database.read(_writable, user_id(body))
        ack()
        if member is None:
            return
        if not rotas:
            tell(bot, body, say("refusal.rota_not_yours", member.locale))
            return
        form, trigger = duty.note_form(rotas, member.locale), body.get("trigger_id", "")
        bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))

    def on_note(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        values = (view.get("state") or {}).get("values") or {}
        chosen = values.get("rota", {}).get("rota", {}).get("selected_option") or {}
        key = str(chosen.get("value") or "")
        text = str(values.get("note", {}).get("note", {}).get("value") or "")
        done = act(bot, body, _leave, key, text, click=ids.click_key(body))
        if not isinstance(done.answer, Applied):
            place = FIELDS.get(done.answer.key, "note")
            ack(response_action="errors", errors={place: done.refusal()[:200]})
            return
        watches = bot.database.read(rota_watch.watches)
        here = next((one for one in watches if one.key == key), None)
        if here is None:
            ack()
        else:
            told = modals.told(duty.left(here, done.locale), done.locale)
            ack(response_action="update", view=told)

    app.action(ids.DUTY_NOTE)(on_leave)
    app.view(ids.DUTY_NOTE)(on_note)


def _writable(
    connection: Connection, slack_id: str, *, now: dt.datetime
) -> tuple[Member | None, list[Named]]:
    member = people.by_slack_id(connection, slack_id)
    if member is None or not member.active:
        return None, []
    return member, standing_in.writable(connection, member.actor, now=now)


def _leave(c: Connection, key: str, text: str, actor: Actor, **more: Any) -> Answer:
    return standing_in.leave(c, actor, key, text, **more)
