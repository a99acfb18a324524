"""The card of a visit: one per visit, updated in place, shrunk to one line when it is left."""

from itertools import accumulate
from typing import Any

from bot import ids
from bot.cards import background, facts
from bot.cards.asked import askable, field_block
from bot.cards.evidence import evidence
from bot.cards.parts import (
    Block,
    bare,
    button,
    context,
    cut,
    escaped,
    fallback,
    link,
    mrkdwn,
    plain,
    quoted,
    section,
    when,
)
from bot.cards.told import lately, said, so_far
from core.desk.locked import Locked
from core.desk.views import CardView
from core.i18n import say
from core.wording import decision_label, reason_label, refusal_text, stage_label
from core.workflow.engine import Offer
from core.workflow.model import Decision
from core.workflow.terms import Kind, Meaning

Message = tuple[str, list[Block]]
MOST_MENU = 5  # options of an overflow menu
LINE_LIMIT = 600  # characters of a line in small print
SHORT_LIMIT = 200
MOST_BUTTONS = 21  # elements of an actions block, take, no fit, contact and the menu aside
CONTACT = f"{ids.MORE}.9"  # a button that opens a form, as options of the menu do


def card(view: CardView, locale: str, permalink: str | None = None) -> Message:
    """Text and blocks of a visit's card; `permalink` leads to the card that followed it."""
    return open_card(view, locale) if view.open else closed_card(view, locale, permalink)


def open_card(view: CardView, locale: str) -> Message:
    """The card of an open visit: what is known, what is asked, what may be pressed."""
    blocks: list[Block] = [
        {"type": "header", "text": plain(facts.title(view, locale), 150)},
        context(f"*{escaped(view.stage.label.text(locale))}* · {facts.status(view, locale)}"),
        *details(view, locale),
        *_lines([background.missing(view, locale), lately(view, locale)]),
    ]
    if view.parked_at is None:
        blocks += [field_block(view, field, locale) for field in askable(view)]
    actions = _actions(view, locale)
    if actions:
        blocks.append({"type": "actions", "block_id": "actions", "elements": actions})
    blocks += _lines([not_now_short(view, locale)])
    return text(view, locale), blocks


def details(view: CardView, locale: str) -> list[Block]:
    """What is known of the dispute, and the buyer's words, in which nothing takes effect."""
    columns = [mrkdwn(column, 2000) for column in facts.columns(view, locale)]
    blocks: list[Block] = [{"type": "section", "fields": columns}]
    if view.story:
        quote = {"type": "plain_text", "text": f"“{bare(view.story)}”", "emoji": False}
        blocks.append({"type": "section", "text": quote})
    blocks += evidence(view, locale)
    around = [*background.people(view, locale), background.time_used(view, locale)]
    blocks += _lines([*around, so_far(view, locale), said(view, locale)])
    return blocks


def _lines(lines: list[str]) -> list[Block]:
    """Lines in small print, as one block; none where all are empty."""
    told = [cut(line, LINE_LIMIT) for line in lines if line]
    return [context("\n".join(told))] if told else []


def text(view: CardView, locale: str) -> str:
    """The card in a sentence: who, what, by when."""
    return fallback(
        say(
            "card.text",
            locale,
            number=facts.shown_number(view.number),
            stage=view.stage.label.text(locale),
            reason=facts.topic(view, locale),
            amount=facts.amount(view, locale),
            status=facts.status(view, locale),
        )
    )


def closed_card(view: CardView, locale: str, permalink: str | None = None) -> Message:
    """The one line that a card shrinks to: who decided what and when, and where it went."""
    names = closed_names(view, locale)
    following = link(permalink, stage_label(view.document, view.next_stage, locale))
    key = "card.closed.undone" if view.undone else "card.closed"
    line = say(key, locale, **{**names, "next": following})
    short = say(
        "card.closed.text",
        locale,
        **{**names, "next": stage_label(view.document, view.next_stage, locale)},
    )
    return fallback(short), [section(line)]


def closed_names(view: CardView, locale: str) -> dict[str, str]:
    """What the sentences about a visit that ended name."""
    who = quoted(view.decider) if view.decider else say(f"word.by.{view.decided_by}", locale)
    return {
        "number": facts.shown_number(view.number),
        "stage": escaped(view.stage.label.text(locale)),
        "decision": escaped(decision_label(view.document, view.decision, locale)),
        "who": who,
        "when": when(view.left_at) if view.left_at else "",
    }


