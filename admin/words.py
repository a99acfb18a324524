"""Facts, values and conditions in words, with the document's own labels where it has them."""

from collections.abc import Iterable, Sequence

from core import wording
from core.workflow.facts import AMOUNT, CHANNEL, DESK_FACTS, LEFT, MOVED, STAGE
from core.workflow.model import Condition, Document, Value, Workflow
from core.workflow.terms import EffectKind, FieldKind, Operator
from core.workflow.vocabulary import fields_of
from web.language import locale, money, say

MONEY = (AMOUNT, MOVED)  # facts that hold minor units


def known(key: str, otherwise: str) -> str:
    """The sentence for a key in the reader's language, or `otherwise` where there is none."""
    return wording.known(key, otherwise, locale())


def plain(key: str) -> str:
    """A key as people read it where nothing has a label for it."""
    return key.replace("_", " ")


def fact_label(workflow: Workflow, fact: str, stage: str = "") -> str:
    """What a fact is called: by the field that asks it, at `stage` first, or by ourselves."""
    if fact.startswith(LEFT):
        limit = fact.removeprefix(LEFT)
        return say("panel.fact.left", limit=known(f"panel.limit.{limit}", plain(limit)))
    asked = workflow.stage_by_key.get(stage)
    for field in (*(asked.fields if asked is not None else ()), *fields_of(workflow)):
        if field.key == fact and field.label.text(locale()):
            return field.label.text(locale())
    return known(f"panel.fact.{fact}", plain(fact))


def value_label(document: Document, workflow: Workflow, fact: str, value: str | int) -> str:
    """What a value of a fact is called: an option, a stage, the decision that records it."""
    if isinstance(value, int):
        return str(value)
    if fact == STAGE and value in workflow.stage_by_key:
        return workflow.stage_by_key[value].label.text(locale())
    for field in fields_of(workflow):
        option = document.options_by_set.get(field.options, {}).get(value)
        if field.key == fact and option is not None:
            return option.label.text(locale())
    if fact == CHANNEL and not workflow.key:
        return known(f"panel.way_in.{value}", plain(value))
    if fact not in DESK_FACTS:
        decisions = [d for s in workflow.stages for d in s.decisions]
        for decision in (*decisions, *workflow.ends):
            for effect in decision.effects:
                if (effect.kind, effect.fact, effect.value) == (EffectKind.SET, fact, value):
                    return decision.label.text(locale())
    return known(f"panel.value.{fact}.{value}", plain(value))


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
    fact = fact_label(workflow, condition.fact, stage)
    operator = condition.operator
    if operator in (Operator.KNOWN, Operator.UNKNOWN):
        return say(f"panel.operator.{operator}.says", fact=fact)
    if condition.currency:
        values = "".join(money(int(v), condition.currency) for v in condition.values)
    else:
        values = either(
            [value_label(document, workflow, condition.fact, v) for v in condition.values]
        )
    if operator not in set(Operator):
        return f"{fact} {operator} {values}"
    return say(f"panel.operator.{operator}.says", fact=fact, values=values or "–")


def either(texts: Sequence[str]) -> str:
    """Texts of which one holds: `a, b or c`."""
    if len(texts) < 2:
        return "".join(texts)
    return say("panel.or", first=join(texts[:-1]), last=texts[-1])


def join(texts: Iterable[str]) -> str:
    """Texts as an enumeration."""
    return say("word.comma").join(texts)


def length(minutes: int) -> str:
    """A length of time in the largest unit that holds it without rest."""
    if minutes and minutes % 1440 == 0:
        return say("panel.length.days", number=minutes // 1440)
    if minutes and minutes % 60 == 0:
        return say("panel.length.hours", number=minutes // 60)
    return say("panel.length.minutes", number=minutes)
