"""users.* and usergroups.*: who is in the workspace."""

from sandbox.api import arguments, pages
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.api.shapes import person_shape
from sandbox.state.model import Json, Person


def _shape(call: Call, person: Person) -> Json:
    scopes = call.app.scopes
    return person_shape(
        call.workspace,
        person,
        with_email=scopes is None or "users:read.email" in scopes,
        with_locale=arguments.flag(call.args, "include_locale"),
    )


def info(call: Call) -> Json:
    """users.info."""
    person = call.workspace.people.get(arguments.required(call.args, "user"))
    if person is None:
        raise RefusedError("user_not_found")
    return {"user": _shape(call, person)}


def list_all(call: Call) -> Json:
    """users.list."""
    people = list(call.workspace.people.values())
    part, cursor = pages.page(people, "user", call.args)
    return {
        "members": [_shape(call, person) for person in part],
        "cache_ts": 1_700_000_000,
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail."""
    email = arguments.required(call.args, "email").lower()
    for person in call.workspace.people.values():
        if person.email and person.email.lower() == email and not person.deleted:
            return {"user": _shape(call, person)}
    raise RefusedError("users_not_found")


def list_groups(call: Call) -> Json:
    """usergroups.list."""
    with_users = arguments.flag(call.args, "include_users")
    with_count = arguments.flag(call.args, "include_count")
    groups = []
    for group in call.workspace.usergroups:
        shape = {
            "id": group["id"],
            "team_id": call.workspace.team["id"],
            "is_usergroup": True,
            "name": group["name"],
            "description": "",
            "handle": group["handle"],
            "is_external": False,
            "date_create": 1_700_000_000,
            "date_update": 1_700_000_000,
            "date_delete": 0,
            "auto_type": None,
            "prefs": {"channels": [], "groups": []},
        }
        if with_users:
            shape["users"] = group["users"]
        if with_count:
            shape["user_count"] = len(group["users"])
        groups.append(shape)
    return {"usergroups": groups}


HANDLERS = {
    "users.info": info,
    "users.list": list_all,
    "users.lookupByEmail": lookup_by_email,
    "usergroups.list": list_groups,
}
