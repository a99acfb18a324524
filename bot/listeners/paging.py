"""Paging: the form opens from details, news or a command; calls are answered here (K5)."""

import datetime as dt
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection, select

from bot import ids
from bot.cards import modals
from bot.cards import paging as cards
from bot.context import Bot
from bot.listeners.members import act, sealed_url, tell, user_id
from core.desk import page_people, paging, people, queues, views
from core.desk.actor import Actor
from core.desk.answers import Answer, Applied, Refused
from core.desk.numbers import read_number
from core.desk.page_people import Whom
from core.desk.people import Member
from core.i18n import say
from core.secrets import Vault
from core.tables import Dispute, Visit
from core.wording import refusal_text
from core.workflow.terms import Kind, Meaning

Body = dict[str, Any]
WORDS = ("page", "呼叫")
# Where in the form it is said what is wrong; all else is about whom.
PLACES = {
    "unknown_preset": "reason",
    "page_unreadable": "remark",
    "page_contact": "remark",
    "note_erased": "remark",
}


def register(app: App, bot: Bot) -> None:
    """Registers the button, the search, the form and the two answers."""

    def on_page(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        aim = ids.aim_of(action)
        text = _open(bot, body, aim.visit_id, aim.decision) if aim is not None else ""
        ack()
        if text:
            tell(bot, body, text)

    def on_search(ack: Ack, body: Body) -> None:
        member = bot.database.read(people.by_slack_id, user_id(body))
        if member is None or not member.active:
            ack(option_groups=[])
            return
        duties, others = bot.database.read(page_people.choices, member.id)
        query = str(body.get("value", ""))
        ack(option_groups=cards.offered(duties, others, member.locale, query))

    def on_submit(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        found = ids.read_metadata(view.get("private_metadata"))
        values = _values(view)
        whom = ids.read_whom(values.get(ids.PAGE_WHOM))
        if found is None or whom is None:
            ack()
            return
        asked = paging.Asked(
            values.get("reason", ""), values.get("remark", ""), bool(values.get("anyway"))
        )
        visit_id, key = found[0].visit_id, ids.click_key(body)
        done = act(bot, body, _page, visit_id, whom, asked, bot.vault, click=key)
        if isinstance(done.answer, Applied):
            told = cards.sent(done.answer.params, done.locale)
            ack(response_action="update", view=modals.told(told, done.locale))
            return
        place = PLACES.get(done.answer.key, ids.PAGE_WHOM)
        ack(response_action="errors", errors={place: done.refusal()[:200]})

    def on_answer(ack: Ack, body: Body, action: dict[str, Any]) -> None:
        aim = ids.read_value(action.get("value"))  # the page's number, as others the visit's
        if aim is None:
            ack()
            return
        said = paging.ON_IT if action["action_id"] == ids.PAGE_ON_IT else paging.CANNOT
        reply_to, key = sealed_url(bot, body), ids.click_key(body)
        done = act(bot, body, _answer, aim.visit_id, said, click=key, reply_to=reply_to)
        ack()
        if done.refusal():
            tell(bot, body, done.refusal())

    app.action(ids.PAGE)(on_page)
    app.options(ids.PAGE_WHOM)(on_search)
    app.view(ids.PAGE_VIEW)(on_submit)
    app.action(ids.PAGE_ON_IT)(on_answer)
    app.action(ids.PAGE_CANNOT)(on_answer)


def number_in(text: str) -> str | None:
    """Which dispute `/dispute page NUMBER` names, empty where it names none; None for all else."""
    word, _, rest = text.strip().partition(" ")
    return rest.strip() if word.lower() in WORDS else None


def by_command(bot: Bot, body: Body, number: str) -> str:
    """Opens the form for the dispute that is named, or for the one that the typer holds.

    Returns what the typer is told instead, empty where the form opens.
    """
    member, visit_id = bot.database.read(_meant, user_id(body), number)
    if member is None:
        both = (say("home.stranger", one, slack_id=user_id(body)) for one in ("en", "zh_CN"))
        return "\n".join(both)
    if visit_id is None:
        return say("refusal.unknown_dispute" if number else "page.which", member.locale)
    return _open(bot, body, visit_id)


def _meant(
    connection: Connection, slack_id: str, number: str, *, now: dt.datetime
) -> tuple[Member | None, int | None]:
    member = people.by_slack_id(connection, slack_id)
    if member is None or not member.active:
        return None, None
    if not number:
        mine = queues.held(connection, member.id, now=now, most=1)
        return member, mine[0].visit_id if mine else None
    found = (
        select(Visit.id)
        .join(Dispute, Dispute.id == Visit.dispute_id)
        .where(Dispute.number == read_number(number), Visit.left_at.is_(None))
    )
    return member, connection.scalar(found)


def _open(bot: Bot, body: Body, visit_id: int, whom: str = "") -> str:
    """Shows the form, over the details where those are open; returns why it does not."""
    member = bot.database.read(people.by_slack_id, user_id(body))
    view = bot.database.read(views.card_view, visit_id, bot.vault)
    if member is None or view is None:
        return refusal_text(Refused("unknown_visit"), None, member.locale if member else "en")
    if not view.document.choices_of(Meaning.PAGE):
        return say("page.no_reasons", member.locale)
    if view.stage.kind == Kind.FINAL:
        return refusal_text(Refused("page_finished", {"number": view.number}), None, member.locale)
    duties, others = bot.database.read(page_people.choices, member.id)
    if not others:
        return say("page.nobody", member.locale)
    chosen = int(whom) if whom.isdecimal() and len(whom) < 19 else 0
    form = cards.form(view, duties, others, member.locale, chosen)
    trigger, over = body.get("trigger_id", ""), "view" in body
    if over:
        bot.later(lambda client: client.views_push(trigger_id=trigger, view=form))
    else:
        bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))
    return ""


def _values(view: dict[str, Any]) -> dict[str, str]:
    """What was chosen and typed, by the names of the form; what was left empty is empty."""
    values = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        for name, element in block.items():
            option = element.get("selected_option") or {}
            ticked = element.get("selected_options") or [{}]
            chosen = option.get("value") or ticked[0].get("value") or element.get("value")
            values[name] = str(chosen or "")
    return values


def _page(
    c: Connection,
    visit_id: int,
    whom: Whom,
    asked: paging.Asked,
    vault: Vault,
    actor: Actor,
    **more: Any,
) -> Answer:
    return paging.page(c, visit_id, whom, asked, actor, vault, **more)


def _answer(c: Connection, page_id: int, said: str, actor: Actor, **more: Any) -> Answer:
    return paging.answer(c, page_id, said, actor, **more)
