"""Lists as files: formulas are text, long lists go on, memory stays flat (fault 35)."""

import csv
import io
import logging
import tracemalloc

import pytest

from admin import sheets
from admin.sheets import Sheet, csv_of, defused, xlsx_of
from core.desk.disputes import BATCH
from tests.admin.exported import as_book, as_csv, many
from tests.factories import Desk
from tests.panel import Panel, Visitor
from tests.workbook import read_workbook

OPENED = "sort=4"  # the list's order by age, oldest first


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "\t=1", "\r=1", "|calc", "%0a", "＝1+1", "＠x"],
)
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    assert defused(text) == f"'{text}"
    sheet = Sheet("x", ["a"], [(text,)], "UTC")
    [_, [told]] = csv.reader(io.StringIO(b"".join(csv_of(sheet)).decode(), newline=""))
    assert told == f"'{text}"
    with xlsx_of(Sheet("x", ["a"], [(text,)], "UTC")) as file:
        [_, [cell]] = read_workbook(file.read())
    assert cell == (text.replace("\r", "_x000D_") if "\r" in text else text)


def test_text_of_the_marketplace_cannot_calculate_in_an_export(
    panel: Panel, visitor: Visitor
) -> None:
    evil = '=HYPERLINK("http://evil.example","open")'
    panel.desk.open(order_number=evil, merchant='@merchant, "quoted"')
    [row] = as_csv(visitor.get("/disputes/export.csv"))[1:]
    assert row[5:7] == [f"'{evil}", '\'@merchant, "quoted"']
    [_, told] = as_book(visitor, "/disputes/export.xlsx")
    assert told[5] == evil


def test_plain_text_stays_as_it_is() -> None:
    for text in ("", "order-1", "7K3-M9Q-XTB", "店铺", "a=b", "it's"):
        assert defused(text) == text


def test_more_rows_than_a_sheet_holds_go_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    with xlsx_of(Sheet("x", ["a"], [(str(n),) for n in range(5)], "UTC")) as file:
        content = file.read()
    assert content.count(b"xl/worksheets/sheet3.xml") >= 1
    assert read_workbook(content) == [["a"], ["0"], ["1"]]


def test_broken_off_download_gives_its_connection_back(
    any_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    many(any_desk, 3 * BATCH)
    visitor = Panel(any_desk).visitor("Tom")
    with caplog.at_level(logging.INFO, "redress.exports"):
        answer = visitor.get("/disputes/export.csv", buffered=False)
        next(answer.iter_encoded())
        answer.close()
    assert "whole=False" in caplog.text
    assert any_desk.db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_memory_stays_flat_however_long_the_list(panel: Panel, form: str) -> None:
    visitor = panel.visitor("Tom")

    def peak() -> int:
        tracemalloc.start()
        answer = visitor.get(f"/disputes/export.{form}", buffered=False)
        size = sum(len(piece) for piece in answer.iter_encoded())
        answer.close()
        assert size > 1_000
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    many(panel.desk, 2_000)
    peak()  # what is loaded once is no matter
    few = peak()
    many(panel.desk, 18_000)
    assert peak() < 1.5 * few
