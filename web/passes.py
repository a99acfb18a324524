"""Passes at a door: what one says, or the page that tells why it opens nothing (T1)."""

from flask import render_template, session
from flask.typing import ResponseReturnValue

from core.i18n import LOCALES
from core.practice import Fault, Kind, Pass, opened
from web.desk import door

STATUS = {Fault.OLD: 410, "used": 410}


def read(text: str, kind: Kind) -> Pass | Fault:
    """What a pass says; the page then speaks its bearer's language, unless one was chosen."""
    found = door()
    secret = found.settings.practice_secret
    if not secret:
        return Fault.FORGED
    said = opened(text, kind, secret, found.database.wall_seconds())
    if isinstance(said, Pass) and said.locale in LOCALES:
        session.setdefault("locale", said.locale)
    return said


def refused(fault: str) -> ResponseReturnValue:
    """Why a pass opened nothing, and what to do; the page names nobody."""
    return render_template("web/pass_refused.html", fault=fault), STATUS.get(fault, 403)
