"""Composes the doors into one WSGI application, and runs delivery beside them."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.context import Bot
from bot.delivery import deliver
from bot.program import wsgi as slack_wsgi
from core.db import Busy, Database
from core.settings import Settings

log = logging.getLogger("redress.app")
IDLE_SECONDS = 0.25  # how long delivery rests when there is nothing to send
SENDERS = 3

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a serving process stands on."""

    settings: Settings
    database: Database
    bot: Bot


def parts(settings: Settings) -> Parts:
    """Opens the database and prepares the bot; reaches no network."""
    database = Database(
        settings.database_url, movable=settings.movable_clock, durable=settings.durable
    )
    bot = Bot(database, settings.vault, settings.slack_bot_token, settings.slack_api_url)
    return Parts(settings, database, bot)


def web(made: Parts, start_page: Wsgi | None = None) -> Wsgi:
    """The doors behind one address: Slack's requests, the panel, the API."""
    doors: dict[str, Wsgi] = {
        "/slack/events": slack_wsgi(made.bot, made.settings.slack_signing_secret),
    }

    def program(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        for prefix, door in doors.items():
            if path == prefix or path.startswith(prefix + "/"):
                return door(environ, start)
        if path == "/healthz":
            return _plain(start, "200 OK", b"ok\n")
        if start_page is not None:
            return start_page(environ, start)
        return _plain(start, "404 Not Found", b"not found\n")

    return program


def send_until(made: Parts, stop: threading.Event, *, paced: bool) -> list[threading.Thread]:
    """Starts the threads that carry the outbox; they end soon after `stop` is set."""
    per_lane = 1 if paced else 10

    def to_slack() -> int:
        return deliver(made.bot, paced=paced, per_lane=per_lane)

    threads = [
        threading.Thread(target=_carry, args=(to_slack, stop), name=f"delivery-{i}", daemon=True)
        for i in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    return threads


def _carry(once: Callable[[], int], stop: threading.Event) -> None:
    """Runs one pass after the other; a pass that fails is logged by kind and tried again."""
    while not stop.is_set():
        try:
            carried = once()
        except Busy:
            carried = 0
        except Exception:
            log.exception("a pass of delivery failed; its messages are still there")
            carried = 0
        if not carried:
            stop.wait(IDLE_SECONDS)


def _plain(start: Any, status: str, body: bytes) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start(status, headers)
    return [body]
