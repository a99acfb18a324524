"""What every table shares: the metadata, and column types that mean the same on both databases."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, LargeBinary, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from core.secrets import Sealed

BigId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by INTEGER alone
Json = JSON().with_variant(JSONB(), "postgresql")


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment in UTC, aware on both databases (SQLite gives naive ones back)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Aware in, UTC out. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone reached the database")
        if dialect.name == "sqlite":
            return value.astimezone(dt.UTC).replace(tzinfo=None)
        return value

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class SealedText(TypeDecorator[Sealed]):
    """Personal text: only what `core.secrets` has sealed can be stored here (X1)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """The sealed bytes. Raises TypeError for anything that was not sealed."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("personal text must be sealed before it is stored")
        return value.box

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        """The sealed value; `core.secrets` opens it."""
        return None if value is None else Sealed(bytes(value))


class Base(DeclarativeBase):
    """The declarative base: plain rows, no behaviour."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy's own hook
        dt.datetime: UtcTime(),
        int: BigId,
        Sealed: SealedText(),
        dict[str, Any]: Json,
        list[str]: Json,
        list[Any]: Json,
        list[dict[str, Any]]: Json,
    }
