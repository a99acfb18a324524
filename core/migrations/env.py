"""Alembic's environment: one connection, the metadata of core.tables, batch mode for SQLite."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, BigInteger, create_engine
from sqlalchemy.engine import make_url

from core.tables import Base
from core.tables.base import SealedText, UtcTime


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Writes our column types as what they are in the database, free of today's code."""
    if kind != "type":
        return False
    if isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, SealedText):
        return "sa.LargeBinary()"
    name = {BigInteger: "BIG", JSON: "JSON"}.get(type(item))
    if name is None:
        return False
    autogen.imports.add("from core.migrations.kinds import BIG, JSON")
    return name


url = make_url(context.config.get_main_option("sqlalchemy.url") or "")
if url.drivername in ("postgres", "postgresql"):
    url = url.set(drivername="postgresql+psycopg")
engine = create_engine(url)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=url.get_backend_name() == "sqlite",
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
