"""An XLSX file as its own XML tells it, read without the library that writes it."""

import datetime as dt
import io
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAY_NONE = dt.datetime(1899, 12, 30)  # noqa: DTZ001  spreadsheets count days from here, zoneless


def read_workbook(content: bytes) -> list[list[object]]:
    """The rows of the first sheet: texts, numbers, and moments where a cell is told to be one.

    Raises AssertionError where any cell holds a formula.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        styles = ElementTree.fromstring(book.read("xl/styles.xml"))
    assert sheet.findall(f".//{MAIN}f") == []
    formats = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(f"{MAIN}numFmt")}
    cells = styles.find(f"{MAIN}cellXfs")
    assert cells is not None
    dated = {
        str(index)
        for index, style in enumerate(cells)
        if "yyyy" in str(formats.get(style.get("numFmtId")))
    }
    return [[_cell(cell, dated) for cell in _filled(row)] for row in sheet.iter(f"{MAIN}row")]


def _filled(row: ElementTree.Element) -> list[ElementTree.Element | None]:
    """The cells of a row in their columns; None where none was written."""
    found: list[ElementTree.Element | None] = []
    for cell in row:
        column = ord(str(cell.get("r"))[0]) - ord("A")
        found += [None] * (column - len(found))
        found.append(cell)
    return found


def _cell(cell: ElementTree.Element | None, dated: set[str]) -> object:
    if cell is None:
        return None
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))
    number = float(str(cell.findtext(f"{MAIN}v")))
    if cell.get("s") in dated:
        moment = DAY_NONE + dt.timedelta(days=number)
        return (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    return int(number)
