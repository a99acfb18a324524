"""Several desks on one PostgreSQL: thousands of open disputes, and the real programs at work.

Every desk has a document of its own, which is the standard one with its cards in one channel and
its alerts in another: so alerts travel in as many lanes as there are desks.
"""

import base64
import datetime as dt
import json
import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, func, insert, or_, select

from benchmarks.figures import note
from benchmarks.programs import REDRESS, answers, beside
from benchmarks.workers import threads
from benchmarks.world import intakes
from bot.context import Bot
from bot.delivery import LANES, deliver
from core.db import Database
from core.desk import documents, opening
from core.desk.actor import Actor
from core.migrate import standard
from core.secrets import Vault, vault_from
from core.tables import Channel, Outbox
from core.workflow.model import Document, Ladder, Workflow
from core.workflow.terms import Hears
from sandbox.client import Sandbox
from tests import postgres
from tests.serving import free_ports

BATCH = 500
BOT = "U0BOT"
# While everything is brought to Slack: threads, messages of one pass, seconds without any.
SENDERS, PER_LANE, AT_ONCE, IDLE = 3, 50, 100, 0.1


@dataclass(frozen=True, slots=True)
class Desks:
    """The desks, their disputes by desk, the workspace, and what the programs are told."""

    database: Database
    sandbox: Sandbox
    disputes: Sequence[Sequence[int]]
    environment: Mapping[str, str]
    folder: Path
    vault: Vault

    def settle(self) -> None:
        """Brings what the opening left to tell to Slack, as fast as it goes, without limits."""
        self.sandbox.rates("off")
        bot = Bot(
            self.database,
            self.vault,
            self.environment["REDRESS_SLACK_BOT_TOKEN"],
            self.environment["REDRESS_SLACK_API_URL"],
        )
        try:
            with threads(SENDERS) as run:
                run(self._carry, [(bot,)] * SENDERS)
        finally:
            bot.close()

    def _carry(self, bot: Bot) -> None:
        while self.undelivered():
            if not deliver(bot, paced=False, per_lane=PER_LANE, most=AT_ONCE):
                time.sleep(IDLE)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """One worker and one scheduler, each a process of its own, under Slack's limits."""
        self.sandbox.rates("all")
        with ExitStack() as stack:
            for role in ("worker", "scheduler"):
                log = self.folder / f"{role}.log"
                stack.enter_context(beside([*REDRESS, role], self.environment, log=log))
            yield

    def undelivered(self) -> int:
        """How many messages to Slack are on their way."""
        return self.database.read(_undelivered)

    def complaints(self) -> list[str]:
        """What the programs logged."""
        return [
            f"{path.stem}: {line[:400]}"
            for path in sorted(self.folder.glob("*.log"))
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        ]


@contextmanager
def desks(count: int, disputes: int) -> Iterator[Desks]:
    """So many desks with so many open disputes between them, all told in a sandbox beside."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="redress-desks-")))
        url = postgres.clone()
        stack.callback(postgres.drop, url)
        database = Database(url)
        stack.callback(database.close)
        keys = f"desks:{base64.b64encode(secrets.token_bytes(32)).decode()}"
        opened = _open_all(database, vault_from(keys), count, disputes)
        port = free_ports()
        environment = {
            **os.environ,
            "REDRESS_KEYS": keys,
            "REDRESS_SECRET": secrets.token_urlsafe(48),
            "REDRESS_DATABASE_URL": url.render_as_string(hide_password=False),
            "REDRESS_FILES": str(folder),
            "REDRESS_SLACK_BOT_TOKEN": f"xoxb-{secrets.token_hex(8)}",
            "REDRESS_SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
            "REDRESS_LOG_LEVEL": "WARNING",
        }
        described = folder / "workspace.json"
        token = environment["REDRESS_SLACK_BOT_TOKEN"]
        described.write_text(json.dumps(_workspace(count, token)), encoding="utf-8")
        command = ["-m", "sandbox", "--port", str(port), "--workspace", str(described)]
        slack = stack.enter_context(beside(command, environment, log=folder / "sandbox.log"))
        answers(f"http://127.0.0.1:{port}/sandbox/health", slack)
        sandbox = stack.enter_context(Sandbox(f"http://127.0.0.1:{port}"))
        yield Desks(database, sandbox, opened, environment, folder, vault_from(keys))


def cards_of(desk: int) -> str:
    """The channel of a desk's cards: its key, and what Slack calls it."""
    return f"cards_{desk}"


