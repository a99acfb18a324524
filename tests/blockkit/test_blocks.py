"""Blocks and elements: what is in order passes, and each broken limit is named with its place."""

from typing import Any

import pytest

from blockkit import validate_blocks
from blockkit.limits import LIMITS
from tests.blockkit.samples import (
    INPUTS,
    OTHERS,
    RICH,
    SELECTS,
    actions,
    button,
    confirm,
    element,
    input_block,
    mrkdwn,
    option,
    options,
    plain,
    section,
)

IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"}
VALID_BLOCKS: list[dict[str, Any]] = [
    section(),
    {"type": "section", "fields": [mrkdwn("x" * 2000) for _ in range(10)]},
    *(section(accessory=element(kind)) for kind in ["button", *SELECTS, "overflow", "datepicker"]),
    section(accessory=IMAGE),
    actions(*(element(kind) for kind in ["button", *SELECTS, *OTHERS])),
    {"type": "context", "elements": [IMAGE, mrkdwn(), plain()]},
    {"type": "divider"},
    {"type": "header", "text": plain("x" * 150)},
    {**IMAGE, "title": plain("Photo")},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A"},
    input_block(element("plain_text_input"), hint=plain("Hint"), optional=True),
    RICH,
    {"type": "markdown", "text": "**bold**"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]], "column_settings": [None]},
]


@pytest.mark.parametrize("block", VALID_BLOCKS, ids=lambda block: str(block["type"]))
def test_what_slack_takes_passes(block: dict[str, Any]) -> None:
    assert validate_blocks([block]) == []


@pytest.mark.parametrize("kind", [*SELECTS, "datepicker", "checkboxes", "radio_buttons", *INPUTS])
def test_every_input_element_passes_in_a_modal(kind: str) -> None:
    assert validate_blocks([input_block(element(kind))], "modal") == []


def long_option(**fields: Any) -> dict[str, Any]:
    return {**option(), **fields}


BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # what is wrong, the block, where, which rule
    ("section text", section(text=mrkdwn("x" * 3001)), "/0/text/text", "max_length"),
    ("empty text", section(text=mrkdwn("")), "/0/text/text", "min_length"),
    ("no text or fields", {"type": "section"}, "/0", "at_least_one"),
    ("11 fields", {"type": "section", "fields": [plain()] * 11}, "/0/fields", "max_items"),
    (
        "long field",
        {"type": "section", "fields": [plain("x" * 2001)]},
        "/0/fields/0/text",
        "max_length",
    ),
    ("emoji in mrkdwn", section(text={**mrkdwn(), "emoji": True}), "/0/text",
     "additional_property"),
    ("text type", section(text={"type": "invalid", "text": "x"}), "/0/text/type", "enum"),
    ("text as string", section(text="plain"), "/0/text", "type"),
    ("unknown field", section(colour="red"), "/0", "additional_property"),
    ("long header", {"type": "header", "text": plain("x" * 151)}, "/0/text/text", "max_length"),
    ("mrkdwn header", {"type": "header", "text": mrkdwn()}, "/0/text/type", "enum"),
    ("26 elements", actions(*(button(str(n)) for n in range(26))), "/0/elements", "max_items"),
    ("no elements", actions(), "/0/elements", "min_items"),
    ("11 in context", {"type": "context", "elements": [plain()] * 11}, "/0/elements",
     "max_items"),
    ("button in context", {"type": "context", "elements": [button()]}, "/0/elements/0/type",
     "enum"),
    ("input in actions", actions(element("plain_text_input")), "/0/elements/0/type", "enum"),
    ("datetime accessory", section(accessory=element("datetimepicker")), "/0/accessory/type",
     "enum"),
    ("button text", actions(button(text=plain("x" * 76))), "/0/elements/0/text/text",
     "max_length"),
    ("button value", actions(button(value="x" * 2001)), "/0/elements/0/value", "max_length"),
    ("button style", actions(button(style="default")), "/0/elements/0/style", "enum"),
    ("button label", actions(button(accessibility_label="x" * 76)),
     "/0/elements/0/accessibility_label", "max_length"),
    ("action id", actions(button("x" * 256)), "/0/elements/0/action_id", "max_length"),
    ("same action ids", actions(button("a"), button("a")), "/0/elements/1/action_id", "unique"),
    ("block id", section(block_id="x" * 256), "/0/block_id", "max_length"),
    ("confirm title", actions(button(confirm={**confirm(), "title": plain("x" * 101)})),
     "/0/elements/0/confirm/title/text", "max_length"),
    ("confirm text", actions(button(confirm={**confirm(), "text": plain("x" * 301)})),
     "/0/elements/0/confirm/text/text", "max_length"),
    ("confirm button", actions(button(confirm={**confirm(), "confirm": plain("x" * 31)})),
     "/0/elements/0/confirm/confirm/text", "max_length"),
    ("101 options", actions({**element("static_select"), "options": options(101)}),
     "/0/elements/0/options", "max_items"),
    ("no options", actions({"type": "static_select", "action_id": "a", "options": []}),
     "/0/elements/0/options", "min_items"),
    ("options twice", actions({**element("static_select"), "option_groups": [
        {"label": plain(), "options": options(1)}]}), "/0/elements/0", "exactly_one"),
    ("initial not listed", actions({**element("static_select"), "initial_option": option("zz")}),
     "/0/elements/0/initial_option", "listed_option"),
    ("placeholder", actions({**element("users_select"), "placeholder": plain("x" * 151)}),
     "/0/elements/0/placeholder/text", "max_length"),
    ("option text", actions({**element("overflow"), "options": [option("a", "x" * 76)]}),
     "/0/elements/0/options/0/text/text", "max_length"),
    ("option value", actions({**element("overflow"), "options": [option("x" * 151)]}),
     "/0/elements/0/options/0/value", "max_length"),
    ("option description", actions({"type": "static_select", "action_id": "a", "options": [
        long_option(description=plain("x" * 76))]}),
     "/0/elements/0/options/0/description/text", "max_length"),
    ("option without value", actions({"type": "static_select", "action_id": "a", "options": [
        {"text": plain()}]}), "/0/elements/0/options/0", "required"),
    ("6 in overflow", actions({**element("overflow"), "options": options(6)}),
     "/0/elements/0/options", "max_items"),
    ("11 radios", actions({"type": "radio_buttons", "action_id": "a", "options": options(11)}),
     "/0/elements/0/options", "max_items"),
    ("11 boxes", actions({"type": "checkboxes", "action_id": "a", "options": options(11)}),
     "/0/elements/0/options", "max_items"),
    ("no date", actions({"type": "datepicker", "action_id": "a", "initial_date": "31.1.2026"}),
     "/0/elements/0/initial_date", "format"),
    ("no time", actions({"type": "timepicker", "action_id": "a", "initial_time": "25:00"}),
     "/0/elements/0/initial_time", "format"),
    ("short moment", actions({"type": "datetimepicker", "action_id": "a",
                              "initial_date_time": 1700}),
     "/0/elements/0/initial_date_time", "min"),
    ("none selected", actions({**element("multi_users_select"), "max_selected_items": 0}),
     "/0/elements/0/max_selected_items", "min"),
    ("no alt text", {"type": "image", "image_url": "https://example.com/a.png"}, "/0",
     "required"),
    ("image twice", {**IMAGE, "slack_file": {"id": "F1"}}, "/0", "exactly_one"),
    ("input label", input_block(element("plain_text_input"), label=plain("x" * 2001)),
     "/0/label/text", "max_length"),
    ("lengths crossed", input_block({**element("plain_text_input"), "min_length": 40}),
     "/0/element/min_length", "max"),
    ("rich style", {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
        {"type": "text", "text": "x", "style": {"blink": True}}]}]},
     "/0/elements/0/elements/0/style", "additional_property"),
    ("deep indent", {"type": "rich_text", "elements": [
        {"type": "rich_text_list", "style": "bullet", "indent": 9, "elements": []}]},
     "/0/elements/0/indent", "max"),
    ("unknown block", {"type": "blink"}, "/0/type", "enum"),
    ("no type", {"text": plain()}, "/0", "required"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "block", "pointer", "rule"), BROKEN, ids=[b[0] for b in BROKEN])
