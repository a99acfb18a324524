"""The office as a fixture."""

from collections.abc import Iterator

import pytest

from tests.bot.office import Office, office
from tests.factories import Desk


@pytest.fixture
def at_work(desk: Desk) -> Iterator[Office]:
    """A desk, a workspace and the bot between them."""
    with office(desk) as made:
        yield made
