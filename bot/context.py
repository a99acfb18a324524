"""What the bot stands on: database, vault, Slack's client, and a pool for transient answers."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from core.db import Database
from core.desk.pieces import NOWHERE, Addresses
from core.practice import Practice
from core.secrets import Vault

log = logging.getLogger("redress.bot")

ANSWER_SECONDS = 1  # a transient answer that takes longer may be lost
ANSWER_THREADS = 8
MOST_WAITING = 200
SAID_EVERY = 10.0  # seconds between two lines of the log about answers that were dropped


def client(token: str, base_url: str, seconds: int = 10) -> WebClient:
    """A client that never repeats a call by itself: only delivery may (it knows what was sent)."""
    made = WebClient(token=token, base_url=base_url, timeout=seconds, retry_handlers=[])
    made.proxy = None  # an HTTP_PROXY of the machine would catch a local base URL
    return made


@dataclass
class Bot:
    """The bot of one workspace."""

    database: Database
    vault: Vault
    token: str
    base_url: str
    addresses: Addresses = NOWHERE  # where the files of evidence are reached
    pages: str = ""  # the panel's address up to a dispute's number; empty: links are no disputes
    practice: Practice | None = None  # where newcomers practise, if anywhere
    _identity: dict[str, str] = field(default_factory=dict)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(ANSWER_THREADS, thread_name_prefix="answer")
    )
    _room: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MOST_WAITING))
    _asking: Lock = field(default_factory=Lock)  # held while Slack is asked who the bot is
    _dropped: int = 0
    _said_at: float = -SAID_EVERY

    def identity(self) -> dict[str, str]:
        """Who the bot is, by Slack's auth.test; asked once. Raises what the client raises."""
        if not self._identity:
            found = client(self.token, self.base_url).auth_test()
            names = ("team_id", "user_id", "bot_id", "url")
            self._identity.update({name: str(found.get(name, "")) for name in names})
        return self._identity

    def known(self) -> dict[str, str]:
        """Who the bot is, as far as Slack has said; what it has not is asked in the background.

        A press never waits for that: it has to be decided while Slack is away as well.
        """
        # One asking at a time: while Slack hangs, every press would add another.
        unknown = not self._identity and self._asking.acquire(blocking=False)
        if unknown and not self.later(lambda _: self._ask()):
            self._asking.release()
        return self._identity

    def _ask(self) -> None:
        try:
            self.identity()
        finally:
            self._asking.release()

    def permalink(self, card: tuple[str, str] | None) -> str | None:
        """The address of a message, as Slack builds it."""
        url = self.known().get("url")
        if card is None or not url:
            return None
        channel, ts = card
        return f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"

    def later(self, act: Callable[[WebClient], Any]) -> bool:
        """Sends a transient answer from the bot's own pool, after the request was answered.

        It has one second and may be lost: what must arrive goes through the outbox. False where
        so many wait for Slack that there is no room for it.
        """
        room = self._room.acquire(blocking=False)
        if room:
            self._pool.submit(self._act, act)
        else:
            self._drop()
        return room

    def _drop(self) -> None:
        """Says now and then how many answers found no room: a line for each would be a storm."""
        self._dropped += 1
        now = time.monotonic()
        if now - self._said_at >= SAID_EVERY:
            log.warning("too many answers wait for Slack; %d dropped since start", self._dropped)
            self._said_at = now

    def respond(self, response_url: str, **message: Any) -> None:
        """Answers a press by its response_url, which works thirty minutes and five times."""

        def act(_: WebClient) -> None:
            WebhookClient(response_url, timeout=ANSWER_SECONDS, retry_handlers=[]).send(**message)

        self.later(act)

    def close(self) -> None:
        """Waits for the answers under way."""
        self._pool.shutdown()

    def _act(self, act: Callable[[WebClient], Any]) -> None:
        try:
            act(client(self.token, self.base_url, ANSWER_SECONDS))
        except Exception as error:  # noqa: BLE001  transient: noted by kind, never by content
            log.warning("a transient answer was lost: %s", type(error).__name__)
        finally:
            self._room.release()
