"""Several disputes at once: from choosing them to the results, each decided by itself (K3)."""

import datetime as dt
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot import ids
from bot.cards import bulk as cards
from bot.cards import modals
from bot.cards.parts import quoted
from bot.context import Bot
from bot.ids import Several
from bot.listeners.home import publish
from bot.listeners.members import Done, act, user_id
from core.desk import bulk, choose, documents, incidents, people, standing, views
from core.desk import home as desk_home
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.people import Member
from core.i18n import say
from core.secrets import Vault
from core.wording import decision_label, stage_label

Body = dict[str, Any]
View = dict[str, Any]


def register(app: App, bot: Bot) -> None:
    """Registers the modals, and the buttons that open them."""

    def on_open(ack: Ack, body: Body, action: Body) -> None:
        form = bot.database.read(_choice, user_id(body), ids.read_home(action.get("value")))
        ack()
        if form is not None:
            trigger = body.get("trigger_id", "")
            bot.later(lambda client: client.views_open(trigger_id=trigger, view=form))

    def on_chosen(ack: Ack, body: Body, view: View) -> None:
        options = _value(view, "visits").get("selected_options") or ()
        aims = [ids.read_value(option.get("value")) for option in options]
        several = ids.read_several(_metadata([aim.visit_id for aim in aims if aim is not None]))
        _answer(ack, bot.database.read(_decisions, user_id(body), several))

    def on_act(ack: Ack, body: Body, view: View) -> None:
        several = ids.read_several(view.get("private_metadata"))
        key = str((_value(view, "act").get("selected_option") or {}).get("value", ""))
        if several is not None and key.startswith(ids.INCIDENT):
            _answer(ack, _grouped(bot, body, several, key.removeprefix(ids.INCIDENT)))
            return
        _answer(ack, bot.database.read(_fields, user_id(body), several, key, bot.vault))

    def on_fields(ack: Ack, body: Body, view: View) -> None:
        several = ids.read_several(view.get("private_metadata"))
        own = {k: v for k, v in ids.chosen_of(view.get("state")).items() if v is not None}
        if several is not None:
            several = replace(several, chosen={**several.chosen, **own})
        _answer(ack, bot.database.read(_preview, user_id(body), several))

    def on_confirm(ack: Ack, body: Body, view: View) -> None:
        several = ids.read_several(view.get("private_metadata"))
        if several is None:
            ack()
            return
        ack(response_action="update", view=_decide_all(bot, body, several))
        publish(bot, user_id(body))

    def on_name(ack: Ack, body: Body, view: View) -> None:
        several = ids.read_several(view.get("private_metadata"))
        title = str(_value(view, "title").get("value") or "")
        _answer(ack, _grouped(bot, body, several, "", title) if several else None)

    def on_group(ack: Ack, body: Body, action: Body) -> None:
        aim = ids.aim_of(action)
        view = bot.database.read(_group, user_id(body), aim.visit_id) if aim else None
        ack()
        if view is not None:
            trigger = body.get("trigger_id", "")
            bot.later(lambda client: client.views_push(trigger_id=trigger, view=view))

    app.action(ids.BULK)(on_open)
    app.action(ids.GROUP)(on_group)
    app.view(ids.BULK_NAME)(on_name)
    app.view(ids.BULK_CHOOSE)(on_chosen)
    app.view(ids.BULK_DECIDE)(on_act)
    app.view(ids.BULK_FIELDS)(on_fields)
    app.view(ids.BULK_CONFIRM)(on_confirm)


def _answer(ack: Ack, found: View | dict[str, str] | None) -> None:
    """The next modal, or what is wrong beside the field."""
    if found is None:
        ack()
    elif "type" in found:
        ack(response_action="update", view=found)
    else:
        ack(response_action="errors", errors=found)


def _metadata(visits: list[int]) -> str:
    return Several(tuple(visits)).metadata()


def _value(view: View, name: str) -> dict[str, Any]:
    values = (view.get("state") or {}).get("values") or {}
    return dict((values.get(name) or {}).get(name) or {})


def _member(connection: Connection, slack_id: str) -> Member | None:
    member = people.by_slack_id(connection, slack_id)
    return member if member is not None and member.active else None


def _choice(
    connection: Connection, slack_id: str, place: desk_home.Place, *, now: dt.datetime
) -> View | None:
    """The disputes that this person may act on, at one stage or at all that they serve."""
    member = _member(connection, slack_id)
    if member is None:
        return None
    found = desk_home.free_items(connection, member, place.stage, now=now)
    if not found:
        return modals.told(say("home.waiting.none", member.locale), member.locale)
    ids_ = {item.queued.document_id for item in found}
    return cards.choose(found, {i: documents.load(connection, i) for i in ids_}, member.locale)


