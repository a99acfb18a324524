"""The replay of a log: what became of which case, and a recount that finds every mistake."""

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.replay import run
from benchmarks.replay.hands import Fate
from benchmarks.replay.recount.wrong import wrong
from tests import postgres
from tests.benchmarks.log import written

SEED = 4
DYING = Fate(share=0.5, deadly=0.15)


@dataclass(frozen=True, slots=True)
class Lived:
    """A log that was played: the file of rows, and what came of it."""

    log: Path
    rows: Path
    played: run.Played

    def wrong(self) -> list[str]:
        """What the recount finds now."""
        return list(wrong(f"sqlite:///{self.rows}", self.log, None, self.played.gaps, Counter()))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The log, played once on SQLite by processes that keep dying."""
    folder = tmp_path_factory.mktemp("replay")
    log, rows = written(folder), folder / "rows.db"
    played = run.play(f"sqlite:///{rows}", log, None, 2, SEED, DYING)
    with closing(sqlite3.connect(rows)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Lived(log, rows, played)


@pytest.fixture
def lived(once: Lived, tmp_path: Path) -> Lived:
    """A copy whose rows may be spoilt."""
    rows = tmp_path / "rows.db"
    shutil.copy(once.rows, rows)
    return Lived(once.log, rows, once.played)


def spoil(lived: Lived, statement: str) -> None:
    """Changes one thing behind everybody's back."""
    with closing(sqlite3.connect(lived.rows)) as file:
        changed = file.execute(statement).rowcount
        file.commit()
    assert changed > 0


def the_visits(lived: Lived, case: str) -> list[str]:
    """The stages of a case's dispute, in order."""
    asked = (
        "SELECT v.stage FROM visits v JOIN disputes d ON d.id = v.dispute_id"
        " WHERE d.external_id = ? ORDER BY v.id"
    )
    with closing(sqlite3.connect(lived.rows)) as file:
        return [row[0] for row in file.execute(asked, (case,))]


def test_nothing_is_early_late_lost_or_double_though_processes_die(lived: Lived) -> None:
    assert lived.played.killed["door"] > 0
    assert lived.played.killed["scheduler"] > 0
    assert lived.played.recounted["levels fired"] > 20
    assert lived.played.wrong == []


@pytest.mark.postgres
def test_nor_on_postgresql(tmp_path: Path) -> None:
    url = postgres.clone()
    try:
        plain = url.render_as_string(hide_password=False)
        played = run.play(plain, written(tmp_path), None, 3, SEED, DYING)
    finally:
        postgres.drop(url)
    assert played.killed["scheduler"] > 0
    assert played.wrong == []


def test_waits_are_hidden_stages_and_reopening_is_a_decision(lived: Lived) -> None:
    assert the_visits(lived, "hidden") == [
        "replay_intake",
        "replay_work",
        "awaiting_buyer",
        "replay_work",
        "awaiting_merchant",
        "awaiting_cause",
        "resolved",
        "closed",
    ]
    assert the_visits(lived, "reopened")[2:5] == ["resolved", "replay_work", "awaiting_buyer"]


def test_reopening_what_was_closed_opens_a_linked_dispute(lived: Lived) -> None:
    assert the_visits(lived, "reopened+1") == ["replay_intake", "replay_work", "resolved", "closed"]
    spoil(lived, "UPDATE links SET ended_at = made_at")
    assert lived.wrong() == ["reopened: reopened+1 is not linked to what it follows from"]


def test_what_nobody_speaks_up_for_is_closed_by_the_limit_of_its_wait(lived: Lived) -> None:
    asked = "SELECT by FROM visits WHERE stage = 'resolved' ORDER BY left_at - opened_at"
    with closing(sqlite3.connect(lived.rows)) as file:
        assert ("timeout",) in file.execute(asked).fetchall()
    assert lived.played.recounted["closed by the limit of the wait"] == 1


def test_promises_follow_another_priority(lived: Lived) -> None:
    asked = (
        "SELECT service_level, superseded FROM deadlines d JOIN disputes s ON s.id = d.dispute_id"
        " WHERE s.external_id = 'more urgent' AND service_level LIKE 'solve%' ORDER BY d.id"
    )
    with closing(sqlite3.connect(lived.rows)) as file:
        assert file.execute(asked).fetchall() == [("solve_4", 1), ("solve_2", 1), ("solve_4", 0)]
    assert lived.played.recounted["promised no longer"] == 2


def test_states_that_nobody_can_read_change_nothing(lived: Lived) -> None:
    assert the_visits(lived, "odd") == [
        "replay_intake",
        "replay_work",
        "awaiting_papers",
        "resolved",
        "closed",
    ]


FIRED = "(SELECT deadline_id FROM escalations ORDER BY fired_at, deadline_id LIMIT 1)"
MOVED = (
    "UPDATE escalations SET fired_at = datetime(fired_at, '{}')" + f" WHERE deadline_id = {FIRED}"
)
PLANTED = {
    "early": MOVED.format("-1 minute"),
    "late": MOVED.format("+1 minute"),
    "was lost": f"DELETE FROM escalations WHERE deadline_id = {FIRED}",
    "told of twice": (
        "INSERT INTO events (dispute_id, visit_id, kind, at, by, data)"
        " SELECT dispute_id, visit_id, kind, at, by, data FROM events"
        " WHERE kind = 'escalated' LIMIT 1"
    ),
    "while it stood still": (
        "INSERT INTO escalations (deadline_id, level, fired_at)"
        " SELECT id, 3, datetime(json_extract(pauses, '$[0][0]'), '+1 hour') FROM deadlines"
        " WHERE service_level = 'whole' AND json_array_length(pauses) > 0 LIMIT 1"
    ),
    "after the end": (
        "INSERT INTO escalations (deadline_id, level, fired_at)"
        " SELECT id, 3, datetime(stopped_at, '+1 hour') FROM deadlines"
        " WHERE service_level = 'whole' AND NOT EXISTS (SELECT 1 FROM escalations e"
        " WHERE e.deadline_id = deadlines.id AND e.level = 3) LIMIT 1"
    ),
    "alerted the channel": "DELETE FROM outbox WHERE kind = 'alert'",
    "moved": "DELETE FROM events WHERE kind = 'moved'",
    "minutes hidden": (
        "UPDATE visits SET left_at = datetime(left_at, '+7 minutes') WHERE stage = 'awaiting_buyer'"
    ),
    "runs 0 times": "DELETE FROM deadlines WHERE id NOT IN (SELECT deadline_id FROM escalations)",
    "stood still": (
        "UPDATE deadlines SET pauses = '[]' WHERE service_level = 'whole'"
        " AND json_array_length(pauses) > 0"
    ),
    "is due": (
        "UPDATE deadlines SET due_at = datetime(due_at, '+1 minute') WHERE service_level = 'result'"
    ),
    "would fire": "UPDATE deadlines SET next_at = stopped_at WHERE service_level = 'whole'",
    "promised no longer": "UPDATE deadlines SET superseded = NOT superseded",
    "visit": "UPDATE visits SET stage = 'awaiting_cause' WHERE stage = 'awaiting_merchant'",
    "there is no dispute": "UPDATE disputes SET external_id = 'x' WHERE external_id = 'straight'",
}


@pytest.mark.parametrize("said", PLANTED)
def test_a_planted_mistake_is_found(lived: Lived, said: str) -> None:
    spoil(lived, PLANTED[said])
    assert any(said in sentence for sentence in lived.wrong()), lived.wrong()
