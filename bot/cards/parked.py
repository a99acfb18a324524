"""What supervisors see where no option fits: what is wanting, and what they can answer (D4)."""

from bot import ids
from bot.cards import facts
from bot.cards.card import Message
from bot.cards.lines import Happening
from bot.cards.parts import Block, button, escaped, fallback, link, plain, quoted, section
from core.desk.views import CardView
from core.i18n import say
from core.wording import field_label
from core.workflow.terms import Meaning

MOST_OPTIONS = 100


def parked(view: CardView, happening: Happening, locale: str, permalink: str | None) -> Message:
    """The question: who found nothing that fits, where, and the buttons that answer it."""
    number = facts.shown_number(view.number)
    heading = say("parked.title", locale, number=number, stage=view.stage.label.text(locale))
    names = [field_label(view.document, key, locale) for key in happening.data["fields"]]
    wanting = say("word.comma", locale).join(names) or say("parked.decision", locale)
    body = say("parked.body", locale, who=quoted(happening.who), fields=escaped(wanting))
    visit = ids.button_value(view.visit_id)
    elements: list[Block] = [
        button(say("parked.decide", locale), ids.TAKE_OVER, visit),
        button(say("card.open", locale), ids.OPEN, visit),
    ]
    hints = view.document.choices_of(Meaning.HINT).values()
    options = [
        {
            "text": plain(hint.label.text(locale), 75),
            "value": ids.button_value(view.visit_id, hint.key),
        }
        for hint in hints
    ]
    if options:
        placeholder = plain(say("parked.hint", locale), 150)
        elements.insert(
            0,
            {
                "type": "static_select",
                "action_id": ids.HINT,
                "placeholder": placeholder,
                "options": options[:MOST_OPTIONS],
            },
        )
    blocks: list[Block] = [
        section(f"*{link(permalink, heading)}*\n{body}"),
        {"type": "actions", "block_id": "parked", "elements": elements},
    ]
    return fallback(f"{heading}. {body}"), blocks
