"""What a card tells of others: who decided what before, what they said, what they did lately."""

import datetime as dt

from bot.cards.parts import escaped, quoted, when
from core.desk.views import CardView
from core.i18n import say
from core.wording import decision_label, stage_label, value_label
from core.workflow.terms import By, Meaning

MOST_PAST = 5  # earlier decisions that a card tells
ITSELF = (By.EVIDENCE, By.PAYMENT, By.TIMEOUT)  # such a decision's label says what made it
UNTOLD = ("take", "assign")  # who took it says nothing about the matter


def said(view: CardView, locale: str) -> str:
    """What colleagues said: the remarks of the stage before, and that there are notes (D8)."""
    workflow = view.document.workflow_by_key[view.situation.workflow]
    fields = [f for s in workflow.stages for f in s.fields if f.meaning == Meaning.REMARK]
    parts = []
    if view.remarks and fields:
        remarks = escaped(value_label(view.document, fields[0], view.remarks, locale))
        parts.append(say("card.remarks", locale, remarks=remarks))
    if view.notes:
        details = say("card.details", locale)
        parts.append(say("card.notes", locale, count=view.notes, details=details))
    return " · ".join(parts)


def lately(view: CardView, locale: str) -> str:
    """What somebody did about this visit besides deciding, where the next one must know it."""
    if view.lately is None:
        return ""
    kind, who, data = view.lately.kind, quoted(view.lately.who), view.lately.data
    if kind == "handed_back":
        hint = preset(view, Meaning.HINT, data["hint"], locale)
        return say("card.hint", locale, who=who, hint=hint)
    if kind == "handed_over":
        reason = preset(view, Meaning.HANDOVER, data["reason"], locale)
        return say("line.handed_over", locale, who=who, reason=reason)
    if kind == "snoozed":
        reason = preset(view, Meaning.SNOOZE, data["reason"], locale)
        until = when(dt.datetime.fromisoformat(data["wake"]))
        return say("card.snoozed", locale, who=who, reason=reason, when=until)
    return ""


def preset(view: CardView, meaning: str, key: str, locale: str) -> str:
    """A preset phrase of the desk's own acts, in the words of the visit's document."""
    found = next((s for s in view.document.option_sets if s.meaning == meaning), None)
    option = view.document.options_by_set[found.key].get(key) if found else None
    return escaped(option.label.text(locale) if option else key)


def so_far(view: CardView, locale: str) -> str:
    """Who decided what before, in one line; the latest few."""
    items = [
        say(
            "card.so_far.itself" if past.by in ITSELF else "card.so_far.item",
            locale,
            stage=escaped(stage_label(view.document, past.stage, locale)),
            decision=escaped(decision_label(view.document, past.decision, locale)),
            who=quoted(past.who) if past.who else say(f"word.by.{past.by}", locale),
        )
        for past in view.past
        if past.decision not in UNTOLD
    ]
    if not items:
        return ""
    told = say("card.so_far.join", locale).join(items[-MOST_PAST:])
    return say("card.so_far", locale, list=told)
