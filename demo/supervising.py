"""What the demonstration's supervisors did in the weeks before: shaped the desk, looked after it.

Two documents were published after the standard one, the second by two persons; a third is tried on
half of what comes in, and nobody has decided yet what becomes of it.
"""

import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from core.clocks.calendar import Shift
from core.clocks.rota import Duty, Override, Turns
from core.desk import (
    absences,
    documents,
    draft,
    draft_edit,
    exams,
    looks,
    pilots,
    rota_edit,
    rota_telling,
    second,
    standing_in,
)
from core.desk.actor import Actor, agent
from core.desk.draft_rows import Owner
from core.desk.exams import ExamInfo, Sensitive
from core.desk.rota_edit import RotaInfo
from core.migrate import further
from core.tables import Dispute, DraftOptionSet, Rota
from core.workflow.joined import joined
from demo.history import Past

At = Callable[[dt.datetime, Callable[[dt.datetime], object]], None]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
OPTION, EMERGENCIES, PILOT = 18, 30, 44  # the days on which the desk was changed
TRIED = 28  # days
NEW_OPTION, COLOUR = "colour_differs", 0.07  # what was wanting, and how often it fits since
ROTA = "leads"
LOOKS_EVERY = 2  # days
SHARE = 50  # per cent of new disputes on which the third document is tried


def put_down(past: Past, at: At, began: dt.datetime, now: dt.datetime) -> None:
    """Puts down for their moments all that supervisors did between two moments."""
    sun, grace = (agent(past.people[slack_id]) for slack_id in ("U0SUN", "U0GRACE"))
    morning = began + 2 * HOUR
    at(began + DAY, lambda at: _rota(past, sun, at))
    at(began + DAY + HOUR, lambda at: _exams(past, grace, at))
    at(morning + DAY * OPTION, lambda at: _wanted_option(past, sun, at))
    at(morning + DAY * EMERGENCIES, lambda at: _emergencies(past, grace, sun, at))
    at(morning + DAY * PILOT, lambda at: _pilot(past, grace, at))
    at(morning + DAY * (PILOT + TRIED) + HOUR, lambda at: past.act(pilots.expire, at=at))
    chance = random.Random(f"{past.seed}:supervising")  # noqa: S311  a story, no secret
    for nth in range(int((now - began) / (DAY * LOOKS_EVERY))):
        moment = began + DAY * LOOKS_EVERY * (nth + 1) + HOUR * chance.uniform(1, 9)
        who = chance.choice((sun, grace))
        reason = chance.choice([*looks.Reason])
        at(moment, partial(_look, past, who, reason, chance))
    for weeks in range(1, 11):  # each Monday's hand-over, told at the time
        at(began + DAY * 7 * weeks, lambda at: past.act(rota_telling.hand_over, at=at))
    at(now - 2 * DAY, lambda at: _ahead(past, sun, grace, now, at))


def is_offered(past: Past) -> bool:
    """Whether agents may choose the option that was wanting."""
    found = past.database.read(lambda c, now: documents.active(c))
    return NEW_OPTION in {one.key for one in found.set_by_key["reason"].options}


def _rota(past: Past, who: Actor, at: dt.datetime) -> None:
    """Supervisors are on duty by the week, round the clock."""
    leads = tuple(past.people[one] for one in ("U0SUN", "U0GRACE"))
    info = RotaInfo(
        label_zh="值班主管",
        label_en="Supervisor on duty",
        zone="Asia/Shanghai",
        begins=at.date() - dt.timedelta(days=at.weekday()),
        duties=(Duty(tuple(range(7)), (Shift(0, 1440),)),),
        turns=Turns.WEEKLY,
        people=leads,
        minute=9 * 60,
        channel="escalation",
    )
    past.act(rota_edit.add, who, ROTA, info, at=at)
    past.act(rota_telling.hand_over, at=at)


