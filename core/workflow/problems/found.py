"""What a check finds, and the two checks that every row of a document shares."""

from collections.abc import Iterable, Iterator

from core.workflow.model import Label

# A problem's message key, its place as keys from the outside in, and what it names.
Found = tuple[str, tuple[str, ...], dict[str, str]]


def twice(place: str, keys: Iterable[str]) -> Iterator[Found]:
    """A key that is empty or stands more than once."""
    seen: set[str] = set()
    for key in keys:
        if not key or key in seen:
            yield "key_twice" if key else "key_missing", (place, key), {"name": key}
        seen.add(key)


def blank(place: tuple[str, ...], label: Label | None) -> Iterator[Found]:
    """A label that lacks a language."""
    if label is not None and not (label.zh_CN.strip() and label.en.strip()):
        yield "label_missing", place, {}
