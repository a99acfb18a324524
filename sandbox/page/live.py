"""Live changes over a WebSocket: what a person sees, as it happens."""

import asyncio
import contextlib
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.api.wire import dump
from sandbox.people.sights import change_shape
from sandbox.running import Running
from sandbox.state import feed
from sandbox.state.model import Change

QUEUE = 2_000
_RESET = '{"kind":"reset"}'


class Texts:
    """The last changes as JSON text, so that hundreds of pages share one rendering."""

    def __init__(self) -> None:
        self._by_number: dict[int, str] = {}

    def of(self, change: Change) -> str:
        """The text of a change."""
        text = self._by_number.get(change.n)
        if text is None:
            text = self._by_number[change.n] = dump(change_shape(change)).decode()
            self._by_number.pop(change.n - 100, None)
        return text


def route(running: Running) -> WebSocketRoute:
    """``/sandbox/as/PERSON/live?since=N``: changes after number N, then each new one.

    A page that fell too far behind is told to start over: ``{"kind": "reset"}``.
    """
    texts = Texts()

    async def live(socket: WebSocket) -> None:
        person_id = socket.path_params["person"]
        if person_id not in running.workspace.people or not _same_origin(socket):
            await socket.close(4404)
            return
        await socket.accept()
        await _follow(running, texts, socket, person_id)

    return WebSocketRoute("/sandbox/as/{person}/live", live)


def _same_origin(socket: WebSocket) -> bool:
    """Whether the page that asks was served from here; programs send no origin at all."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


async def _follow(running: Running, texts: Texts, socket: WebSocket, person_id: str) -> None:
    workspace = running.workspace
    queue: asyncio.Queue[Change | None] = asyncio.Queue()

    def listen(change: Change) -> None:
        if feed.sees(workspace, person_id, change):
            if queue.qsize() < QUEUE:
                queue.put_nowait(change)
            elif queue.qsize() == QUEUE:
                queue.put_nowait(None)

    workspace.feed.listeners.append(listen)
    missed = _missed(running, socket, person_id)
    sending = asyncio.create_task(_send(texts, socket, missed, queue))
    try:
        while True:
            await socket.receive_text()
    except (WebSocketDisconnect, RuntimeError):
        return
    finally:
        workspace.feed.listeners.remove(listen)
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending


async def _send(
    texts: Texts,
    socket: WebSocket,
    missed: list[Change] | None,
    queue: asyncio.Queue[Change | None],
) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        if missed is None:
            await socket.send_text(_RESET)
        for change in missed or ():
            await socket.send_text(texts.of(change))
        while (taken := await queue.get()) is not None:
            await socket.send_text(texts.of(taken))
        await socket.send_text(_RESET)
        await socket.close(1013)


def _missed(running: Running, socket: WebSocket, person_id: str) -> list[Change] | None:
    """What happened since the page last heard; None where that is no longer known."""
    workspace = running.workspace
    given = socket.query_params.get("since", "")
    since = int(given) if given.isdigit() else workspace.feed.n
    oldest = workspace.feed.recent[0].n if workspace.feed.recent else workspace.feed.n + 1
    if since + 1 < oldest or since > workspace.feed.n:
        return None
    return feed.since(workspace, person_id, since)
