"""Cards as they are drawn, without an office: what they show, and whether Slack would take them."""

from dataclasses import replace
from typing import Any

from blockkit.validator import validate_message
from bot.cards.alerts import Alert
from bot.cards.parts import FALLBACK_BYTES
from core.desk import views
from core.desk.alerting import Alerted, Next
from core.desk.views import CardView
from core.workflow.model import Document, Label, LadderLevel
from tests.factories import VAULT, Desk


def shown(desk: Desk, dispute: int) -> CardView:
    """The card view of the dispute's open visit."""
    view = desk.db.read(views.card_view, desk.visit(dispute), VAULT)
    assert view is not None
    return view


def alarming(view: CardView, who: str = "Tom", **more: Any) -> Alert:
    """An alert that says everything that alerts can say."""
    level = LadderLevel("next", hears="channel", whom="intake", act="decide", decision="enough")
    stage = view.document.workflows[0].stage_by_key["evidence_review"]
    taken = next(one for one in stage.decisions if one.key == "enough")
    told = Alerted(
        deadline_id=2**60,
        visit_id=view.visit_id,
        document=view.document,
        service_level=view.document.workflows[0].service_levels[0],
        due_at=view.opened_at,
        over=False,
        following=Next(view.opened_at, level, who, taken),
        ack_minutes=30,
        on_it=who,
        on_it_until=view.opened_at,
        noise="",
        noise_by="",
    )
    values = {"group": "S0123", "missing": "supervisors", **more}
    return Alert(view, told, 3, values.pop("late", True), "https://office.slack.com/x", **values)


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
