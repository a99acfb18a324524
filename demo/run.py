"""`redress demo`: the whole product on one machine, and a world beside it to try it in.

The doors, the scheduler and delivery run in this process; the sandbox and the marketplace are
programs of their own on the next two ports, and end with it.
"""

import base64
import datetime as dt
import json
import os
import secrets
import shutil
import signal
import socket
import threading
from functools import partial
from pathlib import Path
from typing import Any

import waitress
from rich.console import Console

import admin
import app
import scheduler
from core import logs
from core.db import Database
from core.desk import access
from core.desk import people as members
from core.i18n import spoken
from core.migrate import further, migrate, standard
from core.running import settle_in
from core.secrets import Vault
from core.settings import Settings
from core.workflow.joined import joined
from core.workflow.model import Document, Stage, Workflow
from core.workflow.terms import Hears, Kind
from demo import earlier, history, start
from demo.beside import answers, beside
from demo.people import TEAM, channel_id, populate, workspace
from demo.practice import School
from sandbox.client import Sandbox

SEED = 7
NEW_DISPUTE_EVERY = 45.0  # seconds
console = Console()


def run(port: int, data: Path) -> int:
    """Runs the demonstration until it is interrupted; returns the exit code."""
    busy = [p for p in (port, port + 1, port + 2) if not _free(p)]
    if busy:
        console.print(
            f"Port {busy[0]} is in use: choose others, such as PORT={port + 100}.", style="red"
        )
        return 1
    folder = _fresh(data)
    logs.set_up("WARNING")
    settings, token, api_token = _settings(port, folder)
    made = app.parts(settings)
    desk = grown()
    channels = _channels(desk)
    past, api_key = prepare(made.database, settings.vault, settings.files)
    begin = [_first_channel(flow, stage) for flow, stage in _work(desk)]
    _write_workspace(folder, channels, settings, token)
    with beside(_sandbox(port, folder), os.environ) as slack:
        answers(f"http://127.0.0.1:{port + 1}/api/api.test", slack)
        made.bot.identity()
        history.tell(past, made.database.read(lambda _connection, now: now))
        places = start.Places(f"http://127.0.0.1:{port + 1}", begin)
        page = start.create(
            made.database, settings, places, _school(past, settings, port, channels)
        )
        home_of = partial(_home_of, made.database, places)
        server = waitress.create_server(
            app.web(made, page, home_of), host="127.0.0.1", port=port, threads=16
        )
        # From now on the desk can be called.
        keys = {"MARKETPLACE_API_KEY": api_key, "MARKETPLACE_TOKEN": api_token}
        with beside(_marketplace(port, settings), {**os.environ, **keys}):
            _serve(made, server, port)
    return 0


def _school(past: history.Past, settings: Settings, port: int, channels: list[str]) -> School:
    return School(
        past.database,
        past,
        admin.way_back(settings),
        Sandbox(f"http://127.0.0.1:{port + 1}"),
        [channel_id(key) for key in channels],
    )


def _home_of(database: Database, places: start.Places, slack_id: str) -> str:
    """Somebody's Home in the workspace beside the desk, in their language."""
    member = database.read(lambda c, now: members.by_slack_id(c, slack_id))
    return places.home(slack_id, member.locale if member else "en")


def _serve(made: app.Parts, server: Any, port: int) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, _interrupt)
    settle_in()
    senders = app.send_until(made, stop)
    ticking = scheduler.in_background(made.database, made.settings.files)
    console.print(f"\n  Redress is at [bold]http://127.0.0.1:{port}[/] (stop with Ctrl+C)\n")
    try:
        server.run()
    except KeyboardInterrupt:
        console.print("Stopping ...")
    finally:
        stop.set()
        ticking.shutdown(wait=False)
        for sender in senders:
            sender.join(5)
        made.bot.close()
        made.database.close()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _fresh(data: Path) -> Path:
    """An empty folder for this run: Slack's side starts empty, so the desk does too."""
    folder = data / "run"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "files").mkdir(parents=True)
    return folder


