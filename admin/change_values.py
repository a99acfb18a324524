"""Values in the record of changes as people read them: what the forms call them (S7).

A record keeps keys. They are called as the published document calls them today, else as the draft
does; a key that neither knows is shown as it is.
"""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from flask import g

from admin.draft.options import share_text
from admin.draft.sketch import row_label
from admin.words import fact_label, join, known, plain, value_label
from core.desk import calendars, documents, draft, roster, rotas
from core.fact_words import mark_text
from core.i18n import moment
from core.workflow.model import Document, Label, Mark
from web.desk import reading
from web.language import locale, money, say, zone

_MOMENTS = ("moment", "absent_from", "absent_until", "passed_at", "since", "until")
# Columns whose values are members of closed lists, and the words for these.
_CLOSED = {
    "operator": "panel.operator",
    "match": "panel.match",
    "by": "panel.by",
    "parties": "panel.by",
    "sources": "panel.source",
    "style": "panel.style",
    "assignee": "panel.assignee",
    "strategy": "panel.strategy",
    "meaning": "panel.meaning",
    "counts": "panel.meaning",
    "grants": "panel.meaning",
    "locale": "web.language",
    "action": "sensitive",
    "rights": "right",
    "point": "panel.point",
    "turns": "panel.turns",
    "day": "panel.label",
    "hears": "panel.hears",
    "act": "panel.act",
}
# Columns that one kind of row calls otherwise than the others do.
_OWN_NAMES = {
    ("ladder", "calendar"): "panel.label.telling",
    ("ladder_level", "at"): "panel.label.level_at",
    ("ladder_level", "decision"): "panel.label.default",
    ("ladder_level", "whom"): "panel.changes.whom",
    ("service_level", "stage"): "panel.label.level_stage",
}
_KINDS = {"stage": "panel.kind", "field": "panel.field_kind", "effect": "panel.effect"}
# Columns that name rows of the document, and what these rows are.
_ROWS = {
    "reason": "reasons",
    "to": "stages",
    "start": "stages",
    "first": "stages",
    "stage": "stages",
    "stages": "stages",
    "home_stage": "stages",
    "removed": "stages",
    "options": "sets",
    "workflow": "workflows",
    "decision": "decisions",
    "parent": "options",
    "successor": "options",
    "ladder": "ladders",
}


class Called:
    """What keys are called, by the published document and by the draft."""

    @cached_property
    def _active(self) -> Document:
        return documents.active(reading())

    @cached_property
    def _draft(self) -> Document:
        return draft.document(reading())

    def _documents(self) -> Iterator[Document]:
        """The draft is read only where the published document knows no answer."""
        yield self._active
        yield self._draft

    def row(self, which: str, key: str) -> str:
        """What a row of the document is called."""
        for document in self._documents():
            label = _labels(document, which).get(key)
            if label is not None and label.text(locale()):
                return label.text(locale())
        return key

    def fact(self, key: str) -> str:
        """What a fact is called."""
        for document in self._documents():
            for workflow in document.workflows:
                told = fact_label(workflow, key)
                if told != plain(key):
                    return told
        return plain(key)

    def value(self, fact: str, value: str | int) -> str:
        """What a value of a fact is called; where the fact did not change, by any option."""
        for document in self._documents():
            for workflow in document.workflows if fact else ():
                told = value_label(document, workflow, fact, value)
                if told != plain(str(value)):
                    return told
        return self.row("options", str(value)) if not fact else plain(str(value))

    @cached_property
    def hearers(self) -> dict[str, str]:
        """Whom a level of a ladder may tell by name: channels, people by Slack id, rotas."""
        duty = {one.key: row_label(one) for one in rotas.everything(reading())}
        people = {one.slack_id: one.name for one in roster.everyone(reading())}
        return (
            duty
            | people
            | {one.key: f"#{one.name or one.key}" for one in roster.channels(reading())}
        )

    @cached_property
    def calendars(self) -> dict[str, str]:
        """What the desk's business calendars are called."""
        return {one.key: row_label(one) for one in calendars.everything(reading())}

    def mark(self, mark: Mark) -> str:
        """What starts or stops a promise."""
        flows = [flow for document in self._documents() for flow in document.workflows]
        fitting = (flow for flow in flows if mark.of in flow.stage_by_key)
        return mark_text(next(fitting, flows[0]), mark, locale())


def called() -> Called:
    """What keys are called, looked up once for each page."""
    if "called" not in g:
        g.called = Called()
    found: Called = g.called
    return found


def column_name(kind: str, column: str) -> str:
    """What a column of a kind of row is called: as its form calls it."""
    if column == "kind":
        return known(f"panel.label.{kind}_kind", say("panel.changes.kind"))
    if (kind, column) in _OWN_NAMES:
        return say(_OWN_NAMES[kind, column])
    return known(f"panel.label.{column}", known(f"panel.aspect.{column}", plain(column)))


def value_text(kind: str, column: str, values: dict[str, Any]) -> str:
    """A value of a changed row of this kind, in words; `values` are all that were recorded."""
    value = values.get(column)
    if isinstance(value, bool):
        return say("panel.yes" if value else "panel.no")
    if value in (None, "", [], {}):
        return "–"
    if column == "share":
        return share_text(value)
    if column == "part":
        return say("panel.pilot.percent", number=value)
    if column == "document":
        return say("panel.changes.document", number=value)
    if column in ("whom", "shift"):
        return called().hearers.get(str(value), str(value))
    if column == "calendar":
        return called().calendars.get(str(value), str(value))
    if column in _MOMENTS:
        return moment(dt.datetime.fromisoformat(value), locale(), zone())
    if column == "presets":
        return join(_preset(preset) for preset in value)
    if column in ("starts", "stops"):
        return join(called().mark(Mark(**mark)) for mark in value)
    currency = str(values.get("currency") or "")
    if column == "values" and currency and all(isinstance(one, int) for one in value):
        return join(money(one, currency) for one in value)
    fact = str(values.get("fact", ""))
    if isinstance(value, list):
        return join(_key(kind, column, one, fact) for one in value)
    return _key(kind, column, value, fact)


def _key(kind: str, column: str, value: Any, fact: str) -> str:
    """What one key, or one number, is called."""
    if column in ("value", "values"):
        return called().value(fact, value)
    if not isinstance(value, str):
        return str(value)
    if column in ("fact", "needs"):
        return called().fact(value)
    prefix = _KINDS.get(kind, "") if column == "kind" else _CLOSED.get(column, "")
    if prefix:
        return known(f"{prefix}.{value}", value)
    return called().row(_ROWS[column], value) if column in _ROWS else value


def _preset(preset: dict[str, Any]) -> str:
    """What a macro chooses in one field."""
    field = str(preset.get("field", ""))
    chosen = join(called().value(field, value) for value in preset.get("values", ()))
    return say("panel.fact.is", fact=called().fact(field), value=chosen)


def _labels(document: Document, which: str) -> dict[str, Label]:
    """The labels of the rows of one kind, whatever they belong to."""
    flows = document.workflows
    if which == "reasons":
        return dict(document.reason_by_key)
    if which == "sets":
        return {one.key: one.label for one in document.option_sets}
    if which == "options":
        return {o.key: o.label for one in document.option_sets for o in one.options}
    if which == "ladders":
        return {one.key: one.label for one in document.ladders}
    if which == "workflows":
        return {one.key: one.label for one in flows}
    if which == "stages":
        return {s.key: s.label for flow in flows for s in flow.stages}
    made = [d for flow in flows for stage in flow.stages for d in stage.decisions]
    return {d.key: d.label for d in (*made, *(d for flow in flows for d in flow.ends))}
