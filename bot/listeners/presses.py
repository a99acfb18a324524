"""Presses on cards, alerts and Home: decide, take, release, take over, open, set a field."""

import re
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection, select

from bot import ids
from bot.cards import modals
from bot.cards.facts import shown_number
from bot.cards.parts import context, quoted
from bot.context import Bot
from bot.ids import Aim
from bot.listeners import handing, home
from bot.listeners.members import Done, act, sealed_url, tell, user_id
from core.desk import assigning, cards, choose, holding, locked, notes, parking, people, undo, views
from core.desk.actor import Actor
from core.desk.answers import Answer, Applied, Refused
from core.i18n import say
from core.tables import Channel

Body = dict[str, Any]


def register(app: App, bot: Bot) -> None:
    """Registers the presses."""

    def on_press(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        aim = ids.aim_of(action)
        text = "" if aim is None else _press(bot, body, action["action_id"], aim)
        ack()
        if text:
            tell(bot, body, text)

    def on_field(ack: Ack, body: Body) -> None:
        visit_id = _visit_of(body)
        done = act(bot, body, holding.hold, visit_id) if visit_id else None
        ack()
        if done is not None and done.refusal():
            tell(bot, body, done.refusal())

    app.action(re.compile(f"^{re.escape(ids.FIELD)}"))(on_field)
    app.action(re.compile(f"^({re.escape(ids.DECIDE)}|{re.escape(ids.ASK)}).+"))(on_press)
    for name in (ids.TAKE, ids.TAKE_OVER, ids.OPEN, ids.UNDO, ids.HINT, ids.PARK, ids.WRITE):
        app.action(name)(on_press)
    app.action(re.compile(rf"^{re.escape(ids.MORE)}(\.\d)?$"))(on_press)


def _press(bot: Bot, body: Body, action_id: str, aim: Aim) -> str:
    """Does what was pressed; returns what only the presser is told, empty where nothing is."""
    key = ids.click_key(body)
    reply_to = sealed_url(bot, body)
    if action_id == ids.TAKE:
        done = act(bot, body, holding.take, aim.visit_id, click=key, reply_to=reply_to)
    elif action_id == ids.UNDO:
        return _undo(bot, body, aim, key)
    elif action_id == ids.TAKE_OVER:
        done = act(bot, body, assigning.take_over, aim.visit_id, click=key)
        if isinstance(done.answer, Applied):
            _answered(bot, body, done)
    elif action_id == ids.OPEN or aim.decision == ids.DETAILS:
        on_card = action_id != ids.OPEN  # elsewhere the response_url is another message's
        return _open(bot, body, aim, reply_to if on_card else None)
    elif action_id == ids.HINT:
        return _hint(bot, body, aim, key)
    elif aim.decision == ids.NO_FIT:
        done = act(bot, body, _park, aim, _chosen(body), click=key, reply_to=reply_to)
    elif aim.decision == ids.NOTE:
        return _note(bot, body, aim)
    elif aim.decision in (ids.HANDOVER, ids.SNOOZE, ids.CONTACT):
        handing.show(bot, body, aim, reply_to)
        return ""
    elif aim.decision == ids.RELEASE:
        done = act(bot, body, holding.release, aim.visit_id, click=key, reply_to=reply_to)
    elif action_id.startswith(ids.ASK) or _asks(bot, action_id, aim):
        return _ask(bot, body, aim)
    else:
        done = act(bot, body, _choose, aim, _chosen(body), click=key, reply_to=reply_to)
    home.count(bot, body, done)
    return done.refusal()


def _answered(bot: Bot, body: Body, done: Done) -> None:
    """The alert says who took it over and offers that to nobody else; lost, it stays as it was."""
    url, message = body.get("response_url"), body.get("message") or {}
    if not url or done.member is None:
        return
    channel_id = str((body.get("channel") or {}).get("id", ""))
    locale = bot.database.read(_locale_of, channel_id)
    taken = say("line.taken", locale, who=quoted(done.member.name))
    told = [block for block in message.get("blocks", ()) if block.get("type") != "actions"]
    text = f"{message.get('text', '')} {taken}"
    bot.respond(url, text=text, blocks=[*told, context(taken)], replace_original=True)


def _locale_of(connection: Connection, slack_id: str, **_: object) -> str:
    return connection.scalar(select(Channel.locale).where(Channel.slack_id == slack_id)) or "en"


def _asks(bot: Bot, action_id: str, aim: Aim) -> bool:
    """Whether a decision out of the menu has fields of its own to ask."""
    if not action_id.startswith(ids.MORE):
        return False
    decision = bot.database.read(views.decision_at, aim.visit_id, aim.decision)
    return decision is not None and bool(decision.fields)


def _ask(bot: Bot, body: Body, aim: Aim) -> str:
    """Opens the modal of a decision's own fields, unless it would be refused anyway."""
    chosen = _chosen(body)
    done = act(bot, body, _rehearse, aim, chosen)
    if done.refusal():
        return done.refusal()
    view = bot.database.read(views.card_view, aim.visit_id, bot.vault)
    decision = bot.database.read(views.decision_at, aim.visit_id, aim.decision)
    if view is not None and decision is not None:
        form = modals.decide(view, decision, chosen, done.locale, sealed_url(bot, body))
        trigger = body.get("trigger_id", "")
        bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))
    return ""


