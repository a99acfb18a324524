"""The ticks, and nothing else: what is due is decided in the database (`core.desk.overdue`).

APScheduler only calls; its job stores cannot be shared, so it keeps none. Any number of these may
run on one PostgreSQL: a deadline's level fires once, whoever comes first.
"""

import datetime as dt
import logging

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from core.db import Busy, Database
from core.desk.overdue import sweep

TICK_SECONDS = 1.0
log = logging.getLogger("redress.scheduler")


def tick(database: Database) -> int:
    """Acts on everything that is due now, batch by batch; returns how many deadlines that were."""
    acted = 0
    while True:
        try:
            swept = database.transact(sweep)
        except Busy:
            log.warning("the database is busy; the next tick goes on")
            return acted
        acted += swept.warned + swept.escalated + swept.timed_out
        if swept.set_aside:
            log.error("%s deadlines could not be acted on and are set aside", swept.set_aside)
        if not swept.more:
            return acted


def add_ticks(scheduler: BaseScheduler, database: Database, seconds: float) -> None:
    """Adds the one job: late ticks are run once and none is missed for being late."""
    scheduler.add_job(
        tick,
        "interval",
        args=[database],
        seconds=seconds,
        id="sweep",
        coalesce=True,
        misfire_grace_time=None,
        max_instances=1,
        next_run_time=dt.datetime.now(dt.UTC),
    )


def in_background(database: Database, seconds: float = TICK_SECONDS) -> BackgroundScheduler:
    """Starts ticking in a thread; the caller shuts it down."""
    scheduler = BackgroundScheduler(timezone=dt.UTC)
    add_ticks(scheduler, database, seconds)
    scheduler.start()
    return scheduler


def forever(database: Database, seconds: float = TICK_SECONDS) -> None:
    """Ticks until the process is told to stop."""
    scheduler = BlockingScheduler(timezone=dt.UTC)
    add_ticks(scheduler, database, seconds)
    scheduler.start()
