"""The text form of a document: TOML for people and git, canonical JSON for the database.

Both hold the same tree, in which everything at its default is left out; each round-trips exactly.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from itertools import zip_longest
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from core.workflow.model import FORMAT, Document
from core.workflow.toml import emit

LARGEST = 2**53  # what JSON, both databases and every door hold exactly
_UNREADABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")

Tree = Mapping[str, Any]


class TextError(ValueError):
    """The text is not a document: what is wrong, and at which place."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place or 'document'}: {problem}")
        self.place = place
        self.problem = problem


def to_toml(document: Document) -> str:
    """The document as TOML, in a layout made for review."""
    return emit(to_tree(document))


def from_toml(text: str) -> Document:
    """The document that a TOML text says. Raises TextError naming the place."""
    try:
        tree = tomllib.loads(text)
    except ValueError as error:  # a number of thousands of digits is one, too
        raise TextError("", f"not TOML: {error}") from error
    except RecursionError as error:
        raise TextError("", "not TOML: nested too deeply") from error
    return from_tree(tree)


def to_json(document: Document) -> str:
    """The canonical form: the same document always gives the same bytes."""
    return json.dumps(to_tree(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Document:
    """The document that a canonical form says. Raises TextError naming the place."""
    try:
        tree = json.loads(text)
    except ValueError as error:
        raise TextError("", f"not JSON: {error}") from error
    except RecursionError as error:
        raise TextError("", "not JSON: nested too deeply") from error
    return from_tree(tree)


def readable(text: str) -> bool:
    """Whether a document may hold this text: no control characters but line ends."""
    return _UNREADABLE.search(text) is None


def digest(canonical: str) -> str:
    """The SHA-256 of a canonical form, in hex."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def to_tree(value: object) -> Any:
    """A value of the model as plain dicts, lists and scalars, defaults left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: to_tree(getattr(value, item.name))
            for item in fields(value)
            if item.default is MISSING or getattr(value, item.name) != item.default
        }
    if isinstance(value, tuple):
        return [to_tree(item) for item in value]
    return str(value) if isinstance(value, str) else value


def from_tree(tree: object) -> Document:
    """The document that a tree says. Raises TextError naming the place."""
    if not isinstance(tree, Mapping):
        raise TextError("", "must be a table")
    if tree.get("format") != FORMAT:
        raise TextError("format", f"this version reads format {FORMAT}, not {tree.get('format')!r}")
    return cast("Document", _table(Document, tree, ""))


def lost(wanted: Document, kept: Document) -> str:
    """The first place at which two documents differ; empty where they say the same."""
    return _lost(to_tree(wanted), to_tree(kept), "")


def _lost(wanted: Any, kept: Any, place: str) -> str:
    if isinstance(wanted, dict) and isinstance(kept, dict):
        parts = [(_below(place, n), wanted.get(n), kept.get(n)) for n in {**wanted, **kept}]
    elif isinstance(wanted, list) and isinstance(kept, list):
        both = enumerate(zip_longest(wanted, kept))
        parts = [(_item_place(place, i, one), one, other) for i, (one, other) in both]
    else:
        return "" if wanted == kept else place
    return next((found for at, one, other in parts if (found := _lost(one, other, at))), "")


@cache
def _shape(cls: type) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(cls)
    return {item.name: (item, hints[item.name]) for item in fields(cls)}


def _table(cls: type, tree: object, place: str) -> object:
    if not isinstance(tree, Mapping):
        raise TextError(place, "must be a table")
    shape = _shape(cls)
    for name in tree:
        if name not in shape:
            raise TextError(_below(place, str(name)), "is not known here")
    for name, (item, _) in shape.items():
        if item.default is MISSING and name not in tree:
            raise TextError(_below(place, name), "is missing")
    return cls(**{name: _value(shape[name][1], tree[name], _below(place, name)) for name in tree})


def _value(kind: Any, value: object, place: str) -> object:
    if get_origin(kind) is tuple:
        return _array(get_args(kind)[0], value, place)
    if get_origin(kind) in (Union, UnionType):
        return _union([k for k in get_args(kind) if k is not type(None)], value, place)
    if is_dataclass(kind):
        return _table(cast("type", kind), value, place)
    if type(value) is not kind:  # bool is an int, but not here
        raise TextError(place, f"must be {_NAMES[kind]}, not {value!r}")
    if isinstance(value, str) and not readable(value):
        raise TextError(place, "holds control characters")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise TextError(place, "is too large a number")
    return value


def _array(kind: Any, value: object, place: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise TextError(place, "must be an array")
    return tuple(_value(kind, item, _item_place(place, i, item)) for i, item in enumerate(value))


def _union(kinds: list[Any], value: object, place: str) -> object:
    if len(kinds) == 1:
        return _value(kinds[0], value, place)
    for kind in kinds:
        if type(value) is kind:
            return _value(kind, value, place)
    raise TextError(place, f"must be {' or '.join(_NAMES[k] for k in kinds)}, not {value!r}")


def _item_place(place: str, position: int, item: object) -> str:
    """A row is named by its key where it has one, else by its position."""
    key = item.get("key") if isinstance(item, Mapping) else None
    return f"{place}[{key if isinstance(key, str) else position}]"


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


_NAMES = {str: "a text", int: "a whole number", bool: "true or false"}
