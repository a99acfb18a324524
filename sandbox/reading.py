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


def unused(known: dict[str, Any], key: str, place: str) -> None:
    """Refuse an id that something has already."""
    if key in known:
        raise BadWorkspaceError(f"{place}.id: {key!r} is taken")


def need(known: dict[str, Any], key: str, place: str) -> str:
    """Refuse an id that nothing has."""
    if key not in known:
        raise BadWorkspaceError(f"{place}: nobody has the id {key!r}")
    return key
