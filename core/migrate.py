"""Bringing a database to the present: migrations, and a first document where none is active."""

import datetime as dt
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select

from core.db import Database
from core.desk import calendars, documents, draft_load, roles
from core.tables import ActiveDocument
from core.workflow.model import Document
from core.workflow.text import from_toml

STANDARD = Path(__file__).parent / "workflow" / "standard" / "dispute.toml"


def config(url: str) -> Config:
    """Alembic's configuration; nothing of it lives in a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def migrate(database: Database) -> None:
    """Runs every missing migration; a fresh desk gets the standard roles, calendar, document."""
    command.upgrade(config(database.url.render_as_string(hide_password=False)), "head")
    database.transact(roles.seed)
    database.transact(calendars.seed)
    database.transact(publish_standard)


def behind(database: Database) -> bool:
    """Whether the database lacks a migration that this version brings."""
    head = ScriptDirectory.from_config(config("")).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head


def standard() -> Document:
    """The standard document, as it ships."""
    return from_toml(STANDARD.read_text(encoding="utf-8"))


def further(name: str) -> Document:
    """What ships beside the standard document, to be joined to one. Raises LookupError."""
    shipped = {path.stem: path for path in STANDARD.parent.glob("*.toml") if path != STANDARD}
    if name not in shipped:
        raise LookupError(f"there is no {name}: what ships is {', '.join(sorted(shipped))}")
    return from_toml(shipped[name].read_text(encoding="utf-8"))


def publish_standard(connection: Connection, *, now: dt.datetime, **_: Any) -> None:
    """Makes the standard document active and loads it into the draft, on a fresh database only."""
    if connection.scalar(select(ActiveDocument.document_id)) is None:
        document = standard()
        document_id = documents.publish(connection, document, now=now, note="standard")
        draft_load.load(connection, document, document_id)
