"""Forms of what is done beside deciding: hand over, snooze, contact; every answer is preset."""

from collections.abc import Sequence
from typing import Any

from bot import ids
from bot.cards import facts
from bot.cards.parts import Block, context, plain
from core.desk.views import CardView
from core.i18n import say
from core.workflow.terms import Meaning

View = dict[str, Any]
QUEUE = "queue"  # to nobody in particular
MOST_OPTIONS = 100


def hand_over(
    view: CardView, colleagues: Sequence[tuple[int, str]], locale: str, reply_to: bytes | None
) -> View:
    """To whom, and why."""
    queue = _option(say("handover.queue", locale), QUEUE)
    people = [_option(name, str(person_id)) for person_id, name in colleagues]
    to = {"options": [queue, *people][:MOST_OPTIONS], "initial_option": queue}
    blocks = [
        _select("to", say("handover.to", locale), to),
        _select("reason", say("handover.reason", locale), _preset(view, Meaning.HANDOVER, locale)),
    ]
    return _form(view, ids.HANDOVER, "handover", blocks, locale, reply_to)


def snooze(view: CardView, locale: str, reply_to: bytes | None) -> View:
    """For how long, and why."""
    blocks = [
        _select("length", say("snooze.length", locale), _preset(view, Meaning.SNOOZE_FOR, locale)),
        _select("reason", say("snooze.reason", locale), _preset(view, Meaning.SNOOZE, locale)),
    ]
    return _form(view, ids.SNOOZE, "snooze", blocks, locale, reply_to)


def contact(view: CardView, locale: str, reply_to: bytes | None) -> View:
    """What came of trying to reach the buyer."""
    chosen = _preset(view, Meaning.CONTACT, locale)
    blocks = [_select("reason", say("contact.result", locale), chosen)]
    return _form(view, ids.CONTACT, "contact", blocks, locale, reply_to)


def _form(
    view: CardView,
    act: str,
    words: str,
    blocks: list[Block],
    locale: str,
    reply_to: bytes | None,
) -> View:
    about = say(f"{words}.about", locale, number=facts.shown_number(view.number))
    return {
        "type": "modal",
        "callback_id": act,
        "private_metadata": ids.view_metadata(view.visit_id, act, {}, reply_to),
        "title": plain(say(f"{words}.title", locale), 24),
        "submit": plain(say(f"{words}.submit", locale), 24),
        "close": plain(say("modal.cancel", locale), 24),
        "blocks": [context(about), *blocks],
    }


def _preset(view: CardView, meaning: str, locale: str) -> Block:
    options = view.document.choices_of(meaning).values()
    return {"options": [_option(o.label.text(locale), o.key) for o in options][:MOST_OPTIONS]}


def _select(name: str, label: str, choices: Block) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": {"type": "static_select", "action_id": name, **choices},
    }


def _option(text: str, value: str) -> Block:
    return {"text": plain(text, 75), "value": value}
