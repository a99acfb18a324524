"""Fixtures that every test shares: a migrated database of either kind, and a desk on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from core.db import Database
from core.migrate import migrate
from tests import postgres
from tests.factories import Desk

settings.register_profile(
    "house",
    deadline=None,
    print_blob=True,  # a failing property prints its seed
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "redress.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh, migrated SQLite database whose clock can be moved."""
    path = tmp_path / "redress.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", movable=True)
    yield database
    database.close()


@pytest.fixture
def postgresql() -> Iterator[Database]:
    """A fresh, migrated PostgreSQL database whose clock can be moved."""
    url = postgres.clone()
    database = Database(url, movable=True)
    yield database
    database.close()
    postgres.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """Each kind of database in turn: the same code, the same tests."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def desk(sqlite: Database) -> Desk:
    """A desk with people and channels, on SQLite."""
    return Desk(sqlite)


@pytest.fixture
def any_desk(database: Database) -> Desk:
    """A desk with people and channels, on each kind of database in turn."""
    return Desk(database)
