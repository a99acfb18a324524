"""The text form: TOML and JSON say exactly the document; a wrong text is refused at its place."""

import json
import tomllib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings

from core.migrate import STANDARD as STANDARD_FILE
from core.migrate import standard
from core.workflow import model as m
from core.workflow.text import (
    TextError,
    digest,
    from_json,
    from_toml,
    from_tree,
    to_json,
    to_toml,
    to_tree,
)
from tests.core.workflow.documents import workable
from tests.core.workflow.edits import put
from tests.core.workflow.texts import ODD, anything

ODD_DOCUMENT = m.Document(
    1, reasons=tuple(m.Reason(f"r{i}", m.Label(t, t)) for i, t in enumerate(ODD))
)


@settings(max_examples=300)
@given(anything)
@example(ODD_DOCUMENT)
@example(m.Document(1))
def test_any_document_comes_back_from_its_text_unchanged(document: m.Document) -> None:
    assert from_toml(to_toml(document)) == document
    assert from_json(to_json(document)) == document


@given(workable())
def test_same_document_has_the_same_canonical_form_whichever_way_it_came(
    document: m.Document,
) -> None:
    through_toml = from_toml(to_toml(document))
    assert to_json(through_toml) == to_json(document)
    assert digest(to_json(through_toml)) == digest(to_json(document))


@given(anything)
def test_text_form_is_plain_toml_that_any_reader_reads(document: m.Document) -> None:
    assert tomllib.loads(to_toml(document)) == json.loads(to_json(document))


def test_standard_file_is_written_the_way_documents_are_written() -> None:
    text = STANDARD_FILE.read_text(encoding="utf-8")
    body = [line for line in text.splitlines() if not line.startswith("#")]
    assert body == to_toml(standard()).splitlines()


TREE: dict[str, Any] = to_tree(standard())
FIRST = TREE["workflows"][0]


def _with(**changes: Any) -> dict[str, Any]:
    return {**TREE, **changes}


def _triage(**changes: Any) -> dict[str, Any]:
    stages = [{**s, **changes} if s["key"] == "triage" else s for s in FIRST["stages"]]
    return _with(workflows=[{**FIRST, "stages": stages}])


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        ([], ""),
        ({}, "format"),
        (_with(format=2), "format"),
        (_with(format="1"), "format"),
        (_with(surprise=1), "surprise"),
        (_with(workflows={}), "workflows"),
        (_with(workflows=[1]), "workflows[0]"),
        (_with(reasons=[{"label": {"zh_CN": "a", "en": "b"}}]), "reasons[0].key"),
        (_triage(kind=1), "workflows[dispute].stages[triage].kind"),
        (_triage(separation=1), "workflows[dispute].stages[triage].separation"),
        (_triage(hold_minutes=True), "workflows[dispute].stages[triage].hold_minutes"),
        (_triage(hold_minutes=1.5), "workflows[dispute].stages[triage].hold_minutes"),
        (_triage(label="triage"), "workflows[dispute].stages[triage].label"),
        (_triage(label={"en": "Triage"}), "workflows[dispute].stages[triage].label.zh_CN"),
        (
            _triage(label={"en": "a\x00b", "zh_CN": "a"}),
            "workflows[dispute].stages[triage].label.en",
        ),
        (
            _triage(label={"en": "\ud800", "zh_CN": "a"}),
            "workflows[dispute].stages[triage].label.en",
        ),
        (
            _triage(fields=[{"key": "x", "kind": "one", "label": None}]),
            "workflows[dispute].stages[triage].fields[x].label",
        ),
        (
            _triage(decisions=[{"key": "go", "label": {"zh_CN": "a", "en": "b"}}]),
            "workflows[dispute].stages[triage].decisions[go].routes",
        ),
    ],
)
def test_wrong_text_is_refused_at_its_place(tree: Any, place: str) -> None:
    with pytest.raises(TextError) as error:
        from_tree(tree)
    assert error.value.place == place
    assert str(error.value).startswith(place or "document")


@pytest.mark.parametrize("text", ["format = ", "format = 1\nformat = 1", "\x00", "= 1"])
def test_what_is_no_toml_is_refused_with_where_it_ends(text: str) -> None:
    with pytest.raises(TextError, match=r"not TOML: .*\(at (line \d|end of document)"):
        from_toml(text)


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[1"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(TextError, match="not JSON"):
        from_json(text)


@pytest.mark.parametrize("read", [from_json, from_toml])
def test_endless_nesting_is_refused(read: Any) -> None:
    with pytest.raises(TextError):
        read(("format = " if read is from_toml else "") + "[" * 100_000)


def test_number_too_great_for_any_database_is_refused_at_its_place() -> None:
    with pytest.raises(TextError) as error:
        from_tree(_triage(hold_minutes=2**63))
    assert error.value.place == "workflows[dispute].stages[triage].hold_minutes"


def test_true_and_one_are_different_values() -> None:
    document = put(standard(), "workflows/dispute/limits/rounds", maximum=1)
    limit = replace(document.workflows[0].limits[0], maximum=True)
    with pytest.raises(TextError):
        from_json(to_json(put(document, "workflows/dispute", limits=(limit,))))
