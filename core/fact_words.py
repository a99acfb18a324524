"""Facts, values and conditions in words, with the document's own labels where it has them."""

from collections.abc import Iterable, Sequence

from core import i18n
from core.i18n import say
from core.wording import known
from core.workflow.facts import (
    CHANNEL,
    DESK_FACTS,
    GRADE,
    HOUR,
    LANGUAGE,
    LEFT,
    RAISED,
    STAGE,
)
from core.workflow.model import Condition, Document, Mark, Workflow
from core.workflow.terms import EffectKind, Happening, Operator
from core.workflow.vocabulary import fields_of


def plain(key: str) -> str:
    """A key as people read it where nothing has a label for it."""
    return key.replace("_", " ")


def fact_label(workflow: Workflow, fact: str, locale: str, stage: str = "") -> str:
    """What a fact is called: by the field that asks it, at `stage` first, or by ourselves."""
    if fact.startswith(LEFT):
        limit = fact.removeprefix(LEFT)
        called = known(f"panel.limit.{limit}", plain(limit), locale)
        return say("panel.fact.left", locale, limit=called)
    asked = workflow.stage_by_key.get(stage)
    for field in (*(asked.fields if asked is not None else ()), *fields_of(workflow)):
        if field.key == fact and field.label.text(locale):
            return field.label.text(locale)
    return known(f"panel.fact.{fact}", plain(fact), locale)


def value_label(
    document: Document, workflow: Workflow, fact: str, value: str | int, locale: str
) -> str:
    """What a value of a fact is called: an option, a stage, the decision that records it."""
    if isinstance(value, int):
        return str(value)
    if fact == STAGE and value in workflow.stage_by_key:
        return workflow.stage_by_key[value].label.text(locale)
    for field in fields_of(workflow):
        option = document.options_by_set.get(field.options, {}).get(value)
        if field.key == fact and option is not None:
            return option.label.text(locale)
    if fact == CHANNEL:
        return known(f"panel.way_in.{value}", plain(value), locale)
    if fact == LANGUAGE:
        return i18n.language(value, locale)
    if fact == HOUR:
        return say("panel.value.hour", locale, hour=value.zfill(2))
    if fact not in DESK_FACTS:
        decisions = [d for s in workflow.stages for d in s.decisions]
        for decision in (*decisions, *workflow.ends):
            for effect in decision.effects:
                if (effect.kind, effect.fact, effect.value) == (EffectKind.SET, fact, value):
                    return decision.label.text(locale)
    named = GRADE if fact == RAISED else fact
    return known(f"panel.value.{named}.{value}", plain(value), locale)


def condition_text(
    document: Document, workflow: Workflow, condition: Condition, locale: str, stage: str = ""
) -> str:
    """A condition as a sentence; facts are called what `stage` calls them."""
    fact = fact_label(workflow, condition.fact, locale, stage)
    operator = condition.operator
    if operator in (Operator.KNOWN, Operator.UNKNOWN):
        return say(f"panel.operator.{operator}.says", locale, fact=fact)
    if condition.currency:
        amounts = (i18n.money(int(v), condition.currency, locale) for v in condition.values)
        values = "".join(amounts)
    else:
        called = (
            value_label(document, workflow, condition.fact, v, locale) for v in condition.values
        )
        values = either(list(called), locale)
    if operator not in set(Operator):
        return f"{fact} {operator} {values}"
    return say(f"panel.operator.{operator}.says", locale, fact=fact, values=values or "–")


def either(texts: Sequence[str], locale: str) -> str:
    """Texts of which one holds: `a, b or c`."""
    if len(texts) < 2:
        return "".join(texts)
    return say("panel.or", locale, first=join(texts[:-1], locale), last=texts[-1])


def join(texts: Iterable[str], locale: str) -> str:
    """Texts as an enumeration."""
    return say("word.comma", locale).join(texts)


def mark_text(workflow: Workflow, mark: Mark, locale: str) -> str:
    """What starts or stops a promise, as the form of a service level calls it."""
    what = mark.of
    if mark.event in (Happening.ENTERED, Happening.LEFT):
        stage = workflow.stage_by_key.get(mark.of)
        what = stage.label.text(locale) or mark.of if stage is not None else mark.of
    elif mark.event == Happening.DECIDED:
        what = known(f"panel.meaning.{mark.of}", plain(mark.of), locale)
    return say(f"panel.mark.{mark.event}", locale, what=what)
