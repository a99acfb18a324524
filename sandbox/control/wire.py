"""Reading a control request and answering it."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from math import isfinite
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.api.errors import RefusedError
from sandbox.api.wire import dump
from sandbox.faults import BadFaultError
from sandbox.keeping.snapshot import BadSnapshotError
from sandbox.manifest.reading import BadManifestError
from sandbox.people.errors import CannotActError
from sandbox.running import Running
from sandbox.scenes.reading import BadSceneError
from sandbox.state.model import Json, Person
from sandbox.workspace import BadWorkspaceError

Serve = Callable[[Running, Request], Awaitable[Any]]


class BadRequestError(Exception):
    """A control request that cannot be understood; the message says why."""


_UNDERSTOOD = (
    BadRequestError, BadFaultError, BadWorkspaceError, BadSceneError, BadSnapshotError
)  # fmt: skip


def answered(payload: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(dump(payload), status, media_type="application/json")


def endpoint(running: Running, serve: Serve) -> Callable[[Request], Awaitable[Response]]:
    """Wrap `serve`, which returns JSON or raises, into what a route calls."""

    @wraps(serve)
    async def handle(request: Request) -> Response:
        try:
            return answered(await serve(running, request))
        except CannotActError as error:
            return answered({"ok": False, "error": error.code, "detail": str(error)}, 409)
        except RefusedError as error:
            return answered({"ok": False, "error": error.code, "detail": str(error)}, 409)
        except BadManifestError as error:
            told = {"ok": False, "error": "invalid_manifest", "detail": str(error)}
            return answered({**told, "errors": error.errors}, 400)
        except _UNDERSTOOD as error:
            return answered({"ok": False, "error": "bad_request", "detail": str(error)}, 400)

    return handle


async def body_of(request: Request) -> Json:
    """The JSON object a write carries; raises BadRequestError."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise BadRequestError("writes take content-type: application/json")
    try:
        given = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"no JSON: {error}") from error
    if not isinstance(given, dict):
        raise BadRequestError("one JSON object is wanted")
    return given


def number_of(request: Request, name: str, default: float) -> float:
    """A number in the query; raises BadRequestError."""
    value = request.query_params.get(name) or default
    try:
        number = float(value)
    except ValueError as error:
        raise BadRequestError(f"{name}: no number: {value!r}") from error
    if not isfinite(number):
        raise BadRequestError(f"{name}: no number: {value!r}")
    return number


def person_of(running: Running, request: Request) -> Person:
    """The person in the path, by id or by name; bots do not act."""
    wanted = request.path_params["person"]
    people = running.workspace.people
    person = people.get(wanted) or next((p for p in people.values() if p.name == wanted), None)
    if person is None or person.app_id is not None:
        raise CannotActError("no_such_person", f"nobody here is {wanted!r}")
    return person
