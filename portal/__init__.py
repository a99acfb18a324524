"""The marketplace's door: an HTTP API to open disputes, add evidence and events, report payments.

`create` gives a Flask application whose paths start at /v1; app.py mounts it under /api.
"""

from pathlib import Path

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.schema import Schema
from flask_openapi.openapi import OpenAPI

from core.db import Database
from core.settings import Settings
from portal import deadlines, disputes, events, evidence, payments, pictures, problems, spec
from portal.access import admit
from portal.door import Door
from portal.pictures import PICTURES
from portal.problems import problem
from portal.reading import Request
from portal.shapes_out import ProblemOut

__all__ = ["PICTURES", "create"]


def create(database: Database, settings: Settings, files: Path) -> Flask:
    """The API as a Flask application; `files` is the folder in which evidence is kept."""
    door = Door(database, settings.vault, files, settings.evidence_limit)
    app = OpenAPI(
        __name__,
        info={"title": "api.info.title", "version": "1", "description": "api.info.text"},
        security_schemes={"key": {"type": "http", "scheme": "bearer"}},
        validation_error_callback=problems.invalid,
        validation_error_model=ProblemOut,
        doc_ui=False,
    )
    app.openapi_version = spec.VERSION
    app.request_class = Request
    app.json = _Json(app)
    app.config["MAX_CONTENT_LENGTH"] = settings.api_limit
    problems.register(app)
    api = APIBlueprint("v1", __name__, url_prefix="/v1")
    api.before_request(lambda: admit(door))
    api.before_request(lambda: _small_enough(evidence.room(door, settings.api_limit)))
    disputes.routes(door, api)
    deadlines.routes(door, api)
    evidence.routes(door, api)
    events.routes(door, api)
    payments.routes(door, api)
    app.register_api(api)
    for name, shape in evidence.SHAPES.items():  # one route takes two kinds of body
        app.components_schemas[name] = Schema(**shape)
    spec.register(app)
    pictures.register(app, door)
    return app


class _Json(DefaultJSONProvider):
    """Answers in the order in which they are described, Chinese as Chinese."""

    sort_keys = False
    ensure_ascii = False


def _small_enough(limit: int) -> None:
    """Ends the request with 413 before its body is read; a body of unknown length is cut there."""
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        abort(problem(413, "http_413"))
