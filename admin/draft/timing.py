"""The forms of service levels and ladders: what is promised, and who hears when it is not kept."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row
from wtforms import ValidationError

from admin.draft.forms import NAME, DraftForm
from admin.draft.sketch import Sketch
from admin.form import keyed, number, offer, one, text, yes
from admin.form import many as several
from core.fact_words import mark_text
from core.workflow.model import Document, Mark
from core.workflow.problems.service_levels import GROUP_ID, MOST_ACK_MINUTES, MOST_MINUTES
from core.workflow.terms import ACHIEVED, Act, By, Happening, Hears, Kind, Point
from web.language import locale, say

_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")  # of a person; channels have keys of small letters
GROUP = 21  # characters of Slack's id of a user group
TIMED = (Kind.INTAKE, Kind.WORK, Kind.WAIT)


class ServiceLevelForm(DraftForm):
    """A promise about time."""

    kind = "service_level"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    minutes = number("panel.label.minutes", 1, MOST_MINUTES, hint="panel.hint.minutes", default=60)
    calendar = one("panel.label.calendar", hint="panel.hint.calendar")
    stage = one("panel.label.level_stage", hint="panel.hint.level_stage")
    starts = several("panel.label.starts", hint="panel.hint.starts")
    stops = several("panel.label.stops", hint="panel.hint.stops")
    pauses = yes("panel.label.pauses", hint="panel.hint.pauses")
    ladder = one("panel.label.ladder", hint="panel.hint.ladder")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        marks = [
            (_key(mark), mark_text(sketch.workflow, mark, locale())) for mark in _marks(sketch)
        ]
        offer(self.stage, sketch.stages(TIMED), none=say("panel.level.dispute"))
        offer(self.starts, marks)
        offer(self.stops, marks)
        offer(self.calendar, sketch.calendars(), none=say("panel.level.round_the_clock"))
        offer(self.ladder, sketch.ladders(), none=say("panel.level.no_ladder"))

    def validate_starts(self, field: Any) -> None:
        """What runs with the dispute begins somewhere; a stage's own begins with the visit."""
        if bool(field.data) == bool(self.stage.data):
            key = "panel.error.stage_or_marks" if field.data else "panel.error.level_starts"
            raise ValidationError(say(key))

    def values(self) -> dict[str, Any]:
        found = super().values()
        for name in ("starts", "stops"):
            found[name] = [_row(key) for key in found[name]]
        return found

    @classmethod
    def data_of(cls, row: Row[Any]) -> dict[str, Any]:
        told = dict(row._mapping)
        for name in ("starts", "stops"):
            told[name] = [_key(Mark(**mark)) for mark in told[name]]
        return told


class LadderForm(DraftForm):
    """What happens before a promise is broken, and after."""

    kind = "ladder"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    calendar = one("panel.label.telling", hint="panel.hint.telling")
    ack_minutes = number(
        "panel.label.ack_minutes", 0, MOST_ACK_MINUTES, hint="panel.hint.ack_minutes", default=30
    )

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.calendar, sketch.calendars(), none=say("panel.level.round_the_clock"))


