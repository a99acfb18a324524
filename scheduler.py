"""The ticks, and nothing else: what is due is decided in the database (`core.desk.overdue`).

APScheduler only calls; its job stores cannot be shared, so it keeps none. Any number of these may
run on one PostgreSQL: a deadline's level fires once, whoever comes first.
"""

import datetime as dt
import logging
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from core import files, pictures
from core.db import Busy, Database
from core.desk import applying, pilots, plans, reckoning, rota_telling, signs
from core.desk.attending import attend
from core.desk.distributing import distribute
from core.desk.overdue import sweep
from core.desk.snoozing import wake
from core.pulse import Pulse

TICK_SECONDS = 1.0
TEND_SECONDS = 60.0
TIDY_SECONDS = 3600.0
DUTY_SECONDS = 30.0
AHEAD_SECONDS = 3600.0
PICTURE_SECONDS = 2.0
PULSE_SECONDS = 10.0
log = logging.getLogger("redress.scheduler")


def tick(database: Database, pulse: Pulse | None = None) -> int:
    """Acts on everything that is due now, batch by batch; returns how many deadlines that were.

    `pulse` is told when that is done.
    """
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
            acted += _wake(database) + _attend(database) + _distribute(database)
            if pulse is not None:
                pulse.swept()
            return acted


def _wake(database: Database) -> int:
    """Brings back whatever was snoozed until now (K4); returns how many visits that were."""
    woken = 0
    try:
        while some := database.transact(wake):
            woken += some
    except Busy:
        log.warning("the database is busy; snoozed disputes wait for the next tick")
    return woken


def _attend(database: Database) -> int:
    """Reminds whoever is on something or was paged, and lapses it (K5, K6); how many."""
    attended = 0
    try:
        while some := database.transact(attend):
            attended += some
    except Busy:
        log.warning("the database is busy; who is on something or was paged is reminded next")
    return attended


def _distribute(database: Database) -> int:
    """Gives what waits to whoever became free (A2); returns how many visits were looked at."""
    looked_at = 0
    try:
        while some := database.transact(distribute):
            looked_at += some
    except Busy:
        log.warning("the database is busy; what waits for somebody waits for the next tick")
    return looked_at


def turn(database: Database) -> bool:
    """Publishes what was planned for now, ends a pilot that is over (S3, S5); whether any was."""
    try:
        return database.transact(plans.carry_out) | database.transact(pilots.expire)
    except Busy:
        log.warning("the database is busy; a planned document waits for the next tick")
        return False


def reckon(database: Database) -> None:
    """Lets running deadlines follow the calendars that were saved meanwhile (G7)."""
    try:
        for key, revision in database.read(reckoning.changed):
            after: int | None = 0
            while after is not None:
                after = database.transact(reckoning.reckon, key, after)
            database.transact(reckoning.followed, key, revision)
    except Busy:
        log.warning("the database is busy; a changed calendar waits for the next tick")


def watch(pulse: Pulse) -> None:
    """Looks beside the sweep whether all that was due is done (G10)."""
    try:
        pulse.take()
    except Busy:
        log.warning("the database is busy; the heartbeat waits for the next round")


def apply(database: Database) -> int:
    """Applies published service levels to open disputes (G8); returns how many batches it did."""
    done = 0
    try:
        while database.read(applying.waits) and database.transact(applying.carry_on):
            done += 1
    except Busy:
        log.warning("the database is busy; the rest of an application waits for the next tick")
    return done


def tend(database: Database) -> int:
    """Brings what channels say of themselves up to date; returns how many signs changed."""
    try:
        return database.transact(signs.refresh)
    except Busy:
        log.warning("the database is busy; topics and guides wait for the next round")
        return 0


def hand_over(database: Database) -> int:
    """Tells who came on duty (K5); returns how many rotas were handed over."""
    try:
        return database.transact(rota_telling.hand_over)
    except Busy:
        log.warning("the database is busy; hand-overs wait for the next round")
        return 0


def look_ahead(database: Database) -> int:
    """Tells gaps and overload that lie ahead (K23); returns how many that were."""
    try:
        return database.transact(rota_telling.look_ahead)
    except Busy:
        log.warning("the database is busy; the rotas are looked at in the next round")
        return 0


def tidy(database: Database, folder: Path) -> int:
    """Removes the files of evidence that no row knows; returns how many that were (E3)."""
    try:
        removed = files.sweep(database, folder)
    except Busy:
        log.warning("the database is busy; orphaned files wait for the next round")
        return 0
    if removed:
        log.info("%s orphaned files were removed", removed)
    return removed


def draw(database: Database, folder: Path) -> int:
    """Makes the blurred pictures of new evidence; returns how many files were looked at."""
    drawn = 0
    try:
        while some := pictures.make(database, folder):
            drawn += some
    except Busy:
        log.warning("the database is busy; new pictures wait for the next round")
    return drawn


def add_ticks(
    scheduler: BaseScheduler,
    database: Database,
    folder: Path,
    seconds: float,
    pulse: Pulse | None = None,
) -> None:
    """Adds the jobs: late ones are run once and none is missed for being late.

    Deadlines are swept every `seconds`, documents turned whose time has come, and applied where
    somebody asked; channels' signs are looked at once a minute, the files in `folder` once an hour:
    a file is an orphan only after a day, so nothing hangs on when. Pictures are made beside them.
    Who came on duty is told within half a minute, what is wrong with a rota ahead is looked for
    once an hour; the `pulse` is taken.
    """
    pulse = pulse or Pulse(database)
    for name, job, arguments, pause in (
        ("sweep", tick, [database, pulse], seconds),
        ("turn", turn, [database], seconds),
        ("reckon", reckon, [database], seconds),
        ("apply", apply, [database], seconds),
        ("tend", tend, [database], TEND_SECONDS),
        ("hand_over", hand_over, [database], DUTY_SECONDS),
        ("look_ahead", look_ahead, [database], AHEAD_SECONDS),
        ("tidy", tidy, [database, folder], TIDY_SECONDS),
        ("pictures", draw, [database, folder], PICTURE_SECONDS),
        ("pulse", watch, [pulse], PULSE_SECONDS),
    ):
        scheduler.add_job(
            job,
            "interval",
            args=arguments,
            seconds=pause,
            id=name,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
            next_run_time=dt.datetime.now(dt.UTC),
        )


def in_background(
    database: Database,
    folder: Path,
    seconds: float = TICK_SECONDS,
    pulse: Pulse | None = None,
) -> BackgroundScheduler:
    """Starts ticking in a thread; the caller shuts it down."""
    scheduler = BackgroundScheduler(timezone=dt.UTC)
    add_ticks(scheduler, database, folder, seconds, pulse)
    scheduler.start()
    return scheduler


def forever(
    database: Database, folder: Path, seconds: float = TICK_SECONDS, pulse: Pulse | None = None
) -> None:
    """Ticks until the process is told to stop; a tick under way is finished first."""
    scheduler = BlockingScheduler(timezone=dt.UTC)
    add_ticks(scheduler, database, folder, seconds, pulse)
    try:
        scheduler.start()
    finally:
        scheduler.shutdown()
