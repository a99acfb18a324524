"""What every long-running process does first: logs, a look at the database, a way to stop."""

import signal
import threading

from core import logs, migrate
from core.db import Database
from core.settings import BadSettings, Settings


def begin(settings: Settings, database: Database) -> threading.Event:
    """Sets up logs, refuses a database that is behind, and gives the event that asks to stop.

    Raises BadSettings naming what to do.
    """
    logs.set_up(settings.log_level)
    if migrate.behind(database):
        raise BadSettings("The database is behind this version: run `redress migrate` first.")
    stop = threading.Event()

    def ask(_signal: int, _frame: object) -> None:
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, ask)
    return stop


def only_on_postgres(database: Database, role: str) -> None:
    """Refuses a split role on SQLite, which serves one process only. Raises BadSettings."""
    if database.is_sqlite:
        raise BadSettings(
            f"`redress {role}` needs PostgreSQL in REDRESS_DATABASE_URL; on SQLite `redress web` "
            "does everything in one process."
        )
