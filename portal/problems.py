"""Whatever goes wrong, told as problem+json (RFC 9457), in the reader's language."""

import json
import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from core.db import Busy
from core.desk.answers import Refused
from core.i18n import LOCALES, say
from core.wording import refusal_text
from core.workflow.model import Document

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("redress.portal")

_STATUS = {
    "unknown_dispute": 404,
    "unknown_payment": 404,
    "not_yours": 403,
    "missing": 422,
    "unknown_field": 422,
    "unknown_option": 422,
    "exclusive": 422,
    "line_twice": 422,
    "unreadable": 422,
    "unknown_kind": 422,
    "note_too_long": 422,
    "unknown_evidence": 422,
}
# These name an agent or an agent's decision to the desk's own people; a party hears less (X5).
_INTERNAL = frozenset({"too_late", "moved_on", "held", "held_on", "try_again", "unknown_visit"})

# What pydantic calls an error, and what we say.
_WRONG = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_type": "text",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "unreadable",
    "string_unicode": "unreadable",
    "int_type": "whole",
    "int_from_float": "whole",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "list_type": "list",
    "too_long": "too_many",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
    "timezone_aware": "zone",
    "datetime_type": "moment",
    "datetime_parsing": "moment",
    "datetime_from_date_parsing": "moment",
    "datetime_object_invalid": "moment",
    "currency": "currency",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a request: where (a JSON pointer), and a message key with its names."""

    pointer: str
    key: str
    names: dict[str, Any] = field(default_factory=dict)


def pointer(*parts: object) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def locale() -> str:
    """The language that the reader asks for: Chinese or English."""
    wanted = [tag for tag, _ in request.accept_languages if tag != "*"]
    for tag in wanted:
        for known in LOCALES:
            if tag.lower().startswith(known[:2].lower()):
                return known
    return "en"


def problem(status: int, key: str, wrong: Sequence[Wrong] = (), **names: object) -> Response:
    """A problem of a kind, in words, with the places that are wrong."""
    return told(status, key, say(f"api.problem.{key}", locale(), **names), wrong)


def told(status: int, key: str, detail: str, wrong: Sequence[Wrong] = ()) -> Response:
    """A problem whose sentence is made already."""
    tongue = locale()
    body: dict[str, Any] = {
        "type": f"urn:redress:problem:{key}",
        "title": say(f"api.title.{status}", tongue),
        "status": status,
        "detail": detail,
        "key": key,
    }
    if wrong:
        body["errors"] = [
            {
                "pointer": w.pointer,
                "key": w.key,
                "reason": say(f"api.wrong.{w.key}", tongue, **w.names),
            }
            for w in wrong
        ]
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = tongue.replace("_", "-")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response


def refused(answer: Refused, document: Document | None) -> Response:
    """The desk's refusal: 403, 404, 409 or 422 by its kind."""
    if answer.key in _INTERNAL:
        return problem(409, "moved_on")
    status = _STATUS.get(answer.key, 409)
    wrong = [Wrong(pointer("fields", name), "field") for name in answer.fields]
    return told(status, answer.key, refusal_text(answer, document, locale()), wrong)


def invalid(error: ValidationError) -> Response:
    """A body or a parameter that is not what the API's description says, each place named."""
    return problem(422, "invalid", [_wrong(item) for item in error.errors(include_input=False)])


def _wrong(item: Any) -> Wrong:
    names = {name: value for name, value in item.get("ctx", {}).items() if name != "error"}
    key = names.pop("key", "") or _WRONG.get(item["type"], "other")
    return Wrong(pointer(*item["loc"]), key, names)


def register(app: Flask) -> None:
    """Answers every error as a problem; an unexpected one tells the reader nothing but its kind."""

    def http(error: HTTPException) -> Any:
        if error.response is not None:
            return error.response
        status = error.code or 500
        key = f"http_{status}" if status in (404, 405, 413, 415) else "http"
        response = problem(status if status in _TITLED else 400, key)
        if status == 405:
            response.headers["Allow"] = ", ".join(error.valid_methods or ())  # type: ignore[attr-defined]
        return response

    def bug(error: Exception) -> Response:
        # Where it happened, not what it said: an error may quote what somebody wrote (fault 40).
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s at %s %s\n%s", type(error).__name__, request.method, request.endpoint, where)
        return problem(500, "bug")

    app.register_error_handler(HTTPException, http)

    def away(error: Exception) -> Response:
        """The database is busy, gone or full: nothing was changed (fault 24)."""
        log.warning("%s at %s %s", type(error).__name__, request.method, request.endpoint)
        return problem(503, "busy")

    app.register_error_handler(Busy, away)
    app.register_error_handler(OperationalError, away)
    app.register_error_handler(Exception, bug)


_TITLED = (400, 401, 403, 404, 405, 409, 413, 415, 422, 500, 503)
