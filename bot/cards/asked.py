"""The fields of a stage or decision as selects; what is known is chosen already."""

from typing import Any

from bot import ids
from bot.cards.parts import Block, cut, mrkdwn, plain
from core.desk.views import CardView
from core.i18n import money, say
from core.workflow.amounts import Line, amount
from core.workflow.choices import usable
from core.workflow.model import Field, Option, Value
from core.workflow.relevance import leads_on
from core.workflow.terms import FieldKind, Meaning

MOST_OPTIONS = 100
MOST_RADIOS = 10
ITEM_TEXT = 75  # characters of an option


def askable(view: CardView) -> list[Field]:
    """The fields that some decision on the card needs, items beside an amount, and remarks.

    What no button would use is not asked, nor a remark where no colleague of a later stage follows.
    """
    shown = [o.decision for o in view.offers if o.allowed or o.open_to_choice]
    needed = {key for decision in shown for key in decision.needs}
    workflow = view.document.workflow_by_key[view.situation.workflow]
    followed = leads_on(workflow, view.stage.key, shown)
    money = any(f.key in needed and f.kind == FieldKind.SHARE for f in view.fields)
    return [
        field
        for field in view.fields
        if (
            field.key in needed
            or (money and field.kind == FieldKind.ITEMS)
            or (followed and field.meaning == Meaning.REMARK)
        )
        and (field.kind != FieldKind.ITEMS or view.purchase.lines)
    ]


def field_block(view: CardView, field: Field, locale: str) -> Block:
    """A field on a card: its label, and the select beside it, under a stable block id."""
    return {
        "type": "section",
        "block_id": ids.FIELD + field.key,
        "text": mrkdwn(f"*{_label(field, locale)}*"),
        "accessory": element(view, field, locale),
    }


def input_block(view: CardView, field: Field, locale: str, *, many: bool = False) -> Block:
    """A field in a modal; for `many` disputes at once, what is known of each may stay."""
    return {
        "type": "input",
        "block_id": ids.FIELD + field.key,
        "label": plain(field.label.text(locale), 2000),
        "optional": not field.required or (many and field.prefill),
        "element": element(view, field, locale),
    }


def element(view: CardView, field: Field, locale: str) -> Block:
    """The select, or the text input of a typed field."""
    action_id = ids.FIELD + field.key
    known = view.again.get(field.key, view.facts.get(field.key) if field.prefill else None)
    if field.kind == FieldKind.TYPED:
        initial = {"initial_value": cut(str(known), 200)} if known else {}
        return {"type": "plain_text_input", "action_id": action_id, "max_length": 200, **initial}
    made: Block = {
        "action_id": action_id,
        "placeholder": plain(say(_placeholder(field), locale), 150),
    }
    many = field.kind in (FieldKind.MANY, FieldKind.ITEMS)
    if _one_click(view, field):
        radios = [_option(_text(view, o, locale), o.key) for o in _leaves(view, field)]
        made = {"type": "radio_buttons", "action_id": action_id, "options": radios}
        return made | _initial(radios, known, many=False)
    made["type"] = "multi_static_select" if many else "static_select"
    options = items(view, locale) if field.kind == FieldKind.ITEMS else None
    if options is None:
        made |= _choices(view, field, locale)
        options = made.get("options") or [o for g in made["option_groups"] for o in g["options"]]
    else:
        made["options"] = options
    return made | _initial(options, known, many=many)


def _one_click(view: CardView, field: Field) -> bool:
    """Whether a field shows its few options at once: judging a colleague costs one click (W6)."""
    return field.meaning == Meaning.QUALITY and len(_leaves(view, field)) <= MOST_RADIOS


def _leaves(view: CardView, field: Field) -> tuple[Option, ...]:
    return view.document.set_by_key[field.options].leaves()


def items(view: CardView, locale: str) -> list[Block]:
    """Every line of the order with the quantities that can be chosen, and what they cost (D5).

    Where they are more than a select holds, each line keeps its whole quantity and the smallest
    ones; of more than a hundred lines, the dearest are there, and the rest are chosen as the whole.
    """
    lines = sorted(view.purchase.lines, key=lambda line: -line.unit_price * line.quantity)
    kept = [line for line in view.purchase.lines if line in lines[:MOST_OPTIONS]]
    room = MOST_OPTIONS
    options = []
    for place, line in enumerate(kept):
        share = max(1, room // (len(kept) - place))
        counts = [line.quantity, *range(1, line.quantity)][:share]
        room -= len(counts)
        options += [
            _option(_item(view, line, count, locale), f"{line.key}:{count}")
            for count in sorted(counts, reverse=True)
        ]
    return options


def _item(view: CardView, line: Line, count: int, locale: str) -> str:
    """A quantity of a line; a long title gives way to what must be read: how many, how much."""
    amount = money(line.unit_price * count, view.purchase.currency, locale)
    title = view.titles.get(line.key, line.key)
    tail = say("card.item", locale, title="", quantity=count, amount=amount)
    names = {"quantity": count, "amount": amount}
    return say("card.item", locale, title=cut(title, ITEM_TEXT - len(tail)), **names)


def _choices(view: CardView, field: Field, locale: str) -> Block:
    """The options of a field: grouped where the set has two levels, amounts where it is a share."""
    option_set = view.document.set_by_key[field.options]
    leaves = [
        option
        for option in option_set.leaves()
        if field.kind != FieldKind.SHARE or usable(option.share, view.purchase.currency)
    ]
    trunks = {option.key: option for option in option_set.options}
    if not any(option.parent for option in leaves):
        return {"options": [_option(_text(view, o, locale), o.key) for o in leaves]}
    groups: dict[str, list[Block]] = {}
    for option in leaves:
        groups.setdefault(option.parent or option.key, []).append(
            _option(_text(view, option, locale), option.key)
        )
    return {
        "option_groups": [
            {"label": plain(trunks[key].label.text(locale), 75), "options": options}
            for key, options in groups.items()
        ]
    }


def _placeholder(field: Field) -> str:
    return "card.whole_order" if field.kind == FieldKind.ITEMS else "card.choose"


def _text(view: CardView, option: Option, locale: str) -> str:
    label = option.label.text(locale)
    if option.share is None or not view.purchase.currency or not view.number:
        return label  # an amount is one dispute's
    minor = amount(option.share, view.purchase)
    shown = money(minor, view.purchase.currency, locale)
    return say(_share_text(view), locale, label=label, amount=shown)


def _share_text(view: CardView) -> str:
    """Beside a choice of items an amount is that of the whole order, and says so (D5)."""
    several = sum(line.quantity for line in view.purchase.lines) > 1
    chosen_of = any(field.kind == FieldKind.ITEMS for field in view.fields)
    return "card.share_of_order" if several and chosen_of else "card.share"


def _option(text: str, value: str) -> Block:
    return {"text": plain(text, 75), "value": value}


def _initial(options: list[Block], known: Value | None, *, many: bool) -> dict[str, Any]:
    if known is None:
        return {}
    wanted = known if isinstance(known, tuple) else (str(known),)
    found = [option for option in options if option["value"] in wanted]
    if not found:
        return {}
    return {"initial_options": found} if many else {"initial_option": found[0]}


def _label(field: Field, locale: str) -> str:
    label = field.label.text(locale)
    return label if field.required else say("card.optional", locale, label=label)
