"""Who looked at personal data, when and why: all looks, narrowed (X1)."""

import datetime as dt
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, row_id
from core.desk import looks, roster
from core.desk.actor import Right
from core.desk.looks import KINDS
from core.desk.numbers import shown
from web.desk import reading
from web.language import say, zone

FILTERS = ("person", "number", "kind", "since", "until")


class Looks(PanelView):
    """The looks, a page at a time."""

    right = Right.PEOPLE
    title = "panel.nav.looks"
    group = "panel.nav.records"

    def __init__(self) -> None:
        super().__init__("looks")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        chosen = {name: request.args.get(name, "") for name in FILTERS}
        beneath = request.args.get("beneath", "")
        kind = chosen["kind"] if chosen["kind"] in KINDS else ""
        rows = looks.latest(
            reading(),
            person_id=row_id(chosen["person"]) if chosen["person"] else None,
            number=chosen["number"],
            kind=kind,
            since=_midnight(chosen["since"]),
            until=_midnight(chosen["until"], days=1),
            before_id=row_id(beneath) if beneath else None,
        )
        return str(
            self.render(
                "panel/looks.html",
                rows=rows,
                number_of=shown,
                people=[(str(one.id), one.name) for one in roster.everyone(reading())],
                kinds=[(one, say(f"look.kind.{one}")) for one in KINDS],
                chosen=chosen,
                beneath=rows[-1].id if len(rows) == looks.PAGE else None,
            )
        )


def _midnight(day: str, days: int = 0) -> dt.datetime | None:
    """The moment at which a day begins where the reader is, some days later; None for no day."""
    try:
        begins = dt.date.fromisoformat(day) + dt.timedelta(days=days)
        there = dt.datetime.combine(begins, dt.time(), ZoneInfo(zone()))
        return there.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
