"""The import: good rows in, bad rows told, the same file again nothing, memory flat."""

import datetime as dt
import stat
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.tables import Dispute, Event, Fact, Order, Outbox, Party
from portal.importing import Result
from tests.factories import Desk
from tests.portal.importing.files import HEADER, counts, csv_file, imported, row


def test_row_becomes_a_dispute_with_order_facts_and_parties(any_desk: Desk, tmp_path: Path) -> None:
    desk = any_desk
    assert counts(imported(desk, csv_file(tmp_path, row()))) == (1, 1, 0, 0)
    dispute = desk.rows(select(Dispute))[0]
    assert (dispute.source, dispute.external_id, dispute.channel) == ("shop", "c-1", "import")
    assert (dispute.locale, dispute.entered) == ("zh-CN", "unsettled")
    order = desk.rows(select(Order))[0]
    assert (order.number, order.currency, order.paid, order.freight) == ("o-1", "CNY", 1_250, 100)
    assert order.purchased_at == dt.datetime(2026, 11, 1, 7, 30, tzinfo=dt.UTC)
    assert order.lines == [{"key": "1", "title": "Cup", "unit_price": 1_250, "quantity": 1}]
    facts = desk.rows(select(Fact.key, Fact.text).order_by(Fact.id))
    assert facts == [
        ("category", "food"),
        ("given_buyer", "photos"),
        ("given_buyer", "chat"),
        ("state", "unsettled"),
        ("entered", "unsettled"),
        ("grade", "B"),
    ]
    assert desk.rows(select(Outbox.kind)) == [("card",)]  # the order is known: nobody is asked
    assert desk.rows(select(Party.kind).order_by(Party.id)) == [("buyer",), ("merchant",)]


def test_same_file_again_adds_nothing(any_desk: Desk, tmp_path: Path) -> None:
    path = csv_file(tmp_path, *(row(n) for n in range(25)))
    assert counts(imported(any_desk, path, batch=10)) == (25, 25, 0, 0)
    assert counts(imported(any_desk, path, batch=7)) == (25, 0, 25, 0)
    assert any_desk.rows(select(func.count(Dispute.id))) == [(25,)]
    assert any_desk.rows(select(Event.kind).where(Event.kind == "intake_repeated")) == []


def test_import_that_died_halfway_goes_on(desk: Desk, tmp_path: Path) -> None:
    path = csv_file(tmp_path, *(row(n) for n in range(30)))

    def die(_done: int, _total: int, so_far: Result) -> None:
        if so_far.created == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported(desk, path, batch=10, report=die)
    assert counts(imported(desk, path, batch=10)) == (30, 10, 20, 0)


def test_repetition_within_a_file_is_one_dispute_and_its_difference_is_recorded(
    desk: Desk, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, row(1), row(2), row(1), row(1, text="another story"))
    assert counts(imported(desk, path)) == (4, 2, 2, 0)
    told = desk.rows(select(Event.data).where(Event.kind == "intake_repeated"))
    assert [r.data["different"] for r in told] == [["story"]]


BAD = [
    (row(2, id=""), "fields.external_id: is empty and required"),
    (row(3, text=""), "fields.story: is empty and required"),
    (row(4, paid="-5"), "order.paid: “-5” is negative"),
    (row(5, paid="12.505"), "order.paid: “12.505” has more decimals than its currency"),
    (row(6, paid="viel"), "order.paid: “viel” is no amount such as 1299.50"),
    (row(7, paid=""), "order.paid: “” is no amount such as 1299.50"),
    (row(8, paid="1e30"), "order.paid: “1e30” is more than can be stored"),
    (row(9, currency="XYZ"), "order.currency: “XYZ” is no currency code"),
    (
        row(10, bought="2026-02-30 10:00"),
        "order.purchased_at: “2026-02-30 10:00” is no moment that exists",
    ),
    (
        row(11, bought="2026-03-29 02:30"),  # the clocks of Berlin jump over it
        "order.purchased_at: “2026-03-29 02:30” is no moment that exists",
    ),
    (row(12, state="angry"), "fields.entered: “angry” is not among the values"),
    (row(13, given="moon"), "facts.given_buyer: is none of the choices"),
    (row(14, given="none;chat"), "facts.given_buyer: joins an exclusive choice with others"),
    (row(15, title="a\tb"), "order.line: needs a title"),
    (row(16, buyer="x" * 201), "buyer: is required, with at most 200 characters"),
    (row(17, text="a\x00b"), "story: is too long or holds characters that cannot be stored"),
    (row(18) + ",more", "The row has more or fewer cells than the header."),
    ("just one cell", "The row has more or fewer cells than the header."),
    ('c-19,"open,quote"x,', "The row is not CSV"),
]


