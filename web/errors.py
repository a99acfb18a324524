"""Error pages: what happened and what to do, in the reader's language; the cause in the log."""

import logging
import traceback

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from core.db import Busy
from web import again

log = logging.getLogger("redress.web")

# Statuses that have a page of their own; others of their hundred share the first one's.
TOLD = frozenset({400, 403, 404, 405, 413, 500, 503})


def explain(app: Flask) -> None:
    """Answers errors with a page instead of a code."""
    app.register_error_handler(CSRFError, lambda error: again.kept() or page("form", 400))
    app.register_error_handler(Busy, lambda error: page("503", 503))
    app.register_error_handler(RequestEntityTooLarge, lambda error: page("413", 413))
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(Exception, _unknown)


def page(which: str, status: int) -> ResponseReturnValue:
    """The error page for one kind of error."""
    return render_template("web/error.html", which=which, status=status), status


def _known(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    told = status if status in TOLD else 400 if status < 500 else 500
    return page(str(told), status)


def _unknown(error: Exception) -> ResponseReturnValue:
    # The place and the kind of the error only: its text and the address may hold what people typed.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s at %s %s\n%s", type(error).__name__, request.method, request.endpoint, where)
    return page("500", 500)
