"""Cards as they are drawn, without an office: what they show, and whether Slack would take them."""

from dataclasses import replace
from typing import Any

from blockkit.validator import validate_message
from bot.cards.parts import FALLBACK_BYTES
from core.desk import views
from core.desk.views import CardView
from core.workflow.model import Document, Label
from tests.factories import VAULT, Desk


def shown(desk: Desk, dispute: int) -> CardView:
    """The card view of the dispute's open visit."""
    view = desk.db.read(views.card_view, desk.visit(dispute), VAULT)
    assert view is not None
    return view


def problems(message: tuple[str, list[dict[str, Any]]]) -> list[Any]:
    """What Slack would refuse of a message; its fallback text is there and fits."""
    text, blocks = message
    assert text
    assert len(text.encode()) <= FALLBACK_BYTES
    return list(validate_message({"text": text, "blocks": blocks}))


def longest(document: Document) -> Document:
    """The document with every label as long as anybody would write it."""
    label = Label("很长的标签" * 40, "Donaudampfschifffahrtsgesellschaft " * 12)

    def stretched(value: Any) -> Any:
        if isinstance(value, Label):
            return label
        if isinstance(value, tuple):
            return tuple(stretched(item) for item in value)
        fields = getattr(value, "__dataclass_fields__", None)
        if fields is None:
            return value
        return replace(value, **{name: stretched(getattr(value, name)) for name in fields})

    return stretched(document)  # type: ignore[no-any-return]
