"""users.profile.*, users.setPhoto and team.profile.get: what people say of themselves."""

from typing import Any

from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.api.shapes import person_shape
from sandbox.state.feed import tell
from sandbox.state.model import Json, Person

_OWN = ("title", "phone", "status_text", "status_emoji", "status_expiration", "pronouns")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def get_profile(call: Call) -> Json:
    """users.profile.get."""
    person = call.workspace.people.get(arguments.text(call.args, "user") or call.actor_id)
    if person is None:
        raise RefusedError("user_not_found")
    return {"profile": _profile(call, person)}


def _profile(call: Call, person: Person) -> Json:
    shape = person_shape(call.workspace, person, with_email=call.may("users:read.email"))
    profile: Json = shape["profile"]
    return profile


def set_profile(call: Call) -> Json:
    """users.profile.set: one's own; ``profile`` as an object, or ``name`` and ``value``."""
    wanted = arguments.text(call.args, "user")
    if wanted not in {None, call.actor_id}:
        raise RefusedError("not_admin")
    given = arguments.structure(call.args, "profile", "invalid_profile")
    if given is None:
        given = {arguments.text(call.args, "name") or "": call.args.get("value")}
    if not isinstance(given, dict) or not all(_may_be(k, v) for k, v in given.items()):
        raise RefusedError("invalid_profile")
    person = call.actor
    if "real_name" in given:
        person.real_name = given["real_name"]
    if given.get("display_name"):
        person.name = given["display_name"]
    person.profile.update({name: value for name, value in given.items() if name in _OWN})
    tell(call.workspace, "person", {"person": person.id})
    return {"username": person.name, "profile": _profile(call, person)}


def _may_be(name: str, value: Any) -> bool:
    if name == "status_expiration":
        return isinstance(value, int) and not isinstance(value, bool)
    known = name in {*_OWN, "real_name", "display_name", "first_name", "last_name", "email"}
    empty = name == "real_name" and value == ""
    return known and isinstance(value, str) and len(value) <= 255 and not empty


def set_photo(call: Call) -> Json:
    """users.setPhoto: taken and checked; everybody keeps the one face there is here."""
    if "image" not in call.uploads:
        raise RefusedError("no_image_uploaded")
    if not call.uploads["image"][1].startswith(_PICTURES):
        raise RefusedError("bad_image")
    return {}


def team_profile(_call: Call) -> Json:
    """team.profile.get: no fields beside the usual."""
    return {"profile": {"fields": [], "sections": []}}


HANDLERS = {
    "users.profile.get": get_profile,
    "users.profile.set": set_profile,
    "users.setPhoto": set_photo,
    "team.profile.get": team_profile,
}
