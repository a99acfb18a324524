"""The office as a fixture, with a clock of its own where a test moves it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Database
from tests.bot.office import Office, office, office_on_sockets
from tests.bot.walls import Wall
from tests.factories import Desk


@pytest.fixture
def at_work(desk: Desk) -> Iterator[Office]:
    """A desk, a workspace and the bot between them."""
    with office(desk) as made:
        yield made


@pytest.fixture
def connected(desk: Desk) -> Iterator[Office]:
    """The office on SQLite, with one bot on one socket."""
    with office_on_sockets(desk) as made:
        yield made


@pytest.fixture
def wall() -> Wall:
    """The wall clock of `virtual`."""
    return Wall()


@pytest.fixture
def virtual(sqlite_template: Path, tmp_path: Path, wall: Wall) -> Iterator[Office]:
    """An office whose wall clock the test moves."""
    path = tmp_path / "virtual.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", movable=True, clock=wall)
    with office(Desk(database)) as made:
        yield made
    database.close()
