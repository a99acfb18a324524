"""The ticks: APScheduler only calls, what happens is decided in the database (house.md)."""

import io
import os
import time
from pathlib import Path

from sqlalchemy import select

import scheduler
from core import files
from core.tables import Escalation
from tests.factories import Desk
from tests.waiting import eventually


def orphan(folder: Path, days: float) -> Path:
    """A file that no row knows, lying there for so long."""
    kept = files.keep(folder, io.BytesIO(b"%PDF-1.4\n" + str(days).encode()), 1_000)
    path = files.path_of(folder, kept.digest)
    old = time.time() - days * 86_400
    os.utime(path, (old, old))
    return path


def test_running_scheduler_escalates_what_falls_due_and_removes_orphans(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open()
    old, young = orphan(tmp_path, days=2), orphan(tmp_path, days=0.5)
    ticking = scheduler.in_background(desk.db, tmp_path, seconds=0.05)
    try:
        eventually(lambda: not old.exists())
        desk.pass_time(hours=2)
        eventually(lambda: desk.rows(select(Escalation.level)))
    finally:
        ticking.shutdown()
    assert young.exists()


def test_tick_acts_once_on_everything_that_is_due(desk: Desk) -> None:
    disputes = [desk.open() for _ in range(5)]
    desk.pass_time(hours=2)
    assert scheduler.tick(desk.db) == len(disputes)
    assert scheduler.tick(desk.db) == 0
