"""A wrong mapping is refused at the start, with the place; nothing is imported then."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.tables import Dispute
from portal.importing import BadMapping, load, run
from portal.importing.mapping import read
from tests.factories import VAULT, Desk
from tests.portal.importing.files import TREE, csv_file, row


def changed(place: str, value: Any) -> dict[str, Any]:
    """The mapping of these tests with another value at a place; None takes it out."""
    tree: dict[str, Any] = {k: dict(v) if isinstance(v, dict) else v for k, v in TREE.items()}
    *path, last = place.split(".")
    table = tree
    for name in path:
        table[name] = dict(table[name]) if isinstance(table[name], dict) else {}
        table = table[name]
    if value is None:
        del table[last]
    else:
        table[last] = value
    return tree


@pytest.mark.parametrize(
    ("place", "value", "told", "key"),
    [
        ("source", None, "source", "missing"),
        ("source", 7, "source", "not_text"),
        ("sources", "x", "sources", "unknown_name"),
        ("format", "xml", "format", "not_one_of"),
        ("delimiter", ";;", "delimiter", "one_character"),
        ("encoding", "klingon", "encoding", "unknown_encoding"),
        ("fields", [], "fields", "not_table"),
        ("fields.story", None, "fields.story", "missing"),
        ("fields.nick", "name", "fields.nick", "unknown_name"),
        ("fields.story", 5, "fields.story", "not_take"),
        ("fields.story", {}, "fields.story", "one_source"),
        ("fields.story", {"column": "a", "constant": "b"}, "fields.story", "one_source"),
        ("fields.story", {"columns": "a"}, "fields.story.columns", "not_columns"),
        ("fields.story", {"constant": ""}, "fields.story", "empty_constant"),
        ("fields.story", {"colum": "a"}, "fields.story.colum", "unknown_name"),
        (
            "fields.story",
            {"column": "text", "values": {"a": 1}},
            "fields.story.values",
            "not_values",
        ),
        ("fields.story", {"column": "text", "split": ";"}, "fields.story", "no_list"),
        ("fields.story", {"column": "text", "format": "%Y"}, "fields.story", "no_moment"),
        ("fields.story", "words", "fields.story", "column_missing"),
        ("fields.channel", {"constant": "pigeon"}, "fields.channel.constant", "not_one_of"),
        (
            "fields.entered",
            {"column": "state", "values": {"x": "angry"}},
            "fields.entered.values.x",
            "not_one_of",
        ),
        ("fields.workflow", {"constant": "none"}, "fields.workflow.constant", "not_one_of"),
        ("order.currency", None, "order.currency", "missing"),
        ("order.currency", {"constant": "XYZ"}, "order.currency.constant", "unknown_currency"),
        ("order.lines", "text", "order.line", "lines_twice"),
        ("order.line.title", None, "order.line.title", "missing"),
        (
            "order.purchased_at",
            {"column": "bought", "zone": "Mars/Base"},
            "order.purchased_at.zone",
            "unknown_zone",
        ),
        (
            "order.purchased_at",
            {"column": "bought", "format": "%Q"},
            "order.purchased_at.format",
            "bad_format",
        ),
        ("facts.mood", "kind", "facts.mood", "unknown_fact"),
        ("facts.category", {"constant": "moon"}, "facts.category.constant", "unknown_option"),
        (
            "facts.given_buyer",
            {"column": "given", "default": "moon"},
            "facts.given_buyer.default",
            "unknown_option",
        ),
    ],
)
def test_each_mistake_is_refused_with_its_place(
    desk: Desk, tmp_path: Path, place: str, value: Any, told: str, key: str
) -> None:
    path = csv_file(tmp_path, row())
    with pytest.raises(BadMapping) as caught:
        run(desk.db, VAULT, path, read(changed(place, value)))
    assert (caught.value.place, caught.value.key) == (told, key)
    assert desk.rows(select(func.count(Dispute.id))) == [(0,)]


@pytest.mark.parametrize(
    ("content", "place", "key"),
    [
        (b"", "line 1", "empty_file"),
        (b"\n\n", "line 1", "empty_file"),
        (b'"open', "line 1", "bad_header"),
        (b"id,id,text,order,buyer\n", "fields.external_id", "column_twice"),
        (b"text,order,buyer\n", "fields.external_id", "column_missing"),
        ("id,text\n".encode("utf-16"), "encoding", "other_encoding"),
        (b"not gzipped", "line 1", "bad_header"),
    ],
)
def test_file_that_cannot_fit_is_refused(
    desk: Desk, tmp_path: Path, content: bytes, place: str, key: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    if b"gzip" in content:
        path = path.rename(tmp_path / "in.csv.gz")
    with pytest.raises(BadMapping) as caught:
        run(desk.db, VAULT, path, read(TREE))
    assert (caught.value.place, caught.value.key) == (place, key)


def test_mapping_file_that_is_missing_or_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match=r"m\.toml: no_file"):
        load(tmp_path / "m.toml")
    (tmp_path / "m.toml").write_text("source = ")
    with pytest.raises(BadMapping, match="not_toml"):
        load(tmp_path / "m.toml")


def test_missing_file_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="no_file"):
        run(desk.db, VAULT, tmp_path / "nothing.csv", read(TREE))
