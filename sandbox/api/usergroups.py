"""usergroups.*: people with one handle."""

from sandbox import clock
from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.ids import new_id
from sandbox.state.feed import tell
from sandbox.state.model import Json

_EPOCH = 1_700_000_000


def _shape(call: Call, group: Json, *, with_users: bool) -> Json:
    shape = {
        "id": group["id"],
        "team_id": call.workspace.team["id"],
        "is_usergroup": True,
        "is_subteam": True,
        "name": group["name"],
        "description": group.get("description", ""),
        "handle": group["handle"],
        "is_external": False,
        "date_create": group.get("created", _EPOCH),
        "date_update": group.get("updated", _EPOCH),
        "date_delete": group.get("disabled", 0),
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": group.get("creator", "USLACKBOT"),
        "updated_by": group.get("editor", "USLACKBOT"),
        "deleted_by": None,
        "prefs": {"channels": group.get("channels", []), "groups": []},
    }
    if with_users:
        shape["users"] = group["users"]
    if arguments.flag(call.args, "include_count"):
        shape["user_count"] = len(group["users"])
    return shape


def list_groups(call: Call) -> Json:
    """usergroups.list."""
    with_users = arguments.flag(call.args, "include_users")
    disabled = arguments.flag(call.args, "include_disabled")
    groups = [g for g in call.workspace.usergroups if disabled or not g.get("disabled")]
    return {"usergroups": [_shape(call, group, with_users=with_users) for group in groups]}


def list_users(call: Call) -> Json:
    """usergroups.users.list."""
    return {"users": _find(call)["users"]}


def create(call: Call) -> Json:
    """usergroups.create."""
    name = (arguments.text(call.args, "name") or "").strip()
    if not name:
        raise RefusedError("missing_subteam_name")
    handle = arguments.text(call.args, "handle") or name.lower().replace(" ", "-")
    _needs_free(call, name, handle, None)
    moment = int(clock.now(call.workspace.clock))
    group: Json = {
        "id": new_id("S"),
        "name": name,
        "handle": handle,
        "description": arguments.text(call.args, "description") or "",
        "channels": arguments.names(call.args, "channels"),
        "users": [],
        "creator": call.actor_id,
        "created": moment,
    }
    call.workspace.usergroups.append(group)
    return _changed(call, group, "subteam_created")


def update(call: Call) -> Json:
    """usergroups.update."""
    group = _find(call)
    name = arguments.text(call.args, "name") or group["name"]
    handle = arguments.text(call.args, "handle") or group["handle"]
    _needs_free(call, name, handle, group)
    group.update(name=name, handle=handle)
    if "description" in call.args:
        group["description"] = arguments.text(call.args, "description") or ""
    if "channels" in call.args:
        group["channels"] = arguments.names(call.args, "channels")
    return _changed(call, group, "subteam_updated")


def update_users(call: Call) -> Json:
    """usergroups.users.update."""
    group = _find(call)
    users = arguments.names(call.args, "users")
    if not users:
        raise RefusedError("no_users_provided")
    if any(user not in call.workspace.people for user in users):
        raise RefusedError("invalid_users")
    group["users"] = list(dict.fromkeys(users))
    return _changed(call, group, "subteam_updated")


def disable(call: Call) -> Json:
    """usergroups.disable."""
    group = _find(call)
    group["disabled"] = int(clock.now(call.workspace.clock))
    return _changed(call, group, "subteam_updated")


def enable(call: Call) -> Json:
    """usergroups.enable."""
    group = _find(call)
    group["disabled"] = 0
    return _changed(call, group, "subteam_updated")


def _find(call: Call) -> Json:
    wanted = arguments.required(call.args, "usergroup")
    for group in call.workspace.usergroups:
        if group["id"] == wanted:
            return group
    raise RefusedError("no_such_subteam")


def _needs_free(call: Call, name: str, handle: str, own: Json | None) -> None:
    for group in call.workspace.usergroups:
        if group is not own and group["name"] == name:
            raise RefusedError("name_already_exists")
        if group is not own and group["handle"] == handle:
            raise RefusedError("handle_already_exists")


def _changed(call: Call, group: Json, event: str) -> Json:
    group.update(editor=call.actor_id, updated=int(clock.now(call.workspace.clock)))
    shape = _shape(call, group, with_users=True)
    tell(call.workspace, event, {"subteam": shape})
    return {"usergroup": shape}


HANDLERS = {
    "usergroups.list": list_groups,
    "usergroups.users.list": list_users,
    "usergroups.create": create,
    "usergroups.update": update,
    "usergroups.users.update": update_users,
    "usergroups.disable": disable,
    "usergroups.enable": enable,
}
