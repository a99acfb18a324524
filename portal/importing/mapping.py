"""The mapping: which column feeds which field of an intake. TOML, refused with the place if wrong.

A field is a column's name, or a table: `column` or `columns` (joined by `join`) or `constant`;
`values` translates what stands there, `default` serves what is empty or not among them; `split`
makes several choices of one text; `format` and `zone` read a moment.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.workflow.model import Document, Workflow

FIELDS = (
    "external_id",
    "order_number",
    "buyer",
    "story",
    "merchant",
    "merchant_standing",
    "entered",
    "channel",
    "appeared",
    "locale",
    "buyer_name",
    "buyer_contact",
    "buyer_tags",
    "workflow",
)
NEEDED = FIELDS[:4]
SEVERAL = ("buyer_tags",)  # fields that hold several values, as a list of choices does
ORDER = ("currency", "paid", "freight", "refunded", "purchased_at", "lines")
LINE = ("key", "title", "unit_price", "quantity")
FORMATS = ("csv", "jsonl")
_TOP = ("source", "format", "encoding", "delimiter", "fields", "order", "facts")
_TAKE = ("column", "columns", "join", "constant", "values", "default", "split", "format", "zone")


class BadMapping(ValueError):
    """The mapping cannot be used: the place in it, and a message key with its names."""

    def __init__(self, place: str, key: str, **names: object) -> None:
        super().__init__(f"{place}: {key}")
        self.place = place
        self.key = key
        self.names = names


@dataclass(frozen=True, slots=True)
class Take:
    """Where one field comes from."""

    columns: tuple[str, ...] = ()
    join: str = " "
    constant: str = ""
    values: dict[str, str] | None = None
    default: str | None = None
    split: str = ""
    format: str = ""
    zone: ZoneInfo | None = None

    def possible(self) -> Iterator[tuple[str, str]]:
        """What it may give that the mapping itself says, each with its place in the table."""
        if not self.columns:
            yield "constant", self.constant
        for name, value in (self.values or {}).items():
            yield f"values.{name}", value
        if self.default:
            yield "default", self.default


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping that was read: takes by field, by part of the order and its line, by fact."""

    source: str
    fields: dict[str, Take]
    order: dict[str, Take] = field(default_factory=dict)
    line: dict[str, Take] = field(default_factory=dict)
    facts: dict[str, Take] = field(default_factory=dict)
    format: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","

    def takes(self) -> Iterator[tuple[str, Take]]:
        """Every take with its place."""
        for part, takes in (
            ("fields", self.fields),
            ("order", self.order),
            ("order.line", self.line),
            ("facts", self.facts),
        ):
            for name, take in takes.items():
                yield f"{part}.{name}", take

    def workflow(self, document: Document) -> Workflow:
        """The workflow that its disputes enter."""
        key = self.fields["workflow"].constant if "workflow" in self.fields else ""
        return document.workflow_by_key.get(key, document.workflows[0])

    def columns(self) -> tuple[str, ...]:
        """The columns it reads, each once."""
        return tuple(dict.fromkeys(c for _, take in self.takes() for c in take.columns))


def load(path: Path) -> Mapping:
    """The mapping in a file. Raises BadMapping with the place."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(path.name, "not_toml", error=str(error)) from None
    except OSError as error:
        raise BadMapping(path.name, "no_file", error=error.strerror) from None
    return read(tree)


def read(tree: dict[str, Any]) -> Mapping:
    """The mapping that a tree says, its shape checked. Raises BadMapping with the place."""
    _known_names(tree, _TOP, "")
    for name in ("source", "format", "encoding", "delimiter"):
        if not isinstance(tree.get(name, ""), str):
            raise BadMapping(name, "not_text")
    if not tree.get("source", "").strip():
        raise BadMapping("source", "missing")
    if tree.get("format", "csv") not in FORMATS:
        raise BadMapping("format", "not_one_of", choices=", ".join(FORMATS))
    if len(tree.get("delimiter", ",")) != 1:
        raise BadMapping("delimiter", "one_character")
    try:
        "".encode(tree.get("encoding", "utf-8"))
    except LookupError:
        raise BadMapping("encoding", "unknown_encoding") from None
    order = _table(tree, "order", "order")
    return Mapping(
        source=tree["source"],
        fields=_takes(_table(tree, "fields", "fields"), FIELDS, "fields"),
        order=_takes({k: v for k, v in order.items() if k != "line"}, ORDER, "order"),
        line=_takes(_table(order, "line", "order.line"), LINE, "order.line"),
        facts=_takes(_table(tree, "facts", "facts"), None, "facts"),
        format=tree.get("format", ""),
        encoding=tree.get("encoding", "utf-8"),
        delimiter=tree.get("delimiter", ","),
    )


def _table(tree: dict[str, Any], name: str, place: str) -> dict[str, Any]:
    table = tree.get(name, {})
    if not isinstance(table, dict):
        raise BadMapping(place, "not_table")
    return table


def _takes(table: dict[str, Any], names: tuple[str, ...] | None, place: str) -> dict[str, Take]:
    if names is not None:
        _known_names(table, names, place + ".")
    return {name: _take(value, f"{place}.{name}") for name, value in table.items()}


def _take(value: object, place: str) -> Take:
    if isinstance(value, str):
        return Take(columns=(value,))
    if not isinstance(value, dict):
        raise BadMapping(place, "not_take")
    _known_names(value, _TAKE, place + ".")
    sources = [name for name in ("column", "columns", "constant") if name in value]
    if len(sources) != 1:
        raise BadMapping(place, "one_source")
    columns = value.get("columns", [value["column"]] if "column" in value else [])
    if not isinstance(columns, list) or not all(isinstance(c, str) and c for c in columns):
        raise BadMapping(f"{place}.{sources[0]}", "not_columns")
    for name in ("join", "constant", "default", "split", "format", "zone"):
        if not isinstance(value.get(name, ""), str):
            raise BadMapping(f"{place}.{name}", "not_text")
    values = value.get("values")
    if values is not None and (
        not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values())
    ):
        raise BadMapping(f"{place}.values", "not_values")
    _readable(value.get("format", ""), f"{place}.format")
    return Take(
        columns=tuple(columns),
        join=value.get("join", " "),
        constant=value.get("constant", ""),
        values=values,
        default=value.get("default"),
        split=value.get("split", ""),
        format=value.get("format", ""),
        zone=_zone(value.get("zone", ""), f"{place}.zone"),
    )


def _known_names(table: dict[str, Any], names: tuple[str, ...], prefix: str) -> None:
    for name in table:
        if name not in names:
            raise BadMapping(f"{prefix}{name}", "unknown_name", choices=", ".join(names))


def _readable(format_: str, place: str) -> None:
    """A date format is one that reads what it writes."""
    if not format_:
        return
    sample = dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
    try:
        dt.datetime.strptime(sample.strftime(format_), format_)  # noqa: DTZ007  only tried
    except ValueError:
        raise BadMapping(place, "bad_format") from None


def _zone(name: str, place: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadMapping(place, "unknown_zone") from None
