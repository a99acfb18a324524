"""What every long-running process does first: logs, a look at the database, a way to stop."""

import gc
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core import logs, migrate
from core.db import Database
from core.settings import BadSettings, Settings


@contextmanager
def until_told(settings: Settings, database: Database) -> Iterator[threading.Event]:
    """Sets up logs, refuses a database that is behind, and gives the event that asks to stop.

    SIGTERM and Ctrl+C end what runs inside quietly: to be stopped is no failure. Raises BadSettings
    naming what to do.
    """
    logs.set_up(settings.log_level)
    if migrate.behind(database):
        raise BadSettings("The database is behind this version: run `redress migrate` first.")
    stop = threading.Event()

    def ask(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, ask)
    try:
        yield stop
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()


def only_on_postgres(database: Database, role: str) -> None:
    """Refuses a split role on SQLite, which serves one process only. Raises BadSettings."""
    if database.is_sqlite:
        raise BadSettings(
            f"`redress {role}` needs PostgreSQL in REDRESS_DATABASE_URL; on SQLite `redress web` "
            "does everything in one process."
        )


def settle_in() -> None:
    """Called once everything is loaded, before the first request.

    What is there by now lives as long as the process. Looking through it again and again, the
    collector stopped every click for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
