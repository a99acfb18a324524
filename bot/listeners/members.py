"""Acting as a member: who pressed is found, and the act is done, in one transaction."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot import ids
from bot.context import Bot
from core.db import Busy
from core.desk import cards, documents, people
from core.desk.answers import Answer, Refused
from core.desk.people import Member
from core.i18n import say
from core.wording import refusal_text
from core.workflow.model import Document

Act = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: the answer, for whom, and the document that its words are in."""

    answer: Answer
    member: Member | None
    document: Document | None = None

    @property
    def locale(self) -> str:
        """The reader's language."""
        return self.member.locale if self.member else "en"

    def refusal(self) -> str:
        """Why nothing was done, in the reader's words; empty where something was."""
        if not isinstance(self.answer, Refused):
            return ""
        zone = self.member.zone if self.member else "UTC"
        text = refusal_text(self.answer, self.document, self.locale, zone)
        if self.member is None:  # whose language nobody knows
            text += "\n" + refusal_text(self.answer, self.document, "zh_CN", zone)
        return text


def act(bot: Bot, body: dict[str, Any], work: Act, *args: Any, **kwargs: Any) -> Done:
    """Runs `work(connection, *args, actor, now=..., **kwargs)` as the member who pressed."""
    try:
        card = ids.card_of(body)
        return bot.database.transact(_act, user_id(body), card, work, args, kwargs)
    except Busy:
        return Done(Refused("busy"), None)


def _act(
    connection: Connection,
    slack_id: str,
    card: tuple[int, str, str] | None,
    work: Act,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    now: dt.datetime,
) -> Done:
    if card is not None:
        cards.pressed(connection, *card, now=now)
    member = people.by_slack_id(connection, slack_id, kwargs.get("click"))
    if member is None:
        return Done(Refused("inactive"), None)
    answer = work(connection, *args, member.actor, now=now, **kwargs)
    document = None
    if isinstance(answer, Refused) and answer.document_id is not None:
        document = documents.load(connection, answer.document_id)
    return Done(answer, member, document)


def user_id(body: dict[str, Any]) -> str:
    """The Slack id of whoever pressed, submitted or typed."""
    user = body.get("user")
    return str(user.get("id", "") if isinstance(user, dict) else body.get("user_id", ""))


def sealed_url(bot: Bot, body: dict[str, Any]) -> bytes | None:
    """The press's response_url, with the message that it redraws."""
    address = ids.reply_address(body)
    return bot.vault.seal_secret(address, ids.REPLY_PLACE) if address else None


def tell(bot: Bot, body: dict[str, Any], text: str) -> None:
    """Says something to one person only: beside the message, or in a small modal where none is."""
    url = body.get("response_url")
    trigger = body.get("trigger_id")
    if url:
        bot.respond(url, text=text, response_type="ephemeral", replace_original=False)
    elif trigger:
        view = {
            "type": "modal",
            "title": {"type": "plain_text", "text": "Redress"},
            "close": {"type": "plain_text", "text": say("details.close", "en")},
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
        }
        bot.later(lambda client: client.views_open(trigger_id=trigger, view=view))
