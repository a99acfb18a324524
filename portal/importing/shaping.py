"""A row's cells as an intake. Everything that does not depend on the row is settled beforehand."""

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from core.currency import known, minor
from core.desk.intake import KEY_LIMIT, Intake, OrderInfo
from core.workflow.choices import Choice
from core.workflow.model import Document
from core.workflow.terms import FieldKind
from portal.importing.mapping import NEEDED, SEVERAL, Mapping, Take
from portal.importing.rows import LIST

Cells = Sequence[str]
Getter = Callable[[Cells], str]
_ABSENT = {"paid": "", "freight": "0", "refunded": "0"}  # what an empty amount stands for
PLAIN = "%Y-%m-%d %H:%M:%S"  # what databases write; read ten times as fast as any other format
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
MOST_LINES = 1_000
MOST_QUANTITY = 1_000_000


class BadRow(ValueError):
    """A row that cannot become a dispute: the place in the mapping, a message key, its names."""

    def __init__(self, place: str, key: str, **names: object) -> None:
        super().__init__(f"{place}: {key}")
        self.place = place
        self.key = key
        self.names = names


def shaper(mapping: Mapping, document: Document) -> Callable[[Cells], Intake]:
    """What turns cells into an intake. It raises BadRow."""
    places = {column: place for place, column in enumerate(mapping.columns())}
    workflow = mapping.workflow(document)
    asked = workflow.stage_by_key[workflow.first].field_by_key
    fields = [
        (
            name,
            _getter(take, places, f"fields.{name}")
            if name not in SEVERAL
            else _list_getter(take, places, f"fields.{name}"),
            name in NEEDED,
        )
        for name, take in mapping.fields.items()
    ]
    facts = [
        (
            key,
            _getter(take, places, f"facts.{key}")
            if key not in asked or asked[key].kind != FieldKind.MANY
            else _list_getter(take, places, f"facts.{key}"),
        )
        for key, take in mapping.facts.items()
    ]
    order = _order(mapping, places) if mapping.order else None
    source = mapping.source

    def shape(cells: Cells) -> Intake:
        given: dict[str, Any] = {}
        for name, get, needed in fields:
            value = get(cells)
            if value:
                given[name] = value
            elif needed:
                raise BadRow(f"fields.{name}", "missing")
        found: dict[str, Choice] = {}
        for key, get_fact in facts:
            fact = get_fact(cells)
            if fact:
                found[key] = fact
        return Intake(
            source=source,
            channel=given.pop("channel", "import"),
            order=order(cells) if order else None,
            facts=found,
            **given,
        )

    return shape


def _getter(take: Take, places: dict[str, int], place: str) -> Getter:
    """What reads one field out of the cells."""
    if not take.columns:
        return lambda _cells: take.constant
    raw = _raw(take, [places[column] for column in take.columns])
    values, default = take.values, take.default
    if values is None:
        if default is None:
            return raw
        return lambda cells: raw(cells) or default
    chosen = values

    def translated(cells: Cells) -> str:
        text = raw(cells)
        value = chosen.get(text)
        if value is not None:
            return value
        if default is not None:
            return default
        if not text:
            return ""
        raise BadRow(place, "unknown_value", value=text[:KEY_LIMIT])

    return translated


def _list_getter(
    take: Take, places: dict[str, int], place: str
) -> Callable[[Cells], tuple[str, ...]]:
    """What reads several choices out of one text."""
    plain = Take(columns=take.columns, join=take.join, constant=take.constant)
    whole = _getter(plain, places, place)
    one = _getter(Take(("",), values=take.values), {"": 0}, place) if take.values else None
    parted = take.split

    def several(cells: Cells) -> tuple[str, ...]:
        text = whole(cells)
        mark = LIST if LIST in text else parted
        parts = text.split(mark) if mark else [text]
        named = [part.strip() for part in parts if part.strip()]
        try:
            found = [one((part,)) if one else part for part in named]
        except BadRow:
            if take.default is None:
                raise
            found = []
        if not found and take.default:
            found = [take.default]
        return tuple(dict.fromkeys(found))

    return several


