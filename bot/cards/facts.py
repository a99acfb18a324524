"""What is known of a dispute, as the small columns of its card."""

from bot.cards.parts import cut, escaped, quoted, when
from core.desk.linking import relation_label
from core.desk.views import CardView
from core.i18n import money, say
from core.wording import field_of, rule_label, value_label
from core.workflow.facts import GRADE
from core.workflow.model import Field
from core.workflow.terms import FieldKind, Kind, Meaning

MOST_FIELDS = 10  # what one section holds
FIELD_LIMIT = 300  # characters of one column
NAME_LIMIT = 80


def title(view: CardView, locale: str) -> str:
    """Number, amount and reason in one line."""
    return say(
        "card.title",
        locale,
        number=shown_number(view.number),
        amount=amount(view, locale),
        reason=topic(view, locale),
    )


def shown_number(number: str) -> str:
    """The number in groups, as people read it."""
    return "-".join(number[i : i + 3] for i in range(0, len(number), 3))


def amount(view: CardView, locale: str) -> str:
    """What was paid for the order."""
    purchase = view.purchase
    if not purchase.currency:
        return say("card.no_amount", locale)
    return money(purchase.paid, purchase.currency, locale)


def topic(view: CardView, locale: str) -> str:
    """What the dispute is about, in the words of the option that was chosen."""
    for field in _fields(view):
        if field.meaning == Meaning.TOPIC and field.key in view.facts:
            return value_label(view.document, field, view.facts[field.key], locale)
    return say("card.no_reason", locale)


def status(view: CardView, locale: str) -> str:
    """Who holds the visit and until when it must be decided."""
    if view.stage.kind == Kind.FINAL:
        return say("card.ended", locale)
    if view.stage.kind == Kind.WAIT:
        text = say("card.outside", locale)
    elif view.parked_at is not None:
        text = say("card.parked", locale, when=when(view.parked_at))
    elif view.stage.kind == Kind.INTAKE:
        text = say("card.waiting", locale)
    elif view.holder:
        names = {"who": cut(quoted(view.holder), NAME_LIMIT)}
        key = "card.held"
        if view.held_until is not None:  # the card stays true when the hold has lapsed
            key, names["until"] = "card.held_until", when(view.held_until)
        elif view.rule:
            key = "card.held.assigned"
            label = rule_label(view.document, view.rule, locale)
            names["rule"] = cut(escaped(label), NAME_LIMIT)
        text = say(key, locale, **names)
    else:
        text = say("card.free", locale)
    if view.due_at is not None:
        text += " · " + say("card.due", locale, when=when(view.due_at, left=True))
    return text


def columns(view: CardView, locale: str) -> list[str]:
    """The facts worth seeing, label above value; what is asked on this card is left out."""
    rows = [
        *_grade(view, locale),
        (say("card.order", locale), quoted(view.order_number)),
        (say("card.entered", locale), say(f"card.entered.{view.entered}", locale)),
    ]
    if view.purchase.refunded:
        refunded = money(view.purchase.refunded, view.purchase.currency, locale)
        rows.append((say("card.refunded", locale), refunded))
    asked = {field.key for field in view.fields}
    for field in _fields(view):
        known = field.key in view.facts and field.key not in asked and not _told(view, field)
        if known and field.kind in (FieldKind.ONE, FieldKind.SHARE, FieldKind.TYPED):
            value = value_label(view.document, field, view.facts[field.key], locale)
            rows.append((field.label.text(locale), quoted(value)))
    rows += _gathered(view, locale)
    if view.others_on_order:
        numbers = ", ".join(shown_number(number) for number in view.others_on_order)
        rows.append((say("card.others", locale), numbers))
    if view.linked:
        rows.append((say("card.linked", locale), _linked(view, locale)))
    return [cut(f"*{label}*\n{value}", FIELD_LIMIT) for label, value in rows[:MOST_FIELDS]]


def _grade(view: CardView, locale: str) -> list[tuple[str, str]]:
    """How urgent it is; nothing where the desk grades nothing (G2)."""
    grade = view.facts.get(GRADE)
    return [(say("card.grade", locale), say(f"panel.value.grade.{grade}", locale))] if grade else []


def _linked(view: CardView, locale: str) -> str:
    """The disputes that this one is linked with, each with how they belong together (K2)."""
    return say("word.comma", locale).join(
        say(
            "card.linked.item",
            locale,
            number=shown_number(one.number),
            relation=escaped(relation_label(view.document, one.relation, locale)),
        )
        for one in view.linked
    )


def _told(view: CardView, field: Field) -> bool:
    """Whether the title, or why the dispute is here, says what a field would say again."""
    if field.meaning == Meaning.TOPIC:
        return True
    return field.meaning == Meaning.ENTERED and view.facts[field.key] == view.entered


def _gathered(view: CardView, locale: str) -> list[tuple[str, str]]:
    """Evidence, requests and money."""
    rows = []
    by_party: dict[str, list[str]] = {}
    for party, kind, count in view.evidence:
        name = kind_label(view, kind, locale)
        by_party.setdefault(party, []).append(f"{name} × {count}" if count > 1 else name)
    for party, kinds in by_party.items():
        rows.append((say(f"card.gave.{party}", locale), ", ".join(kinds)))
    if view.asked:
        rows.append((say("card.asked", locale), "\n".join(_asked(view, locale))))
    if view.payment is not None:
        rows.append((say("card.payment", locale), payment(view, locale)))
    return rows


def asks_for(view: CardView, meaning: str) -> Field | None:
    """The field of the workflow with this meaning."""
    return next((field for field in _fields(view) if field.meaning == meaning), None)


def kind_label(view: CardView, kind: str, locale: str) -> str:
    """What a kind of evidence is called."""
    for field in _fields(view):
        if field.meaning in (Meaning.GIVEN_BUYER, Meaning.GIVEN_MERCHANT):
            option = view.document.options_by_set[field.options].get(kind)
            if option is not None:
                return option.label.text(locale)
    asked = field_of(view.document, kind)  # a file that a decision asks for, such as a voucher
    return asked.label.text(locale) if asked is not None else quoted(kind)


def payment(view: CardView, locale: str) -> str:
    """The latest payment and what became of it."""
    paid = view.payment
    if paid is None:
        return ""
    return say(
        f"card.payment.{paid.state}",
        locale,
        amount=money(paid.amount, paid.currency, locale),
        reported=money(paid.reported or 0, paid.currency, locale),
    )


def _asked(view: CardView, locale: str) -> list[str]:
    lines = []
    for asked in view.asked:
        state = "answered" if asked.answered else "silent" if asked.silent else "open"
        party = say(f"card.party.{asked.party}", locale)
        line = say(f"card.asked.{state}", locale, party=party, when=when(asked.due_at))
        lines.append(line[:1].upper() + line[1:])
    return lines


def _fields(view: CardView) -> list[Field]:
    """Every field of the workflow that stages ask, judgments of colleagues left out."""
    workflow = view.document.workflow_by_key[view.situation.workflow]
    fields: dict[str, Field] = {}
    for stage in workflow.stages:
        for field in stage.fields:
            if field.meaning not in (Meaning.QUALITY, Meaning.REMARK):
                fields.setdefault(field.key, field)
    return list(fields.values())
