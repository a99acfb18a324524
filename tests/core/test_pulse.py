"""The heartbeat: an outside monitor hears that all is well, and nothing where it is not (G10)."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from core import heartbeat
from core.pulse import Pulse
from core.settings import BadSettings, load
from core.tables import Audit
from tests.factories import Desk


class Monitor:
    """What listens outside; answers with `status`."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.status = 200
        self.url = ""


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    kept = Monitor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.heard.append(self.path)
            self.send_response(kept.status)
            self.send_header("Location", f"{kept.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def beats(desk: Desk) -> list[object]:
    return [row.beat_at for row in desk.rows(select(Audit.beat_at))]


def test_monitor_hears_once_a_minute_while_all_is_done(desk: Desk, monitor: Monitor) -> None:
    pulses = [Pulse(desk.db, f"{monitor.url}/ping/secret") for _ in range(3)]
    for pulse in pulses * 2:
        pulse.take()
    assert monitor.heard == ["/ping/secret"]
    assert None not in beats(desk)


def test_heartbeat_is_kept_back_where_something_due_was_not_done(
    desk: Desk, monitor: Monitor, caplog: pytest.LogCaptureFixture
) -> None:
    desk.open()
    desk.pass_time(hours=3)
    verdict = Pulse(desk.db, monitor.url).take()
    assert verdict is not None
    assert dict(verdict.trouble) == {"deadlines": 1}
    assert monitor.heard == []
    assert beats(desk) == [None]
    assert [r.message for r in caplog.records if r.levelno == logging.ERROR] == [
        "what was due is not done (deadlines 1); the heartbeat is kept back"
    ]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_monitor_that_does_not_take_it_is_said_without_its_address(
    desk: Desk, monitor: Monitor, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    monitor.status = status
    Pulse(desk.db, f"{monitor.url}/ping/secret").take()
    assert monitor.heard == ["/ping/secret"]  # no redirect is followed
    assert beats(desk) == [None]
    assert f"the heartbeat's monitor answered {status}" in caplog.text
    assert "secret" not in "".join(r.getMessage() for r in caplog.records if "redress" in r.name)


def test_monitor_that_is_away_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert not heartbeat.beat("http://127.0.0.1:9/ping/secret")
    ours = [r.getMessage() for r in caplog.records if "redress" in r.name]
    assert ours == ["the heartbeat's monitor was not reached: ConnectError"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HEARTBEAT_URL", "monitor.example/ping", "not an address"),
        ("METRICS_TOKEN", "short", "it needs 16 characters"),
        ("PROBE_MINUTES", "1", "greater than or equal to 2"),
    ],
)
def test_wrong_settings_stop_the_start_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"REDRESS_{name}", value)
    with pytest.raises(BadSettings) as stopped:
        load()
    line = next(line for line in str(stopped.value).splitlines() if f"REDRESS_{name}" in line)
    assert words in line
