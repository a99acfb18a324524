"""The API's description, OpenAPI 3.1, in either language: its texts are message keys until told."""

from typing import Any

from flask import Response, jsonify, render_template, request
from flask_openapi.openapi import OpenAPI

from core.i18n import catalogue, say
from portal.problems import MEDIA_TYPE, locale
from portal.shapes_out import ProblemOut

VERSION = "3.1.0"
_PROBLEM_SCHEMA = {"$ref": f"#/components/schemas/{ProblemOut.__name__}"}
PROBLEMS: dict[str | int, Any] = {
    status: {
        "description": f"api.title.{status}",
        "content": {MEDIA_TYPE: {"schema": _PROBLEM_SCHEMA}},
    }
    for status in (400, 401, 403, 404, 409, 413, 415, 422, 503)
}


def told_in(operation: str) -> dict[str, Any]:
    """An operation's name and texts, as keys of the catalogue."""
    return {
        "operation_id": operation,
        "summary": f"api.{operation}.summary",
        "description": f"api.{operation}.text",
        "security": [{"key": []}],
    }


def spec(app: OpenAPI, tongue: str) -> dict[str, Any]:
    """The description in a language, served from where the API is mounted."""
    told = _told(app.api_doc, tongue)
    told["servers"] = [{"url": request.script_root or "/"}]
    return dict(told)


def register(app: OpenAPI) -> None:
    """Adds the description and a page that shows it, which loads nothing from elsewhere."""

    @app.route("/openapi.json", endpoint="openapi_json")
    def openapi_json() -> Response:
        return jsonify(spec(app, locale()))

    @app.route("/docs", endpoint="docs")
    def docs() -> str:
        tongue = locale()
        return render_template(
            "docs.html",
            spec=spec(app, tongue),
            say=lambda key, **names: say(key, tongue, **names),
            tongue=tongue.replace("_", "-"),
        )


def _told(value: Any, tongue: str) -> Any:
    """A copy in which every text that is a key is the sentence."""
    if isinstance(value, dict):
        return {name: _told(item, tongue) for name, item in value.items()}
    if isinstance(value, list):
        return [_told(item, tongue) for item in value]
    if isinstance(value, str) and value.startswith("api.") and value in catalogue(tongue):
        return say(value, tongue)
    return value