def _settings(port: int, folder: Path) -> tuple[Settings, str, str]:
    token, api_token = f"xoxb-{secrets.token_hex(8)}", secrets.token_urlsafe(24)
    settings = Settings(
        keys="demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        secret=secrets.token_urlsafe(48),
        database_url=f"sqlite:///{folder}/redress.db",
        public_url=f"http://127.0.0.1:{port}",
        files=folder / "files",
        movable_clock=True,
        slack_bot_token=token,
        slack_signing_secret=secrets.token_hex(16),
        slack_api_url=f"http://127.0.0.1:{port + 1}/api/",
        sign_in_issuer=f"http://127.0.0.1:{port + 1}",
        sign_in_client_id="demo.redress",
        sign_in_client_secret=secrets.token_urlsafe(24),
        sign_in_team=TEAM,
        market_url=f"http://127.0.0.1:{port + 2}",
        market_token=api_token,
        practice_url=f"http://127.0.0.1:{port}",  # its newcomers practise at this very desk
        practice_secret=os.environ.get("REDRESS_PRACTICE_SECRET") or secrets.token_urlsafe(48),
    )
    return settings, token, api_token


def grown() -> Document:
    """What the desk's document is once its past is told."""
    return joined(standard(), further("emergency"))


def prepare(database: Database, vault: Vault, files: Path) -> tuple[history.Past, str]:
    """The database with its people, as it is after some weeks of work; the marketplace's key."""
    desk = grown()
    now = dt.datetime.now(dt.UTC)  # there is no desk yet whose time could be asked for
    begun = earlier.began(now)
    early = Database(database.url, clock=lambda: begun)
    migrate(early)
    stages = [stage.key for _, stage in _work(desk)]
    people = early.transact(populate, stages, _channels(desk), spoken(os.environ))
    early.close()
    past = history.Past(database, vault, SEED, people, files, stages)
    earlier.tell(past, now)
    key = database.transact_wall(access.new_api_key, history.SOURCE, "demo marketplace")
    return past, key


def _work(desk: Document) -> list[tuple[Workflow, Stage]]:
    """Every stage at which agents are at home, with its workflow."""
    return [(flow, s) for flow in desk.workflows for s in flow.stages if s.kind == Kind.WORK]


def _first_channel(flow: Workflow, stage: Stage) -> str:
    """Where the work of a stage begins: of the first one, where disputes are taken."""
    return flow.stage_by_key[flow.start if stage.key == flow.first else stage.key].channel


def _channels(desk: Document) -> list[str]:
    """Every channel that stages and alerts name."""
    named = [stage.channel for flow in desk.workflows for stage in flow.stages]
    alerts = [
        level.whom
        for ladder in desk.ladders
        for level in ladder.levels
        if level.hears == Hears.CHANNEL
    ]
    escalations = [flow.escalation for flow in desk.workflows]
    return [one for one in dict.fromkeys([*named, *escalations, *alerts]) if one]


def _write_workspace(folder: Path, channels: list[str], settings: Settings, token: str) -> None:
    told = workspace(
        channels, f"{settings.public_url}/slack/events", token, settings.slack_signing_secret
    )
    told["apps"][0].update(
        client_id=settings.sign_in_client_id,
        client_secret=settings.sign_in_client_secret,
        redirect_urls=[f"{settings.public_url}{admin.MOUNT}/signed-in"],
    )
    (folder / "workspace.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _sandbox(port: int, folder: Path) -> list[str]:
    return ["-m", "sandbox", "--port", str(port + 1), "--workspace", f"{folder}/workspace.json"]


def _marketplace(port: int, settings: Settings) -> list[str]:
    return [
        "-m",
        "demo.marketplace",
        "--port",
        str(port + 2),
        "--desk-url",
        f"{settings.public_url}/api",
        "--seed",
        str(SEED),
        "--every",
        str(NEW_DISPUTE_EVERY),
        "--first",
        str(history.DISPUTES + 2),  # after the last one that the past has opened
    ]
