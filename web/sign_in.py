"""Signing in by a one-time link: looking at it uses nothing up, pressing the button does."""

from flask import (
    Blueprint,
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from core.desk import access
from web import again, openid, sessions
from web.desk import door
from web.safe import local_path

# Pages that somebody who is not signed in may reach.
OPEN = openid.OPEN | {
    "web.static",
    "web.sign_in",
    "web.use_link",
    "web.sign_out",
    "web.speak",
    "web.again",
}


def guard(app: Flask) -> None:
    """Lets nobody in who is not signed in, whatever pages are added later."""
    app.before_request(_turn_away)


def routes(blueprint: Blueprint) -> None:
    """The pages of signing in and out."""
    blueprint.add_url_rule("/sign-in/<secret>", "sign_in", look, methods=["GET"])
    blueprint.add_url_rule("/sign-in/<secret>", "use_link", use, methods=["POST"])
    blueprint.add_url_rule("/sign-out", "sign_out", leave, methods=["POST"])


def look(secret: str) -> ResponseReturnValue:
    """Whom the link would sign in, and a button. Mail scanners and previews only come this far."""
    person = door().database.read_wall(access.link_person, secret)
    if person is None:
        return render_template("web/sign_in_dead.html"), 410
    return render_template("web/sign_in.html", person=person)


def use(secret: str) -> ResponseReturnValue:
    """Uses the link up; the session that the browser had before ends."""
    found = door()
    replacing = sessions.secret()
    fresh = found.database.transact_wall(
        access.sign_in, secret, replacing=replacing, browser=request.user_agent.string
    )
    if fresh is None:
        return render_template("web/sign_in_dead.html"), 410
    target = local_path(session.get("wanted")) or url_for(found.home)
    response = make_response(redirect(target))
    sessions.remember(response, fresh)
    return response


def leave() -> ResponseReturnValue:
    """Ends the session."""
    held = sessions.secret()
    if held:
        door().database.transact_wall(access.sign_out, held)
    response: Response = make_response(render_template("web/signed_out.html"))
    sessions.forget(response)
    return response


def _turn_away() -> ResponseReturnValue | None:
    """Whoever is not signed in is told how to; after signing in they get where they wanted.

    A form that they sent waits in the page meanwhile.
    """
    endpoint = request.endpoint
    known = endpoint is None or endpoint in OPEN or endpoint in door().public
    if known or sessions.person() is not None:
        return None
    if request.method == "GET":
        session["wanted"] = request.script_root + request.full_path.rstrip("?")
    return again.kept() or (render_template("web/sign_in_needed.html"), 401)
