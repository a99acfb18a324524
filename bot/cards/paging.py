"""Paging: the form that calls somebody, the call itself, and what whoever paged is told (K5)."""

from collections.abc import Sequence
from typing import Any

from bot import ids
from bot.cards import facts
from bot.cards.card import Message
from bot.cards.parts import (
    Block,
    button,
    context,
    cut,
    escaped,
    fallback,
    link,
    plain,
    quoted,
    section,
    when,
)
from core.desk.page_people import Duty, Next, Somebody
from core.desk.page_views import Called, PageView
from core.desk.paging import CANNOT, LONGEST_REMARK, ON_IT, OVER
from core.desk.views import CardView, masked
from core.i18n import moment, say, there
from core.workflow.terms import Meaning

View = dict[str, Any]
MOST_OPTIONS = 100  # of a group of options
MOST_NAMED = 12  # people that one sentence names
LINE, NAME = 400, 80  # characters


def form(
    view: CardView,
    duties: Sequence[Duty],
    people: Sequence[Somebody],
    locale: str,
    whom: int = 0,
) -> View:
    """Whom, why, and a remark; `whom` is who is chosen beforehand, if anybody."""
    options = view.document.choices_of(Meaning.PAGE).values()
    reasons = [_option(one.label.text(locale), one.key) for one in options]
    remark = {"type": "plain_text_input", "max_length": LONGEST_REMARK}
    anyway = {"type": "checkboxes", "options": [_option(say("page.anyway.yes", locale), "yes")]}
    about = say("page.about", locale, number=facts.shown_number(view.number))
    return {
        "type": "modal",
        "callback_id": ids.PAGE_VIEW,
        "private_metadata": ids.view_metadata(view.visit_id, ids.PAGE, {}),
        "title": plain(say("page.title", locale), 24),
        "submit": plain(say("page.submit", locale), 24),
        "close": plain(say("modal.cancel", locale), 24),
        "blocks": [
            context(about),
            _input(ids.PAGE_WHOM, say("page.whom", locale), _whom(duties, people, locale, whom)),
            _input(
                "reason",
                say("page.reason", locale),
                {"type": "static_select", "options": reasons[:MOST_OPTIONS]},
            ),
            {
                **_input("remark", say("page.remark", locale), remark, optional=True),
                "hint": plain(say("page.remark.hint", locale), 2000),
            },
            _input("anyway", say("page.anyway", locale), anyway, optional=True),
        ],
    }


def _whom(
    duties: Sequence[Duty], people: Sequence[Somebody], locale: str, whom: int
) -> dict[str, Any]:
    """One list of both; where it is longer than Slack's, it is searched while somebody types."""
    here = plain(say("page.whom.choose", locale), 150)
    chosen = [_person(one, locale) for one in people if one.id == whom]
    first = {"initial_option": chosen[0]} if chosen else {}
    if len(people) > MOST_OPTIONS:
        searched = {"type": "external_select", "min_query_length": 0}
        return {**searched, "placeholder": here, **first}
    groups = offered(duties, people, locale)
    return {"type": "static_select", "option_groups": groups, "placeholder": here, **first}


def offered(
    duties: Sequence[Duty], people: Sequence[Somebody], locale: str, query: str = ""
) -> list[Block]:
    """Who may be called, in groups: those whom `query` names, all where it is empty."""
    wanted = query.strip().casefold()
    rotas = [_duty(one, locale) for one in duties]
    everybody = [_person(one, locale) for one in people]
    groups = []
    for label, options in (("page.duty", rotas), ("page.people", everybody)):
        found = [one for one in options if wanted in one["text"]["text"].casefold()]
        if found:
            shown = plain(say(label, locale), 75)
            groups.append({"label": shown, "options": found[:MOST_OPTIONS]})
    return groups


def _duty(one: Duty, locale: str) -> Block:
    rota = one.label_zh if locale == "zh_CN" else one.label_en
    names = say("word.comma", locale).join(one.names)
    return _option(say("page.duty.item", locale, rota=rota, names=names), f"rota.{one.key}")


def _person(one: Somebody, locale: str) -> Block:
    """Somebody with what time it is there, and why they may not answer."""
    parts = [say("page.there", locale, clock=f"{there(one.at, one.zone):%H:%M}")]
    trouble = {"quiet": one.quiet, "away": one.away, "no_slack": not one.in_slack}
    parts += [say(f"page.there.{name}", locale) for name, so in trouble.items() if so]
    told = plain(" · ".join(parts), 75)
    return {**_option(one.name, f"person.{one.id}"), "description": told}


def sent(params: dict[str, Any], locale: str) -> str:
    """What whoever paged reads at once: who is called, what time it is there, what comes next."""
    lines = []
    for one in params["people"][:MOST_NAMED]:
        key = "page.sent.quiet" if one["quiet"] else "page.sent"
        lines.append(say(key, locale, who=cut(quoted(one["name"]), NAME), clock=one["clock"]))
    minutes = params["minutes"]
    lines.append(say("page.sent.then", locale, minutes=minutes, twice=2 * minutes))
    return "\n".join(lines)


