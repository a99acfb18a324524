"""Reading the workspace file: what every part of it needs."""

from typing import Any

from sandbox.state.model import Json


class BadWorkspaceError(ValueError):
    """The workspace file says something that cannot be; the message names the place."""


def list_in(fields: Json, name: str) -> list[Any]:
    """A list, empty where it is left out."""
    value = fields.get(name) or []
    if not isinstance(value, list):
        raise BadWorkspaceError(f"{name}: a list is wanted")
    return value


def text_in(fields: Json, name: str, place: str) -> str:
    """A text that must be there."""
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise BadWorkspaceError(f"{place}.{name}: a text is wanted")
    return value


def table_in(fields: Any, place: str) -> Json:
    """A table, where one stands in a list."""
    if not isinstance(fields, dict):
        raise BadWorkspaceError(f"{place}: a table is wanted")
    return fields


def optional_text(fields: Json, name: str, place: str, default: str = "") -> str:
    """A text that may be left out."""
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise BadWorkspaceError(f"{place}.{name}: a text is wanted")
    return value or default


def texts_in(fields: Json, name: str, place: str) -> list[str]:
    """A list of texts, empty where it is left out."""
    values = list_in(fields, name)
    if not all(isinstance(value, str) for value in values):
        raise BadWorkspaceError(f"{place}.{name}: texts are wanted")
    return values


def unused(known: dict[str, Any], key: str, place: str) -> None:
    """Refuse an id that something has already."""
    if key in known:
        raise BadWorkspaceError(f"{place}.id: {key!r} is taken")


def need(known: dict[str, Any], key: Any, place: str) -> str:
    """Refuse an id that nothing has."""
    if not isinstance(key, str) or key not in known:
        raise BadWorkspaceError(f"{place}: nobody has the id {key!r}")
    return key
