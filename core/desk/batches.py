"""Many rows at a time: inserting them with ids drawn beforehand, finding them by a source's names.

Rows that give their ids back (RETURNING) go one statement each on SQLite; ids drawn beforehand
make the import three times as fast there.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Connection,
    Dialect,
    Row,
    Select,
    String,
    any_,
    bindparam,
    func,
    insert,
    select,
    text,
)

Keys = Collection[tuple[str, str]]  # source, and a text that it gave

_DRAW = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")


def insert_all(connection: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Inserts the rows, which all have the same columns; gives their ids in the same order.

    The transaction must be a writing one (`Database.transact`): on SQLite it is then alone, and
    the ids after the highest are free.
    """
    ids = _draw(connection, table, len(rows))
    insert_rows(connection, table, rows, id=ids)
    return ids


def insert_rows(
    connection: Connection, table: Any, rows: Sequence[dict[str, Any]], **more: Sequence[Any]
) -> None:
    """Inserts rows that all have the same columns; `more` holds further columns by name.

    Core compiles the statement and says how each type is stored, once; the driver takes the rows
    as they are. Letting Core prepare every row by itself is half of an import's time. PostgreSQL
    gets all of them in one statement, a list for each column.
    """
    if not rows:
        return
    names = (*more, *rows[0])
    plan = _plan(table, connection.dialect, names)
    columns = []
    for name in plan.names:
        values = more[name] if name in more else [row[name] for row in rows]
        store = plan.stores[name]
        columns.append(_stored(store, values) if store else values)
    if plan.by_column:
        connection.exec_driver_sql(plan.text, tuple(columns))
    else:
        connection.exec_driver_sql(plan.text, list(zip(*columns, strict=True)))


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows of a table go to the driver: the statement, its parameters, how each is stored."""

    text: str
    by_column: bool
    names: tuple[str, ...]
    stores: dict[str, Callable[[Any], Any] | None]


@lru_cache(maxsize=256)
def _plan(table: Any, dialect: Dialect, names: tuple[str, ...]) -> Plan:
    """The plan for these columns. Raises ValueError where a default would have to be filled in."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    if set(compiled.params) != set(names):
        missing = ", ".join(sorted(set(compiled.params) - set(names)))
        raise ValueError(f"{table.__tablename__}: rows lack {missing}")
    columns = table.__table__.columns
    by_column = dialect.name == "postgresql"
    order = names if by_column else tuple(compiled.positiontup or names)
    stores = {n: columns[n].type.dialect_impl(dialect).bind_processor(dialect) for n in order}
    written = _unnested(table, dialect, names) if by_column else str(compiled)
    return Plan(written, by_column, order, stores)


def _unnested(table: Any, dialect: Dialect, names: tuple[str, ...]) -> str:
    """An insert whose parameters are lists, one for each column."""
    columns = table.__table__.columns
    quoted = ", ".join(dialect.identifier_preparer.quote(columns[name].name) for name in names)
    lists = ", ".join(f"%s::{columns[name].type.compile(dialect)}[]" for name in names)
    return f"INSERT INTO {table.__tablename__} ({quoted}) SELECT * FROM unnest({lists})"  # noqa: S608


def _stored(store: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """The values as the driver takes them; the very same one, such as `now`, is stored once."""
    stored, last, known = [], object(), None
    for value in values:
        if value is not last:
            last, known = value, store(value)
        stored.append(known)
    return stored


def found(
    connection: Connection,
    statement: Select[*tuple[Any, ...]],
    source: Any,
    text_column: Any,
    keys: Keys,
) -> list[Row[Any]]:
    """The rows of a statement whose source and text are among the keys.

    One parameter a source, however many keys: an IN with one for each is rendered anew each time.
    Whoever keeps the statement has it narrowed once.
    """
    rows: list[Row[Any]] = []
    narrowed = _narrowed(statement, source, text_column, connection.dialect.name)
    for name in sorted({key[0] for key in keys}):
        texts = [text_ for source_, text_ in keys if source_ == name]
        given = {"of_source": name, "among": _bound(connection, texts)}
        rows += connection.execute(narrowed, given).all()
    return rows


@lru_cache(maxsize=64)
def _narrowed(statement: Any, source: Any, text_column: Any, dialect: str) -> Any:
    return statement.where(source == bindparam("of_source"), _among(dialect, text_column))


def _among(dialect: str, column: Any) -> Any:
    if dialect == "sqlite":
        values = func.json_each(bindparam("among")).table_valued("value")
        return column.in_(select(values.c.value))
    return column == any_(bindparam("among", type_=ARRAY(String)))


def _bound(connection: Connection, values: list[str]) -> Any:
    return json.dumps(values) if connection.dialect.name == "sqlite" else values


def _draw(connection: Connection, table: Any, count: int) -> list[int]:
    if connection.dialect.name == "sqlite":
        last = connection.execute(_highest(table)).scalar() or 0
        return list(range(last + 1, last + 1 + count))
    drawn = connection.execute(_DRAW, {"name": table.__tablename__, "count": count})
    return [int(id_) for id_ in drawn.scalars()]


@lru_cache(maxsize=64)
def _highest(table: Any) -> Any:
    return select(func.max(table.id))
