"""What a check finds, and the two checks that every row of a document shares."""

import re
from collections.abc import Iterable, Iterator

from core.workflow.model import Label

_KEY = re.compile(r"[a-z0-9_-]{1,60}")

# A problem's message key, its place as keys from the outside in, and what it names.
Found = tuple[str, tuple[str, ...], dict[str, str]]


def twice(place: str, keys: Iterable[str]) -> Iterator[Found]:
    """A key that is empty, unfit for a button, or stands more than once."""
    seen: set[str] = set()
    for key in keys:
        if not key:
            yield "key_missing", (place,), {}
        elif key in seen:
            yield "key_twice", (place, key), {"name": key}
        elif not _KEY.fullmatch(key):
            yield "key_unfit", (place, key), {"name": key}
        seen.add(key)


def blank(place: tuple[str, ...], label: Label | None) -> Iterator[Found]:
    """A label that lacks a language."""
    if label is not None and not (label.zh_CN.strip() and label.en.strip()):
        yield "label_missing", place, {}
