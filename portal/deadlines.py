"""A dispute's time limits for the marketplace: who used the time, and why each is due then (G6).

The wall (X5): of the desk's own limits the marketplace learns length, calendar and moments, but no
person, no channel, and nothing of who hears of what.
"""

import datetime as dt

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core import deadline_words
from core.deadline_words import Tongue
from core.desk import time_used
from core.desk.explaining import Explained, explained
from core.i18n import LOCALES
from core.workflow.terms import Kind
from portal.disputes import known
from portal.door import Door
from portal.shapes_in import DisputePath
from portal.shapes_out import LabelOut
from portal.spec import PROBLEMS, told_in


class UsedOut(BaseModel):
    """Seconds each had the dispute."""

    platform: int
    buyer: int
    merchant: int
    carrier: int
    others: int


class PauseOut(BaseModel):
    """A while in which a time limit stood still."""

    since: dt.datetime
    until: dt.datetime | None


class SentencesOut(BaseModel):
    """Sentences in both languages."""

    zh_CN: list[str]  # noqa: N815  the locale's own name
    en: list[str]


class DeadlineOut(BaseModel):
    """A time limit."""

    key: str
    label: LabelOut
    outward: bool = Field(description="api.field.outward")
    state: str = Field(description="api.field.deadline_state")
    started_at: dt.datetime
    minutes: int = Field(description="api.field.deadline_minutes")
    calendar: LabelOut | None
    pauses: list[PauseOut]
    due_at: dt.datetime | None = Field(description="api.field.deadline_due")
    stopped_at: dt.datetime | None
    used_seconds: int
    left_seconds: int = Field(description="api.field.deadline_seconds")
    because: SentencesOut = Field(description="api.field.why")


class DeadlinesOut(BaseModel):
    """A dispute's time."""

    used: UsedOut = Field(description="api.field.used")
    deadlines: list[DeadlineOut]


def routes(door: Door, api: APIBlueprint) -> None:
    """Adds the route of time limits."""

    @api.get(
        "/disputes/<string:number>/deadlines",
        responses={200: DeadlinesOut, **PROBLEMS},
        **told_in("read_deadlines"),
    )
    def read_deadlines(path: DisputePath) -> Response:
        told = door.database.read(_told, known(door, path.number))
        return jsonify(told.model_dump(mode="json"))


def _told(connection: Connection, dispute_id: int, *, now: dt.datetime) -> DeadlinesOut:
    used = time_used.seconds(time_used.of_dispute(connection, dispute_id, now=now))
    return DeadlinesOut(
        used=UsedOut(**used),
        deadlines=[_deadline(one) for one in explained(connection, dispute_id, now=now)],
    )


def _deadline(one: Explained) -> DeadlineOut:
    second = dt.timedelta(seconds=1)
    counting, stage = one.counting, one.workflow.stage_by_key.get(one.level.stage)
    label = one.level.label
    return DeadlineOut(
        key=one.level.key,
        label=LabelOut(zh_CN=label.zh_CN, en=label.en),
        outward=stage is not None and stage.kind == Kind.WAIT,
        state=str(one.state),
        started_at=one.started_at,
        minutes=one.level.minutes,
        calendar=LabelOut(zh_CN=counting.label_zh, en=counting.label_en) if counting else None,
        pauses=[PauseOut(since=stood.since, until=stood.until) for stood in one.stood],
        due_at=one.due_at,
        stopped_at=one.stopped_at,
        used_seconds=one.account.used // second,
        left_seconds=one.account.left // second,
        because=SentencesOut(**{tongue: _because(one, tongue) for tongue in LOCALES}),
    )


def _because(one: Explained, locale: str) -> list[str]:
    return deadline_words.because(one, Tongue(locale, _moment, outward=True))


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
