"""Lists as files: CSV row by row, XLSX by way of a temporary file, with flat memory (M7).

What people wrote is text in both: a spreadsheet that opens the file calculates nothing (fault 35).
"""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | dt.datetime | None

BOM = "\ufeff"  # by it Excel knows that a CSV file is UTF-8
FORMULA = tuple("=+-@|%＝＋－＠")  # what may begin a formula, or a command, in some spreadsheet
CHUNK = 32 * 1024  # characters that are sent at once
MOST_ROWS = 1_048_575  # of one XLSX sheet, beneath its headings; the next sheet takes the rest
MOST_CHARACTERS = 32_767  # of one XLSX cell
WIDTH = 20  # of an XLSX column, in characters


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list to be written: `name` is how its file's name begins, `zone` whose time it tells.

    `rows` is read once, one row at a time.
    """

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    zone: str


def csv_of(sheet: Sheet) -> Iterator[bytes]:
    """The list as CSV in UTF-8 with a byte order mark, in pieces."""
    zone = ZoneInfo(sheet.zone)
    buffer = io.StringIO(newline="")
    buffer.write(BOM)
    writer = csv.writer(buffer)
    writer.writerow(map(defused, sheet.heads))
    for row in sheet.rows:
        writer.writerow([_csv_cell(cell, zone) for cell in row])
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_of(sheet: Sheet) -> IO[bytes]:
    """The list as an XLSX file, at its beginning; it is gone once it is closed."""
    zone = ZoneInfo(sheet.zone)
    file = tempfile.TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    try:
        with tempfile.TemporaryDirectory(prefix="redress-export-") as folder:
            book = Workbook(file, {"constant_memory": True, "tmpdir": folder})
            date = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            page, at = _page(book, sheet), 0
            for row in sheet.rows:
                if at == MOST_ROWS:
                    page, at = _page(book, sheet), 0
                at += 1
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.datetime):
                        page.write_datetime(at, column, _there(cell, zone), date)
                    elif isinstance(cell, int | float):
                        page.write_number(at, column, cell)
                    elif cell:
                        page.write_string(at, column, cell[:MOST_CHARACTERS])
            book.close()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def defused(text: str) -> str:
    """The text as a spreadsheet takes it for text; an apostrophe stands before what looks else.

    defusedcsv looks at the first character alone: blanks before it, and the full-width signs that
    Chinese keyboards write, get past it.
    """
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def _csv_cell(cell: Cell, zone: ZoneInfo) -> str:
    if isinstance(cell, dt.datetime):
        return _there(cell, zone).isoformat(" ")
    return defused(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _there(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment on the reader's clock; spreadsheets know no zones."""
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0)


def _page(book: Workbook, sheet: Sheet) -> Worksheet:
    """A fresh sheet with its headings, which stay in sight."""
    page = book.add_worksheet()
    page.set_column(0, len(sheet.heads) - 1, WIDTH)
    page.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, bold)
    return page
