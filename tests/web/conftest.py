"""A panel to knock at: it is the first door that web serves."""

import pytest

from tests.factories import Desk
from tests.panel import Panel


@pytest.fixture
def panel(desk: Desk) -> Panel:
    """The panel of a fresh desk."""
    return Panel(desk)
