"""Lines in a card's thread, and alerts: short, complete, and never redrawing a card."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot import ids
from bot.cards import facts
from bot.cards.card import Message, closed_names
from bot.cards.parts import button, escaped, fallback, quoted, section, when
from bot.cards.told import preset
from core.desk.views import CardView
from core.i18n import money, say
from core.wording import decision_label, regraded, rule_label, stage_label
from core.workflow.terms import Meaning


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the record with the names that telling it needs."""

    kind: str
    by: str
    who: str  # the person's name, empty for parties and the desk itself
    data: dict[str, Any]
    service_level: str = ""  # its label, where the event is about one
    due_at: dt.datetime | None = None
    people: tuple[str, ...] = ()  # the names of others whom it is about


def line(view: CardView, happening: Happening, locale: str) -> Message:
    """A line in the thread of the card of `view`."""
    text = _sentence(view, happening, locale)
    return fallback(text), [section(text)]


def _sentence(view: CardView, happening: Happening, locale: str) -> str:
    data, kind = happening.data, happening.kind
    who = quoted(happening.who) if happening.who else say(f"word.by.{happening.by}", locale)
    if kind == "moved":
        text = say(
            "line.moved",
            locale,
            who=who,
            decision=escaped(decision_label(view.document, data["decision"], locale)),
            next=escaped(stage_label(view.document, data["stage"], locale)),
        )
        if data.get("amount"):
            shown = money(data["amount"], view.purchase.currency, locale)
            text += say("line.amount", locale, amount=shown)
        if "assigned" in data:
            rule = rule_label(view.document, data["assigned"]["rule"], locale)
            text += say("line.by_rule", locale, rule=escaped(rule))
        return text
    if kind in _PRESETS:
        return _preset(view, kind, data, who, locale)
    if kind == "regraded":
        return escaped(regraded(view.document, data, locale))
    if kind in ("merged_in", "merge_undone", "split"):
        return say(f"line.{kind}", locale, who=who, other=facts.shown_number(data["other"]))
    if kind in _PAGING:
        return _paging(view, happening, who, locale)
    if kind == "undone":
        stage = escaped(stage_label(view.document, data["stage"], locale))
        return say("line.undone", locale, who=who, stage=stage)
    if kind == "evidence_received":
        party = say(f"card.party.{data['party']}", locale)
        evidence = facts.kind_label(view, data["evidence_kind"], locale)
        return say("line.evidence_received", locale, party=party, kind=evidence)
    if kind == "payment_reported":
        return say("line.payment_reported", locale, payment=facts.payment(view, locale))
    if kind in ("warned", "escalated"):
        due = when(happening.due_at) if happening.due_at else ""
        return say(f"line.{kind}", locale, level=escaped(happening.service_level), when=due)
    if kind == "acknowledged":
        level = escaped(happening.service_level)
        lapse = when(dt.datetime.fromisoformat(data["until"]))
        return say("line.acknowledged", locale, who=who, level=level, when=lapse)
    until = data.get("held_until")
    shown_until = when(dt.datetime.fromisoformat(until)) if until else ""
    return say(f"line.{kind}", locale, who=who, when=shown_until)


_PAGING = ("paged", "page_answered", "page_unanswered")


def _paging(view: CardView, happening: Happening, who: str, locale: str) -> str:
    """Who was called to what, and what they said (K5)."""
    data = happening.data
    if happening.kind == "page_answered":
        return say(f"line.page_answered.{data['answer']}", locale, who=who)
    people = say("word.comma", locale).join(quoted(name) for name in happening.people)
    if happening.kind == "page_unanswered":
        return say("line.page_unanswered", locale, people=people)
    reason = preset(view, Meaning.PAGE, data["reason"], locale)
    return say("line.paged", locale, who=who, people=people, reason=reason)


# Acts with a preset answer: the set that it is of, its name in the event, the sentence.
_PRESETS = {
    "handed_over": (Meaning.HANDOVER, "reason", "line.handed_over"),
    "handed_back": (Meaning.HINT, "hint", "card.hint"),
    "contacted": (Meaning.CONTACT, "result", "line.contacted"),
}


def _preset(view: CardView, kind: str, data: dict[str, Any], who: str, locale: str) -> str:
    meaning, name, key = _PRESETS[kind]
    return say(key, locale, who=who, **{name: preset(view, meaning, data[name], locale)})


def decided(view: CardView, until: dt.datetime, amount: int, locale: str) -> Message:
    """What its author alone is told of a decision, with the button that takes it back."""
    names = closed_names(view, locale)
    text = say(
        "undo.offer",
        locale,
        number=names["number"],
        decision=names["decision"],
        next=escaped(stage_label(view.document, view.next_stage, locale)),
        amount=say("line.amount", locale, amount=money(amount, view.purchase.currency, locale))
        if amount
        else "",
        when=when(until),
    )
    back = button(say("undo", locale), ids.UNDO, ids.button_value(view.visit_id))
    return fallback(text), [section(text, accessory=back)]
