"""Presses on alerts: 'I am on it', and 'this was noise' with its reason (K6, K24)."""

from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot import ids
from bot.context import Bot
from bot.listeners.members import act, sealed_url, tell
from core.desk import acknowledging, noise
from core.desk.actor import Actor
from core.desk.answers import Answer

Body = dict[str, Any]


def register(app: App, bot: Bot) -> None:
    """Registers the button and the choice of a reason."""

    def on_acknowledge(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        aim = ids.read_value(action.get("value"))  # the deadline's number, as others the visit's
        if aim is not None:
            _do(bot, body, _acknowledge, aim.visit_id)
        ack()

    def on_noise(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        aim = ids.read_noise((action.get("selected_option") or {}).get("value"))
        if aim is not None:
            _do(bot, body, _say_noise, aim)
        ack()

    app.action(ids.ACKNOWLEDGE)(on_acknowledge)
    app.action(ids.NOISE)(on_noise)


def _do(bot: Bot, body: Body, work: Any, aim: Any) -> None:
    done = act(bot, body, work, aim, click=ids.click_key(body), reply_to=sealed_url(bot, body))
    if done.refusal():
        tell(bot, body, done.refusal())


def _acknowledge(c: Connection, deadline_id: int, actor: Actor, **more: Any) -> Answer:
    return acknowledging.acknowledge(c, deadline_id, actor, **more)


def _say_noise(c: Connection, aim: ids.NoiseAim, actor: Actor, **more: Any) -> Answer:
    return noise.say_noise(c, aim.deadline_id, aim.place, aim.reason, actor, **more)
