"""Refusals in words: the same sentence at every door, with the document's own labels."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from core.desk.answers import Refused
from core.desk.numbers import shown
from core.i18n import catalogue, locale_of, moment, say
from core.workflow.model import Document, Field, Value


def refusal_text(
    refused: Refused, document: Document | None, locale: str, zone: str = "UTC"
) -> str:
    """What a refusal says to a person: what happened, and what to do.

    `document` is the one that the refusal names (`refused.document_id`), where it names one.
    """
    key, names = refused.key, dict(refused.params)
    for name in ("number", "other", "after"):  # the dispute, and further ones
        if name in names:
            names[name] = shown(str(names[name]))
    if key == "too_late" and not names.get("who"):
        key = "moved_on"
    if key == "held" and not names.get("until"):
        key = "held_on"
    elif key == "held":
        names["until"] = moment(dt.datetime.fromisoformat(names["until"]), locale, zone)
    if key == "acknowledged":
        names["until"] = moment(dt.datetime.fromisoformat(names["until"]), locale, zone)
    if key == "needs_exam":
        names["action"] = say(f"sensitive.{names['action']}", locale)
    if "rights" in names:
        comma = say("word.comma", locale)
        names["rights"] = comma.join(say(f"right.{right}", locale) for right in names["rights"])
    if "names" in names:
        names["names"] = say("word.comma", locale).join(names["names"])
    if document is not None:
        names |= _labelled(refused, names, document, locale)
    return say(f"refusal.{key}", locale, **names)


def _labelled(
    refused: Refused, names: Mapping[str, Any], document: Document, locale: str
) -> dict[str, str]:
    """What a refusal names, by the document's own labels."""
    comma, semicolon = say("word.comma", locale), say("word.semicolon", locale)
    told = {
        name: stage_label(document, str(names[name]), locale)
        for name in ("stage", "elsewhere")
        if name in names
    }
    if "stages" in names:
        labels = (stage_label(document, str(key), locale) for key in names["stages"])
        told["stages"] = comma.join(labels)
    if "decision" in names:
        told["decision"] = decision_label(document, str(names["decision"]), locale)
    told["fields"] = comma.join(field_label(document, f, locale) for f in refused.fields)
    told["reasons"] = semicolon.join(reason_label(document, r, locale) for r in refused.reasons)
    return told


def stage_label(document: Document, key: str, locale: str) -> str:
    """A stage's label; its key where no workflow of the document has it."""
    for workflow in document.workflows:
        if key in workflow.stage_by_key:
            return workflow.stage_by_key[key].label.text(locale)
    return key


def decision_label(document: Document, key: str, locale: str) -> str:
    """A decision's label; taking, assigning and undoing are decisions of no document."""
    if key in ("take", "assign", "undo"):
        return say(f"word.{key}", locale)
    for workflow in document.workflows:
        for decisions in workflow.decisions_by_stage.values():
            if key in decisions:
                return decisions[key].label.text(locale)
    return key


def rule_label(document: Document, key: str, locale: str) -> str:
    """An assignment rule's label; its key where the document has it no more."""
    for workflow in document.workflows:
        for rule in workflow.assignments:
            if rule.key == key:
                return rule.label.text(locale)
    return key


def level_label(document: Document, key: str, locale: str) -> str:
    """A service level's label; its key where the document has it no more."""
    for workflow in document.workflows:
        if key in workflow.level_by_key:
            return workflow.level_by_key[key].label.text(locale)
    return key


def ladder_label(document: Document, key: str, locale: str) -> str:
    """A ladder's label; its key where the document has it no more."""
    ladder = document.ladder_by_key.get(key)
    return ladder.label.text(locale) if ladder is not None else key


def regraded(document: Document, data: Mapping[str, Any], locale: str) -> str:
    """What an event says that changed: the grade, and what is promised because of it (G2)."""
    before, grade = data["from"], data["to"]
    names = {
        "before": say(f"panel.value.grade.{before}", locale) if before else "–",
        "grade": say(f"panel.value.grade.{grade}", locale) if grade else "–",
    }
    key = "regraded.same" if before == grade else "regraded"
    if "raised" in data:
        key = "regraded.highest" if before == grade else "regraded.raised"
        names |= {"ladder": ladder_label(document, data["raised"]["ladder"], locale)}
        names |= {"level": data["raised"]["place"]}
    told = say(key, locale, **names)
    for what in ("started", "superseded"):
        if data[what]:
            labels = [level_label(document, key, locale) for key in data[what]]
            levels = say("word.comma", locale).join(labels)
            told += say(f"regraded.{what}", locale, levels=levels)
    return told


def field_of(document: Document, key: str) -> Field | None:
    """The field with this key, wherever the document asks it."""
    for workflow in document.workflows:
        for stage in workflow.stages:
            if key in stage.field_by_key:
                return stage.field_by_key[key]
        for decisions in workflow.decisions_by_stage.values():
            for decision in decisions.values():
                for field in decision.fields:
                    if field.key == key:
                        return field
    return None


def field_label(document: Document, key: str, locale: str) -> str:
    """A field's label, wherever the document asks it."""
    field = field_of(document, key)
    return field.label.text(locale) if field else key


def value_label(document: Document, field: Field, value: Value, locale: str) -> str:
    """What a fact's value is called; a typed value is its own name."""
    options = document.options_by_set.get(field.options, {})
    keys = value if isinstance(value, tuple) else (value,)
    labels = [options[str(k)].label.text(locale) if str(k) in options else str(k) for k in keys]
    return say("word.comma", locale).join(labels)


def reason_label(document: Document, key: str, locale: str) -> str:
    """A reason's label."""
    label = document.reason_by_key.get(key)
    return label.text(locale) if label else key


def known(key: str, otherwise: str, locale: str) -> str:
    """The sentence for a key, or `otherwise` where none is written for it."""
    return say(key, locale) if key in catalogue(locale_of(locale)) else otherwise
