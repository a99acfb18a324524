"""What one person is told alone: what happened, which dispute, by when, and the way to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import ids
from bot.cards import facts
from bot.cards.card import Message
from bot.cards.lines import Happening
from bot.cards.parts import Block, button, cut, escaped, fallback, link, quoted, section, when
from bot.cards.told import preset
from core.desk.views import CardView
from core.i18n import moment, say
from core.workflow.terms import Meaning

PRESETS = {"handed_over": ("reason", Meaning.HANDOVER), "handed_back": ("hint", Meaning.HINT)}
MOVED = "moved"  # assigned at intake, which opens the next stage
LINE, NAME = 400, 80  # characters


@dataclass(frozen=True, slots=True)
class Told:
    """An event that concerns somebody, and the visit as it is now."""

    view: CardView
    what: Happening
    permalink: str | None


def one(told: Told, locale: str, zone: str) -> Message:
    """One event; what notifications read spells times in the reader's own zone."""
    text = " ".join([_sentence(told, locale), _due(told, locale, zone)]).strip()
    return fallback(text), [_block(told, locale)]


def several(items: Sequence[Told], locale: str, zone: str) -> Message:
    """What piled up, in one message."""
    heading = say("direct.several", locale, count=len(items))
    first = " ".join([_sentence(items[0], locale), _due(items[0], locale, zone)]).strip()
    blocks = [section(f"*{heading}*"), *(_block(told, locale) for told in items)]
    return fallback(f"{heading} {first}"), blocks


def _block(told: Told, locale: str) -> Block:
    view = told.view
    about = link(told.permalink, facts.title(view, locale))
    due = say("card.due", locale, when=when(view.due_at, left=True)) if view.due_at else ""
    body = "\n".join([cut(_sentence(told, locale), LINE), " · ".join(filter(None, [about, due]))])
    opening = button(say("card.open", locale), ids.OPEN, ids.button_value(view.visit_id))
    return section(body, block_id=f"direct.{view.visit_id}", accessory=opening)


def _sentence(told: Told, locale: str) -> str:
    view, what = told.view, told.what
    kind = "assigned" if what.kind == MOVED else what.kind
    names = {
        "who": cut(quoted(what.who), NAME) if what.who else say(f"word.by.{what.by}", locale),
        "number": facts.shown_number(view.number),
        "stage": escaped(view.stage.label.text(locale)),
    }
    if kind in PRESETS:
        name, meaning = PRESETS[kind]
        names["preset"] = preset(view, meaning, what.data[name], locale)
    return say(f"direct.{kind}", locale, **names)


def _due(told: Told, locale: str, zone: str) -> str:
    due_at = told.view.due_at
    return say("direct.due", locale, when=moment(due_at, locale, zone)) if due_at else ""
