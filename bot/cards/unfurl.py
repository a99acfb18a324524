"""What a link to a dispute shows beneath itself: where it stands, and no party's words or names."""

from bot.cards import facts
from bot.cards.parts import Block, context, escaped, section
from core.desk.views import CardView
from core.i18n import say


def compact(view: CardView, locale: str) -> dict[str, list[Block]]:
    """Number, amount and reason; stage, who holds it, when it is due."""
    stage = escaped(view.stage.label.text(locale))
    title = f"*{escaped(facts.title(view, locale))}*"
    status = say("unfurl.status", locale, stage=stage, status=facts.status(view, locale))
    return {"blocks": [section(title), context(status)]}
