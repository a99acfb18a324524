"""Only configured options can be chosen (W4), whatever a door hands in."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.workflow.choices import Invalid, check
from core.workflow.model import Document, Field, Label, Option, OptionSet, Share, Step
from tests.core.workflow.values import json

LABEL = Label("标签", "label")
OPTIONS = (
    Option("fruit", LABEL),
    Option("apple", LABEL, parent="fruit"),
    Option("pear", LABEL),
    Option("plum", LABEL, retired=True),
    Option("none", LABEL, exclusive=True),
)
SHARES = (
    Option("half", LABEL, share=Share(50)),
    Option("step", LABEL, share=Share(steps=(Step("CNY", 500),))),
)
DOCUMENT = Document(1, (OptionSet("fruits", LABEL, OPTIONS), OptionSet("shares", LABEL, SHARES)))
LINES = {"1": 2, "2:b": 1}


def field(kind: str) -> Field:
    """A field of a kind."""
    options = {"one": "fruits", "many": "fruits", "share": "shares"}.get(kind, "")
    return Field("f", kind, LABEL, options)


def choose(kind: str, choice: Any, currency: str = "CNY") -> Any:
    """The value, or the key of the refusal."""
    found = check(DOCUMENT, field(kind), choice, LINES, currency)
    return found.key if isinstance(found, Invalid) else found


@pytest.mark.parametrize(
    ("kind", "choice", "value"),
    [
        ("one", "apple", "apple"),
        ("one", "fruit", "unknown_option"),  # a trunk
        ("one", "plum", "unknown_option"),  # retired
        ("one", "kiwi", "unknown_option"),
        ("one", ["apple"], "unknown_option"),
        ("many", ["pear", "apple"], ("pear", "apple")),
        ("many", ["pear", "pear"], ("pear",)),
        ("many", ["none"], ("none",)),
        ("many", ["none", "pear"], "exclusive"),
        ("many", ["pear", "plum"], "unknown_option"),
        ("many", [], "unknown_option"),
        ("many", "pear", "unknown_option"),
        ("many", [["pear"]], "unknown_option"),
        ("many", {"pear": 1}, "unknown_option"),
        ("share", "half", "half"),
        ("share", "step", "step"),
        ("items", ["1:2", "2:b:1"], ("1:2", "2:b:1")),
        ("items", ["1:3"], "unknown_option"),  # more than was bought
        ("items", ["1:0"], "unknown_option"),
        ("items", ["1:-1"], "unknown_option"),
        ("items", ["3:1"], "unknown_option"),
        ("items", ["1"], "unknown_option"),
        ("items", ["1:1", "1:1"], "line_twice"),
        ("items", ["1:" + "9" * 5000], "unknown_option"),
        ("items", [1], "unknown_option"),
        ("typed", " SF123 ", "SF123"),
        ("typed", "", "unreadable"),
        ("typed", "  ", "unreadable"),
        ("typed", "x" * 201, "unreadable"),
        ("typed", "a\x00b", "unreadable"),
        ("typed", "a\u202eb", "unreadable"),
        ("typed", "\ud800", "unreadable"),
        ("typed", "<!channel>", "<!channel>"),
        ("typed", 5, "unreadable"),
        ("file", 3, 3),
        ("file", 0, "unknown_option"),
        ("file", True, "unknown_option"),
        ("file", 2**63, "unknown_option"),
        ("file", "3", "unknown_option"),
    ],
)
def test_choice_is_a_configured_option_or_refused(kind: str, choice: Any, value: Any) -> None:
    assert choose(kind, choice) == value


def test_preset_step_exists_in_its_own_currency_only() -> None:
    assert choose("share", "step", "JPY") == "unknown_option"
    assert choose("share", "half", "JPY") == "half"


@settings(max_examples=300)
@given(st.sampled_from(("one", "many", "share", "items", "typed", "file")), json)
@example("many", 1.5)
@example("items", {"1:1": 1})
def test_no_choice_whatsoever_makes_the_check_fail(kind: str, choice: Any) -> None:
    found = check(DOCUMENT, field(kind), choice, LINES, "CNY")
    assert isinstance(found, Invalid | str | int | tuple)