def call(
    view: CardView,
    page: PageView,
    reader: Called,
    permalink: str | None,
    locale: str,
    zone: str,
    *,
    reminds: bool = False,
) -> Message:
    """The call, as one person reads it: with buttons until it is answered or needless."""
    names = {
        "who": cut(quoted(page.by), NAME),
        "reason": escaped(page.reason.text(locale)),
    }
    heading = say("page.again" if reminds else "page.called", locale, **names)
    due = say("card.due", locale, when=when(view.due_at, left=True)) if view.due_at else ""
    about = [link(permalink, facts.title(view, locale)), escaped(view.stage.label.text(locale))]
    lines = [f"*{heading}*", cut(" · ".join([*about, *filter(None, [due])]), LINE)]
    if page.remark is not None:
        lines.append("> " + quoted(masked(page.remark.for_members(), LONGEST_REMARK)))
    blocks = [section("\n".join(lines))]
    state = _state(page, reader, locale)
    rota = escaped(page.rota.text(locale)) if page.rota else ""
    why = {"who": names["who"], **({"rota": rota} if rota else {})}
    reached = say("page.why.duty" if rota else "page.why", locale, **why)
    blocks.append(context(state or reached))
    elements = [] if state else _buttons(page, locale)
    if view.open:
        elements.append(button(say("card.open", locale), ids.OPEN, ids.button_value(view.visit_id)))
    if elements:
        blocks.append({"type": "actions", "block_id": "page", "elements": elements})
    spelled = moment(view.due_at, locale, zone) if view.due_at else ""
    ends = say("direct.due", locale, when=spelled) if spelled else ""
    number = facts.shown_number(view.number)
    return fallback(" ".join(filter(None, [heading, number, ends, state]))), blocks


def _buttons(page: PageView, locale: str) -> list[Block]:
    aim = ids.button_value(page.id)
    return [
        button(say("page.on_it", locale), ids.PAGE_ON_IT, aim, style="primary"),
        button(say("page.cannot", locale), ids.PAGE_CANNOT, aim),
    ]


def _state(page: PageView, reader: Called, locale: str) -> str:
    """What came of the call for its reader; empty while an answer is wanted."""
    at = when(reader.answered_at) if reader.answered_at else ""
    if reader.answer:
        return say(f"page.you.{reader.answer}", locale, when=at)
    if page.outcome == ON_IT:
        return say("page.other", locale, who=quoted(page.taker))
    return say("page.over", locale) if page.outcome == OVER else ""


def news(
    view: CardView,
    page: PageView,
    who: str,
    answer: str,
    following: Next | None,
    permalink: str | None,
    locale: str,
) -> Message:
    """What whoever paged is told: an answer, or that none came, and who could be called instead.

    `answer` is empty where nobody answered in time.
    """
    number = facts.shown_number(view.number)
    silent = _names(page.silent, locale)
    if answer:
        lines = [say(f"page.news.{answer}", locale, who=cut(quoted(who), NAME), number=number)]
        if answer == CANNOT and page.silent and not page.outcome:
            lines.append(say("page.news.waiting", locale, names=silent))
    else:
        lines = [say("page.news.silent", locale, names=silent, number=number)]
    elements = [button(say("card.open", locale), ids.OPEN, ids.button_value(view.visit_id))]
    if page.outcome != ON_IT and view.open:
        again = say("page.somebody", locale)
        aim = ids.button_value(view.visit_id)
        if following is not None:
            lines.append(_following(following, locale))
            person, name = following.people[0]
            again = say("page.this", locale, name=name)
            aim = ids.button_value(view.visit_id, str(person))
        elements.insert(0, button(again, ids.PAGE, aim))
    body = "\n".join([*lines, cut(link(permalink, facts.title(view, locale)), LINE)])
    acts = {"type": "actions", "block_id": "page", "elements": elements}
    return fallback(" ".join(lines)), [section(body), *([acts] if view.open else [])]


def _following(one: Next, locale: str) -> str:
    rota = escaped(one.label_zh if locale == "zh_CN" else one.label_en)
    names = _names([name for _, name in one.people], locale)
    if one.at is None:
        return say("page.next.now", locale, rota=rota, names=names)
    return say("page.next.at", locale, rota=rota, names=names, when=when(one.at))


def _names(names: Sequence[str], locale: str) -> str:
    return say("word.comma", locale).join(cut(quoted(name), NAME) for name in names[:MOST_NAMED])


def _option(text: str, value: str) -> Block:
    return {"text": plain(text, 75), "value": value}


def _input(name: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "optional": optional,
        "element": {"action_id": name, **element},
    }
