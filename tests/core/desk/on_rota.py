"""Rotas of the tests, in few words."""

import datetime as dt
from typing import Any

from sqlalchemy import select

from core.clocks.calendar import Shift
from core.clocks.rota import Duty, Turns
from core.desk import rota_edit
from core.desk.rota_edit import RotaInfo
from core.tables import Rota
from tests.factories import Desk

ALWAYS = (Shift(0, 1440),)
ALL_DAYS = tuple(range(7))


def info(desk: Desk, *names: str, **changes: Any) -> RotaInfo:
    """Turns of a day, round the clock, from yesterday on: the second one is on duty now."""
    values: dict[str, Any] = {
        "label_zh": "夜班",
        "label_en": "Nights",
        "zone": "UTC",
        "begins": desk.now().date() - dt.timedelta(days=1),
        "duties": (Duty(ALL_DAYS, ALWAYS),),
        "turns": Turns.DAILY,
        "people": tuple(desk.people[name] for name in names or ("Tom", "Eva", "Ada")),
    }
    return RotaInfo(**{**values, **changes})


def add(
    desk: Desk, plan: RotaInfo | None = None, key: str = "nights", name: str = "Sun Wei"
) -> Any:
    return desk.db.transact(rota_edit.add, desk.who(name), key, plan or info(desk))


def act(desk: Desk, use_case: Any, *what: Any, name: str = "Sun Wei", key: str = "nights") -> Any:
    return desk.db.transact(use_case, desk.who(name), key, version(desk, key), *what)


def version(desk: Desk, key: str = "nights") -> int:
    return int(desk.rows(select(Rota.version).where(Rota.key == key))[0][0])
