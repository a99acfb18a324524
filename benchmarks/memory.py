"""`memory`: the demo's main process above one that only imports the same packages.

The demo is used first: its pages are opened, its agents press buttons, a minute passes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import psutil

import admin
from benchmarks.figures import figure, note
from benchmarks.programs import REDRESS, ROOT, answers, beside
from bot.ids import DETAILS
from demo.people import WORKERS
from sandbox.client import CannotActError, Sandbox
from tests.demo.seats import sit_down
from tests.serving import free_ports

MEGABYTE = 1_000_000
PATIENCE = 120.0  # seconds until the demo has stopped
PAGES = ("/", "/disputes/", "/workflows/", "/option_sets/", "/problems/", "/people/", "/channels/")
# The programs' own packages; what they import beside them is the floor.
OURS = ("admin", "app", "blockkit", "bot", "cli", "core", "demo", "portal")
OURS = (*OURS, "sandbox", "scheduler", "web")
LIST = f"""
import json, sys
import demo.run, cli
ours = set({OURS!r})
print(json.dumps([name for name in sys.modules if name.partition(".")[0] not in ours]))
"""
IMPORT = """
import contextlib, importlib, json, sys
for name in json.loads(sys.argv[1]):
    with contextlib.suppress(Exception):  # a part that only its own package can import
        importlib.import_module(name)
print("ready", flush=True)
sys.stdin.read()
"""


def main(argv: Sequence[str]) -> None:
    """Prints `memory`: megabytes above the floor, which is the bare imports."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks memory")
    parser.add_argument("--seconds", type=float, default=60, help="how long the demo is used")
    options = parser.parse_args(argv)
    with _demo() as (process, port):
        acts = _use(port, options.seconds)
        ours = _resident(process)
    floor = _bare()
    note(f"  {acts} acts; the demo's main process {ours:.1f} MB, bare imports {floor:.1f} MB")
    figure("memory", ours - floor, "MB", floor=floor, n=1)


def _resident(process: subprocess.Popen[Any]) -> float:
    return float(psutil.Process(process.pid).memory_info().rss) / MEGABYTE


@contextmanager
def _demo() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_ports(3)
    with tempfile.TemporaryDirectory(prefix="redress-memory-") as folder:
        environment = {**os.environ, "PORT": str(port), "DATA": folder}
        with beside([*REDRESS, "demo"], environment, patience=PATIENCE) as process:
            answers(f"http://127.0.0.1:{port}/healthz", process)
            yield process, port


def _use(port: int, seconds: float) -> int:
    """A supervisor opens pages, everybody looks around in Slack; returns how many acts it was.

    Raises RuntimeError where nobody found a card to look at: then nothing was measured.
    """
    until = time.monotonic() + seconds
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, trust_env=False, timeout=20) as panel:
        sit_down(panel, "supervisor").raise_for_status()
        for page in PAGES:
            panel.get(admin.MOUNT + page).raise_for_status()
    with Sandbox(f"http://127.0.0.1:{port + 1}") as sandbox:
        acts = _work(sandbox)
    if not acts:
        raise RuntimeError("nobody found a card to look at: the demo was not used")
    time.sleep(max(0.0, until - time.monotonic()))
    return acts


def _work(sandbox: Sandbox) -> int:
    """Everybody opens Home, and the first card of each channel in its details."""
    acts = 0
    for worker in WORKERS:
        agent = sandbox.act_as(worker.slack_id)
        agent.home()
        for channel in sandbox.state()["channels"]:
            cards = ((one["ts"], _details(one)) for one in channel["messages"])
            ts, details = next((card for card in cards if card[1]), ("", ""))
            with suppress(CannotActError):  # somebody who is not in that channel
                if details:
                    agent.click(channel["id"], ts, "more", details)
                    agent.close(everything=True)
                    acts += 1
    return acts


def _details(message: dict[str, Any]) -> str:
    """What the menu's option for the details carries; empty where it is no card with a menu."""
    elements = [e for block in message.get("blocks", ()) for e in block.get("elements", ())]
    values = [option["value"] for e in elements for option in e.get("options", ())]
    return next((value for value in values if value.endswith(f":{DETAILS}")), "")


def _bare() -> float:
    """The memory of a process that imports the same packages and does nothing."""
    listed = subprocess.run(
        [sys.executable, "-c", LIST], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with subprocess.Popen(
        [sys.executable, "-c", IMPORT, listed.stdout],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        size = _resident(process)
        process.communicate()
    return size