def _actions(view: CardView, locale: str) -> list[Block]:
    """The buttons: take where it can be taken, then decisions, dangerous ones last, then more."""
    visit = ids.button_value(view.visit_id)
    if view.parked_at is not None:
        return [button(say("card.open", locale), ids.OPEN, visit)]
    own, ends = _offers(view)
    elements = []
    if _can_be_taken(view):
        elements.append(button(say("card.take", locale), ids.TAKE, visit, style="primary"))
    items = _items(view, locale)
    room = MOST_MENU - len(items)  # ends that the menu cannot hold stand beside the decisions
    sorted_own = sorted([*own, *ends[room:]], key=_place)
    elements += [_decision(view, offer.decision, locale) for offer in sorted_own[:MOST_BUTTONS]]
    if view.stage.kind == Kind.WORK:
        no_fit = ids.button_value(view.visit_id, ids.NO_FIT)
        elements.append(button(say("card.no_fit", locale), ids.PARK, no_fit))
    if view.document.choices_of(Meaning.CONTACT):
        reached = ids.button_value(view.visit_id, ids.CONTACT)
        elements.append(button(say("card.contact", locale), CONTACT, reached))
    named = [(offer.decision.label.text(locale), offer.decision.key) for offer in ends[:room]]
    return [*elements, _menu(view, [*items[:1], *named, *items[1:]])]


def _items(view: CardView, locale: str) -> list[tuple[str, str]]:
    """What is done about a visit without deciding: details first."""
    items = [(say("card.details", locale), ids.DETAILS)]
    if view.holder:
        items.append((say("card.release", locale), ids.RELEASE))
    if view.stage.kind == Kind.WORK:
        items.append((say("card.hand_over", locale), ids.HANDOVER))
        items.append((say("card.snooze", locale), ids.SNOOZE))
    return items


def _menu(view: CardView, items: list[tuple[str, str]]) -> Block:
    """The one menu of a card; Slack's holds five options."""
    options = [
        {"text": plain(label, 75), "value": ids.button_value(view.visit_id, key)}
        for label, key in items
    ]
    return {"type": "overflow", "action_id": ids.MORE, "options": options}


def _place(offer: Offer) -> tuple[bool, bool, bool]:
    """Where a button stands: dangerous ones last, what still hangs on a choice behind the rest."""
    style = offer.decision.style
    return style == "danger", style != "primary", not offer.allowed


def _can_be_taken(view: CardView) -> bool:
    workflow = view.document.workflow_by_key[view.situation.workflow]
    first = view.stage.key == workflow.first and not view.holder
    return view.stage.kind == Kind.INTAKE or first


def _offers(view: CardView) -> tuple[list[Offer], list[Offer]]:
    """What belongs on the card: the stage's own decisions, and the ends that every stage shares."""
    own = {decision.key for decision in view.stage.decisions}
    shown = [offer for offer in view.offers if offer.allowed or offer.open_to_choice]
    return (
        [offer for offer in shown if offer.decision.key in own],
        [offer for offer in shown if offer.decision.key not in own and offer.allowed],
    )


def _decision(view: CardView, decision: Decision, locale: str) -> Block:
    return button(
        decision.label.text(locale),
        (ids.ASK if decision.fields else ids.DECIDE) + decision.key,
        ids.button_value(view.visit_id),
        style=decision.style,
        confirm=None if decision.fields else confirm(decision, locale),
    )


def confirm(decision: Decision, locale: str) -> dict[str, Any] | None:
    """The dialog that names the effect, before liability or money."""
    if decision.confirm is None:
        return None
    return {
        "title": plain(say("confirm.title", locale), 100),
        "text": plain(decision.confirm.text(locale), 300),
        "confirm": plain(say("confirm.yes", locale), 30),
        "deny": plain(say("confirm.no", locale), 30),
        **({"style": decision.style} if decision.style else {}),
    }


def not_now(view: CardView, locale: str) -> str:
    """The stage's own decisions that are not allowed, each with why (K1)."""
    comma = say("word.comma", locale)
    items = [
        say(
            "card.not_now.item",
            locale,
            decision=escaped(offer.decision.label.text(locale)),
            reasons=escaped(
                comma.join(reason_label(view.document, reason, locale) for reason in offer.reasons)
            ),
        )
        for offer in _refused(view)
    ]
    if not items:
        return ""
    return cut("\n• ".join([say("card.not_now", locale), *items]), 1500)


def not_yours(locked: Locked, locale: str) -> str:
    """The decisions that wait for an exam of whoever reads, and why (K1)."""
    labels = [
        say("card.quoted", locale, label=escaped(decision.label.text(locale)))
        for decision in locked.decisions
    ]
    why = escaped(refusal_text(locked.refused, locked.document, locale))
    told = say("word.comma", locale).join(labels)
    return cut(say("details.locked", locale, decisions=told, why=why), 1500)


def not_now_short(view: CardView, locale: str) -> str:
    """Their names only, as many as fit whole, and where to read why."""
    labels = [escaped(offer.decision.label.text(locale)) for offer in _refused(view)]
    names = [say("card.quoted", locale, label=cut(label, SHORT_LIMIT)) for label in labels]
    if not names:
        return ""
    fits = max(1, sum(total <= SHORT_LIMIT for total in accumulate(map(len, names))))
    told = say("word.comma", locale).join(names[:fits])
    if names[fits:]:
        told = say("card.not_now.more", locale, list=told, count=len(names) - fits)
    return say("card.not_now.short", locale, list=told, details=say("card.details", locale))


def _refused(view: CardView) -> list[Offer]:
    own = {decision.key for decision in view.stage.decisions}
    return [
        offer
        for offer in view.offers
        if offer.decision.key in own and not offer.allowed and not offer.open_to_choice
    ]
