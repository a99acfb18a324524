"""The door of Socket Mode: ``/link/?ticket=…``, an address that apps.connections.open gives out."""

import asyncio
import contextlib

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.api.wire import dump
from sandbox.apps import links
from sandbox.apps.links import Link
from sandbox.running import Running


def route(running: Running) -> WebSocketRoute:
    """The route of the sockets."""

    async def link(socket: WebSocket) -> None:
        ticket = socket.query_params.get("ticket", "")
        app_id = running.workspace.tickets.pop(ticket, None)
        if app_id is None or app_id not in running.workspace.apps:
            await socket.close(4404)
            return
        await socket.accept()
        await _serve(running, socket, app_id)

    return WebSocketRoute("/link/", link)


async def _serve(running: Running, socket: WebSocket, app_id: str) -> None:
    own = Link(app_id)
    if len(running.links.by_app.get(app_id, ())) >= links.MOST:
        links.tell_to_leave(own, "too_many_websockets")
    else:
        links.add(running.links, own)
        own.texts.put_nowait(dump(links.hello(running.links, own)).decode())
    sending = asyncio.create_task(_send(running, socket, own))
    ending = asyncio.create_task(_grow_old(own))
    try:
        while True:
            links.heard(own, await socket.receive_text())
    except (WebSocketDisconnect, RuntimeError, KeyError):
        return
    finally:
        links.remove(running.links, own)
        for task in (sending, ending):
            task.cancel()
        await asyncio.gather(sending, ending, return_exceptions=True)


async def _send(running: Running, socket: WebSocket, own: Link) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while (text := await own.texts.get()) is not None:
            await socket.send_text(text)
        links.remove(running.links, own)
        await socket.close(1000)


async def _grow_old(own: Link) -> None:
    """No socket stays open for ever: a warning, then the end."""
    await asyncio.sleep(links.SECONDS_OPEN - links.SECONDS_WARNED)
    links.tell_to_leave(own, "warning")
    await asyncio.sleep(links.SECONDS_WARNED)
    links.tell_to_leave(own, "refresh_requested")