def _decisions(
    connection: Connection, slack_id: str, several: Several | None, *, now: dt.datetime
) -> View | dict[str, str] | None:
    member = _member(connection, slack_id)
    if member is None or several is None:
        return None
    found = bulk.common(connection, member.actor, several.visits, now=now)
    if isinstance(found, Refused):
        return {"visits": say(f"refusal.{found.key}", member.locale, **found.params)[:200]}
    groups = incidents.recent(connection) if Right.GROUP in member.rights else None
    return cards.decide(found, several, member.locale, groups)


def _group(
    connection: Connection, slack_id: str, visit_id: int, *, now: dt.datetime
) -> View | None:
    """What can be done with all disputes of the incident that stand at this stage (D9)."""
    several = Several(tuple(incidents.beside(connection, visit_id)))
    found = _decisions(connection, slack_id, several, now=now)
    member = _member(connection, slack_id)
    if found is None or member is None or "type" in found:
        return found
    return modals.told(found["visits"], member.locale)


def _grouped(
    bot: Bot, body: Body, several: Several, which: str, title: str = ""
) -> View | dict[str, str]:
    """Names the incident of these disputes, or asks what a new one is called."""
    if which == "new":
        member = bot.database.read(people.by_slack_id, user_id(body))
        return cards.name(several, member.locale if member else "en")
    incident = int(which) if which.isdecimal() and len(which) < 18 else None
    done = act(
        bot,
        body,
        _join,
        several.visits,
        title=title,
        incident_id=incident,
        click=ids.click_key(body),
    )
    if isinstance(done.answer, Refused):
        return {"act" if which else "title": done.refusal()[:200]}
    told = say(
        "bulk.group.done",
        done.locale,
        title=quoted(str(done.answer.params["title"])),
        count=done.answer.params["count"],
    )
    return modals.told(told, done.locale)


def _join(connection: Connection, visits: tuple[int, ...], actor: Actor, **more: Any) -> Answer:
    return incidents.group(connection, actor, visits, **more)


def _fields(
    connection: Connection,
    slack_id: str,
    several: Several | None,
    key: str,
    vault: Vault,
    *,
    now: dt.datetime,
) -> View | dict[str, str] | None:
    """What the decision asks, or the preview where it asks nothing."""
    member = _member(connection, slack_id)
    if member is None or several is None:
        return None
    found = bulk.common(connection, member.actor, several.visits, now=now)
    if isinstance(found, Refused):
        return {"act": say(f"refusal.{found.key}", member.locale, **found.params)[:200]}
    preset = bulk.preset(found, key.removeprefix(ids.MACRO)) if key.startswith(ids.MACRO) else None
    if preset is not None:
        several = replace(several, decision=preset[0], chosen=preset[1])
        return _preview(connection, slack_id, several, now=now)
    several = replace(several, decision=key)
    asked = bulk.fields_of(found, key)
    view = views.card_view(connection, several.visits[0], vault, now=now) if asked else None
    if view is None:
        return _preview(connection, slack_id, several, now=now)
    return cards.fields(found, several, view, member.locale)


def _preview(
    connection: Connection, slack_id: str, several: Several | None, *, now: dt.datetime
) -> View | None:
    member = _member(connection, slack_id)
    if member is None or several is None:
        return None
    found = bulk.preview(
        connection, member.actor, several.visits, several.decision, several.chosen, now=now
    )
    document = next((one.document for one in found if one.document), None)
    label = decision_label(document, several.decision, member.locale) if document else ""
    return cards.confirm(found, label, several, member.locale, member.zone)


def _decide_all(bot: Bot, body: Body, several: Several) -> View:
    """Each in its own transaction, under its own key of this click."""
    results, decided, locale = [], 0, "en"
    for visit_id in several.visits:
        key = f"{ids.click_key(body)}:{visit_id}"
        done = act(bot, body, _choose, visit_id, several, click=key)
        locale = done.locale
        decided += isinstance(done.answer, Applied)
        results.append((_number(done.answer), _sentence(bot, done)))
    return cards.done(results, decided, locale)


def _number(answer: Answer) -> str:
    return answer.number if isinstance(answer, Applied) else str(answer.params.get("number", ""))


def _sentence(bot: Bot, done: Done) -> str:
    answer = done.answer
    if isinstance(answer, Refused):
        return "✗ " + done.refusal()
    document = bot.database.read(_document, answer.next_visit_id or answer.visit_id)
    return "✓ → " + stage_label(document, answer.stage, done.locale)


def _document(connection: Connection, visit_id: int, **_: Any) -> Any:
    at = standing.at_visit(connection, visit_id, lock=False)
    return at.document if at else documents.active(connection)


def _choose(
    connection: Connection, visit_id: int, several: Several, actor: Actor, **more: Any
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    chosen = bulk.applicable(at, several.decision, several.chosen) if at else {}
    return choose.choose(connection, visit_id, several.decision, chosen, actor, **more)