def test_bad_rows_are_told_with_line_reason_and_text_while_good_ones_go_in(
    any_desk: Desk, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, row(1), *(text for text, _ in BAD), row(99))
    rejects = tmp_path / "rejects.csv"
    result = imported(any_desk, path, rejects=rejects, batch=4)
    assert counts(result) == (len(BAD) + 2, 2, 0, len(BAD))
    with rejects.open(encoding="utf-8", newline="") as file:
        header = file.readline().rstrip("\n")
        told = sorted(file.read().splitlines(), key=lambda line: int(line.partition(",")[0]))
    assert header == f"line,reason,{HEADER}"
    for number, ((text, reason), line) in enumerate(zip(BAD, told, strict=True), start=3):
        assert line.startswith(f"{number},")
        assert reason in line.replace('""', '"')
        assert line.endswith(f",{text}")
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600


def test_mended_rejects_are_imported_by_the_same_mapping(desk: Desk, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    imported(desk, csv_file(tmp_path, row(1), row(2, paid="-5")), rejects=rejects)
    mended = tmp_path / "mended.csv"
    mended.write_text(rejects.read_text(encoding="utf-8").replace("CNY,-5", "CNY,5"), "utf-8")
    assert counts(imported(desk, mended, rejects=rejects)) == (1, 1, 0, 0)
    assert not rejects.exists()  # of an earlier run


def test_dry_run_counts_and_shows_and_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    imported(desk, csv_file(tmp_path, row(1)))
    path = csv_file(tmp_path, *(row(n) for n in range(1, 9)), row(8), row(9, paid="-1"))
    before = desk.rows(select(func.count(Event.id)))
    result = imported(desk, path, dry_run=True)
    assert counts(result) == (10, 7, 2, 1)
    assert [intake.external_id for intake in result.preview] == [f"c-{n}" for n in range(1, 6)]
    assert desk.rows(select(func.count(Event.id))) == before


def test_poisonous_row_alone_is_rejected(desk: Desk, tmp_path: Path, monkeypatch: Any) -> None:
    from core.desk import opening

    whole = opening.open_checked

    def picky(connection: Any, document_id: int, intakes: Any, *rest: Any, **named: Any) -> Any:
        if any(intake.external_id == "c-5" for intake in intakes):
            raise ValueError("no such thing")
        return whole(connection, document_id, intakes, *rest, **named)

    monkeypatch.setattr(opening, "open_checked", picky)
    rejects = tmp_path / "rejects.csv"
    path = csv_file(tmp_path, *(row(n) for n in range(12)))
    assert counts(imported(desk, path, rejects=rejects)) == (12, 11, 0, 1)
    assert "7,The database did not take it (ValueError)." in rejects.read_text(encoding="utf-8")


def test_report_follows_the_bytes_of_the_file(desk: Desk, tmp_path: Path) -> None:
    path = csv_file(tmp_path, *(row(n) for n in range(2_000)))
    seen: list[tuple[int, int, int]] = []
    imported(desk, path, report=lambda done, all_, so_far: seen.append((done, all_, so_far.read)))
    assert seen[-1][:2] == (path.stat().st_size, path.stat().st_size)
    assert [read for *_, read in seen] == [500, 1000, 1500, 2000, 2000]


def test_memory_does_not_grow_with_the_file(desk: Desk, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = csv_file(tmp_path, *(row(n, text="x" * 2_000) for n in range(rows)))
        tracemalloc.start()
        try:
            imported(desk, path, dry_run=True)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(500)  # what is cached once
    assert peak(4_000) < peak(1_000) * 1.5
