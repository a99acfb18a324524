"""users.*: who is in the workspace."""

from sandbox import clock
from sandbox.api import arguments, pages
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.api.shapes import person_shape
from sandbox.state.model import Json, Person


def _shape(call: Call, person: Person) -> Json:
    return person_shape(
        call.workspace,
        person,
        with_email=call.may("users:read.email"),
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
        "cache_ts": int(clock.now(call.workspace.clock)),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail."""
    email = arguments.required(call.args, "email").lower()
    for person in call.workspace.people.values():
        if person.email and person.email.lower() == email and not person.deleted:
            return {"user": _shape(call, person)}
    raise RefusedError("users_not_found")


def identity(call: Call) -> Json:
    """users.identity: who signed in, of the old Sign in with Slack."""
    person = call.actor
    user: Json = {"name": person.real_name, "id": person.id}
    if call.may("identity.email") and person.email:
        user["email"] = person.email
    return {"user": user, "team": {"id": call.workspace.team["id"]}}


def get_presence(call: Call) -> Json:
    """users.getPresence."""
    person_id = arguments.text(call.args, "user") or call.actor_id
    person = call.workspace.people.get(person_id)
    if person is None:
        raise RefusedError("user_not_found")
    return {"presence": person.presence}


def set_presence(call: Call) -> Json:
    """users.setPresence: ``auto`` or ``away``."""
    presence = arguments.text(call.args, "presence")
    if presence not in {"auto", "away"}:
        raise RefusedError("invalid_presence")
    call.actor.presence = "away" if presence == "away" else "active"
    return {}


def do_not_disturb(call: Call) -> Json:
    """dnd.info: nobody here is ever undisturbed."""
    person_id = arguments.text(call.args, "user") or call.actor_id
    if person_id not in call.workspace.people:
        raise RefusedError("user_not_found")
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


HANDLERS = {
    "users.info": info,
    "users.list": list_all,
    "users.lookupByEmail": lookup_by_email,
    "users.identity": identity,
    "users.getPresence": get_presence,
    "users.setPresence": set_presence,
    "dnd.info": do_not_disturb,
}
