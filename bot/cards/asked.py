"""The fields of a stage or decision as selects; what is known is chosen already."""

from typing import Any

from bot import ids
from bot.cards.parts import Block, cut, mrkdwn, plain
from core.desk.views import CardView
from core.i18n import money, say
from core.workflow.amounts import amount
from core.workflow.choices import usable
from core.workflow.model import Field, Option, Value
from core.workflow.terms import FieldKind

MOST_OPTIONS = 100


def askable(view: CardView) -> list[Field]:
    """The fields that some decision on the card needs, and items beside an amount.

    What no button would use is not asked.
    """
    needed = {
        key
        for offer in view.offers
        if offer.allowed or offer.open_to_choice
        for key in offer.decision.needs
    }
    money = any(f.key in needed and f.kind == FieldKind.SHARE for f in view.fields)
    return [
        field
        for field in view.fields
        if (field.key in needed or (money and not field.required))
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
    known = view.facts.get(field.key) if field.prefill else None
    if field.kind == FieldKind.TYPED:
        initial = {"initial_value": cut(str(known), 200)} if known else {}
        return {"type": "plain_text_input", "action_id": action_id, "max_length": 200, **initial}
    made: Block = {
        "action_id": action_id,
        "placeholder": plain(say(_placeholder(field), locale), 150),
    }
    many = field.kind in (FieldKind.MANY, FieldKind.ITEMS)
    made["type"] = "multi_static_select" if many else "static_select"
    options = items(view, locale) if field.kind == FieldKind.ITEMS else None
    if options is None:
        made |= _choices(view, field, locale)
        options = made.get("options") or [o for g in made["option_groups"] for o in g["options"]]
    else:
        made["options"] = options
    return made | _initial(options, known, many=many)


def items(view: CardView, locale: str) -> list[Block]:
    """Every line of the order in every quantity that was bought (D5)."""
    options = [
        _option(
            say("card.item", locale, title=view.titles.get(line.key, line.key), quantity=count),
            f"{line.key}:{count}",
        )
        for line in view.purchase.lines
        for count in range(line.quantity, 0, -1)
    ]
    return options[:MOST_OPTIONS]


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
    return say(
        "card.share", locale, label=label, amount=money(minor, view.purchase.currency, locale)
    )


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
