"""Composes the doors into one WSGI application, and runs delivery beside them."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from werkzeug.middleware.dispatcher import DispatcherMiddleware

import admin
import portal
from admin.metrics import metrics, pulse
from bot import socket_mode
from bot.cards.card import card
from bot.context import Bot
from bot.delivery import deliver
from bot.listeners.home import publish
from bot.program import wsgi as slack_wsgi
from core.db import Busy, Database
from core.desk import watching
from core.desk.pieces import Addresses
from core.desk.watching import Seen
from core.market import courier
from core.market.connect import market_of
from core.market.protocol import Market
from core.practice import Practice
from core.settings import LOOPBACK, Settings

log = logging.getLogger("redress.app")
IDLE_SECONDS = 0.25  # how long delivery rests when there is nothing to send
SENDERS = 3  # threads that carry messages to Slack; a slow answer holds one of them up

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a serving process stands on."""

    settings: Settings
    database: Database
    bot: Bot
    market: Market | None


def parts(settings: Settings) -> Parts:
    """Opens the database and prepares the bot; reaches no network."""
    database = Database(
        settings.database_url, movable=settings.movable_clock, durable=settings.durable
    )
    bot = Bot(
        database,
        settings.vault,
        settings.slack_bot_token,
        settings.slack_api_url,
        addresses(settings),
        f"{settings.public_url.rstrip('/')}{admin.MOUNT}/disputes/",
        practice(settings),
    )
    return Parts(settings, database, bot, market_of(settings))


def practice(settings: Settings) -> Practice | None:
    """Where newcomers practise, if the operator has set a practice desk up."""
    if not settings.practice_url:
        return None
    return Practice(settings.practice_url, settings.practice_secret, admin.way_back(settings))


def addresses(settings: Settings) -> Addresses:
    """Where the files of evidence are reached: blurred pictures only where Slack can fetch them.

    That takes a public https address, or a workspace on this very machine beside the desk.
    """
    base = settings.public_url.rstrip("/")
    near = all(
        urlsplit(url).hostname in LOOPBACK for url in (settings.public_url, settings.slack_api_url)
    )
    reachable = near or (
        urlsplit(base).scheme == "https" and urlsplit(base).hostname not in LOOPBACK
    )
    return Addresses(
        f"{base}/api{portal.PICTURES}/" if reachable else "",
        f"{base}{admin.MOUNT}{admin.FILE}",
    )


def web(
    made: Parts, start_page: Wsgi | None = None, home_of: Callable[[str], str] | None = None
) -> Wsgi:
    """The doors behind one address: Slack's requests, the panel, the API, a sign of life.

    `start_page` answers at the root, where the panel is otherwise; the demo puts its own there, and
    says with `home_of` where the Home of a Slack id is: otherwise only the workspace's is known.
    """
    settings, database = made.settings, made.database
    workspace = home_of or (lambda _slack_id: made.bot.known().get("url", ""))
    doors: dict[str, Any] = {
        admin.MOUNT: admin.create(
            database, settings, card, admin.Slack(workspace, partial(publish, made.bot))
        ),
        "/api": portal.create(database, settings, settings.files),
        "/healthz": partial(_healthy, database),
        "/pulse": pulse(database),
    }
    if settings.metrics_token:  # without one nobody could tell a monitor from anybody else
        doors["/metrics"] = metrics(database, settings.metrics_token)
    if settings.slack_signing_secret:  # without one nobody could tell Slack from anybody else
        doors["/slack/events"] = slack_wsgi(made.bot, settings.slack_signing_secret)
    return DispatcherMiddleware(start_page or _to_panel, doors)


def send_until(made: Parts, stop: threading.Event) -> list[threading.Thread]:
    """Starts the threads that carry the outbox; they end soon after `stop` is set."""
    made.bot.known()  # asked at once, so that the first card that moves on can link to the next
    passes = [partial(deliver, made.bot, paced=made.settings.slack_pace)] * SENDERS
    if made.market is not None:
        passes.append(partial(courier.deliver, made.database, made.market))
    threads = [
        threading.Thread(target=_carry, args=(once, stop), name=f"delivery-{i}", daemon=True)
        for i, once in enumerate(passes)
    ]
    for thread in threads:
        thread.start()
    return threads


def listen_until(made: Parts, stop: threading.Event) -> list[threading.Thread]:
    """Starts to answer Slack by Socket Mode, where that is set; ends soon after `stop` is set."""
    token = made.settings.slack_app_token
    return [socket_mode.in_background(made.bot, token, stop)] if token else []


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


def _to_panel(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("302 Found", [("Location", f"{admin.MOUNT}/"), ("Content-Length", "0")])
    return [b""]


def _told(lost: Seen) -> str:
    """An outage as a line for machines; channels by their keys."""
    since = lost.since.isoformat(timespec="seconds")
    return f"outage {lost.key} {lost.reason} since {since}\n"


def _healthy(database: Database, _environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """200 while the database answers, 503 while it does not; what Slack refuses is named.

    An outage of Slack's is no reason to take the doors away: presses are decided all the same.
    """
    try:
        lost = database.read(watching.lasting)
        status, body = "200 OK", "".join(["ok\n", *map(_told, lost)]).encode()
    except Exception as error:  # noqa: BLE001  any reason is the same news here
        log.warning("the database does not answer: %s", type(error).__name__)
        status, body = "503 Service Unavailable", b"the database does not answer\n"
    start(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
