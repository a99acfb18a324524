"""The forms of service levels and ladders: what is promised, and who hears when it is not kept."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row
from wtforms import ValidationError

from admin.draft.forms import NAME, DraftForm
from admin.draft.sketch import Sketch
from admin.form import keyed, number, offer, one, text, yes
from admin.form import many as several
from core.fact_words import mark_text
from core.workflow.model import Mark
from core.workflow.problems.service_levels import MOST_MINUTES
from core.workflow.terms import Happening, Hears, Kind, Point
from web.language import locale, say

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

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        none = say("panel.none")
        offer(self.point, keyed(Point, "panel.point"))
        offer(self.hears, keyed(Hears, "panel.hears"))
        offer(self.whom, sketch.channels(), none=none)

    def validate_at(self, field: Any) -> None:
        """A share of the time lies within it."""
        if self.point.data == Point.PERCENT and not 0 <= field.data <= 100:
            raise ValidationError(say("panel.error.percent"))

    def validate_whom(self, field: Any) -> None:
        """A channel is named, and nothing else is."""
        if bool(field.data) != (self.hears.data == Hears.CHANNEL):
            raise ValidationError(say("panel.error.whom"))


def _marks(sketch: Sketch) -> Iterator[Mark]:
    """Everything that may start or stop a service level of this workflow."""
    yield from (Mark(one) for one in (Happening.OPENED, Happening.RECEIVED, Happening.CONTACTED))
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
