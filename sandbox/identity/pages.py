"""Drawing the consent page and its complaints."""

import secrets
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.identity.words import meaning, say
from sandbox.state.model import App, Json, Workspace

_TEMPLATES = files("sandbox.identity").joinpath("templates")


@cache
def _environment() -> Environment:
    def load(name: str) -> str:
        return _TEMPLATES.joinpath(name).read_text(encoding="utf-8")

    return Environment(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def language_of(request: Request) -> str:
    """``zh`` or ``en``: as the address says, else as the browser prefers."""
    wanted = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "zh" if wanted.lower().startswith("zh") else "en"


def consent(
    workspace: Workspace, app: App, asked: Json, *, ticket: str, language: str, chosen: str
) -> Response:
    """The page that asks a person to let an app in, or to sign in to it."""
    people = [p for p in workspace.people.values() if p.app_id is None and not p.deleted]
    sign_in = not asked["scopes"] and set(asked["user_scopes"]) <= {"openid", "email", "profile"}
    return _page(
        "consent.html",
        language,
        redirect=asked["redirect_uri"],
        app=app,
        team=workspace.team,
        people=people,
        chosen=chosen,
        ticket=ticket,
        sign_in=sign_in,
        groups=[
            (say(language, title), [(scope, meaning(language, scope)) for scope in scopes])
            for title, scopes in (
                ("as_bot", asked["scopes"]),
                ("who_you_are" if sign_in else "as_you", asked["user_scopes"]),
            )
            if scopes
        ],
        channels=[c for c in workspace.channels.values() if c.kind == "public" and not c.archived]
        if "incoming-webhook" in asked["scopes"]
        else [],
    )


def complaint(language: str, key: str, **parameters: str) -> Response:
    """A page that says what is wrong with an address."""
    return _page("complaint.html", language, status=400, what=say(language, key, **parameters))


def _page(
    template: str, language: str, *, status: int = 200, redirect: str = "", **values: Any
) -> Response:
    nonce = secrets.token_urlsafe(16)
    text = _environment().get_template(template).render(
        language="zh-CN" if language == "zh" else "en",
        nonce=nonce,
        say=lambda key, **parameters: say(language, key, **parameters),
        **values,
    )  # fmt: skip
    parts = urlsplit(redirect)
    # The form leads on to the app: browsers hold redirects after a form to form-action as well.
    onward = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'{onward}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(text, status, headers=headers)
