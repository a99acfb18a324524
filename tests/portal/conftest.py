"""The API on a free port, over a desk, with clients that hold keys."""

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

import portal
from core.desk import access
from core.settings import Settings
from tests.factories import Desk
from tests.serving import Door, served

KEYS = "test:" + base64.b64encode(b"t" * 32).decode()


class Api:
    """A served API: clients by source, and the desk behind it."""

    def __init__(self, desk: Desk, files: Path, url: str, stack: ExitStack) -> None:
        self.desk = desk
        self.files = files
        self.url = url
        self._stack = stack

    def client(self, source: str = "shop", **headers: str) -> httpx.Client:
        """A client with a fresh key of a source."""
        key = self.desk.db.transact(access.new_api_key, source, "test")
        return self.bare(Authorization=f"Bearer {key}", **headers)

    def bare(self, **headers: str) -> httpx.Client:
        """A client without a key."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        made = httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=20)
        return self._stack.enter_context(made)


def api_of(desk: Desk, files: Path, **changes: Any) -> Any:
    """The API's WSGI application, mounted as app.py mounts it."""
    settings = Settings(keys=KEYS, secret="s" * 32, **changes)
    return DispatcherMiddleware(
        Response("nothing", 404), {"/api": portal.create(desk.db, settings, files)}
    )


@pytest.fixture(scope="session")
def street() -> Iterator[tuple[Door, str]]:
    """One server for all tests; each puts its own program behind the door."""
    door = Door()
    with served(door) as url:
        yield door, url


@pytest.fixture
def api(any_desk: Desk, tmp_path: Path, street: tuple[Door, str]) -> Iterator[Api]:
    """The API on each kind of database in turn."""
    with ExitStack() as stack:
        yield _behind(street, any_desk, tmp_path / "files", stack)


@pytest.fixture
def small_api(desk: Desk, tmp_path: Path, street: tuple[Door, str]) -> Iterator[Api]:
    """The API on SQLite alone, for what the database has no part in."""
    with ExitStack() as stack:
        yield _behind(street, desk, tmp_path / "files", stack)


def _behind(street: tuple[Door, str], desk: Desk, files: Path, stack: ExitStack) -> Api:
    door, url = street
    door.program = api_of(desk, files, evidence_limit=2_000_000)
    return Api(desk, files, f"{url}/api/v1", stack)


def body(n: int = 1, **changes: Any) -> dict[str, Any]:
    """A dispute's body that stands; `changes` replace its parts."""
    return {
        "external_id": f"ext-{n}",
        "order_number": f"order-{n}",
        "buyer": {"id": f"buyer-{n}", "name": "王芳", "contact": "wang@example.com"},
        "merchant": "merchant-1",
        "story": "电饭煲收到时已破损。",
        "order": {"currency": "CNY", "paid": 20_000, "freight": 1_000},
        **changes,
    }
