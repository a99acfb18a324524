"""A panel to test on."""

import pytest

from tests.factories import Desk
from tests.panel import Panel


@pytest.fixture
def panel(desk: Desk) -> Panel:
    """The panel of a fresh desk."""
    return Panel(desk)
