"""A panel to test on."""

import pytest

from tests.factories import Desk
from tests.panel import Panel, Visitor


@pytest.fixture
def panel(desk: Desk) -> Panel:
    """The panel of a fresh desk."""
    return Panel(desk)


@pytest.fixture
def visitor(panel: Panel) -> Visitor:
    """A supervisor at the panel, reading English."""
    visitor = panel.visitor("Sun Wei")
    visitor.post("/language", {"locale": "en"})
    return visitor
