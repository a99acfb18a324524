"""App Home: opened or clicked in, it shows the reader's own queue in the reader's language."""

import datetime as dt
import re
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from sqlalchemy import Connection

from bot import ids
from bot.cards import first_day as first_days
from bot.cards import home as drawn
from bot.cards import modals
from bot.context import Bot
from bot.listeners.members import Done, act, user_id
from core.desk import cards, documents, first_day, handing, locked, people, preferences, views
from core.desk import home as desk_home
from core.desk.answers import Applied
from core.desk.first_day import FirstDay
from core.desk.home import Place
from core.desk.people import Member
from core.practice import Pass

Body = dict[str, Any]


def register(app: App, bot: Bot) -> None:
    """Registers Home."""

    def on_opened(event: Body) -> None:
        if event.get("tab") == "home":
            slack_id = str(event.get("user", ""))
            publish(bot, slack_id)
            meet(bot, slack_id)

    def on_show(ack: Ack, body: Body, action: Body) -> None:
        chosen = action.get("selected_option") or action
        publish(bot, user_id(body), ids.read_home(chosen.get("value")))
        ack()

    def on_next(ack: Ack, body: Body, action: Body) -> None:
        hand_out(bot, body, ids.read_home(action.get("value")))
        ack()

    def on_new(ack: Ack, body: Body) -> None:
        form = bot.database.read(_form, user_id(body))
        ack()
        if form is not None:
            trigger = body.get("trigger_id", "")
            bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))

    app.event("app_home_opened")(on_opened)
    app.action(re.compile(rf"^{re.escape(ids.HOME_SHOW)}(\..+)?$"))(on_show)
    app.action(ids.HOME_STAGE)(on_show)

    def on_over(ack: Ack, body: Body) -> None:
        act(bot, body, first_day.skip)
        publish(bot, user_id(body))
        ack()

    def on_practise(ack: Ack, body: Body) -> None:
        publish(bot, user_id(body))  # with a fresh link: this one has been followed
        ack()

    app.action(ids.FIRST_DAY_OVER)(on_over)
    app.action(re.compile(rf"^{re.escape(ids.PRACTISE)}(\..+)?$"))(on_practise)
    app.action(ids.HOME_NEXT)(on_next)
    app.action(ids.HOME_NEW)(on_new)


def publish(bot: Bot, slack_id: str, place: Place | None = None) -> None:
    """Shows somebody their Home as it is now; sent after the request was answered."""
    wall = bot.database.wall_seconds()
    view = bot.database.read(_home, slack_id, place, bot, wall)
    bot.later(lambda client: client.views_publish(user_id=slack_id, view=view))


def count(bot: Bot, body: Body, done: Done) -> None:
    """Home counts along while somebody practises: what they decided shows without another look."""
    if done.member is not None and done.member.practises and isinstance(done.answer, Applied):
        publish(bot, user_id(body))


def meet(bot: Bot, slack_id: str) -> None:
    """Reads a member's profile in Slack at first contact, and again where that is a day ago."""
    if bot.database.read(_profile_is_old, slack_id):
        read_profile(bot, slack_id)


def read_profile(bot: Bot, slack_id: str) -> None:
    """Asks Slack for somebody's language and time zone; lost, the next look at Home asks again."""

    def ask(client: WebClient) -> None:
        found = client.users_info(user=slack_id, include_locale=True).get("user")
        take_profile(bot, slack_id, found if isinstance(found, dict) else {})

    bot.later(ask)


def take_profile(bot: Bot, slack_id: str, user: Body) -> None:
    """Takes over what a profile in Slack says; a Home in another language is shown anew."""
    told = user.get("locale"), user.get("tz")
    if bot.database.transact(preferences.from_slack, slack_id, *told):
        publish(bot, slack_id)


def _profile_is_old(connection: Connection, slack_id: str, *, now: dt.datetime) -> bool:
    member = people.by_slack_id(connection, slack_id)
    return member is not None and member.active and preferences.old(member, now)


def hand_out(bot: Bot, body: Body, place: Place) -> None:
    """Gives the most urgent dispute, and opens its details."""
    done = act(bot, body, handing.hand_out, click=ids.click_key(body))
    view = None
    if isinstance(done.answer, Applied):
        view = bot.database.read(views.card_view, done.answer.visit_id, bot.vault, bot.addresses)
    if view is not None:
        card = bot.database.read(cards.place, view.visit_id)
        who = done.member.actor if done.member else None
        shut = bot.database.read(locked.beforehand, view.visit_id, who) if who else None
        shown = modals.opened(view, done.locale, bot.permalink(card), locked=shut)
    else:
        shown = modals.told(done.refusal(), done.locale)
    trigger = body.get("trigger_id", "")
    bot.later(lambda client: client.views_open(trigger_id=trigger, view=shown))
    publish(bot, user_id(body), place)


def _home(
    connection: Connection,
    slack_id: str,
    place: Place | None,
    bot: Bot,
    wall: float,
    *,
    now: dt.datetime,
) -> dict[str, object]:
    member = people.by_slack_id(connection, slack_id)
    if member is None or not member.active:
        return drawn.stranger(slack_id, "en")
    document = documents.active(connection)
    begun = first_day.of(connection, member, now=now)
    here = first_day.place(document, member.home_stage) if begun is not None else None
    found = desk_home.home(connection, member, None if here else place, now=now)
    known = {i: documents.load(connection, i) for i in drawn.documents_of(found)}
    if begun is None or here is None:
        return drawn.home(found, document, known, member.locale)
    way = _way(bot, slack_id, member, begun, wall)
    mine = found.shelves[desk_home.MINE].items if begun.practises_for else []
    links = {
        visit: bot.permalink(cards.place(connection, visit))
        for visit in (item.queued.visit_id for item in mine)
    }
    origin = begun.practises_for
    own = bool(origin and bot.practice and origin["back"] == bot.practice.back)
    return first_days.view(begun, member, here, found, document, known, way, links, own=own)


def _way(bot: Bot, slack_id: str, member: Member, begun: FirstDay, now: float) -> str:
    """The address to the practice desk, or back from it; empty where there is none."""
    if bot.practice is None:
        return ""
    origin = begun.practises_for or {"slack_id": slack_id, "back": bot.practice.back}
    who = (origin["slack_id"], member.name, member.home_stage, member.locale)
    leading = bot.practice.way_back if begun.practised else bot.practice.way_there
    return leading(Pass(*who, origin["back"]), now)


def _form(connection: Connection, slack_id: str, **_: Any) -> dict[str, Any] | None:
    """The form of a new dispute, in the reader's language."""
    member = people.by_slack_id(connection, slack_id)
    if member is None or not member.active:
        return None
    return modals.new(documents.active(connection), member.locale)
