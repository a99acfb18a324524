"""A rota in the panel, from a test: its form and its page."""

import datetime as dt
from typing import Any

from tests.panel import Panel, Visitor

PAGE = "/duty/?id=nights"
ALL = [str(day) for day in range(7)]


def typed(panel: Panel, **changes: Any) -> dict[str, Any]:
    """A rota as its form sends it: turns of a day, round the clock, Eva being on duty now."""
    people = panel.desk.people
    yesterday = panel.desk.now().date() - dt.timedelta(days=1)
    return {
        "key": "nights",
        "label_zh": "夜班",
        "label_en": "Nights",
        "zone": "UTC",
        "turns": "daily",
        "day": "0",
        "minute": "00:00",
        "begins": yesterday.isoformat(),
        "person_1": str(people["Tom"]),
        "person_2": str(people["Eva"]),
        "person_3": str(people["Ada"]),
        "days_1": ALL,
        "hours_1": "0-24",
        "channel": "escalation",
        "lead": "48",
        **changes,
    }


def added(panel: Panel, visitor: Visitor, **changes: Any) -> None:
    """Adds the rota, of which some is typed otherwise."""
    answer = visitor.post("/rotas/new/", typed(panel, **changes))
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].endswith(PAGE)
