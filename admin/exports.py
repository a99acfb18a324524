"""Any list of the panel as a file, with its own filters, search and order, all rows of it (M7).

Whoever may see the list may have the file; it holds what the list shows and nothing more. Who had
which list stands in the log, without what was searched for.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import Response, request, send_file, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, me
from admin.sheets import Cell, Sheet, csv_of, xlsx_of
from core import i18n
from web.desk import now, stop_reading
from web.language import say, zone

FORMS = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
log = logging.getLogger("redress.exports")


def every(page: Callable[[int | None], Sequence[Any]]) -> Iterator[Any]:
    """The rows of all pages, each page in its own short transaction: none is held open.

    `page` gives the rows beneath an id, None for the first ones; rows have an `id`.
    """
    beneath: int | None = None
    while True:
        stop_reading()
        rows = page(beneath)
        if not rows:
            return
        yield from rows
        beneath = rows[-1].id


class ExportView(PanelView):
    """A view with a list that can be had as a file."""

    exported_columns: ClassVar[tuple[str, ...]]  # each with its heading panel.column.<name>
    moments: ClassVar[frozenset[str]] = frozenset()  # the columns that hold times
    narrowing: ClassVar[tuple[str, ...]] = ()  # what in an address narrows or orders the list

    def exported(self) -> Iterable[Any]:
        """All rows of the list that is asked for, in its order; refused as the list would be."""
        raise NotImplementedError

    def cells(self, row: Any) -> Sequence[Cell]:
        """A row, column by column."""
        raise NotImplementedError

    def export_urls(self) -> list[tuple[str, str]]:
        """The addresses of the list as it is narrowed now: each form with its own."""
        asked = [(name, request.args[name]) for name in self.narrowing if request.args.get(name)]
        query = f"?{urlencode(asked)}" if asked else ""
        return [(form, url_for(f".export_{form}") + query) for form in FORMS]

    @expose("/export.csv")
    def export_csv(self) -> ResponseReturnValue:
        """The list as CSV, sent as it is read."""
        answer = Response(
            stream_with_context(csv_of(self._sheet("csv"))), content_type="text/csv; charset=utf-8"
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="{self._name("csv")}"'
        return answer

    @expose("/export.xlsx")
    def export_xlsx(self) -> ResponseReturnValue:
        """The list as a workbook."""
        file = xlsx_of(self._sheet("xlsx"))
        return send_file(file, XLSX, as_attachment=True, download_name=self._name("xlsx"))

    def before_export(self) -> None:
        """What has to be done before the first row leaves."""

    def _sheet(self, form: str) -> Sheet:
        self.before_export()
        heads = [self._head(name) for name in self.exported_columns]
        return Sheet(self.endpoint, heads, self._told(form), zone())

    def _head(self, name: str) -> str:
        head = say(f"panel.column.{name}")
        return say("panel.export.moment", what=head, zone=zone()) if name in self.moments else head

    def _name(self, form: str) -> str:
        return f"{self.endpoint}-{i18n.there(now(), zone()):%Y-%m-%d}.{form}"

    def _told(self, form: str) -> Iterator[Sequence[Cell]]:
        """The rows in cells; at the end, whole or broken off, the log is told of it.

        They are asked for when the first one is wanted: as a CSV file begins to flow, what the
        page itself read with is closed by then.
        """
        written, whole, who = 0, False, me().person_id
        by = [name for name in self.narrowing if request.args.get(name)]
        try:
            for row in self.exported():
                yield self.cells(row)
                written += 1
            whole = True
        finally:
            log.info(
                "a list was exported: list=%s form=%s person=%s narrowed=%s rows=%s whole=%s",
                *(self.endpoint, form, who, ",".join(by) or "-", written, whole),
            )
