"""calls.*: calls that take place elsewhere and are only named here."""

from sandbox import clock
from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.ids import new_id
from sandbox.state.model import Json


def add(call: Call) -> Json:
    """calls.add."""
    join_url = _url(arguments.required(call.args, "join_url"))
    created_by = arguments.text(call.args, "created_by") or call.actor_id
    if created_by not in call.workspace.people:
        raise RefusedError("invalid_created_by")
    entry: Json = {
        "id": new_id("R"),
        "external_unique_id": arguments.required(call.args, "external_unique_id"),
        "external_display_id": arguments.text(call.args, "external_display_id") or "",
        "join_url": join_url,
        "desktop_app_join_url": arguments.text(call.args, "desktop_app_join_url") or "",
        "title": arguments.text(call.args, "title") or "",
        "created_by": created_by,
        "date_start": arguments.number(
            call.args, "date_start", int(clock.now(call.workspace.clock)), "invalid_start_time"
        ),
        "users": _users(call) if call.args.get("users") else [],
    }
    call.workspace.calls[entry["id"]] = entry
    return {"call": entry}


def info(call: Call) -> Json:
    """calls.info."""
    return {"call": _find(call)}


def update(call: Call) -> Json:
    """calls.update."""
    entry = _find(call)
    for name in ("title", "desktop_app_join_url"):
        entry[name] = arguments.text(call.args, name) or entry[name]
    if call.args.get("join_url"):
        entry["join_url"] = _url(arguments.required(call.args, "join_url"))
    return {"call": entry}


def end(call: Call) -> Json:
    """calls.end."""
    entry = _find(call)
    if "date_end" in entry:
        raise RefusedError("call_already_ended")
    entry["date_end"] = int(clock.now(call.workspace.clock))
    entry["duration"] = arguments.number(call.args, "duration", 0)
    return {}


def add_users(call: Call) -> Json:
    """calls.participants.add."""
    entry = _find(call)
    entry["users"] += [user for user in _users(call) if user not in entry["users"]]
    return {}


def remove_users(call: Call) -> Json:
    """calls.participants.remove."""
    entry, gone = _find(call), _users(call)
    entry["users"] = [user for user in entry["users"] if user not in gone]
    return {}


def _find(call: Call) -> Json:
    entry = call.workspace.calls.get(arguments.required(call.args, "id"))
    if entry is None:
        raise RefusedError("invalid_call_id")
    return entry


def _url(url: str) -> str:
    if "://" not in url:
        raise RefusedError("invalid_join_url")
    return url


def _users(call: Call) -> list[Json]:
    given = arguments.structure(call.args, "users", "invalid_user_info")
    if not isinstance(given, list) or not all(isinstance(user, dict) for user in given):
        raise RefusedError("invalid_user_info")
    for user in given:
        if "slack_id" in user and str(user["slack_id"]) not in call.workspace.people:
            raise RefusedError("user_not_found")
        if "slack_id" not in user and "external_id" not in user:
            raise RefusedError("invalid_user_info")
    return given


HANDLERS = {
    "calls.add": add,
    "calls.info": info,
    "calls.update": update,
    "calls.end": end,
    "calls.participants.add": add_users,
    "calls.participants.remove": remove_users,
}
