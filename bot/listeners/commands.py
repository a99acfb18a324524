"""`/dispute next`, `NUMBER`, `new`, `duty`, `page`: what can be typed; all else is clicked."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection, select

from bot import ids
from bot.cards import duty, modals
from bot.cards.facts import shown_number, status
from bot.cards.parts import Block, button, escaped, link, quoted, section
from bot.context import Bot
from bot.listeners import home, paging
from bot.listeners.members import act
from bot.scopes import COMMAND
from core.db import Busy
from core.desk import cards, documents, handing, people, rota_watch, standing_in, views
from core.desk.answers import Refused
from core.desk.numbers import read_number
from core.desk.people import Member
from core.i18n import say
from core.secrets import Vault
from core.tables import Dispute, Visit
from core.workflow.model import Document

Body = dict[str, Any]
NEXT, NEW, HELP = "next", "new", ("help", "?", "帮助")
DUTY = ("duty", "值班")


@dataclass(frozen=True, slots=True)
class Found:
    """What a command found: who typed it, and the visit that answers it."""

    member: Member | None
    view: views.CardView | None = None
    card: tuple[str, str] | None = None
    document: Document | None = None
    known: bool = True  # whether what was typed is a dispute's number
    watches: list[rota_watch.Watch] | None = None  # who is on duty, where that was asked
    writes: bool = False  # whether they may leave a note for who comes next


def register(app: App, bot: Bot) -> None:
    """Registers the command."""

    def on_command(ack: Ack, body: Body) -> None:
        text = str(body.get("text", "")).strip()
        given = None
        paged = paging.number_in(text)
        if paged is not None:
            try:
                ack(paging.by_command(bot, body, paged))
            except Busy:
                ack(_slow())
            return
        if text.lower() in (NEXT, ""):
            key = f"command:{body.get('team_id', '')}:{body.get('trigger_id', '')}"
            given = act(bot, body, handing.hand_out, click=key)
            if isinstance(given.answer, Refused) and given.member is not None:
                ack(given.refusal())
                return
        visit_id = given.answer.visit_id if given else None
        try:
            user = str(body.get("user_id", ""))
            found = bot.database.read(_find, bot.vault, user, text, visit_id)
        except Busy:
            ack(_slow())
            return
        if text.lower() == NEW and found.member and found.document:
            form = modals.new(found.document, found.member.locale)
            trigger = body.get("trigger_id", "")
            bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))
            ack()
            return
        ack(**_answer(bot, found, text, user))
        home.meet(bot, user)

    app.command(COMMAND)(on_command)


def _slow() -> str:
    return say("slow", "en") + "\n" + say("slow", "zh_CN")


def _find(
    connection: Connection,
    vault: Vault,
    slack_id: str,
    text: str,
    visit_id: int | None,
    *,
    now: dt.datetime,
) -> Found:
    member = people.by_slack_id(connection, slack_id)
    if member is None or not member.active:
        return Found(None)
    document = documents.active(connection)
    if text.lower() == NEW:
        return Found(member, document=document)
    if text.lower() in HELP:
        return Found(member, document=document)
    if text.lower() in DUTY:
        writes = bool(standing_in.writable(connection, member.actor, now=now))
        return Found(member, watches=rota_watch.watches(connection, now=now), writes=writes)
    if text.lower() not in (NEXT, ""):
        number = read_number(text)
        if number is None:
            return Found(member, document=document, known=False)
        visit_id = connection.scalar(
            select(Visit.id)
            .join(Dispute, Dispute.id == Visit.dispute_id)
            .where(Dispute.number == number, Visit.left_at.is_(None))
        )
    if visit_id is None:
        return Found(member, document=document)
    view = views.card_view(connection, visit_id, vault, now=now)
    return Found(member, view, cards.place(connection, visit_id), document)


def _answer(bot: Bot, found: Found, text: str, slack_id: str) -> dict[str, Any]:
    """An ephemeral that says where the dispute is, with the button that opens it."""
    if found.member is None:
        both = (say("home.stranger", locale, slack_id=slack_id) for locale in ("en", "zh_CN"))
        return {"text": "\n".join(both)}
    locale = found.member.locale
    if text.lower() in HELP:
        return {"text": say("home.help", locale)}
    if found.watches is not None:
        return duty.answer(found.watches, writes=found.writes, locale=locale)
    if not found.known:
        return {"text": say("command.usage", locale, text=quoted(text[:40]))}
    if found.view is None:
        return {"text": say("refusal.unknown_dispute", locale)}
    view = found.view
    summary = say(
        "summary",
        locale,
        number=shown_number(view.number),
        stage=escaped(view.stage.label.text(locale)),
        status=status(view, locale),
    )
    if text.lower() in (NEXT, ""):
        summary = say("command.next", locale, summary=summary)
    permalink = bot.permalink(found.card)
    if permalink:
        summary += "\n" + link(permalink, say("details.card", locale))
    return {"text": summary, "blocks": [section(summary), _buttons(view, locale)]}


def _buttons(view: views.CardView, locale: str) -> Block:
    visit = ids.button_value(view.visit_id)
    elements = [button(say("card.open", locale), ids.OPEN, visit)]
    if view.stage.kind == "intake":
        elements.insert(0, button(say("card.take", locale), ids.TAKE, visit, style="primary"))
    return {"type": "actions", "elements": elements}
