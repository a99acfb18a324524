"""The town: every program of the product as a process of its own, on PostgreSQL."""

import base64
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from sqlalchemy.engine import URL

from benchmarks.journey.complaints import Complaint, told
from benchmarks.journey.people import populate, workspace
from benchmarks.programs import REDRESS, ROOT, answers, beside
from core.db import Database
from core.desk import access
from demo.marketplace.desk import Desk
from sandbox.client import Sandbox
from tests import postgres

STATE_SECONDS = 300.0  # for the whole workspace in one answer
WORKERS, SCHEDULERS = 3, 2


@dataclass(frozen=True, slots=True)
class Town:
    """What the journey acts on: only the doors, the workspace, and rows to look at."""

    folder: Path
    url: URL
    database: Database
    people: dict[str, int]
    sandbox: Sandbox
    desk: Desk
    environment: dict[str, str]

    def redress(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a `redress` command to its end."""
        return subprocess.run(
            [sys.executable, *REDRESS, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def plain_url(self) -> str:
        """The database's address for the bare driver."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @property
    def market(self) -> Path:
        """The marketplace's own tables (SQLite)."""
        return self.folder / "market.db"

    def complaints_of_programs(self) -> list[str]:
        """What the programs logged as errors."""
        return [
            f"{path.stem}: {line[:400]}"
            for path in sorted(self.folder.glob("*.log"))
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
            if '"level": "error"' in line or line.startswith("Traceback")
        ]


@contextmanager
def town(complaints: list[Complaint], seed: int, pace: float) -> Iterator[Town]:
    """The town at work, its marketplace knowing the complaints' orders.

    `pace` is in how many seconds a party usually reacts.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="redress-journey-")))
        url = postgres.clone()
        stack.callback(postgres.drop, url)
        database = Database(url, movable=True)
        stack.callback(database.close)
        people = database.transact(populate)
        key = database.transact_wall(access.new_api_key, complaints[0].origin.source, "journey")
        ports = dict(zip(("web", "sandbox", "market"), _free_ports(3), strict=True))
        environment = _environment(folder, url, ports)
        _write(folder, complaints, environment)

        def start(name: str, command: Sequence[str], more: dict[str, str]) -> Popen[bytes]:
            log = folder / f"{name}.log"
            return stack.enter_context(beside(command, {**environment, **more}, log=log))

        slack = start("sandbox", _sandbox(folder, ports), {})
        answers(f"http://127.0.0.1:{ports['sandbox']}/sandbox/health", slack)
        sandbox = stack.enter_context(
            Sandbox(f"http://127.0.0.1:{ports['sandbox']}", STATE_SECONDS)
        )
        sandbox.rates("off")
        web = start("web", [*REDRESS, "web", "--port", str(ports["web"])], {})
        command = _market(folder, ports, seed, pace)
        market = start("market", command, {"MARKETPLACE_API_KEY": key})
        for role, count in (("worker", WORKERS), ("scheduler", SCHEDULERS)):
            for n in range(1, count + 1):
                start(f"{role}-{n}", [*REDRESS, role], {})
        answers(f"http://127.0.0.1:{ports['web']}/healthz", web)
        answers(f"http://127.0.0.1:{ports['market']}/health", market)
        desk = Desk(f"http://127.0.0.1:{ports['web']}/api", key, timeout=30.0)
        stack.callback(desk.close)
        yield Town(folder, url, database, people, sandbox, desk, environment)


def _environment(folder: Path, url: URL, ports: dict[str, int]) -> dict[str, str]:
    master = base64.b64encode(secrets.token_bytes(32)).decode()
    token = secrets.token_urlsafe(24)
    return {
        **os.environ,
        "REDRESS_KEYS": f"journey:{master}",
        "REDRESS_SECRET": secrets.token_urlsafe(48),
        "REDRESS_DATABASE_URL": url.render_as_string(hide_password=False),
        "REDRESS_PUBLIC_URL": f"http://127.0.0.1:{ports['web']}",
        "REDRESS_FILES": str(folder / "files"),
        "REDRESS_MOVABLE_CLOCK": "true",
        "REDRESS_SLACK_BOT_TOKEN": f"xoxb-{secrets.token_hex(8)}",
        "REDRESS_SLACK_SIGNING_SECRET": secrets.token_hex(16),
        "REDRESS_SLACK_API_URL": f"http://127.0.0.1:{ports['sandbox']}/api/",
        "REDRESS_SLACK_PACE": "false",
        "REDRESS_MARKET_URL": f"http://127.0.0.1:{ports['market']}",
        "REDRESS_MARKET_TOKEN": token,
        "REDRESS_LOG_LEVEL": "WARNING",
        "MARKETPLACE_TOKEN": token,
    }


def _write(folder: Path, complaints: list[Complaint], environment: dict[str, str]) -> None:
    """The workspace of the sandbox, the marketplace's orders, and a place for files."""
    (folder / "files").mkdir()
    described = workspace(
        f"{environment['REDRESS_PUBLIC_URL']}/slack/events",
        environment["REDRESS_SLACK_BOT_TOKEN"],
        environment["REDRESS_SLACK_SIGNING_SECRET"],
    )
    (folder / "workspace.json").write_text(json.dumps(described), encoding="utf-8")
    with (folder / "orders.jsonl").open("w", encoding="utf-8") as file:
        for one in {one.order: one for one in complaints}.values():
            order = {"number": one.order, "merchant": one.seller, **told(one)}
            file.write(json.dumps(order) + "\n")


def _sandbox(folder: Path, ports: dict[str, int]) -> list[str]:
    workspace_file = str(folder / "workspace.json")
    return ["-m", "sandbox", "--port", str(ports["sandbox"]), "--workspace", workspace_file]


def _market(folder: Path, ports: dict[str, int], seed: int, pace: float) -> list[str]:
    return [
        *("-m", "benchmarks.journey.market", "--port", str(ports["market"])),
        *("--desk-url", f"http://127.0.0.1:{ports['web']}/api", "--seed", str(seed)),
        *("--orders", str(folder / "orders.jsonl"), "--data", str(folder / "market.db")),
        *("--pace", str(pace)),
    ]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
