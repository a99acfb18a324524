"""The desk of the replay: its workflow, its promises, its calendars and its people.

The workflow stands beside the standard one. It has no stage separation, for most cases of the log
have one assignee. Its promises are ours, as the log does not tell its own: some by priority and
some for all, some round the clock and some by a calendar, some that stand still while a dispute is
hidden and some that do not, each with a ladder; four to six run on a dispute at once.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, insert, select

from core.clocks.calendar import Shift
from core.db import Database
from core.desk import calendar_days, calendars, documents
from core.desk.actor import agent
from core.desk.calendars import CalendarInfo
from core.desk.special import Special
from core.migrate import migrate, standard
from core.tables import BusinessCalendar, Channel, Person
from core.workflow.model import (
    Condition,
    Decision,
    Document,
    Field,
    Label,
    Ladder,
    LadderLevel,
    Mark,
    Option,
    OptionSet,
    Route,
    ServiceLevel,
    Stage,
    Workflow,
)
from core.workflow.terms import By, FieldKind, Happening, Hears, Kind, Meaning, Operator, Point

WORKFLOW = "replayed"
INTAKE, WORK, RESOLVED, CLOSED = "replay_intake", "replay_work", "resolved", "closed"
AWAITING = {  # each wait, who ends it, and what it is called
    "awaiting_buyer": (By.BUYER, "待用户补充", "Awaiting the buyer"),
    "awaiting_papers": (By.EVIDENCE, "待凭证", "Awaiting evidence"),
    "awaiting_merchant": (By.MERCHANT, "待商家", "Awaiting the merchant"),
    "awaiting_cause": (By.CARRIER, "待根因", "Awaiting the cause"),
}
PRIORITY = "priority"
PRIORITIES = {"1": "p1", "2": "p2", "3": "p3", "4": "p4"}
TIMEOUT = "ran_out"
SUPERVISOR = "supervisor"
DAY = 1_440  # minutes
NEVER = 400 * DAY  # longer than the log: it knows no limits of these waits
WORD = 10 * DAY  # within which a buyer may say that it is not solved; the log's longest is 8.3 days
OFFICE, SHIFTS = "replay_office", "replay_shifts"


def to(stage: str) -> str:
    """The key of the decision that leads to a stage."""
    return f"to_{stage}"


def prepare(database: Database, names: Iterable[str]) -> dict[str, int]:
    """Makes the desk ready in a fresh database; gives its people's ids by their number in the log.

    `names` are those numbers; the supervisor comes besides.
    """
    migrate(database)
    people = database.transact(_people, sorted({*names, SUPERVISOR}))
    database.transact(_calendars, people[SUPERVISOR])
    database.transact(lambda c, now: documents.publish(c, document(), now=now))
    return people


def document() -> Document:
    """The standard document with the replay's workflow beside its own."""
    base = standard()
    return replace(
        base,
        option_sets=(*base.option_sets, _priorities()),
        workflows=(*base.workflows, _workflow()),
        ladders=(*base.ladders, *_ladders()),
    )


def _priorities() -> OptionSet:
    options = tuple(
        Option(key, Label(f"优先级 {n}", f"Priority {n}")) for n, key in PRIORITIES.items()
    )
    return OptionSet("replay_priority", Label("优先级", "Priority"), options)


def _workflow() -> Workflow:
    return Workflow(
        WORKFLOW,
        Label("日志回放", "Replay of a log"),
        start=INTAKE,
        first=WORK,
        stages=(_intake(), _work(), *_waits(), _resolved(), _closed()),
        service_levels=(*_of_stages(), *_of_disputes()),
        undo_seconds=0,
    )


def _intake() -> Stage:
    return Stage(INTAKE, Kind.INTAKE, Label("新单", "New"), "intake", separation=False)


def _work() -> Stage:
    asked = Field(PRIORITY, FieldKind.ONE, Label("优先级", "Priority"), "replay_priority")
    decisions = tuple(_decision(stage, By.AGENT, needs=(PRIORITY,)) for stage in _elsewhere(WORK))
    return Stage(
        WORK,
        Kind.WORK,
        Label("处理中", "Active"),
        "triage",
        separation=False,
        fields=(asked,),
        decisions=decisions,
    )


