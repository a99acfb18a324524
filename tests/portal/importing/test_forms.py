"""The forms in which files come: quoted, encoded, compressed, cut off, as JSON lines."""

import csv
import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from core.migrate import standard
from core.tables import Dispute, Fact, Order, Party
from portal.importing.checks import check_mapping
from portal.importing.mapping import BadMapping
from tests.factories import VAULT, Desk
from tests.portal.importing.files import TREE, counts, csv_file, imported, mapping, row


def test_quotes_newlines_and_a_byte_order_mark_are_read(desk: Desk, tmp_path: Path) -> None:
    text = '"He said ""no"",\r\nthen nothing.\n\n再见"'
    path = csv_file(tmp_path, row(1, text=text), "", row(2, paid="-1"), encoding="utf-8-sig")
    rejects = tmp_path / "rejects.csv"
    assert counts(imported(desk, path, rejects=rejects)) == (2, 1, 0, 1)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        assert [line["line"] for line in csv.DictReader(file)] == ["7"]  # lines of the file
    from core.desk.views import story

    told = desk.db.read(lambda c, now: story(c, desk.rows(select(Dispute.id))[0].id, VAULT))
    assert told == 'He said "no",\r\nthen nothing.\n\n再见'


def test_other_encodings_are_named_or_rejected_row_by_row(desk: Desk, tmp_path: Path) -> None:
    path = csv_file(tmp_path, row(1), row(2, name="Ann", text="broken"), encoding="gb18030")
    rejects = tmp_path / "rejects.csv"
    assert counts(imported(desk, path, rejects=rejects)) == (2, 1, 0, 1)
    assert "杯子碎了".encode("gb18030") in rejects.read_bytes()  # the very bytes that came in
    assert counts(imported(desk, path, by=mapping(encoding="gb18030"))) == (2, 1, 1, 0)


def test_gz_that_is_cut_off_keeps_what_stands_before(desk: Desk, tmp_path: Path) -> None:
    path = csv_file(tmp_path, *(row(n, text=f"{n * 7919}") for n in range(2_000)), name="in.csv.gz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    result = imported(desk, path)
    assert result.cut_off
    assert result.rejected == 1
    assert 500 < result.created < 1_500
    path.write_bytes(whole)
    again = imported(desk, path)
    assert (again.created, again.known) == (2_000 - result.created, result.created)
    assert not again.cut_off


def test_json_lines_are_read_with_exact_amounts(any_desk: Desk, tmp_path: Path) -> None:
    tree = {
        **TREE,
        "order": {
            "currency": "currency",
            "paid": "paid",
            "purchased_at": "bought",
            "lines": "lines",
        },
        "facts": {"given_buyer": "given"},
    }
    line = {"key": "a", "title": "杯", "unit_price": "0.30", "quantity": 3}
    good = {
        "id": "c-1",
        "order": "o-1",
        "buyer": 77,
        "name": None,
        "text": "碎了",
        "state": "late",
        "currency": "EUR",
        "paid": 1.10,
        "bought": "2026-11-01T08:00:00Z",
        "lines": [line],
        "given": ["photos", "chat"],
    }
    rows = [
        json.dumps(good, ensure_ascii=False),
        "",
        "{broken",
        "[1]",
        json.dumps({**good, "id": "c-2", "lines": "none"}),
        json.dumps({**good, "id": "c-3", "lines": [line, line]}),
        json.dumps({**good, "id": "c-4", "lines": [{**line, "quantity": 0}]}),
        json.dumps({**good, "id": "c-5", "bought": "2026-11-01 08:00"}),
        json.dumps({**good, "id": "c-6", "text": "a\ud800b"}),
        "[" * 5_000,
    ]
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(rows).encode()))
    rejects = tmp_path / "rejects.jsonl"
    result = imported(any_desk, path, by=mapping(**tree), rejects=rejects)
    assert counts(result) == (9, 1, 0, 8)
    order = any_desk.rows(select(Order))[0]
    assert (order.paid, order.lines[0]["unit_price"]) == (110, 30)
    assert any_desk.rows(select(Party.reference).where(Party.kind == "buyer")) == [("77",)]
    told = [json.loads(text) for text in rejects.read_text(encoding="utf-8").splitlines()]
    by_line = {one["line"]: one for one in told}
    assert sorted(by_line) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert by_line[3] == {"line": 3, "reason": "is not JSON", "row": "{broken"}
    assert by_line[8]["reason"].startswith(
        "order.purchased_at: “2026-11-01 08:00” has no time zone"
    )


def test_buyer_s_tags_are_read_from_one_cell(desk: Desk, tmp_path: Path) -> None:
    values = {"vip": "high_value", "care": "after_sales_sensitive"}
    fields = TREE["fields"] | {"buyer_tags": {"column": "given", "split": ";", "values": values}}
    tree = mapping(fields=fields, facts={})
    assert counts(imported(desk, csv_file(tmp_path, row(given="vip;care")), by=tree)) == (
        1,
        1,
        0,
        0,
    )
    tags = desk.rows(select(Party.tags).where(Party.kind == "buyer"))
    assert tags == [(["after_sales_sensitive", "high_value"],)]


def test_merchant_s_standing_is_read_and_what_it_may_be_is_said(desk: Desk, tmp_path: Path) -> None:
    values = {"gold": "good", "red": "poor"}
    standing = {"column": "given", "values": values}
    tree = mapping(fields=TREE["fields"] | {"merchant_standing": standing}, facts={})
    imported(desk, csv_file(tmp_path, row(given="red")), by=tree)
    known = select(Fact.text).where(Fact.key == "standing")
    assert desk.rows(known) == [("poor",)]
    odd = {"column": "given", "values": {"red": "awful"}}
    wrong = mapping(fields=TREE["fields"] | {"merchant_standing": odd}, facts={})
    with pytest.raises(BadMapping):
        check_mapping(wrong, standard())
