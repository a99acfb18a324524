"""Submitted modals: a decision with its own fields, and a new dispute."""

import datetime as dt
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot import ids
from bot.cards import origin as origins
from bot.cards.facts import shown_number
from bot.context import Bot
from bot.listeners import home
from bot.listeners.members import act
from core.desk import by_hand, notes
from core.desk.actor import Actor
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import choose
from core.desk.intake import Intake
from core.i18n import say
from core.secrets import Vault

Body = dict[str, Any]
SOURCE = "desk"  # disputes that agents open themselves
# Where in the form a wrong part of an intake is asked.
PLACES = {
    "order_number": "order",
    "buyer": "buyer",
    "merchant": "merchant",
    "story": "story",
    "entered": "entered",
}


def register(app: App, bot: Bot) -> None:
    """Registers the modals."""

    def on_decide(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        found = ids.read_metadata(view.get("private_metadata"))
        if found is None:
            ack()
            return
        aim, chosen = found
        own = ids.chosen_of(view.get("state"))
        done = act(
            bot,
            body,
            _choose,
            aim,
            {**chosen, **own},
            click=ids.click_key(body),
            reply_to=ids.read_reply(view.get("private_metadata")),
        )
        answer = done.answer
        home.count(bot, body, done)
        if isinstance(answer, Applied):
            ack(response_action="clear")
            return
        wrong = [f for f in answer.fields if f in own] or list(own)[:1]
        ack(
            response_action="errors",
            errors={ids.FIELD + field: done.refusal()[:200] for field in wrong},
        )

    def on_new(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        values = _values(view)
        origin = origins.read(view.get("private_metadata"))
        name = origin.reference(values.get("order", "")) if origin else view["id"]
        done = act(bot, body, _open, bot.vault, name, values, click=ids.click_key(body))
        answer = done.answer
        if isinstance(answer, Applied):
            text = say(
                "new.opened",
                done.locale,
                number=shown_number(answer.number),
                stage=answer.params["stage_label"][0 if done.locale != "zh_CN" else 1],
            )
            ack(response_action="update", view=_message(view, text, done.locale))
            return
        place = PLACES.get(str(answer.params.get("place", "")), "story")
        ack(response_action="errors", errors={place: _problem(done.refusal, answer, done.locale)})

    def on_note(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        found = ids.read_metadata(view.get("private_metadata"))
        if found is None:
            ack()
            return
        text = _values(view).get("note", "")
        done = act(bot, body, _write, found[0], text, bot.vault, click=ids.click_key(body))
        if isinstance(done.answer, Applied):
            ack()
        else:
            ack(response_action="errors", errors={"note": done.refusal()[:200]})

    app.view(ids.DECIDE_VIEW)(on_decide)
    app.view(ids.NOTE_VIEW)(on_note)
    app.view(ids.NEW_VIEW)(on_new)


def _problem(refusal: Any, answer: Refused, locale: str) -> str:
    if answer.key == "bad_intake":
        return say(f"intake.{answer.params['problem']}", locale)
    return str(refusal())[:200]


def _choose(c: Connection, aim: ids.Aim, chosen: Body, actor: Actor, **more: Any) -> Answer:
    return choose(c, aim.visit_id, aim.decision, chosen, actor, **more)


def _write(
    c: Connection, aim: ids.Aim, text: str, vault: Vault, actor: Actor, **more: Any
) -> Answer:
    return notes.write(c, aim.visit_id, text, actor, vault, **more)


def _open(
    connection: Connection,
    vault: Vault,
    name: str,
    values: dict[str, str],
    actor: Actor,
    *,
    now: dt.datetime,
    click: str,
) -> Answer:
    """Opens a dispute from the form; the same form, or message and order, opens one only."""
    facts = {
        key.removeprefix(ids.FIELD): value
        for key, value in values.items()
        if key.startswith(ids.FIELD) and value
    }
    intake = Intake(
        SOURCE,
        name,
        values.get("order", ""),
        values.get("buyer", ""),
        values.get("story", ""),
        entered=values.get("entered", ""),
        merchant=values.get("merchant", ""),
        channel="desk",
        facts=facts,
    )
    return by_hand.open_one(connection, intake, actor, vault, now=now, click=click)


def _values(view: dict[str, Any]) -> dict[str, str]:
    """What was typed and chosen, by the names of the form."""
    values = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        for name, element in block.items():
            option = element.get("selected_option")
            values[name] = str((option or {}).get("value") or element.get("value") or "")
    return values


def _message(view: dict[str, Any], text: str, locale: str) -> dict[str, Any]:
    """The form replaced by what came of it."""
    return {
        "type": "modal",
        "title": view["title"],
        "close": {"type": "plain_text", "text": say("details.close", locale)},
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
    }
