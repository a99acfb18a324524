"""Contesting a judgment, and settling what was contested: presses in direct messages (W6)."""

from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot import ids
from bot.cards.facts import shown_number
from bot.context import Bot
from bot.listeners.members import act, tell
from core.desk import quality
from core.desk.actor import Actor
from core.desk.answers import Answer, Applied
from core.i18n import say

Body = dict[str, Any]


def register(app: App, bot: Bot) -> None:
    """Registers the three buttons; choosing a reason alone does nothing yet."""

    def on_press(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        aim = ids.read_value(action.get("value"))  # the judgment's number, as others the visit's
        if aim is None:
            ack()
            return
        key, name = ids.click_key(body), action["action_id"]
        if name == ids.CONTEST:
            done = act(bot, body, _contest, aim.visit_id, _reason(body), click=key)
        else:
            upheld = name == ids.UPHOLD
            done = act(bot, body, _settle, aim.visit_id, click=key, upheld=upheld)
        ack()
        url = body.get("response_url")
        if isinstance(done.answer, Applied) and url:
            number = shown_number(done.answer.number)
            text = say(f"judged.done.{done.answer.what}", done.locale, number=number)
            bot.respond(url, text=text, replace_original=True)
        elif done.refusal():
            tell(bot, body, done.refusal())

    for name in (ids.CONTEST, ids.UPHOLD, ids.ANNUL):
        app.action(name)(on_press)


def _reason(body: Body) -> str:
    """The reason chosen beside the button; empty where none was."""
    values = (body.get("state") or {}).get("values") or {}
    for block in values.values():
        option = (block.get(ids.CONTEST_REASON) or {}).get("selected_option")
        if option:
            return str(option.get("value", ""))
    return ""


def _contest(c: Connection, judgment: int, reason: str, actor: Actor, **more: Any) -> Answer:
    return quality.contest(c, judgment, reason, actor, **more)


def _settle(c: Connection, judgment: int, actor: Actor, **more: Any) -> Answer:
    return quality.settle(c, judgment, actor, **more)
