"""Links to disputes unfurl to a compact card, for those who may see it (X1, X5).

A card is shown where the desk shows its cards anyway, or where a member talks with the desk alone;
see docs/decisions/0007-who-sees-a-link.md. It is an answer to a post, sent after the reading and
lost without harm: stored, it would come late and tell what is no longer so.
"""

import datetime as dt
from typing import Any

from slack_bolt import App
from sqlalchemy import Connection, select

from bot.cards.unfurl import compact
from bot.context import Bot
from core.db import Busy
from core.desk import people, views
from core.desk.actor import Right
from core.desk.numbers import read_number
from core.i18n import LOCALES
from core.tables import Channel, Dispute, Visit

Body = dict[str, Any]
MOST = 5  # links of one message


def register(app: App, bot: Bot) -> None:
    """Registers the event of shared links."""

    def on_shared(event: Body) -> None:
        posted = event.get("source", "conversations_history") == "conversations_history"
        numbers = _numbers(bot.pages, event.get("links"))
        if not numbers or not posted:  # in the composer nobody knows yet where it will stand
            return
        try:
            cards = bot.database.read(_cards, bot, event, numbers)
        except Busy:
            return
        if cards:
            place = {"channel": event["channel"], "ts": event["message_ts"]}
            bot.later(
                lambda client: client.api_call("chat.unfurl", json={**place, "unfurls": cards})
            )

    app.event("link_shared")(on_shared)


def _numbers(pages: str, links: object) -> dict[str, str]:
    """The disputes that links lead to, by address."""
    found: dict[str, str] = {}
    for link in links if isinstance(links, list) else ():
        url = str(link.get("url", "")) if isinstance(link, dict) else ""
        if pages and url.startswith(pages):
            rest = url.removeprefix(pages).partition("?")[0].partition("#")[0]
            number = read_number(rest.rstrip("/"))
            if number is not None and len(found) < MOST:
                found[url] = number
    return found


def _cards(
    connection: Connection, bot: Bot, event: Body, numbers: dict[str, str], *, now: dt.datetime
) -> dict[str, Any]:
    """The cards by address; empty where somebody could read them who may not."""
    member = people.by_slack_id(connection, str(event.get("user", "")))
    if member is None or people.refusal(connection, member.actor, Right.SEE) is not None:
        return {}
    channel = str(event.get("channel", ""))
    locale = connection.scalar(select(Channel.locale).where(Channel.slack_id == channel))
    if locale is None and channel and channel == people.direct_messages(connection, member.id):
        locale = member.locale
    if locale not in LOCALES:
        return {}
    cards = {}
    for url, number in numbers.items():
        visit_id = connection.scalar(
            select(Visit.id)
            .join(Dispute, Dispute.id == Visit.dispute_id)
            .where(Dispute.number == number, Visit.left_at.is_(None))
        )
        view = views.card_view(connection, visit_id, bot.vault, now=now) if visit_id else None
        if view is not None:
            cards[url] = compact(view, locale)
    return cards
