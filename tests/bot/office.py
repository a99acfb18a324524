"""An office: a desk, a Slack workspace on this machine, and the bot between them."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any
from urllib.parse import urlencode

import httpx
from sqlalchemy import select

from bot import socket_mode
from bot.context import Bot
from bot.delivery import deliver
from bot.program import wsgi
from bot.scopes import SCOPES
from core.tables import Card, Channel, Person
from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.factories import VAULT, Desk
from tests.serving import Door, served
from tests.waiting import eventually

SECRET = "a signing secret of this test"
TOKEN = "xoxb-office"
APP_TOKEN = "xapp-office"
PAGES = "https://desk.example/panel/disputes/"
Json = dict[str, Any]


class Office:
    """People pressing buttons, in few words."""

    def __init__(self, desk: Desk, bot: Bot, sandbox: Sandbox, url: str) -> None:
        self.desk, self.bot, self.sandbox, self.url = desk, bot, sandbox, url
        people = desk.rows(select(Person.name, Person.slack_id))
        self.slack_ids = {row.name: row.slack_id for row in people}

    def settle(self) -> int:
        """Delivers until nothing is left that may go out now; returns how many passes it took."""
        for passes in itertools.count():
            if not deliver(self.bot, paced=False, per_lane=10, most=100):
                return passes
        raise AssertionError

    def card(self, dispute: int) -> Json:
        """The message that is the card of the dispute's open visit."""
        visit = self.desk.visit(dispute)
        return self.message(visit)

    def message(self, visit: int) -> Json:
        """The message that is a visit's card."""
        rows = self.desk.rows(select(Card.channel, Card.ts).where(Card.visit_id == visit))
        assert rows, "the card is not in Slack"
        found = [m for m in self.sandbox.messages(rows[0].channel) if m["ts"] == rows[0].ts]
        assert found, "the card was deleted"
        return {"channel": rows[0].channel, **found[0]}

    def press(
        self,
        dispute: int,
        action: str,
        chosen: Json | None = None,
        who: str = "Tom",
        value: Any = ...,
    ) -> Json:
        """Somebody presses a button of the open card, with these choices in its selects."""
        card = self.card(dispute)
        state = {f"field.{key}": item for key, item in (chosen or {}).items()}
        return self.sandbox.act_as(self.slack_ids[who]).click(
            card["channel"], card["ts"], action, value, state=state or None
        )

    def person(self, name: str) -> Any:
        """Somebody's hands and eyes."""
        return self.sandbox.act_as(self.slack_ids[name])

    def payload(self, action: str, value: str, who: str = "Tom", **more: Any) -> str:
        """The body of a press, as Slack sends it."""
        payload = {
            "type": "block_actions",
            "team": {"id": "T0001"},
            "user": {"id": self.slack_ids[who]},
            "container": {"type": "message", "message_ts": "1.0", "channel_id": "C0001"},
            "trigger_id": "1.2.3",
            "actions": [
                {
                    "type": "button",
                    "action_id": action,
                    "block_id": "actions",
                    "value": value,
                    "action_ts": "1.5",
                }
            ],
            **more,
        }
        return urlencode({"payload": json.dumps(payload)})

    def send(
        self,
        body: str | bytes,
        *,
        content_type: str = "application/x-www-form-urlencoded",
        stamp: str | None = None,
        signature: str | None = None,
    ) -> httpx.Response:
        """Sends a body to the bot, signed unless something else is given."""
        raw = body.encode() if isinstance(body, str) else body
        stamp = stamp or str(int(time.time()))
        digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256)
        headers: dict[bytes, bytes] = {
            b"Content-Type": content_type.encode(),
            b"X-Slack-Request-Timestamp": stamp.encode(),
            b"X-Slack-Signature": (signature or f"v0={digest.hexdigest()}").encode("latin-1"),
        }
        return httpx.post(self.url, content=raw, headers=headers, trust_env=False, timeout=20)

    def thread(self, dispute_visit: int) -> list[str]:
        """What was said in the thread of a visit's card."""
        card = self.message(dispute_visit)
        replies = self.sandbox.messages(card["channel"])
        return [m["text"] for m in replies if m.get("thread_ts") == card["ts"] != m["ts"]]


def workspace(desk: Desk) -> Json:
    """A workspace file with the desk's people and channels."""
    people = desk.rows(select(Person))
    channels = desk.rows(select(Channel))
    return {
        "team": {"id": "T0001", "name": "Office", "domain": "office"},
        "people": [
            {
                "id": p.slack_id,
                "name": p.name.lower().replace(" ", "."),
                "real_name": p.name,
                "tz": p.zone,
                "locale": p.locale.replace("_", "-"),
            }
            for p in people
        ],
        "channels": [
            {"id": c.slack_id, "name": c.name, "members": [*(p.slack_id for p in people), "UBOT"]}
            for c in channels
        ],
        "apps": [
            {
                "id": "A1",
                "name": "Redress",
                "bot_user_id": "UBOT",
                "bot_id": "BBOT",
                "bot_token": TOKEN,
                "app_token": APP_TOKEN,
                "scopes": [scope.name for scope in SCOPES],  # what the manifest asks, no more
                "signing_secret": SECRET,
                "commands": [{"name": "/dispute", "description": "", "usage_hint": ""}],
                "shortcuts": [
                    {"name": "Open a dispute", "callback_id": "open_dispute", "kind": "message"},
                    {"name": "New dispute", "callback_id": "new_dispute"},
                ],
                "unfurl_domains": ["desk.example"],
                "events": {"subscribed": ["app_home_opened", "link_shared", "user_change"]},
            }
        ],
    }


@contextmanager
def office(desk: Desk) -> Iterator[Office]:
    """The office at work."""
    door = Door()
    with (
        served(door) as url,
        Server(workspace(desk), app_url=f"{url}/slack/events") as server,
        Sandbox(server.url) as sandbox,
    ):
        bot = Bot(desk.db, VAULT, TOKEN, f"{server.url}/api/", pages=PAGES)
        door.program = wsgi(bot, SECRET)
        sandbox.rates("off")
        yield Office(desk, bot, sandbox, f"{url}/slack/events")
        bot.close()


@contextmanager
def office_on_sockets(desk: Desk, processes: int = 1) -> Iterator[Office]:
    """The office where no address leads to the bot: so many of it, each on a socket of its own."""
    stop = Event()
    with Server(workspace(desk)) as server, Sandbox(server.url) as sandbox:
        bots = [Bot(desk.db, VAULT, TOKEN, f"{server.url}/api/") for _ in range(processes)]
        listening = [socket_mode.in_background(bot, APP_TOKEN, stop) for bot in bots]
        wait_for_sockets(sandbox, processes)
        sandbox.rates("off")
        yield Office(desk, bots[0], sandbox, "")
        stop.set()
        for thread in listening:
            thread.join(20)
            assert not thread.is_alive()
        for bot in bots:
            bot.close()


def wait_for_sockets(sandbox: Sandbox, count: int) -> None:
    """Waits until the app has so many sockets open."""
    eventually(lambda: sandbox.get("apps")["apps"][0]["sockets"] == count, "the sockets never came")