class LadderLevelForm(DraftForm):
    """A level of a ladder."""

    kind = "ladder_level"
    at = number("panel.label.level_at", 0, MOST_MINUTES, default=0)
    point = one("panel.label.point", hint="panel.hint.point")
    hears = one("panel.label.hears")
    whom = one("panel.label.whom", hint="panel.hint.whom")
    rota = one("panel.label.level_rota", hint="panel.hint.level_rota")
    group = text("panel.label.group", GROUP, hint="panel.hint.group")
    act = one("panel.label.act", hint="panel.hint.act")
    shift = one("panel.label.shift", hint="panel.hint.shift")
    decision = one("panel.label.default", hint="panel.hint.default")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        none = say("panel.none")
        offer(self.point, keyed(Point, "panel.point"))
        offer(self.hears, keyed(Hears, "panel.hears"), none=say("panel.hears.nobody"))
        people = [(key, f"{name} ({key})") for key, name in sketch.people()]
        offer(self.whom, [*sketch.channels(), *people], none=none)
        offer(self.rota, sketch.rotas(), none=none)
        offer(self.act, keyed(Act, "panel.act"), none=say("panel.act.nothing"))
        offer(self.shift, sketch.rotas(), none=say("panel.shift.none"))
        offer(self.decision, _defaults(sketch.document), none=none)

    def validate_at(self, field: Any) -> None:
        """A share of the time lies within it; what is no number is refused as such already."""
        within = field.data is None or 0 <= field.data <= 100
        if self.point.data == Point.PERCENT and not within:
            raise ValidationError(say("panel.error.level_percent"))

    def validate_hears(self, field: Any) -> None:
        """A level that does nothing by itself tells somebody."""
        if not field.data and not self.act.data:
            raise ValidationError(say("panel.error.idle_level"))

    def validate_whom(self, field: Any) -> None:
        """A channel or a person is named where one of them hears of it, and none otherwise."""
        means = ""
        if field.data:
            means = Hears.PERSON if _SLACK_ID.fullmatch(field.data) else Hears.CHANNEL
        named = (Hears.CHANNEL, Hears.PERSON)
        if means != (self.hears.data if self.hears.data in named else ""):
            raise ValidationError(say("panel.error.whom"))

    def validate_rota(self, field: Any) -> None:
        """A rota is named where whoever is on duty hears of it, and none otherwise."""
        if bool(field.data) != (self.hears.data == Hears.ROTA):
            raise ValidationError(say("panel.error.level_rota"))

    def validate_group(self, field: Any) -> None:
        """A user group is named by Slack's id where it hears of it, and none otherwise."""
        if bool(field.data) != (self.hears.data == Hears.GROUP):
            raise ValidationError(say("panel.error.group"))
        if field.data and not GROUP_ID.fullmatch(field.data):
            raise ValidationError(say("panel.error.group_id"))

    def validate_shift(self, field: Any) -> None:
        """A rota's next shift is named only where a dispute is given to another agent."""
        if field.data and self.act.data != Act.REASSIGN:
            raise ValidationError(say("panel.error.shift"))

    def validate_decision(self, field: Any) -> None:
        """A decision is named where the level takes one."""
        if bool(field.data) != (self.act.data == Act.DECIDE):
            raise ValidationError(say("panel.error.default"))

    def values(self) -> dict[str, Any]:
        found = super().values()
        found["whom"] = self.group.data or self.rota.data or found["whom"]
        return found

    @classmethod
    def data_of(cls, row: Row[Any]) -> dict[str, Any]:
        told = dict(row._mapping)
        if row.hears in (Hears.GROUP, Hears.ROTA):
            told |= {"whom": "", str(row.hears): row.whom}
        return told


def _defaults(document: Document) -> list[tuple[str, str]]:
    """The decisions that time alone may make where an agent works, by key."""
    found = {
        decision.key: decision.label.text(locale()) or decision.key
        for workflow in document.workflows
        for stage in workflow.stages
        if stage.kind == Kind.WORK
        for decision in stage.decisions
        if decision.by == By.TIMEOUT
    }
    return list(found.items())


def _marks(sketch: Sketch) -> Iterator[Mark]:
    """Everything that may start or stop a service level of this workflow."""
    yield from (Mark(one) for one in (Happening.OPENED, Happening.RECEIVED, *ACHIEVED.values()))
    for stage in sketch.workflow.stages:
        if stage.kind != Kind.INTAKE:
            yield Mark(Happening.ENTERED, stage.key)
        if stage.kind != Kind.FINAL:
            yield Mark(Happening.LEFT, stage.key)
    decisions = sketch.workflow.decisions_by_stage.values()
    meanings = {decision.meaning for of in decisions for decision in of.values()} - {""}
    families = {meaning.partition(".")[0] for meaning in meanings if "." in meaning}
    for meaning in sorted(meanings | families):
        yield Mark(Happening.DECIDED, meaning)


def _key(mark: Mark) -> str:
    return f"{mark.event}:{mark.of}"


def _row(key: str) -> dict[str, str]:
    event, _, of = key.partition(":")
    return {"event": event, "of": of} if of else {"event": event}
