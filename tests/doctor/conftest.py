"""A desk with which nothing is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.bot.office import APP_TOKEN, TOKEN, workspace
from tests.doctor.clinic import ALL, MASTER, SECRET, Clinic
from tests.factories import Desk


@pytest.fixture
def clinic(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A desk with which nothing is wrong, and its Slack."""
    with Server(workspace(desk)) as server, Sandbox(server.url) as sandbox:
        sandbox.change_app("A1", scopes=ALL)
        sandbox.rates("off")
        made = Clinic(desk, sandbox, monkeypatch)
        made.set(
            keys=MASTER,
            secret=SECRET,
            database_url=desk.db.url.render_as_string(),
            files=str(tmp_path / "files"),
            slack_api_url=f"{server.url}/api/",
            slack_bot_token=TOKEN,
            slack_app_token=APP_TOKEN,
            slack_signing_secret=SECRET[:32],
        )
        yield made