def test_what_slack_refuses_is_named_with_its_place(
    what: str, block: dict[str, Any], pointer: str, rule: str
) -> None:
    found = [(p["pointer"], p["constraint"]["type"]) for p in validate_blocks([block])]
    assert (pointer, rule) in found, f"{what}: {found}"


def test_an_error_has_the_shape_of_blocks_validate() -> None:
    problems = validate_blocks([section(text={"type": "invalid", "text": "x"})])
    assert problems == [
        {
            "code": "failed_constraint",
            "message": "unsupported type: invalid",
            "pointer": "/0/text/type",
            "constraint": {
                "type": "enum",
                "expected": ["plain_text", "mrkdwn"],
                "got": "invalid",
            },
        }
    ]


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_each_surface_has_its_number_of_blocks(surface: str) -> None:
    most = 50 if surface == "message" else 100
    assert validate_blocks([section()] * most, surface) == []
    assert validate_blocks([section()] * (most + 1), surface)[0]["constraint"]["expected"] == most


def test_two_blocks_cannot_share_a_block_id() -> None:
    problems = validate_blocks([section(block_id="same"), section(block_id="same")])
    assert [(p["pointer"], p["constraint"]["type"]) for p in problems] == [
        ("/1/block_id", "unique")
    ]


def test_the_same_action_id_may_stand_in_two_blocks() -> None:
    assert validate_blocks([actions(button("go")), actions(button("go"))]) == []


@pytest.mark.parametrize(
    ("kind", "surface"),
    [("number_input", "message"), ("file_input", "home"), ("rich_text_input", "message")],
)
def test_some_inputs_are_at_home_in_modals_only(kind: str, surface: str) -> None:
    problems = validate_blocks([input_block(element(kind))], surface)
    assert [p["constraint"]["type"] for p in problems] == ["surface"]


def test_markdown_and_tables_are_for_messages() -> None:
    assert validate_blocks([{"type": "markdown", "text": "x"}], "modal")
    assert validate_blocks([{"type": "table", "rows": [[]]}], "home")


@pytest.mark.parametrize("junk", [None, 7, "blocks", [None], [[]], [{"type": []}], {"type": "x"}])
def test_junk_is_refused_and_never_raises(junk: Any) -> None:
    assert validate_blocks(junk)


def test_the_shipped_limits_are_the_ones_slack_documents() -> None:
    assert LIMITS["button.text.max_length"] == 75
    assert LIMITS["view.private_metadata.max_length"] == 3000
