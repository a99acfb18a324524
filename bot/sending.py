"""One message on its way to Slack: by response_url or Web API, and smaller where it is too much."""

import logging
from typing import Any

from slack_sdk import WebClient

from bot import ids
from bot.calls import TOO_MUCH, Done, Later, Outcome, Refused, call, form_call, respond
from bot.cards.parts import Block, fallback, plain
from bot.context import Bot
from bot.job import UPDATE, Job
from core.desk import delivery
from core.desk.delivery import Lease
from core.secrets import CannotOpen

log = logging.getLogger("redress.delivery")
EVENT_TYPE = "redress_message"
SAFE_TEXT = 2900


def send(bot: Bot, sender: WebClient, lease: Lease, job: Job) -> Outcome:
    """Sends it once, and says what came of it."""
    if job.method == UPDATE:
        url = _reply_url(bot, lease, job)
        if url is not None and _redrawn(url, job):
            # The lane's pace is chat.update's, and none was made: the next one need not wait.
            bot.database.transact_wall(delivery.wake_lane, lease.lane)
            return Done({})
        payload: dict[str, Any] = {"channel": job.channel, "ts": job.ts}
    else:
        payload = {
            "channel": job.channel,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"outbox": lease.id}},
        }
        if job.thread_ts:
            payload["thread_ts"] = job.thread_ts
    text, blocks = job.message
    content = {**payload, "text": text, "blocks": blocks}
    outcome = job.run(sender) if job.run else call(sender, job.method, content)
    for safe in _safer(text, blocks):
        if not (isinstance(outcome, Refused) and outcome.error in TOO_MUCH):
            break
        log.warning("Slack refused a message (%s); a smaller one goes instead", outcome.error)
        outcome = call(sender, job.method, {**payload, "text": fallback(text), "blocks": safe})
    if isinstance(outcome, Refused) and outcome.error == "not_in_channel":
        joined = form_call(sender, "conversations.join", {"channel": job.channel})
        if isinstance(joined, Done):
            return Later(0.1, "joined the channel")
    return outcome


def _safer(text: str, blocks: list[Block]) -> list[list[Block]]:
    """What goes where Slack refuses the whole (fault 13): text and buttons, then the text alone."""
    told: Block = {"type": "section", "text": plain(text, SAFE_TEXT)}
    buttons = [block for block in blocks if block["type"] == "actions"]
    return [[told, *buttons], [told]] if buttons else [[told]]


def _redrawn(url: str, job: Job) -> bool:
    """Redraws a card by response_url, and tells whoever pressed what only they need."""
    text, blocks = job.message
    message = {"text": text, "blocks": blocks, "replace_original": True}
    if not isinstance(respond(url, message), Done):
        return False
    if job.aside is not None:  # transient: it may be lost
        text, blocks = job.aside
        aside = {"text": text, "blocks": blocks, "replace_original": False}
        respond(url, {**aside, "response_type": "ephemeral"})
    return True


def _reply_url(bot: Bot, lease: Lease, job: Job) -> str | None:
    """The response_url of the press that made this redraw necessary; a dead one falls back.

    One of a press on another copy would redraw that copy, and not the card.
    """
    if lease.reply_to is None or lease.attempts > 2:
        return None
    try:
        address = bot.vault.open_secret(lease.reply_to, ids.REPLY_PLACE)
    except CannotOpen:
        return None
    return ids.read_address(address, job.channel, job.ts)