def _exams(past: Past, who: Actor, at: dt.datetime) -> None:
    """Who verifies remedies has passed the exam for them, and so has the other supervisor."""
    for slack_id, action, name in (
        ("U0CHEN", Sensitive.REFUND, "退款核实考试"),
        ("U0VERA", Sensitive.REFUND, "Verifying refunds"),
        ("U0SUN", Sensitive.UNMASK, "个人信息保护考试"),
    ):
        info = ExamInfo(action, name, at - DAY, at + 365 * DAY)
        past.act(exams.record, who, past.people[slack_id], info, at=at)


def _option(past: Past, who: Actor, key: str, zh: str, en: str, at: dt.datetime) -> None:
    """Adds a reason to the draft."""

    def add(connection: Connection, *, now: dt.datetime) -> object:
        reasons = select(DraftOptionSet.id).where(DraftOptionSet.key == "reason")
        owner = Owner("option_set", connection.execute(reasons).scalar_one())
        values: dict[str, Any] = {"label_zh": zh, "label_en": en, "parent": "wrong_goods"}
        return draft_edit.add(connection, who, "option", owner, values, now=now, key=key)

    past.act(add, at=at)


def _wanted_option(past: Past, who: Actor, at: dt.datetime) -> None:
    _option(past, who, NEW_OPTION, "颜色与图片有差异", "Colour differs from the picture", at)
    version = past.database.read(draft.version)
    note = "“没有合适选项”里多次出现色差，单列一项。"
    past.act(draft.publish, who, version, note=note, at=at + HOUR)


def _emergencies(past: Past, asks: Actor, publishes: Actor, at: dt.datetime) -> None:
    """The workflow for emergencies weighs: one asks for it, another publishes it."""

    def join(connection: Connection, *, now: dt.datetime) -> None:
        grown = joined(draft.document(connection), further("emergency"))
        draft.replace(connection, asks, draft.version(connection), grown, now=now)

    past.act(join, at=at)
    version = past.database.read(draft.version)
    note = "A green channel for payment and account emergencies: three teams hear at once."
    past.act(second.ask, asks, version, note=note, at=at + HOUR / 2)
    told = "支付与账户紧急走绿色通道，三个团队同时收到通知。"
    past.act(draft.publish, publishes, version, note=told, at=at + HOUR)


def _pilot(past: Past, who: Actor, at: dt.datetime) -> None:
    _option(past, who, "poor_packaging", "包装不当", "Poor packaging", at)
    version = past.database.read(draft.version)
    note = "Does naming the packaging spare rounds of evidence? Half of what comes in, four weeks."
    past.act(pilots.start, who, version, SHARE, TRIED, note=note, at=at + HOUR)


def _look(
    past: Past, who: Actor, reason: looks.Reason, chance: random.Random, at: dt.datetime
) -> None:
    """Somebody has a reason to see a buyer's words whole."""
    latest = select(Dispute.number).order_by(Dispute.id.desc()).limit(8)
    numbers = past.database.read(lambda c, now: c.execute(latest).scalars().all())
    if numbers:
        past.act(looks.look, who, chance.choice(numbers), str(reason), at=at)


def _ahead(past: Past, sun: Actor, grace: Actor, now: dt.datetime, at: dt.datetime) -> None:
    """What is agreed for the days to come: a stand-in, an absence, a word to whoever comes on."""
    read = select(Rota.version).where(Rota.key == ROTA)
    version = past.database.read(lambda c, now: c.execute(read).scalar_one())
    evening = now.replace(minute=0, second=0, microsecond=0) + DAY
    stands_in = Override(evening, evening + 8 * HOUR, past.people["U0HE"], past.people["U0GRACE"])
    past.act(standing_in.enter, sun, ROTA, version, stands_in, at=at)
    words = "周末退货高峰，留意“待商家验货”里的积压。"
    past.act(standing_in.note, sun, ROTA, words, at=at + HOUR)
    away = now + 4 * DAY, now + 9 * DAY
    past.act(absences.enter, grace, past.people["U0EVA"], *away, at=at + HOUR)
