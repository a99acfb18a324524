"""Every word of the panel is written: those named in code, and those that data leads to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import admin
import core
import web
from admin.changes import KINDS_TOLD
from admin.draft.effects import SOURCES
from admin.draft.kinds import PAGES
from admin.draft.meanings import DECISION_MEANINGS, FIELD_MEANINGS, OPTION_MEANINGS
from admin.draft.options import BASES
from admin.search import WAYS
from admin.story_events import JOINING
from core.clocks.rota import Turns
from core.desk import auditing, calendar_days, gauges, ical
from core.desk.actor import Right
from core.desk.applied import What
from core.desk.applying import BARRED, DONE, OVERTAKEN
from core.desk.assignment import EARLIER
from core.desk.changes import WHATS
from core.desk.comparison import BETTER, ENDED, LASTED, MARKS, UNKNOWN, WORSE
from core.desk.disputes import STATES
from core.desk.exams import Sensitive
from core.desk.explaining import State
from core.desk.parked import Why
from core.desk.pilots import ENDS
from core.i18n import catalogue
from core.workflow.difference import _PARTS
from core.workflow.facts import DESK_FACTS
from core.workflow.terms import (
    SET_MEANINGS,
    Act,
    Assignee,
    By,
    EffectKind,
    FieldKind,
    Happening,
    Hears,
    Kind,
    Operator,
    Point,
    Strategy,
)
from core.workflow.uses import OFFERED, PRESET, READ, SET
from web.errors import TOLD

SAID = re.compile(r"""say\(\s*['"]([\w.]*\w)['"]""")
LABELS = re.compile(r"""['"](panel\.[a-z_.]+[a-z_])['"]""")


def _sources(package: object) -> Iterator[Path]:
    folder = Path(str(package.__file__)).parent  # type: ignore[attr-defined]
    yield from (p for p in folder.rglob("*") if p.suffix in (".py", ".html"))


def _families() -> Iterator[str]:
    """Keys that are put together from closed lists."""
    yield from (f"panel.kind.{kind}" for kind in Kind)
    yield from (f"panel.field_kind.{kind}" for kind in FieldKind)
    yield from (f"panel.by.{by}" for by in By)
    yield from (f"word.by.{by}" for by in By)
    yield from (f"panel.assignee.{assignee}" for assignee in Assignee)
    yield from (f"panel.effect.{kind}" for kind in EffectKind)
    yield from (f"panel.operator.{operator}" for operator in Operator)
    yield from (f"panel.operator.{operator}.says" for operator in Operator)
    meanings = {*OPTION_MEANINGS, *FIELD_MEANINGS, *DECISION_MEANINGS, *SET_MEANINGS}
    yield from (f"panel.meaning.{meaning}" for meaning in meanings)
    yield from (f"panel.source.{source}" for source in SOURCES)
    yield from (f"panel.of.{base}" for base in BASES)
    yield from (f"right.{right}" for right in Right)
    yield from (f"panel.state.{state}" for state in STATES)
    yield from (f"panel.event.{kind}" for kind in JOINING)
    acts = ("linked", "unlinked", "merged", "split", "undo", "correct")
    yield from (f"panel.joined.{act}" for act in acts)
    yield from (f"panel.deadline.{how}.by" for how in HOW_KEPT)
    states = ("live", "shrunk", "removed", "waiting", "never")
    yield from (f"panel.card.{state}" for state in states)
    yield from (f"panel.strategy.{strategy}" for strategy in (*Strategy, EARLIER))
    yield from (f"panel.let_go.why.{why}" for why in Why)
    yield from (f"panel.retire.use.{how}" for how in (OFFERED, READ, PRESET, SET))
    yield from _of_promises()
    yield from (f"panel.search.{way}" for way in WAYS)
    yield from (f"panel.search.{way}.how" for way in WAYS)
    yield from _of_facts()
    for page in PAGES:
        yield from (f"panel.add.{page.kind}", f"panel.one.{page.kind}")
        yield from (f"panel.parts.{page.kind}.{part}" for part in page.parts)
        yield from (f"panel.parts.{page.kind}.{part}.empty" for part in page.parts)
        if page.top:
            yield from (f"panel.parts.{page.kind}", f"panel.parts.{page.kind}.empty")
            yield f"panel.nav.{page.endpoint}"
    for kinds in _PARTS.values():
        yield from (f"panel.{word}.{kind}" for kind in kinds.values() for word in ("one", "many"))
    yield from (f"panel.one.{kind}" for kind in KINDS_TOLD)
    yield from (f"panel.changes.{what}" for what in WHATS)
    yield from (f"panel.pilot.figure.{name}" for name in (ENDED, LASTED, *MARKS))
    yield from (f"panel.pilot.{verdict}" for verdict in (BETTER, WORSE, UNKNOWN))
    yield from (f"panel.pilot.how.{how}" for how in ENDS)
    yield from (f"panel.changes.by.{name}" for name in ("person", "kind"))
    yield from (f"panel.leaving.{state}" for state in ("parked", "snoozed"))
    yield from (f"sensitive.{action}{part}" for action in Sensitive for part in ("", ".what"))
    yield from (f"panel.exams.state.{state}" for state in ("counts", "over", "withdrawn"))
    yield from (f"panel.looks.by.{name}" for name in ("person", "kind", "since", "until"))
    yield from (f"panel.backtest.{name}" for name in ("days", "most"))
    yield from _of_calendars()
    yield from _of_the_pulse()
    yield from _of_kept_promises()
    for which in (*TOLD, "form", "again"):
        yield from (f"web.error.{which}.{part}" for part in ("title", "what", "do"))


HOW_KEPT = ("late", "kept", "running", "paused", "superseded")


def _of_facts() -> Iterator[str]:
    for fact in DESK_FACTS.values():
        yield f"panel.fact.{fact.key}"
        family = {"channel": "panel.way_in"}.get(fact.key, f"panel.value.{fact.key}")
        if fact.key != "hour":  # one sentence for all of them
            yield from (f"{family}.{value}" for value in fact.values)


def _of_promises() -> Iterator[str]:
    yield from (f"panel.point.{point}" for point in Point)
    yield from (f"panel.at.{place}" for place in (*Point, "start", "end"))
    yield from (f"panel.hears.{hears}" for hears in Hears)
    yield from (f"panel.act.{act}" for act in Act)
    yield from (f"panel.meaning.{family}" for family in ("liability", "remedy"))
    yield from (f"panel.mark.{event}" for event in Happening if event != Happening.ENDED)


def _of_kept_promises() -> Iterator[str]:
    yield from (f"panel.promise.{state}" for state in State)
    yield from (f"panel.promises.by.{name}" for name in ("state", "level", "since", "until"))
    yield from (f"panel.applying.{what}" for what in What)
    yield from (f"panel.applying.state.{state}" for state in (DONE, OVERTAKEN, BARRED, "running"))
    yield from (f"panel.turns.{turns}" for turns in Turns)


def _of_the_pulse() -> Iterator[str]:
    heads = ("process", "state", "swept", "started", "lane", "waiting", "oldest")
    yield from (f"panel.pulse.{head}" for head in heads)
    yield from (f"panel.pulse.fix.{reason}" for reason in auditing.REASONS)
    yield from (f"panel.pulse.lane.{lane}" for lane in gauges.LANES)


def _of_calendars() -> Iterator[str]:
    yield from ("panel.label.days", "panel.label.rota")  # in the record of changes
    yield from (f"panel.calendar.column.{name}" for name in ("day", "name", "bar", "hours"))
    yield from (f"panel.bring.what.{what}" for what in calendar_days.WHATS)
    yield from (f"panel.file.{problem}" for problem in ical.PROBLEMS)


@pytest.mark.parametrize("package", [admin, web], ids=["admin", "web"])
def test_every_key_that_code_names_has_its_words(package: object) -> None:
    known = catalogue("en")
    named = {key for path in _sources(package) for key in SAID.findall(path.read_text())}
    named |= {key for path in _sources(package) for key in LABELS.findall(path.read_text())}
    assert len(named) > 10
    prefixes = {key.rpartition(".")[0] for key in known}  # what `keyed` completes
    assert {key for key in named if key not in known and key not in prefixes} == set()


def test_every_key_that_data_leads_to_has_its_words() -> None:
    assert {key for key in _families() if key not in catalogue("en")} == set()


def test_every_problem_has_its_words() -> None:
    folder = Path(core.__file__).parent
    texts = [p.read_text() for p in (folder / "workflow" / "problems").glob("*.py")]
    texts.append((folder / "desk" / "documents.py").read_text())
    keys = {
        key for text in texts for key in re.findall(r'(?:yield|Problem\()\s*"(\w+_\w+)",', text)
    }
    assert len(keys) > 30
    assert {key for key in keys if f"problem.{key}" not in catalogue("en")} == set()


def test_nothing_is_written_that_nobody_says() -> None:
    said_in = [p for package in (admin, web) for p in _sources(package)]
    spoken = ("aspect_words.py", "change_words.py", "fact_words.py")
    said_in += [Path(core.__file__).parent / name for name in spoken]
    texts = "\n".join(path.read_text() for path in said_in)
    families = set(_families())
    put_together = (
        "panel.nav.", "panel.column.", "panel.head.", "panel.event.", "panel.message.",
        "panel.outbox.", "panel.payment.", "panel.aspect.", "panel.tag.", "panel.limit.",
        "panel.way_in.", "panel.value.", "panel.fact.", "panel.first.", "panel.parts.",
        "panel.asked.", "panel.deadline.", "panel.done.", "panel.group.", "panel.match.",
        "panel.share.", "panel.style.", "panel.source.", "panel.backtest.found.",
        "panel.backtest.count.", "web.language.",
    )  # fmt: skip
    own = {key for key in catalogue("en") if key.startswith(("panel.", "web."))}
    unsaid = {
        key
        for key in own - families
        if not re.search(rf"['\"]{re.escape(key)}['\"]", texts) and not key.startswith(put_together)
    }
    assert not unsaid, "\n".join(sorted(unsaid))
