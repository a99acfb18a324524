"""Acting as a person: ``POST /sandbox/as/PERSON/ACT`` and reading what that person sees."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.control.wire import BadRequestError, body_of, endpoint, number_of, person_of
from sandbox.people import search, sights
from sandbox.people.acts import ACTS
from sandbox.running import Running
from sandbox.state import views
from sandbox.state.files import LARGEST, new_file, shape, store
from sandbox.state.model import Json


async def act(running: Running, request: Request) -> Json:
    """One act; its body and outcome are those of the function in ACTS."""
    doing = ACTS.get(request.path_params["act"])
    if doing is None:
        raise BadRequestError(f"acts are {', '.join(ACTS)}")
    person = person_of(running, request)
    return await doing(running, person, await body_of(request))


async def overview(running: Running, request: Request) -> Json:
    """``GET /sandbox/as/PERSON``."""
    return sights.overview(running.workspace, person_of(running, request))


async def read_messages(running: Running, request: Request) -> Json:
    """``GET /sandbox/as/PERSON/messages?channel=&thread_ts=&limit=&cursor=&around=``."""
    query = request.query_params
    return sights.read_messages(
        running.workspace,
        person_of(running, request),
        query.get("channel", ""),
        thread_ts=query.get("thread_ts"),
        limit=int(number_of(request, "limit", sights.PAGE)),
        cursor=query.get("cursor"),
        around=query.get("around"),
    )


async def search_messages(running: Running, request: Request) -> Json:
    """``GET /sandbox/as/PERSON/search?q=&limit=``: messages with all these words, newest first."""
    limit = int(number_of(request, "limit", search.MOST))
    person, query = person_of(running, request), request.query_params.get("q", "")
    return await search.search(running.workspace, person, query, limit)


async def read_modals(running: Running, request: Request) -> Json:
    """``GET /sandbox/as/PERSON/modals``: the stack, the one in front last, and what was typed."""
    workspace, person = running.workspace, person_of(running, request)
    stack = workspace.stacks.get(person.id, [])
    return {
        "modals": [workspace.views[view_id].view for view_id in stack],
        "inputs": {v: workspace.inputs.get((person.id, v), {}) for v in stack},
    }


async def read_home(running: Running, request: Request) -> Any:
    """``GET /sandbox/as/PERSON/home?app=``: the Home as last published, without opening it."""
    workspace, person = running.workspace, person_of(running, request)
    app_id = request.query_params.get("app") or next(iter(workspace.apps), "")
    view = views.home_of(workspace, app_id, person.id)
    typed = workspace.inputs.get((person.id, view["id"]), {}) if view else {}
    return {"view": view, "inputs": typed}


async def seen(running: Running, request: Request) -> Json:
    """``GET /sandbox/as/PERSON/seen?since=&wait=&kind=``."""
    person = person_of(running, request)
    n, seconds = int(number_of(request, "since", 0)), number_of(request, "wait", 0)
    kind = request.query_params.get("kind")
    return await sights.wait_for_news(running, person, n, seconds, kind)


async def upload(running: Running, request: Request) -> Json:
    """``POST /sandbox/as/PERSON/files?name=`` with the bytes: a file for a file_input."""
    person = person_of(running, request)
    if request.headers.get("content-type") != "application/octet-stream":
        raise BadRequestError("files come as content-type: application/octet-stream")
    data = await request.body()
    if len(data) > LARGEST:
        raise BadRequestError(f"files have at most {LARGEST} bytes")
    name = request.query_params.get("name") or "file"
    entry = new_file(running.workspace, name, person.id, len(data))
    store(running.workspace, entry, data)
    return {"ok": True, **shape(entry)}


def routes(running: Running) -> list[Route]:
    """The routes of this file."""
    reads = {
        "/sandbox/as/{person}": overview,
        "/sandbox/as/{person}/messages": read_messages,
        "/sandbox/as/{person}/search": search_messages,
        "/sandbox/as/{person}/modals": read_modals,
        "/sandbox/as/{person}/home": read_home,
        "/sandbox/as/{person}/seen": seen,
    }
    return [
        *(Route(path, endpoint(running, serve), methods=["GET"]) for path, serve in reads.items()),
        Route("/sandbox/as/{person}/files", endpoint(running, upload), methods=["POST"]),
        Route("/sandbox/as/{person}/{act}", endpoint(running, act), methods=["POST"]),
    ]
