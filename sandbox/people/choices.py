"""From what a person types or picks to the state of an element, in Slack's shape."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from blockkit.walk import listed_options
from sandbox.people.errors import CannotActError
from sandbox.state.files import shape
from sandbox.state.inputs import FIELDS, MANY_OPTIONS, ONE_OPTION, is_many
from sandbox.state.model import Json, Workspace

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def state_of(workspace: Workspace, element: Json, value: Any) -> Json:
    """The state of `element` once a person put `value` into it.

    `value` is an option's value (a list of them where many can be chosen), an id of a person,
    channel or file, a date ``2026-01-31``, a time ``09:30``, seconds since the epoch, or text; None
    empties the element. For external selects it is the whole option. Raises CannotActError for
    what the element does not offer.
    """
    kind = element["type"]
    name = FIELDS[kind][0]
    if value is None:
        chosen: Any = [] if is_many(kind) else None
    elif is_many(kind):
        items = value if isinstance(value, list) else [value]
        chosen = [_one(workspace, element, item) for item in items]
        most = element.get("max_selected_items") or element.get("max_files")
        if most and len(chosen) > most:
            raise CannotActError("too_many", f"{element['action_id']} takes {most} at most")
    else:
        chosen = _one(workspace, element, value)
    state = {"type": kind, name: chosen}
    if kind == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def _one(workspace: Workspace, element: Json, value: Any) -> Any:
    kind = element["type"]
    if kind in ONE_OPTION or kind in MANY_OPTIONS:
        return option(element, value)
    for ending, known in (
        ("users_select", workspace.people),
        ("channels_select", workspace.channels),
        ("conversations_select", workspace.channels),
        ("file_input", workspace.files),
    ):
        if kind.endswith(ending):
            return _known(known, value, element)
    read: Callable[[Json, Any], Any] = _TYPED.get(kind, _text)
    return read(element, value)


def _text(_element: Json, value: Any) -> str | None:
    return str(value) or None


def _date(element: Json, value: Any) -> str:
    return _matching(_DATE, element, value)


def _time(element: Json, value: Any) -> str:
    return _matching(_TIME, element, value)


def _matching(pattern: re.Pattern[str], element: Json, value: Any) -> str:
    if not pattern.fullmatch(str(value)):
        raise CannotActError("bad_value", f"{element['action_id']} does not take {value!r}")
    return str(value)


def _moment(element: Json, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise CannotActError(
            "bad_value", f"{element['action_id']}: no moment: {value!r}"
        ) from error


def _rich(_element: Json, value: Any) -> Json:
    if isinstance(value, dict):
        return value
    section = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": str(value)}],
    }
    return {"type": "rich_text", "elements": [section]}


_TYPED: dict[str, Callable[[Json, Any], Any]] = {
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _moment,
    "rich_text_input": _rich,
}


def option(element: Json, value: Any) -> Json:
    """The listed option of this value; an external select takes the option itself."""
    if isinstance(value, dict):
        if "external" in element["type"]:
            return value
        value = value.get("value")
    for found in listed_options(element):
        if found.get("value") == value:
            chosen: Json = found
            return chosen
    listed = ", ".join(repr(found.get("value")) for found in listed_options(element))
    raise CannotActError("no_such_option", f"{element['action_id']} offers {listed}, not {value!r}")


def offered(answer: Json | None) -> Json | None:
    """The options or groups of an app's answer; None for what Slack could not show."""
    if answer is None:
        return None
    if "option_groups" in answer:
        groups = answer["option_groups"]
        good = isinstance(groups, list) and all(
            isinstance(group, dict) and _are_options(group.get("options")) for group in groups
        )
        return {"option_groups": groups} if good else None
    options = answer.get("options", [])
    return {"options": options} if _are_options(options) else None


def _are_options(found: Any) -> bool:
    return isinstance(found, list) and all(
        isinstance(option, dict)
        and isinstance(option.get("value"), str)
        and isinstance(option.get("text"), dict)
        and isinstance(option["text"].get("text"), str)
        for option in found
    )


def _known(known: Mapping[str, Any], value: Any, element: Json) -> Any:
    """The id itself, or for a file the file as apps see it."""
    if not isinstance(value, str) or value not in known:
        raise CannotActError(
            "no_such_option", f"{element['action_id']}: nothing has the id {value!r}"
        )
    if element["type"] == "file_input":
        return shape(known[value])
    return value
