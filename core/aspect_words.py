"""What differs about a row, before and after, in the words that the row's page uses (S3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.fact_words import condition_text, fact_label, join, mark_text, plain, value_label
from core.i18n import money, say
from core.wording import known
from core.workflow.arrival import arrival
from core.workflow.difference import Change
from core.workflow.model import (
    Condition,
    Document,
    Effect,
    Group,
    Label,
    Mark,
    Preset,
    Route,
    Share,
    Successor,
    Workflow,
)
from core.workflow.terms import Assignee, EffectKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in one of the two documents: what its keys mean there, in a language."""

    document: Document
    locale: str
    kinds: dict[str, str]  # the rows around it and itself: kind to key

    @property
    def workflow(self) -> Workflow:
        """The workflow around the row; for rules asked before, what they ask of."""
        found = self.document.workflow_by_key.get(self.kinds.get("workflow", ""))
        return found if found is not None else arrival(self.document)

    def say(self, key: str, **names: object) -> str:
        """A sentence in the reader's language."""
        return say(key, self.locale, **names)

    def join(self, texts: Sequence[str]) -> str:
        """Texts as an enumeration."""
        return join(texts, self.locale)

    def condition(self, condition: Condition) -> str:
        """A condition as the row's page words it."""
        stage = self.kinds.get("stage", "")
        return condition_text(self.document, self.workflow, condition, self.locale, stage)

    def stage(self, key: str) -> str:
        """A stage by its label."""
        found = self.workflow.stage_by_key.get(key)
        return found.label.text(self.locale) if found is not None else key


def place_of(change: Change, document: Document, locale: str) -> Place:
    """Where a change's row stands in `document`, the one before or the one after."""
    return Place(document, locale, {kind: key for kind, key, _ in change.path})


def listed(name: str, value: object, place: Place) -> list[str] | None:
    """The entries of an aspect that is a list, each in words; None for what is none."""
    if not isinstance(value, tuple):
        return None
    if name == "needs":
        return [_field(key, place) for key in value]
    return [_entry(entry, place) for entry in value]


def value_text(kind: str, name: str, value: object, place: Place) -> str:
    """A single value of the aspect `name` of a row of this kind, in words."""
    if name == "calendar" and not value:
        return place.say("panel.level.round_the_clock")
    if value is None or value == "":
        return known("panel.style", "–", place.locale) if name == "style" else "–"
    if isinstance(value, bool):
        return place.say("panel.yes" if value else "panel.no")
    if isinstance(value, Label):
        return value.text(place.locale)
    if isinstance(value, Share):
        return _share(value, place)
    if isinstance(value, str):
        return _key(kind, name, value, place)
    return str(value)


def _key(kind: str, name: str, value: str, place: Place) -> str:
    """What a key is called: a member of a closed list, or another row of the document."""
    closed = {
        "meaning": "panel.meaning",
        "counts": "panel.meaning",
        "grants": "panel.meaning",
        "by": "panel.by",
        "style": "panel.style",
        "strategy": "panel.strategy",
        "point": "panel.point",
        "hears": "panel.hears",
        "grade": "panel.value.grade",
        "act": "panel.act",
        "kind": "panel.kind" if kind == "stage" else "panel.field_kind",
    }
    if name in closed:
        return known(f"{closed[name]}.{value}", plain(value), place.locale)
    labels = _labels(name, place)
    return labels[value].text(place.locale) if value in labels else value


def _labels(name: str, place: Place) -> dict[str, Label]:
    """The labels of the rows among which an aspect names one."""
    document = place.document
    if name in ("start", "first", "stage"):
        return {key: stage.label for key, stage in place.workflow.stage_by_key.items()}
    if name == "options":
        return {key: one.label for key, one in document.set_by_key.items()}
    if name == "ladder":
        return {key: one.label for key, one in document.ladder_by_key.items()}
    if name == "workflow":
        return {key: one.label for key, one in document.workflow_by_key.items()}
    if name in ("parent", "successor"):
        options = document.options_by_set.get(place.kinds.get("option_set", ""), {})
        return {key: option.label for key, option in options.items()}
    if name == "decision" and "ladder" in place.kinds:
        stages = (stage for workflow in document.workflows for stage in workflow.stages)
        return {d.key: d.label for stage in stages for d in stage.decisions}
    if name == "decision":
        known_there = place.workflow.decisions_by_stage.get(place.kinds.get("stage", ""), {})
        return {key: decision.label for key, decision in known_there.items()}
    return {}


def _entry(entry: object, place: Place) -> str:
    """An entry of a list: a group of conditions, a route, an effect, a person's id."""
    told = _ENTRIES.get(type(entry))
    return told(entry, place) if told is not None else str(entry)


def _field(key: str, place: Place) -> str:
    stage = place.kinds.get("stage", "")
    return fact_label(place.workflow, key, place.locale, stage)


def _group(group: Group, place: Place) -> str:
    label = place.document.reason_by_key.get(group.reason)
    reason = label.text(place.locale) if label is not None else plain(group.reason)
    alone = len(group.conditions) == 1
    key = "difference.otherwise" if alone else f"panel.group.{group.match}"
    heading = place.say(key, reason=reason)
    texts = place.join([place.condition(condition) for condition in group.conditions])
    return place.say("difference.group", conditions=texts, otherwise=heading)


def _route(route: Route, place: Place) -> str:
    texts = place.join([place.condition(condition) for condition in route.when])
    when = place.say("panel.route.if", conditions=texts) if texts else place.say("panel.route.else")
    told = [f"→ {place.stage(route.to)}", when]
    if route.assignee != Assignee.NOBODY:
        told.append(known(f"panel.assignee.{route.assignee}", route.assignee, place.locale))
    return " · ".join(told)


def _effect(effect: Effect, place: Place) -> str:
    locale, detail = place.locale, ""
    if effect.kind == EffectKind.SET:
        called = value_label(place.document, place.workflow, effect.fact, effect.value, locale)
        detail = f"{fact_label(place.workflow, effect.fact, locale)} = {called}"
    elif effect.parties:
        detail = place.join([known(f"panel.by.{one}", one, locale) for one in effect.parties])
    elif effect.sources:
        detail = place.join([known(f"panel.source.{one}", one, locale) for one in effect.sources])
    done = known(f"panel.effect.{effect.kind}", effect.kind, locale)
    return place.say("difference.detail", what=done, detail=detail) if detail else done


def _preset(preset: Preset, place: Place) -> str:
    values = [
        value_label(place.document, place.workflow, preset.field, value, place.locale)
        for value in preset.values
    ]
    what = _field(preset.field, place)
    return place.say("difference.detail", what=what, detail=place.join(values))


def _successor(row: Successor, place: Place) -> str:
    return f"{row.removed} → {place.stage(row.to)}"


def _share(share: Share, place: Place) -> str:
    if share.steps:
        return place.join([money(one.minor, one.currency, place.locale) for one in share.steps])
    of = place.say(f"panel.of.{share.of}")
    return place.say("panel.share.says", percent=share.percent, of=of)


_ENTRIES: dict[type, Callable[[Any, Place], str]] = {
    Condition: lambda condition, place: place.condition(condition),
    Effect: _effect,
    Group: _group,
    Mark: lambda mark, place: mark_text(place.workflow, mark, place.locale),
    Preset: _preset,
    Route: _route,
    Successor: _successor,
}
