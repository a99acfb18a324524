"""`sandbox/post`, `sandbox/growth`, `sandbox/pages`: the Slack workspace on one's own machine.

`post` is chat.postMessage against a bare route of the same server that returns the same JSON, each
in a process of its own. `growth` is the time to open a channel of 50,000 messages over that of one
of 50. `pages` is what 200 connected pages cost in memory, in MB.
"""

import argparse
import asyncio
import multiprocessing
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from benchmarks.figures import against_floor, figure

ROUNDS = 7
CONNECTIONS = 8
MANY, FEW = 50_000, 50
PAGES = 200
TOKEN = "xoxb-benchmark"
TEXT = "A new dispute waits in #intake: KX7-22 · broken on arrival · ¥129.00"
WORKSPACE: dict[str, Any] = {
    "people": [{"id": "U1", "name": "li"}],
    "channels": [
        {"id": "C1", "name": "many", "members": ["U1", "UBOT"]},
        {"id": "C2", "name": "few", "members": ["U1", "UBOT"]},
    ],
    "apps": [
        {
            "id": "A1", "name": "Desk", "bot_user_id": "UBOT", "bot_token": TOKEN,
            "signing_secret": "s", "scopes": ["chat:write"],
        }
    ],
}  # fmt: skip
WHAT = ("post", "growth", "pages")


def main(argv: Sequence[str]) -> None:
    """Prints the three figures, or those named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks sandbox")
    parser.add_argument("what", nargs="*", default=[], help=f"of {', '.join(WHAT)}")
    parser.add_argument("--posts", type=int, default=2_000, help="posts per round and side")
    options = parser.parse_args(argv)
    wanted = options.what or WHAT
    if "post" in wanted:
        post(options.posts)
    if "growth" in wanted:
        growth()
    if "pages" in wanted:
        pages()


def post(per_round: int) -> None:
    """chat.postMessage against the bare route, in turns."""
    body = b'{"channel":"C1","text":"%s"}' % TEXT.encode()
    with served(_sandbox, 0) as (port, _):
        address = f"http://127.0.0.1:{port}/api/chat.postMessage"
        answer = httpx.post(address, content=body, headers=_headers(), trust_env=False).json()
        assert answer["ok"], answer
        with served(_bare, answer) as (floor_port, _):
            ours, floor = _request("/api/chat.postMessage", body), _request("/bare", body)
            send(port, ours, per_round)  # both warm up; not measured
            send(floor_port, floor, per_round)
            against_floor(
                "sandbox/post",
                lambda _: send(port, ours, per_round),
                lambda _: send(floor_port, floor, per_round),
                rounds=ROUNDS,
            )


def growth() -> None:
    """Opening a channel as the page does it: its newest messages over HTTP."""
    with (
        served(_sandbox, MANY) as (port, _),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        quotients = []
        for _ in range(ROUNDS):
            times = {channel: _opening(client, channel) for channel in ("C1", "C2")}
            quotients.append(times["C1"] / times["C2"])
    figure("sandbox/growth", statistics.median(quotients), "x", n=MANY)


def _opening(client: httpx.Client, channel: str) -> float:
    """The median time of opening a channel, in seconds."""
    times = []
    for _ in range(60):
        began = time.perf_counter()
        answer = client.get("/sandbox/as/U1/messages", params={"channel": channel})
        times.append(time.perf_counter() - began)
        assert len(answer.json()["messages"]) == FEW
    return statistics.median(times)


def pages() -> None:
    """Memory with 200 pages listening to a lively channel, above that with none."""
    import psutil

    with served(_sandbox, FEW) as (port, process_id):
        message = _request("/api/chat.postMessage", b'{"channel":"C1","text":"hello"}')
        send(port, message, 200)
        process = psutil.Process(process_id)
        before = process.memory_info().rss
        after = asyncio.run(_with_pages(port, message, process))
    figure("sandbox/pages", (after - before) / 1e6, "MB", n=PAGES)


async def _with_pages(port: int, message: bytes, process: Any) -> int:
    from websockets.asyncio.client import connect

    url = f"ws://127.0.0.1:{port}/sandbox/as/U1/live"
    sockets = [await connect(url, proxy=None, compression=None) for _ in range(PAGES)]
    sent = await asyncio.to_thread(send, port, message, 100)
    for open_page in sockets:
        for _ in range(sent):
            await open_page.recv()
    after: int = process.memory_info().rss
    await asyncio.gather(*(open_page.close() for open_page in sockets))
    return after


def _headers() -> dict[str, str]:
    return {
        "authorization": f"Bearer {TOKEN}",
        "content-type": "application/json; charset=utf-8",
    }


def _request(path: str, body: bytes) -> bytes:
    """A whole request, ready to be sent many times."""
    headers = {"host": "127.0.0.1", "content-length": str(len(body)), **_headers()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def send(port: int, request: bytes, count: int) -> int:
    """Sends a request `count` times over kept-alive connections, with next to no work here."""
    share = count // CONNECTIONS
    failures: list[BaseException] = []

    def one() -> None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for _ in range(share):
                    connection.sendall(request)
                    _read_answer(connection)
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return share * CONNECTIONS


def _read_answer(connection: socket.socket) -> None:
    data = connection.recv(65_536)
    head, _, rest = data.partition(b"\r\n\r\n")
    assert b" 200 " in head[:20], head
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(rest) < length:
        rest += connection.recv(65_536)


@contextmanager
def served(program: Callable[..., None], *given: Any) -> Iterator[tuple[int, int]]:
    """A server in a process of its own; its port and process id."""
    from sandbox.serve import listen

    sock = listen("127.0.0.1", 0)
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    process = context.Process(target=program, args=(sock, ready, *given), daemon=True)
    process.start()
    assert ready.wait(120)
    try:
        yield sock.getsockname()[1], int(process.pid or 0)
    finally:
        process.terminate()
        process.join(10)
        sock.close()


def _sandbox(sock: socket.socket, ready: Any, filled: int) -> None:
    """The sandbox with so many messages in one channel, and 50 in the other."""
    import gc

    from sandbox.program import prepare, program_of
    from sandbox.serve import server_for
    from sandbox.state import messages

    gc.set_threshold(20_000, 50, 100)  # as sandbox.serve.run has it
    running = prepare(WORKSPACE, rates="off")
    for channel, count in (("C1", filled), ("C2", FEW)):
        for n in range(count):
            message = {"type": "message", "user": "U1", "text": f"{TEXT} {n}", "ts": ""}
            messages.post(running.workspace, running.workspace.channels[channel], message)
    ready.set()
    server_for(program_of(running)).run(sockets=[sock])


def _bare(sock: socket.socket, ready: Any, answer: Any) -> None:
    """A route of the same server that returns the same JSON."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    from sandbox.serve import server_for

    async def bare(request: Request) -> JSONResponse:
        await request.body()
        return JSONResponse(answer)

    ready.set()
    server_for(Starlette(routes=[Route("/bare", bare, methods=["POST"])])).run(sockets=[sock])
