"""A form whose session had ended: what was typed waits in the page that says so, to be saved again.

The desk stores and logs nothing of it. It goes on only for whoever the form was drawn for, as the
form's own secret says, which nobody but we can sign; whoever else comes sees none of it.
"""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from web import sessions
from web.safe import local_path

PATH, DRAWN = "_again_path", "_again_drawn"  # what the waiting page adds to the form's own fields
_SALT = "wtf-csrf-token"  # Flask-WTF's
LASTS = 7 * 24 * 60 * 60  # seconds after which a form is too old to be saved again


@dataclass(frozen=True, slots=True)
class Carried:
    """A refused form: where it goes, its secret and whose it is, its fields without the files."""

    path: str
    drawn: str
    person_id: int
    fields: tuple[tuple[str, str], ...]
    files: bool


def routes(blueprint: Blueprint) -> None:
    """Where the waiting page goes on once its reader has signed in."""
    blueprint.add_url_rule("/again", "again", go_on, methods=["POST"])


def go_on() -> ResponseReturnValue:
    """The form once more for whom it was drawn; it saves nothing by itself, so it needs no secret.

    Who has not signed in yet gets the waiting page again, and anybody else nothing.
    """
    path = local_path(request.form.get(PATH))
    found = _carried(path, request.form.get(DRAWN, "")) if path is not None else None
    who = sessions.person()
    if found is None:
        return render_template("web/error.html", which="form", status=400), 400
    if who is not None and who.id != found.person_id:
        return render_template("web/error.html", which="again", status=400), 400
    return _offer(found, 401 if who is None else 200)


def kept() -> ResponseReturnValue | None:
    """The page that keeps the form of this refused request; None where there is none to keep."""
    own = request.endpoint is None or request.endpoint.startswith("web.")
    if request.method != "POST" or own or sessions.by_itself():
        return None
    path = request.script_root + request.full_path.rstrip("?")
    found = _carried(path, request.form.get(sessions.FORMS, ""))
    who = sessions.person()
    if found is None or (who is not None and who.id != found.person_id):
        return None
    return _offer(found, 401 if who is None else 400)


def _offer(found: Carried, status: int) -> ResponseReturnValue:
    return render_template("web/again.html", kept_form=found), status


def _carried(path: str, drawn: str) -> Carried | None:
    person_id = _drawn_for(drawn)
    if person_id is None:
        return None
    own = {sessions.FORMS, PATH, DRAWN}
    fields = [(k, v) for k, values in request.form.lists() for v in values if k not in own]
    return Carried(path, drawn, person_id, tuple(fields), bool(request.files))


def _drawn_for(drawn: str) -> int | None:
    """Whose form it was by its secret; None where we signed no such, or where it names nobody."""
    signer = URLSafeTimedSerializer(str(current_app.secret_key), salt=_SALT)
    try:
        said = str(signer.loads(drawn, max_age=LASTS))
    except BadData:
        return None
    _, named, person_id = said.partition(":")
    return int(person_id) if named else None
