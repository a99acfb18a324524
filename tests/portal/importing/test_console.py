"""The import as an operator sees it, in both languages."""

import io
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import func, select

from core.tables import Dispute
from portal.importing.console import ALL_IN, BAD_MAPPING, SOME_REJECTED, import_file
from tests.factories import VAULT, Desk
from tests.portal.importing.files import csv_file, row

MAPPING = """
source = "shop"
[fields]
external_id = "id"
order_number = "order"
buyer = "buyer"
story = "text"
[order]
currency = "currency"
paid = "paid"
[facts]
category = { column = "kind", values = { Food = "food" }, default = "other" }
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def said(desk: Desk, file: Path, mapping: Path, code: int, **more: object) -> str:
    """Runs the import, expects its exit code, gives what it said."""
    out = io.StringIO()
    console = Console(file=out, width=200)
    found = import_file(desk.db, VAULT, file, mapping, console=console, **more)  # type: ignore[arg-type]
    assert found == code, out.getvalue()
    return out.getvalue()


def test_whole_import_says_what_it_did(desk: Desk, mapping: Path, tmp_path: Path) -> None:
    told = said(desk, csv_file(tmp_path, row(1), row(2)), mapping, ALL_IN)
    assert "2 rows read: 2 disputes opened, 0 known already, 0 rejected." in told


def test_rejects_lie_beside_the_file_unless_told_otherwise(
    desk: Desk, mapping: Path, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, row(1), row(2, paid="-1"))
    told = said(desk, path, mapping, SOME_REJECTED, locale="zh_CN")
    assert "已读 2 行：开立纠纷单 1，已有 0，拒绝 1。" in told
    assert str(tmp_path / "in.csv.rejects") in told
    assert "“-1”为负数" in (tmp_path / "in.csv.rejects").read_text(encoding="utf-8")
    said(desk, path, mapping, SOME_REJECTED, rejects=tmp_path / "mine.csv")
    assert (tmp_path / "mine.csv").exists()


def test_preview_masks_contacts_and_writes_nothing(
    desk: Desk, mapping: Path, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, row(1, text="call 13800138000 [red]now"))
    told = said(desk, path, mapping, ALL_IN, dry_run=True)
    assert "1 disputes would be opened" in told
    assert "call ••• [red]now" in told
    assert "CN¥12.50" in told
    assert "category=food" in told
    assert desk.rows(select(func.count(Dispute.id))) == [(0,)]


def test_wrong_mapping_is_told_with_its_place(desk: Desk, mapping: Path, tmp_path: Path) -> None:
    mapping.write_text(MAPPING.replace('story = "text"', 'story = "words"'), encoding="utf-8")
    told = said(desk, csv_file(tmp_path, row()), mapping, BAD_MAPPING)
    assert "Nothing was imported. fields.story: There is no column “words”." in told
    told = said(desk, csv_file(tmp_path, row()), tmp_path / "none.toml", BAD_MAPPING, locale="zh")
    assert "没有导入任何内容。none.toml：无法打开" in told
