"""The rights that a person holds, as a column of any statement that reads people.

A person's row names roles, and a role's row names rights. Nothing keeps the rights that follow from
the two: every statement that reads a person works them out of the rows as they stand, so there is
no copy that a change of a role could leave behind, and a press asks nothing more than before
(invariant 16). When written, it made that statement some ten microseconds longer.
"""

import re
from typing import Any

from sqlalchemy import Boolean, Dialect, String, cast, func, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from core.tables import Person, Role

Rights = frozenset[str]
_WORD = re.compile(r"\w+")


class Names(GenericFunction[bool]):
    """Whether a JSON list of keys names a key; keys are words without quotes."""

    type = Boolean()
    name = "redress_names"
    inherit_cache = True


@compiles(Names, "sqlite")
def _on_sqlite(element: Names, compiler: Any, **more: Any) -> str:
    keys, key = (compiler.process(part, **more) for part in element.clauses)
    return f"(instr({keys}, json_quote({key})) > 0)"


@compiles(Names, "postgresql")
def _on_postgres(element: Names, compiler: Any, **more: Any) -> str:
    keys, key = (compiler.process(part, **more) for part in element.clauses)
    return f"jsonb_exists({keys}, {key})"


class _Held(TypeDecorator[Rights]):
    """The rights that several lists name, written after one another; null is none."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Rights:
        """The rights, each once."""
        return frozenset(_WORD.findall(value or ""))


RIGHTS = type_coerce(
    select(func.aggregate_strings(cast(Role.rights, String), " "))
    .where(Names(Person.roles, Role.key))
    .correlate(Person)
    .scalar_subquery(),
    _Held,
).label("rights")
