"""What levels will have done by themselves is foretold as the sweep then does it (G8, G11)."""

import datetime as dt
import random
from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import func, select

from core import deadline_words
from core.deadline_words import Tongue
from core.desk import documents, explaining, foretelling, overdue
from core.desk.explaining import Explained
from core.migrate import standard
from core.tables import Event
from core.workflow import model as m
from core.workflow.problems import problems
from tests.core.desk import on_rota
from tests.core.workflow.edits import add, put
from tests.factories import Desk

LABEL = m.Label("承诺", "A promise")
LEVELS = "workflows/dispute/service_levels"
OPENED = (m.Mark("opened"),)
MOST = dt.timedelta(days=45)


def graded(*grades: str) -> tuple[m.Condition, ...]:
    """The conditions of a promise to disputes of these grades, or to all."""
    return (m.Condition("grade", "in", grades),) if grades else ()


def drawn(draw: random.Random) -> m.Document:
    """The standard document with promises and ladders that raise, drawn by chance."""
    ladders, promises = [], []
    for n in range(4):
        rungs = []
        for place in range(draw.randrange(4)):
            act = draw.choice(("raise", "raise", ""))
            hears = "" if act and draw.random() < 0.5 else "thread"
            point, at = draw.choice((("after", 0), ("after", 45), ("percent", 50), ("before", 10)))
            rungs.append(m.LadderLevel(f"l{place}", point, at, hears, act=act))
        ladders.append(m.Ladder(f"ladder{n}", LABEL, tuple(rungs)))
        when = graded(*draw.choice(((), ("A",), ("B",), ("C",), ("B", "C"))))
        own = m.ServiceLevel(
            f"promise{n}",
            LABEL,
            draw.choice((60, 90, 480, 2000)),
            starts=OPENED,
            stops=draw.choice(((), (m.Mark("left", "intake"),))),
            ladder=f"ladder{n}",
            when=when,
        )
        promises.append(own)
    return add(add(standard(), "ladders", *ladders), LEVELS, *promises)


@pytest.mark.parametrize("seed", range(16))
def test_grades_and_promises_come_about_when_the_preview_says(desk: Desk, seed: int) -> None:
    draw = random.Random(seed)
    document = drawn(draw)
    assert problems(document) == []
    desk.db.transact(documents.publish, document)
    dispute = desk.open(facts=draw.choice(({}, {"claim": "excessive"})))
    begun = desk.now()
    expected: dict[dt.datetime, list[tuple[str, list[str]]]] = defaultdict(list)
    for one in played(desk, dispute):
        for coming in one.coming:
            assert coming.at is not None
            raised = [done.grade for done in coming.outcomes.values() if not done.again]
            expected[coming.at].append((one.level.key, raised))
    done = begun
    for moment in sorted(expected):
        if moment > begun + MOST:
            break
        before = moment - dt.timedelta(microseconds=1)
        if before > done:
            assert swept(desk, before) == ([], []), (seed, moment)
        fired, grades = swept(desk, moment)
        assert fired == sorted(key for key, _ in expected[moment]), (seed, moment)
        assert sorted(grades) == sorted(g for _, raised in expected[moment] for g in raised)
        done = moment
    assert desk.differences() == []