def _note(bot: Bot, body: Body, aim: Aim) -> str:
    """Opens the form of an internal note over the details, in the writer's language."""
    member = bot.database.read(people.by_slack_id, user_id(body))
    view = bot.database.read(views.card_view, aim.visit_id, bot.vault)
    if member is not None and view is not None:
        form = modals.note(aim.visit_id, view.number, member.locale)
        trigger = body.get("trigger_id", "")
        bot.later(lambda client: client.views_push(trigger_id=trigger, view=form))
    return ""


def _hint(bot: Bot, body: Body, aim: Aim, key: str) -> str:
    """Answers a parked visit; the question gives way to the answer (D4)."""
    done = act(bot, body, _hand_back, aim, click=key)
    answer, url = done.answer, body.get("response_url")
    if isinstance(answer, Applied) and done.member is not None and url:
        number = shown_number(answer.number)
        text = say("parked.done", done.locale, number=number, who=quoted(done.member.name))
        bot.respond(url, text=text, replace_original=True)
    return done.refusal()


def _undo(bot: Bot, body: Body, aim: Aim, key: str) -> str:
    """Takes a decision back; what its author was told gives way to what became of it (D3)."""
    done = act(bot, body, undo.undo, aim.visit_id, click=key)
    home.count(bot, body, done)
    answer, url = done.answer, body.get("response_url")
    if isinstance(answer, Applied) and url:
        text = say("undo.done", done.locale, number=shown_number(answer.number))
        bot.respond(url, text=text, replace_original=True)
    return done.refusal()


def _open(bot: Bot, body: Body, aim: Aim, reply_to: bytes | None) -> str:
    """Shows the details; whoever opens them of a free visit holds it (rule 2)."""
    done: Done = act(bot, body, holding.hold, aim.visit_id, redraw=True, reply_to=reply_to)
    if done.member is None:
        return done.refusal()
    view = bot.database.read(views.card_view, aim.visit_id, bot.vault, bot.addresses)
    if view is None:
        return done.refusal()
    card = bot.database.read(cards.place, aim.visit_id)
    told = bot.database.read(notes.read, view.dispute_id, done.member.actor, bot.vault)
    shut = bot.database.read(locked.beforehand, aim.visit_id, done.member.actor)
    shown = modals.opened(view, done.locale, bot.permalink(card), told, shut)
    trigger = body.get("trigger_id", "")
    bot.later(lambda client: client.views_open(trigger_id=trigger, view=shown))
    return ""


def _chosen(body: Body) -> dict[str, Any]:
    return ids.chosen_of(body.get("state"))


def _visit_of(body: Body) -> int | None:
    """The visit of the card on which a field was set: its buttons carry it."""
    for block in (body.get("message") or {}).get("blocks", ()):
        for element in block.get("elements", ()) if block.get("type") == "actions" else ():
            menu: list[dict[str, Any]] = element.get("options") or [{}]
            aim = ids.read_value(element.get("value") or menu[0].get("value"))
            if aim is not None:
                return aim.visit_id
    return None


# The desk's use cases, with the actor last, as `act` hands it in.


def _choose(c: Connection, aim: Aim, chosen: dict[str, Any], actor: Actor, **more: Any) -> Answer:
    return choose.choose(c, aim.visit_id, aim.decision, chosen, actor, **more)


def _park(c: Connection, aim: Aim, chosen: dict[str, Any], actor: Actor, **more: Any) -> Answer:
    return parking.park(c, aim.visit_id, chosen, actor, **more)


def _hand_back(c: Connection, aim: Aim, actor: Actor, **more: Any) -> Answer:
    return parking.hand_back(c, aim.visit_id, aim.decision, actor, **more)


def _rehearse(c: Connection, aim: Aim, chosen: dict[str, Any], actor: Actor, **more: Any) -> Answer:
    refused: Refused | None = choose.rehearse(c, aim.visit_id, aim.decision, chosen, actor, **more)
    return refused or Applied("rehearsed", 0, "", aim.visit_id)
