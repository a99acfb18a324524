"""The pieces checks are made of: each takes a value and its pointer and adds what is wrong.

A check never raises and never changes the value, whatever it is given.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blockkit.problems import Problem, failed

Check = Callable[[Any, str, list[Problem]], None]
Rule = Callable[[dict[str, Any], str, list[Problem]], None]


def string(
    most: int | None = None,
    least: int = 0,
    pattern: str | None = None,
    named: str = "",
) -> Check:
    """A string of `least` to `most` characters; `pattern` must match it all, `named` says what."""
    matches = re.compile(pattern).fullmatch if pattern else None

    def check(value: Any, at: str, problems: list[Problem]) -> None:
        if not isinstance(value, str):
            problems.append(failed(at, "must provide a string", "type", expected="string"))
        elif most is not None and len(value) > most:
            message = f"must be less than {most + 1} characters"
            problems.append(failed(at, message, "max_length", expected=most, got=len(value)))
        elif len(value) < least:
            message = f"must be more than {least - 1} characters"
            problems.append(failed(at, message, "min_length", expected=least, got=len(value)))
        elif matches is not None and not matches(value):
            problems.append(failed(at, f"must be {named}", "format", expected=named))

    return check


def boolean(value: Any, at: str, problems: list[Problem]) -> None:
    """True or false."""
    if not isinstance(value, bool):
        problems.append(failed(at, "must provide a boolean", "type", expected="boolean"))


def integer(least: int | None = None, most: int | None = None) -> Check:
    """A whole number within bounds."""

    def check(value: Any, at: str, problems: list[Problem]) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            problems.append(failed(at, "must provide an integer", "type", expected="integer"))
        elif least is not None and value < least:
            message = f"must be greater than {least - 1}"
            problems.append(failed(at, message, "min", expected=least, got=value))
        elif most is not None and value > most:
            message = f"must be less than {most + 1}"
            problems.append(failed(at, message, "max", expected=most, got=value))

    return check


def or_null(check: Check) -> Check:
    """Null, or what `check` wants."""

    def either(value: Any, at: str, problems: list[Problem]) -> None:
        if value is not None:
            check(value, at, problems)

    return either


def one_of(*values: str) -> Check:
    """One of these words."""

    def check(value: Any, at: str, problems: list[Problem]) -> None:
        if value not in values:
            message = f"must be one of: {', '.join(values)}"
            problems.append(failed(at, message, "enum", expected=list(values), got=value))

    return check


def array(item: Check, most: int | None = None, least: int = 0) -> Check:
    """A list of `least` to `most` items, each in order."""

    def check(value: Any, at: str, problems: list[Problem]) -> None:
        if not isinstance(value, list):
            problems.append(failed(at, "must provide an array", "type", expected="array"))
            return
        if most is not None and len(value) > most:
            message = f"no more than {most} items allowed"
            problems.append(failed(at, message, "max_items", expected=most, got=len(value)))
        elif len(value) < least:
            message = f"no fewer than {least} items allowed"
            problems.append(failed(at, message, "min_items", expected=least, got=len(value)))
        for n, one in enumerate(value):
            item(one, f"{at}/{n}", problems)

    return check


def anything(_value: Any, _at: str, _problems: list[Problem]) -> None:
    """Whatever: Slack does not look into it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its fields with their checks, which of them must be there, and further rules."""

    fields: Mapping[str, Check]
    required: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = field(default=())

    def __call__(self, value: Any, at: str, problems: list[Problem]) -> None:
        """Check an object; rules run only on one whose fields are in order."""
        if not isinstance(value, dict):
            problems.append(failed(at, "must provide an object", "type", expected="object"))
            return
        before = len(problems)
        for name in self.required:
            if name not in value:
                message = f"missing required field: {name}"
                problems.append(failed(at, message, "required", expected=name))
        for name, given in value.items():
            check = self.fields.get(name)
            if check is not None:
                check(given, f"{at}/{name}", problems)
            else:
                message = f"invalid additional property: {name}"
                problems.append(failed(at, message, "additional_property", got=name))
        if len(problems) == before:
            for rule in self.rules:
                rule(value, at, problems)


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object whose ``type`` says which of `shapes` it must have."""

    def check(value: Any, at: str, problems: list[Problem]) -> None:
        if not isinstance(value, dict):
            problems.append(failed(at, "must provide an object", "type", expected="object"))
            return
        kind = value.get("type")
        if kind is None:
            problems.append(failed(at, "missing required field: type", "required", expected="type"))
            return
        shape = shapes.get(kind) if isinstance(kind, str) else None
        if shape is None:
            message = f"unsupported type: {kind}"
            problems.append(failed(f"{at}/type", message, "enum", expected=list(shapes), got=kind))
            return
        shape(value, at, problems)

    return check


def exactly_one(*names: str) -> Rule:
    """Exactly one of these fields must be there."""

    def rule(value: dict[str, Any], at: str, problems: list[Problem]) -> None:
        given = [name for name in names if name in value]
        if len(given) != 1:
            message = f"must define exactly one of {_quoted(names)}"
            problems.append(failed(at, message, "exactly_one", expected=list(names), got=given))

    return rule


def at_least_one(*names: str) -> Rule:
    """One of these fields must be there."""

    def rule(value: dict[str, Any], at: str, problems: list[Problem]) -> None:
        if not any(name in value for name in names):
            message = f"must define either {_quoted(names)}"
            problems.append(failed(at, message, "at_least_one", expected=list(names)))

    return rule


def _quoted(names: tuple[str, ...]) -> str:
    return " or ".join(f"`{name}`" for name in names)
