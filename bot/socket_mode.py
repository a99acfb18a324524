"""Socket Mode: where the desk has no public address, Slack's payloads come through sockets.

The same Bolt app answers as over HTTP. An envelope is acknowledged on the socket that brought it,
once what it asked for is committed. A socket that Slack is about to close is replaced first, and
goes on being read until Slack closes it: no press falls between two sockets.
"""

import json
import logging
import random
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from slack_bolt import App
from slack_bolt.request import BoltRequest
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from bot.calls import TOKEN_ERRORS, Done, Later, Outcome, call
from bot.context import Bot, client
from bot.guard import MOST_BYTES
from bot.program import bolt_app

log = logging.getLogger("redress.socket")

THREADS = 16  # presses that are decided at once; further ones wait their turn
OPEN_SECONDS = 10
STEADY_SECONDS = 10  # a socket that ends sooner, unasked, is followed by a pause
LONGEST_PAUSE = 30.0  # seconds
LAST_SECONDS = 10  # for what is being answered when the process is told to stop
LOOK_SECONDS = 0.5  # how soon `stop` is seen
MEANT_TO_END = frozenset({"warning", "refresh_requested"})  # Slack's ordinary changing of sockets


class CannotConnect(Exception):
    """No socket could be opened; its text says why, and `seconds` how long to wait at least."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


@dataclass(eq=False)
class Link:
    """One socket to Slack, and the answers that are being made to what it brought."""

    socket: ClientConnection
    closing: ExitStack
    opened: float = field(default_factory=time.monotonic)
    staying: bool = True  # no word yet that it will end
    told: str = ""  # the reason Slack gave for ending it
    answering: set[Future[None]] = field(default_factory=set)

    def ended_badly(self) -> bool:
        """Whether it ended without Slack asking for another, and so soon that the next may too."""
        return self.told not in MEANT_TO_END and time.monotonic() - self.opened < STEADY_SECONDS


def serve(bot: Bot, app_token: str, stop: Event) -> None:
    """Answers Slack through a socket until `stop` is set or the thread is interrupted.

    Where Slack is away, or refuses the token, it says so and tries again: nothing is given up.
    What is being answered at the end is answered first.
    """
    app, changed = bolt_app(bot), Event()
    links: list[tuple[Link, Thread]] = []
    failures = 0
    bot.known()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="press") as pool:
        try:
            while not stop.is_set():
                changed.clear()
                failures += sum(not t.is_alive() and link.ended_badly() for link, t in links)
                links = [(link, thread) for link, thread in links if thread.is_alive()]
                if any(link.staying for link, _ in links):
                    changed.wait(LOOK_SECONDS)
                    failures = 0 if _steady(links) else failures
                    continue
                if failures and stop.wait(_pause(failures)):
                    break
                try:
                    links.append(_start(bot, app, app_token, pool, changed))
                except CannotConnect as error:
                    failures += 1
                    _say(error)
                    stop.wait(error.seconds)
        finally:
            _leave([link for link, _ in links])


def in_background(bot: Bot, app_token: str, stop: Event) -> Thread:
    """The same beside other work, until `stop` is set."""
    thread = Thread(target=serve, args=(bot, app_token, stop), name="socket-mode", daemon=True)
    thread.start()
    return thread


def open_address(outcome: Outcome) -> str:
    """The address of a fresh socket, out of what apps.connections.open answered.

    Raises CannotConnect.
    """
    if isinstance(outcome, Done):
        return str(outcome.data.get("url", ""))
    if isinstance(outcome, Later):
        raise CannotConnect(outcome.reason, outcome.seconds)
    raise CannotConnect(getattr(outcome, "error", "") or getattr(outcome, "reason", ""))


def _start(
    bot: Bot, app: App, app_token: str, pool: ThreadPoolExecutor, changed: Event
) -> tuple[Link, Thread]:
    """A socket that is being read. Raises CannotConnect."""
    opened = call(client(app_token, bot.base_url, OPEN_SECONDS), "apps.connections.open", {})
    address = open_address(opened)
    closing = ExitStack()
    try:
        opening = connect(
            address,
            open_timeout=OPEN_SECONDS,
            max_size=MOST_BYTES,
            proxy=None,  # as for the Web API: a proxy of the machine would catch a local address
        )
        socket = closing.enter_context(opening)
    except (OSError, WebSocketException, ValueError) as error:
        raise CannotConnect(type(error).__name__) from error
    link = Link(socket, closing)
    thread = Thread(target=_read, args=(link, app, pool, changed), name="socket", daemon=True)
    thread.start()
    return link, thread


def _read(link: Link, app: App, pool: ThreadPoolExecutor, changed: Event) -> None:
    """Reads a socket to its end; what it brings is answered by the pool."""
    try:
        for text in link.socket:
            message = _object(text)
            if message.get("type") == "hello":
                log.info("connected to Slack; sockets open: %s", message.get("num_connections"))
            elif message.get("type") == "disconnect":
                link.staying, link.told = False, str(message.get("reason", ""))
                usual = link.told in MEANT_TO_END
                level = logging.INFO if usual else logging.WARNING
                log.log(level, "Slack will close a socket: %s", link.told)
                changed.set()
            elif "envelope_id" in message:
                answering = pool.submit(_answer, link, app, message)
                link.answering.add(answering)
                answering.add_done_callback(link.answering.discard)
    except (ConnectionClosed, RuntimeError):  # cut off, or the pool is closing: it ends here
        pass
    finally:
        link.staying = False
        link.closing.close()
        changed.set()


def _answer(link: Link, app: App, envelope: dict[str, Any]) -> None:
    """Answers one envelope; one that could not be dealt with is not acknowledged."""
    try:
        reply = reply_to(app, envelope)
        if reply is not None:
            link.socket.send(json.dumps(reply))
    except ConnectionClosed:
        log.warning("a socket closed before its payload was acknowledged; what it asked is done")
    except Exception as error:  # noqa: BLE001  noted by kind: a payload's content stays out of logs
        log.warning("a payload could not be answered: %s", type(error).__name__)


def reply_to(app: App, envelope: dict[str, Any]) -> dict[str, Any] | None:
    """The acknowledgement of an envelope, or None where the listener failed.

    What nobody listens to, or has no shape of Slack's, is acknowledged: it will not get better.
    """
    reply: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
    payload = envelope.get("payload")
    if not isinstance(payload, dict):
        return reply
    try:
        response = app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        log.warning("a payload had no shape of Slack's: %s", type(error).__name__)
        return reply
    if response.status >= 500:
        return None
    if response.status == 200 and response.body:
        is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
        body = str(response.body)
        reply["payload"] = json.loads(body) if is_json else {"text": body}
    return reply


def _object(text: str | bytes) -> dict[str, Any]:
    """The JSON object that a text is; empty where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _leave(links: list[Link]) -> None:
    """Finishes what is being answered, then closes."""
    under_way = {one for link in links for one in tuple(link.answering)}
    log.info("stopping; presses that are being answered: %s", len(under_way))
    wait(under_way, timeout=LAST_SECONDS)
    for link in links:
        link.socket.close()


def _steady(links: list[tuple[Link, Thread]]) -> bool:
    return any(time.monotonic() - link.opened >= STEADY_SECONDS for link, _ in links)


def _pause(failures: int) -> float:
    """Longer each time, and never the same for two processes that lost Slack together."""
    return min(LONGEST_PAUSE, 2.0 ** (failures - 1)) * random.uniform(0.5, 1.0)  # noqa: S311  no secret


def _say(error: CannotConnect) -> None:
    if str(error) in TOKEN_ERRORS or str(error).startswith("not_allowed"):
        log.error("Slack refuses the app token: %s; `redress doctor` tells what to mend", error)
    else:
        log.warning("Slack cannot be reached: %s; waiting for it", error)
