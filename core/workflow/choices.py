"""What may be chosen in a field: only configured options (W4), or a typed fact."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.workflow.model import Document, Field, Share, Value
from core.workflow.terms import FieldKind

Choice = str | int | Sequence[str]
TYPED_LIMIT = 200  # characters: a tracking number, a voucher number; never a story
MOST_NUMBER = 2**63 - 1  # what both databases store
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_QUANTITY = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why a choice cannot stand: a message key."""

    key: str


def check(
    document: Document, field: Field, choice: Choice, lines: Mapping[str, int], currency: str
) -> Value | Invalid:
    """The value that a choice stands for, or why it cannot stand.

    `lines` bounds an items field; `currency` decides which preset steps exist. Doors hand in what
    they were sent, so a choice may be anything that JSON knows.
    """
    if field.kind == FieldKind.TYPED:
        return _typed(choice)
    if field.kind == FieldKind.FILE:
        if type(choice) is int and 0 < choice <= MOST_NUMBER:  # bool is an int, but not here
            return choice
        return Invalid("unknown_option")
    if field.kind == FieldKind.ITEMS:
        return _items(choice, lines)
    if field.kind == FieldKind.MANY:
        return _many(document, field, choice)
    option = document.leaves_by_set[field.options].get(choice) if isinstance(choice, str) else None
    if option is None:
        return Invalid("unknown_option")
    if field.kind == FieldKind.SHARE and not usable(option.share, currency):
        return Invalid("unknown_option")
    return option.key


def usable(share: Share | None, currency: str) -> bool:
    """Whether a preset amount exists in this currency."""
    return share is not None and (
        not share.steps or any(step.currency == currency for step in share.steps)
    )


def _typed(choice: Choice) -> Value | Invalid:
    if not isinstance(choice, str):
        return Invalid("unreadable")
    text = choice.strip()
    if not text or len(text) > TYPED_LIMIT or _CONTROL.search(text):
        return Invalid("unreadable")
    return text


def _many(document: Document, field: Field, choice: Choice) -> Value | Invalid:
    options = document.leaves_by_set[field.options]
    keys = tuple(dict.fromkeys(_texts(choice)))
    if not keys or any(key not in options for key in keys):
        return Invalid("unknown_option")
    if len(keys) > 1 and any(options[key].exclusive for key in keys):
        return Invalid("exclusive")
    return keys


def _items(choice: Choice, lines: Mapping[str, int]) -> Value | Invalid:
    """Chosen lines as `line:quantity`, each line once and no more than was bought (D5)."""
    items = _texts(choice)
    if not items:
        return Invalid("unknown_option")
    seen: set[str] = set()
    for item in items:
        line, _, quantity = item.rpartition(":")
        if not _QUANTITY.fullmatch(quantity) or not 0 < int(quantity) <= lines.get(line, 0):
            return Invalid("unknown_option")
        if line in seen:
            return Invalid("line_twice")
        seen.add(line)
    return tuple(sorted(items))


def _texts(choice: Choice) -> tuple[str, ...]:
    """The texts of a list; none where it is no list of texts."""
    if not isinstance(choice, list | tuple) or not all(isinstance(item, str) for item in choice):
        return ()
    return tuple(choice)


def merged(document: Document, field: Field, choice: Choice | None) -> Choice | None:
    """What was chosen once, as it is chosen now: a merged option is what it was merged into (S1).

    Several options that were merged into one are that one, once.
    """
    if field.kind in (FieldKind.ONE, FieldKind.SHARE) and isinstance(choice, str):
        return document.read_as(field.options, choice)
    if field.kind == FieldKind.MANY and isinstance(choice, Sequence):
        return tuple(dict.fromkeys(document.read_as(field.options, key) for key in choice))
    return choice
