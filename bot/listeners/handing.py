"""Handing over, snoozing, contact: the forms open from a card, and are submitted here."""

from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot import ids
from bot.cards import handing
from bot.context import Bot
from bot.ids import Aim
from bot.listeners.members import act, user_id
from core.desk import contacting, handover, people, snoozing, views
from core.desk.actor import Actor
from core.desk.answers import Answer, Applied

Body = dict[str, Any]


def register(app: App, bot: Bot) -> None:
    """Registers the forms."""

    def on_submit(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        found = ids.read_metadata(view.get("private_metadata"))
        if found is None:
            ack()
            return
        work = _WORK[str(view.get("callback_id"))]
        reply_to = ids.read_reply(view.get("private_metadata"))
        values = _values(view)
        key = ids.click_key(body)
        done = act(bot, body, work, found[0], values, click=key, reply_to=reply_to)
        if isinstance(done.answer, Applied):
            ack(response_action="clear")
        else:
            ack(response_action="errors", errors={"reason": done.refusal()[:200]})

    app.view(ids.HANDOVER)(on_submit)
    app.view(ids.SNOOZE)(on_submit)
    app.view(ids.CONTACT)(on_submit)


def show(bot: Bot, body: Body, aim: Aim, reply_to: bytes | None) -> None:
    """Opens the form that the menu's option names, in the presser's language."""
    member = bot.database.read(people.by_slack_id, user_id(body))
    view = bot.database.read(views.card_view, aim.visit_id, bot.vault)
    if member is None or view is None:
        return
    if aim.decision == ids.SNOOZE:
        form = handing.snooze(view, member.locale, reply_to)
    elif aim.decision == ids.CONTACT:
        form = handing.contact(view, member.locale, reply_to)
    else:
        others = bot.database.read(handover.colleagues, aim.visit_id, member.id)
        form = handing.hand_over(view, others, member.locale, reply_to)
    trigger = body.get("trigger_id", "")
    bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))


def _values(view: dict[str, Any]) -> dict[str, str]:
    """What was chosen, by the names of the form; what Slack did not send is empty."""
    return {
        name: str((element.get("selected_option") or {}).get("value") or "")
        for block in ((view.get("state") or {}).get("values") or {}).values()
        for name, element in block.items()
    }


def _hand_over(
    c: Connection, aim: Aim, values: dict[str, str], actor: Actor, **more: Any
) -> Answer:
    to = values.get("to", "")
    person_id = int(to) if to.isdecimal() and len(to) < 19 else None
    return handover.hand_over(c, aim.visit_id, person_id, values.get("reason", ""), actor, **more)


def _snooze(c: Connection, aim: Aim, values: dict[str, str], actor: Actor, **more: Any) -> Answer:
    reason, length = values.get("reason", ""), values.get("length", "")
    return snoozing.snooze(c, aim.visit_id, reason, length, actor, **more)


def _contact(c: Connection, aim: Aim, values: dict[str, str], actor: Actor, **more: Any) -> Answer:
    return contacting.contact(c, aim.visit_id, values.get("reason", ""), actor, **more)


_WORK = {ids.HANDOVER: _hand_over, ids.SNOOZE: _snooze, ids.CONTACT: _contact}