def _waits() -> tuple[Stage, ...]:
    return tuple(
        Stage(
            key,
            Kind.WAIT,
            Label(zh, en),
            separation=False,
            decisions=(*(_decision(stage, by) for stage in _elsewhere(key)), _ran_out(WORK)),
        )
        for key, (by, zh, en) in AWAITING.items()
    )


def _resolved() -> Stage:
    """Waits for the buyer's word: it is well, or it is not, which is a decision back to work."""
    back = tuple(
        _decision(stage, By.BUYER, meaning=Meaning.SEND_BACK) for stage in (WORK, *AWAITING)
    )
    return Stage(
        RESOLVED,
        Kind.WAIT,
        Label("待确认", "Resolved"),
        separation=False,
        decisions=(_decision(CLOSED, By.BUYER), *back, _ran_out(CLOSED)),
    )


def _closed() -> Stage:
    return Stage(CLOSED, Kind.FINAL, Label("已关闭", "Closed"), separation=False)


def _elsewhere(stage: str) -> tuple[str, ...]:
    return tuple(key for key in (WORK, *AWAITING, RESOLVED, CLOSED) if key != stage)


def _decision(stage: str, by: str, meaning: str = "", needs: tuple[str, ...] = ()) -> Decision:
    words = Label(f"去 {stage}", f"To {stage}")
    return Decision(to(stage), words, (Route(stage),), by=by, meaning=meaning, needs=needs)


def _ran_out(stage: str) -> Decision:
    return Decision(TIMEOUT, Label("到时", "Time ran out"), (Route(stage),), by=By.TIMEOUT)


def _of_stages() -> tuple[ServiceLevel, ...]:
    """Promises that run with a visit: the first answer, a turn of work, how long waits may last."""
    limits = tuple(
        _level(f"limit_{key}", NEVER, stage=key, ladder="replay_rare") for key in AWAITING
    )
    return (
        _level("respond_1", 40, ("1",), stage=INTAKE, ladder="replay_urgent"),
        _level("respond_2", 60, ("2",), stage=INTAKE, ladder="replay_urgent"),
        _level("respond_3", 240, ("3",), stage=INTAKE, ladder="replay_plain", calendar=OFFICE),
        _level("respond_4", 480, stage=INTAKE, ladder="replay_quiet", calendar=SHIFTS),
        _level("turn_1", 120, ("1", "2"), stage=WORK, ladder="replay_urgent"),
        _level("turn_3", 540, stage=WORK, ladder="replay_plain", calendar=SHIFTS),
        *limits,
        _level("limit_resolved", WORD, stage=RESOLVED, ladder="replay_last_day"),
    )


def _of_disputes() -> tuple[ServiceLevel, ...]:
    """Promises that run with a dispute: the solution by priority, a first result, the whole."""
    begins = (Mark(Happening.OPENED), Mark(Happening.DECIDED, Meaning.SEND_BACK))
    ends = (Mark(Happening.ENTERED, RESOLVED),)

    def solve(n: str, minutes: int, ladder: str, calendar: str = "") -> ServiceLevel:
        level = _level(f"solve_{n}", minutes, (n,), ladder=ladder, calendar=calendar)
        return replace(level, starts=begins, stops=ends, pauses=True)

    first = _level("result", 2 * DAY, ladder="replay_plain", calendar=SHIFTS)
    whole = _level("whole", 7 * DAY, ladder="replay_long")
    return (
        solve("1", 240, "replay_urgent"),
        solve("2", 480, "replay_urgent"),
        solve("3", 3 * 480, "replay_plain", OFFICE),
        solve("4", 5 * 480, "replay_quiet", OFFICE),
        replace(first, starts=begins[:1], stops=ends),
        replace(whole, starts=begins[:1], pauses=True),
    )