def _raw(take: Take, at: list[int]) -> Getter:
    if len(at) == 1:
        only = at[0]
        return lambda cells: cells[only].strip()
    return lambda cells: take.join.join(part for i in at if (part := cells[i].strip()))


def _order(mapping: Mapping, places: dict[str, int]) -> Callable[[Cells], OrderInfo]:
    get = {n: _getter(t, places, f"order.{n}") for n, t in mapping.order.items()}
    line = {n: _getter(t, places, f"order.line.{n}") for n, t in mapping.line.items()}
    bought = mapping.order.get("purchased_at")

    def order(cells: Cells) -> OrderInfo:
        currency = get["currency"](cells)
        if currency not in known():
            raise BadRow("order.currency", "unknown_currency", value=currency[:KEY_LIMIT])
        amounts = {
            name: _minor(get[name](cells) or _ABSENT[name], currency, f"order.{name}")
            for name in ("paid", "freight", "refunded")
            if name in get
        }
        lines: tuple[dict[str, Any], ...] = ()
        if line:
            said = {name: getter(cells) for name, getter in line.items()}
            lines = (_line(said, "1", currency, "order.line"),)
        elif "lines" in get:
            lines = _lines(get["lines"](cells), currency)
        when = _moment(get["purchased_at"](cells), bought) if bought else None
        return OrderInfo(currency, lines=lines, purchased_at=when, **amounts)

    return order


def _minor(text: str, currency: str, place: str) -> int:
    """An amount in minor units; an empty one is none."""
    try:
        return minor(text, currency)
    except ValueError as error:
        raise BadRow(place, str(error), value=text[:KEY_LIMIT]) from None


def _lines(text: str, currency: str) -> tuple[dict[str, Any], ...]:
    if not text:
        return ()
    place = "order.lines"
    try:
        found = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        raise BadRow(place, "broken_json") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadRow(place, "no_lines")
    if len(found) > MOST_LINES:
        raise BadRow(place, "too_many_lines", most=MOST_LINES)
    lines = tuple(
        _line({name: str(value) for name, value in one.items()}, str(at), currency, place)
        for at, one in enumerate(found, start=1)
    )
    if len({one["key"] for one in lines}) != len(lines):
        raise BadRow(place, "line_twice")
    return lines


def _line(said: dict[str, str], key: str, currency: str, place: str) -> dict[str, Any]:
    """A line of an order; its key is its place where it has none."""
    key, title = said.get("key", "") or key, said.get("title", "")
    if not key or ":" in key or not title or not (key + title).isprintable():
        raise BadRow(place, "bad_line")
    if max(len(key), len(title)) > KEY_LIMIT:
        raise BadRow(place, "bad_line")
    try:
        quantity = Decimal(said.get("quantity", "") or 1)
    except InvalidOperation:
        quantity = Decimal(0)
    if not 1 <= quantity <= MOST_QUANTITY or quantity != int(quantity):
        raise BadRow(place, "bad_quantity")
    return {
        "key": key,
        "title": title,
        "unit_price": _minor(said.get("unit_price", ""), currency, place),
        "quantity": int(quantity),
    }


def _moment(text: str, take: Take) -> dt.datetime | None:
    """A moment in UTC; a local one that the clocks skipped does not exist."""
    if not text:
        return None
    place = "order.purchased_at"
    try:
        if take.format and not (take.format == PLAIN and _PLAIN.fullmatch(text)):
            moment = dt.datetime.strptime(text, take.format)  # noqa: DTZ007  its zone follows
        else:
            moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadRow(place, "no_such_moment", value=text[:KEY_LIMIT]) from None
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    if take.zone is None:
        raise BadRow(place, "no_zone", value=text[:KEY_LIMIT])
    meant = moment.replace(tzinfo=take.zone).astimezone(dt.UTC)
    if meant.astimezone(take.zone).replace(tzinfo=None) != moment:
        raise BadRow(place, "no_such_moment", value=text[:KEY_LIMIT])
    return meant