def alerts_of(desk: int) -> str:
    """The channel of a desk's alerts."""
    return f"alerts_{desk}"


def slack_id(key: str) -> str:
    """Slack's id of a channel."""
    return "C0" + key.replace("_", "").upper()


def of_desk(document: Document, desk: int) -> Document:
    """The document with its cards and its alerts in this desk's channels."""
    alerts = alerts_of(desk)

    def led(workflow: Workflow) -> Workflow:
        stages = tuple(
            replace(stage, channel=cards_of(desk)) if stage.channel else stage
            for stage in workflow.stages
        )
        return replace(workflow, stages=stages, escalation=alerts)

    def telling(ladder: Ladder) -> Ladder:
        levels = tuple(
            replace(level, whom=alerts) if level.hears == Hears.CHANNEL else level
            for level in ladder.levels
        )
        return replace(ladder, levels=levels)

    return replace(
        document,
        workflows=tuple(led(workflow) for workflow in document.workflows),
        ladders=tuple(telling(ladder) for ladder in document.ladders),
    )


def _open_all(database: Database, vault: Vault, count: int, disputes: int) -> list[list[int]]:
    """Opens the disputes, each desk's under its own document; gives their ids by desk."""
    database.transact(_channels, count)
    opened: list[list[int]] = []
    first = 0
    for desk in range(count):
        database.transact(documents.publish, of_desk(standard(), desk))
        share = disputes // count + (desk < disputes % count)
        ids: list[int] = []
        for begin in range(first, first + share, BATCH):
            batch = intakes(begin, min(BATCH, first + share - begin))
            made = database.transact(opening.open_disputes, batch, Actor("import"), vault)
            ids += [one.dispute_id for one in made]
        first += share
        opened.append(ids)
        note(f"  desk {desk + 1} of {count}: {len(ids)} disputes are open")
    return opened


def _channels(connection: Connection, count: int, *, now: dt.datetime) -> None:
    del now
    connection.execute(
        insert(Channel),
        [
            {"key": key, "slack_id": slack_id(key), "name": key, "locale": "en", "version": 1}
            for key in _keys(count)
        ],
    )


def _keys(count: int) -> list[str]:
    return [of(desk) for desk in range(count) for of in (cards_of, alerts_of)]


def _workspace(count: int, token: str) -> dict[str, object]:
    """The workspace file of the sandbox: the desks' channels, and the app in all of them."""
    return {
        "team": {"id": "T0DESKS", "name": "Desks", "domain": "desks"},
        "people": [{"id": "U0WATCH", "name": "watcher", "real_name": "Watcher"}],
        "channels": [
            {"id": slack_id(key), "name": key, "members": ["U0WATCH", BOT]} for key in _keys(count)
        ],
        "apps": [
            {
                "id": "A0REDRESS",
                "name": "Redress",
                "bot_user_id": BOT,
                "bot_id": "B0BOT",
                "bot_token": token,
                "signing_secret": secrets.token_hex(16),
            }
        ],
    }


def _undelivered(connection: Connection, *, now: dt.datetime) -> int:
    del now
    of_slack = or_(*(Outbox.lane.startswith(lane) for lane in LANES))
    found = select(func.count(Outbox.id)).where(Outbox.finished_at.is_(None), of_slack)
    return connection.scalar(found) or 0