def _level(
    key: str,
    minutes: int,
    priorities: tuple[str, ...] = (),
    *,
    stage: str = "",
    ladder: str = "",
    calendar: str = "",
) -> ServiceLevel:
    values = tuple(PRIORITIES[n] for n in priorities)
    when = (Condition(PRIORITY, Operator.IN, values),) if values else ()
    words = Label(f"时限 {key}", f"Promise {key}")
    return ServiceLevel(
        key, words, minutes, stage=stage, calendar=calendar, ladder=ladder, when=when
    )


def _ladders() -> tuple[Ladder, ...]:
    warned = LadderLevel("warned", Point.PERCENT, 75, Hears.THREAD)
    soon = LadderLevel("soon", Point.BEFORE, 15, Hears.THREAD)
    late = LadderLevel("late", Point.AFTER, 0, Hears.CHANNEL, "escalation")
    later = LadderLevel("later", Point.AFTER, 60, Hears.CHANNEL, "escalation")
    week = LadderLevel("week", Point.AFTER, 7 * DAY, Hears.CHANNEL, "escalation")
    half = LadderLevel("half", Point.PERCENT, 50, Hears.THREAD)
    fourth_day = LadderLevel("fourth_day", Point.PERCENT, 1, Hears.THREAD)  # of those 400
    eve = LadderLevel("eve", Point.BEFORE, DAY, Hears.THREAD)
    return (
        Ladder("replay_urgent", Label("紧急", "Urgent"), (warned, soon, late, later)),
        Ladder("replay_plain", Label("常规", "Plain"), (warned, soon, late)),
        Ladder("replay_quiet", Label("静音", "Quiet"), (warned, late, later), calendar=OFFICE),
        Ladder("replay_long", Label("长期", "Long"), (half, warned, late, week)),
        Ladder("replay_rare", Label("少提醒", "Rare"), (fourth_day,)),
        Ladder("replay_last_day", Label("最后一天", "Last day"), (eve,)),
    )


def _people(connection: Connection, names: list[str], *, now: dt.datetime) -> dict[str, int]:
    rows = [
        {
            "name": name,
            "slack_id": f"U{place}",
            "roles": ["supervisor" if name == SUPERVISOR else "agent"],
            "home_stage": "",
            "locale": "en",
            "zone": "UTC",
            "team": "",
            "active": True,
            "skipped_at": now,
            "version": 1,
        }
        for place, name in enumerate(names)
    ]
    connection.execute(insert(Person), rows)
    connection.execute(
        insert(Channel),
        [
            {"key": key, "slack_id": f"C{n}", "name": key, "locale": "en", "version": 1}
            for n, key in enumerate(("intake", "triage", "escalation"))
        ],
    )
    found = connection.execute(select(Person.name, Person.id))
    return {row.name: row.id for row in found}


def _calendars(connection: Connection, supervisor: int, *, now: dt.datetime) -> None:
    """An office that rests on holidays; shifts round midnight, where clocks change at midnight."""
    who = agent(supervisor)
    office = (Shift(9 * 60, 12 * 60), Shift(13 * 60, 18 * 60))
    early, night = Shift(8 * 60, 16 * 60), Shift(22 * 60, 30 * 60)
    for key, zone, week in (
        (OFFICE, "Europe/Berlin", (office,) * 5 + ((),) * 2),
        (SHIFTS, "America/Sao_Paulo", ((early, night),) * 5 + ((early,), ())),
    ):
        info = CalendarInfo("回放日历", "Replay’s calendar", zone, week)
        added = calendars.add(connection, who, key, info, now=now)
        if added != key:
            raise RuntimeError(str(added))
    days = (
        Special(dt.date(2016, 3, 25)),  # a holiday
        Special(dt.date(2016, 4, 2), (Shift(9 * 60, 13 * 60),)),  # a Saturday made up for
        Special(dt.date(2016, 5, 16)),
        Special(dt.date(2016, 12, 26)),
    )
    revision = connection.scalar(
        select(BusinessCalendar.revision).where(BusinessCalendar.key == OFFICE)
    )
    changed = calendar_days.put(connection, who, OFFICE, revision or 0, days, now=now)
    if changed != len(days):
        raise RuntimeError(str(changed))