def test_what_a_raise_ends_and_begins_is_foretold_in_words(desk: Desk) -> None:
    ladder = m.Ladder("up", LABEL, (m.LadderLevel("up", act="raise"),))
    only = {"starts": OPENED, "when": graded("B")}
    urgent = {"starts": OPENED, "when": graded("A")}
    document = add(standard(), "ladders", ladder)
    document = add(
        document,
        LEVELS,
        m.ServiceLevel("all", m.Label("方案", "Plan"), 600, starts=OPENED, ladder="up"),
        m.ServiceLevel("usual", m.Label("寻常", "Usual"), 9000, ladder="desk", **only),
        m.ServiceLevel("soon", m.Label("从速", "Soon"), 60, ladder="desk", **urgent),
    )
    desk.db.transact(documents.publish, document)
    dispute = desk.at_stage("triage")
    found = {one.level.key: one for one in played(desk, dispute)}
    (coming,) = found["all"].coming
    assert told(found["all"], "en") == (
        "the time is over; told to the dispute’s thread; the grade is raised to A: urgent"
        " (starts then: Reach the buyer (A), First plan (A), Soon) (no longer promised: Usual)"
    )
    assert "等级升为 A 级（紧急）（届时开始：" in told(found["all"], "zh_CN")
    assert found["usual"].coming == ()  # what it would tell comes after that
    assert found["soon"].started_at == coming.at
    desk.pass_time(minutes=601)
    desk.sweep()
    found = {one.level.key: one for one in played(desk, dispute)}
    assert found["all"].coming == ()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"reason": "unsafe"}, "the grade stays A: urgent, the most urgent"),
        ({}, "the grade is raised to A: urgent"),
    ],
)
def test_raise_names_the_grade_to_which_it_comes(
    desk: Desk, facts: dict[str, Any], words: str
) -> None:
    ladder = m.Ladder("up", LABEL, (m.LadderLevel("up", at=5, act="raise"),))
    promise = m.ServiceLevel("all", LABEL, 600, starts=OPENED, ladder="up")
    document = add(add(standard(), "ladders", ladder), LEVELS, promise)
    desk.db.transact(documents.publish, document)
    dispute = desk.open(facts=facts)
    (one,) = [one for one in played(desk, dispute) if one.level.key == "all"]
    assert words in told(one, "en", 1)


def next_shift(desk: Desk, *turns: str) -> int:
    """A dispute at evidence review that goes to the next shift of a rota, when it is late."""
    begins = desk.now().date() - dt.timedelta(days=1)
    on_rota.add(desk, on_rota.info(desk, *turns, begins=begins))
    level = m.LadderLevel("gives", act="reassign", shift="nights")
    again = m.LadderLevel("again", at=60, act="reassign", shift="nights")
    document = add(standard(), "ladders", m.Ladder("own", LABEL, (level, again)))
    document = put(document, LEVELS + "/review", ladder="own")
    desk.db.transact(documents.publish, document)
    return desk.at_stage("evidence_review")


def test_whoever_the_next_shift_brings_is_foretold_by_name_and_gets_it(desk: Desk) -> None:
    dispute = next_shift(desk, "Ada", "Eva", "Vera", "Tang Li")  # today Eva, tomorrow Vera
    (one,) = [one for one in played(desk, dispute) if one.level.key == "review"]
    assert "given to Tang Li, who comes on duty next at Nights" in told(one, "en")
    assert "转给夜班下一班的 Tang Li" in told(one, "zh_CN")
    assert "would go to the next shift of Nights, but nobody there can be given it" in told(
        one, "en", 1
    )
    desk.pass_time(days=1)
    desk.sweep()
    assert desk.at(dispute).row.holder_id == desk.people["Tang Li"]


def test_whom_separation_bars_is_not_foretold_to_get_it(desk: Desk) -> None:
    dispute = next_shift(desk, "Ada", "Eva", "Vera", "Tom")  # Tom decided triage
    (one,) = [one for one in played(desk, dispute) if one.level.key == "review"]
    assert "nobody there can be given it: it stays where it is" in told(one, "en")


def played(desk: Desk, dispute: int) -> list[Explained]:
    """The promises of a dispute with all that comes of them."""

    def read(connection: Any, now: dt.datetime) -> list[Explained]:
        found = explaining.explained(connection, dispute, now=now)
        return foretelling.played(connection, dispute, found, now=now)

    return [one for one in desk.db.read(read) if one.stopped_at is None]


def told(one: Explained, locale: str, place: int = 0) -> str:
    """What comes of a promise, in words."""
    named = {("rota", "nights"): m.Label("夜班", "Nights")}
    return deadline_words.heard(one, one.coming[place], Tongue(locale, str, names=named))


def swept(desk: Desk, moment: dt.datetime) -> tuple[list[str], list[str]]:
    """What sweeping at a moment did: whose levels fired, and each grade that one raised to."""
    last = desk.rows(select(func.max(Event.id)))[0][0] or 0
    desk.db.transact(lambda connection, now: overdue.sweep(connection, now=moment))
    events = desk.rows(select(Event.kind, Event.data).where(Event.id > last).order_by(Event.id))
    fired = [e.data["service_level"] for e in events if e.kind in ("warned", "escalated")]
    grades = [e.data["to"] for e in events if e.kind == "regraded"]
    return sorted(fired), grades
