"""Facts, values and conditions in the reader's language, by the document's own labels."""

from collections.abc import Iterable

from core import fact_words, wording
from core.fact_words import plain
from core.workflow.facts import AMOUNT, MOVED, PAID
from core.workflow.model import Condition, Document, Value, Workflow
from core.workflow.terms import FieldKind
from core.workflow.vocabulary import fields_of
from web.language import locale, money, say

__all__ = [
    "MONEY",
    "condition_text",
    "fact_label",
    "fact_text",
    "join",
    "known",
    "length",
    "plain",
    "value_label",
]

MONEY = (AMOUNT, MOVED, PAID)  # facts that hold minor units


def known(key: str, otherwise: str) -> str:
    """The sentence for a key in the reader's language, or `otherwise` where there is none."""
    return wording.known(key, otherwise, locale())


def fact_label(workflow: Workflow, fact: str, stage: str = "") -> str:
    """What a fact is called: by the field that asks it, at `stage` first, or by ourselves."""
    return fact_words.fact_label(workflow, fact, locale(), stage)


def value_label(document: Document, workflow: Workflow, fact: str, value: str | int) -> str:
    """What a value of a fact is called: an option, a stage, the decision that records it."""
    return fact_words.value_label(document, workflow, fact, value, locale())


def fact_text(
    document: Document,
    workflow: Workflow,
    fact: str,
    value: Value,
    lines: dict[str, str],
    currency: str = "",
) -> str:
    """A known fact's value in words; `lines` holds the titles of the order's lines by key."""
    if fact in MONEY and isinstance(value, int) and currency:
        return money(value, currency)
    kinds = {field.kind for field in fields_of(workflow) if field.key == fact}
    if FieldKind.TYPED in kinds:
        return str(value)
    if FieldKind.FILE in kinds:
        return say("panel.evidence.number", number=value)
    items = value if isinstance(value, tuple) else (value,)
    if FieldKind.ITEMS in kinds:
        chosen = (str(item).rpartition(":") for item in items)
        return join(f"{lines.get(key, key)} × {count}" for key, _, count in chosen)
    return join(value_label(document, workflow, fact, item) for item in items)


def condition_text(
    document: Document, workflow: Workflow, condition: Condition, stage: str = ""
) -> str:
    """A condition as a sentence; facts are called what `stage` calls them."""
    return fact_words.condition_text(document, workflow, condition, locale(), stage)


def join(texts: Iterable[str]) -> str:
    """Texts as an enumeration."""
    return fact_words.join(texts, locale())


def length(minutes: int) -> str:
    """A length of time in the largest unit that holds it without rest."""
    if minutes and minutes % 1440 == 0:
        return say("panel.length.days", number=minutes // 1440)
    if minutes and minutes % 60 == 0:
        return say("panel.length.hours", number=minutes // 60)
    return say("panel.length.minutes", number=minutes)
