"""Who looked at personal data, when and why: all looks, narrowed (X1)."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from admin.base import expose, me, row_id
from admin.exports import ExportView, every
from admin.form import midnight
from admin.sheets import Cell
from core.desk import looks, roster
from core.desk.actor import Right
from core.desk.looks import KINDS
from core.desk.numbers import shown
from web.desk import reading, transact
from web.language import say

FILTERS = ("person", "number", "kind", "since", "until")


class Looks(ExportView):
    """The looks, a page at a time."""

    right = Right.PEOPLE
    title = "panel.nav.looks"
    group = "panel.nav.records"
    exported_columns = ("looked", "who", "look", "number", "why")
    moments = frozenset({"looked"})
    narrowing = FILTERS

    def __init__(self) -> None:
        super().__init__("looks")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        chosen = {name: request.args.get(name, "") for name in FILTERS}
        beneath = request.args.get("beneath", "")
        rows = self._page(row_id(beneath) if beneath else None)
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

    def before_export(self) -> None:
        """Who takes away who looked at what is noted, too."""
        transact(looks.list_exported, me())

    def exported(self) -> Iterator[Row[Any]]:
        """All looks that are asked for, a page at a time, each in a short transaction."""
        return every(self._page)

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """A look as the list tells it."""
        return (
            row.at,
            row.who,
            say(f"look.kind.{row.kind}"),
            shown(row.number) if row.number else "",
            say(f"look.reason.{row.reason}") if row.reason else "",
        )

    @staticmethod
    def _page(before: int | None) -> list[Row[Any]]:
        """A page of the looks that the address asks for, beneath one."""
        chosen = {name: request.args.get(name, "") for name in FILTERS}
        return looks.latest(
            reading(),
            person_id=row_id(chosen["person"]) if chosen["person"] else None,
            number=chosen["number"],
            kind=chosen["kind"] if chosen["kind"] in KINDS else "",
            since=midnight(chosen["since"]),
            until=midnight(chosen["until"], days=1),
            before_id=before,
        )
