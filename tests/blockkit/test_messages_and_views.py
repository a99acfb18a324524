"""Messages and views as wholes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, PlainTextObject, SectionBlock

from blockkit import as_messages, validate_blocks, validate_message, validate_view
from blockkit.walk import elements, message_elements
from tests.blockkit.samples import (
    actions,
    button,
    element,
    input_block,
    modal,
    mrkdwn,
    plain,
    section,
)


def codes(problems: list[Any]) -> list[str]:
    return [problem["code"] for problem in problems]


def test_a_message_needs_something_to_show() -> None:
    assert codes(validate_message({"channel": "C1"})) == ["no_text"]
    assert validate_message({"text": "x"}) == []
    assert validate_message({"blocks": [section()]}) == []
    assert validate_message({"attachments": [{"fallback": "x"}]}) == []


def test_too_much_shown_text_is_refused_before_any_single_limit() -> None:
    blocks = [section(text=mrkdwn("x" * 3000)) for _ in range(5)]
    assert codes(validate_message({"text": "x", "blocks": blocks})) == ["msg_blocks_too_long"]
    assert validate_message({"text": "x", "blocks": blocks[:4]}) == []


def test_options_in_a_menu_are_not_shown_text() -> None:
    menu = {
        "type": "static_select",
        "action_id": "a",
        "options": [
            {"text": plain("x" * 75), "value": str(n), "description": plain("y" * 75)}
            for n in range(100)
        ],
    }
    assert validate_message({"text": "x", "blocks": [actions(menu)]}) == []


def test_an_update_counts_its_text_in_bytes() -> None:
    assert validate_message({"text": "x" * 4000}, update=True) == []
    assert codes(validate_message({"text": "判" * 1334}, update=True)) == ["msg_too_long"]
    assert validate_message({"text": "判" * 1334}) == []


def test_pointers_begin_at_the_message() -> None:
    problems = validate_message({"text": "x", "blocks": [section(text=mrkdwn("x" * 3001))]})
    assert as_messages(problems) == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_blocks_in_attachments_are_checked_too() -> None:
    payload = {"attachments": [{"blocks": [{"type": "section"}]}]}
    assert [p["pointer"] for p in validate_message(payload)] == ["/attachments/0/blocks/0"]


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"event_type": "x"}, "invalid_metadata_format"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_format"),
        ([], "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {"a": "y" * 20_000}}, "metadata_too_large"),
    ],
)
def test_metadata_has_a_form_and_a_size(metadata: Any, code: str) -> None:
    assert codes(validate_message({"text": "x", "metadata": metadata})) == [code]


def test_a_modal_in_order_passes() -> None:
    view = modal(
        section(),
        input_block(element("plain_text_input")),
        callback_id="new",
        private_metadata="x" * 3000,
        clear_on_close=True,
        notify_on_close=True,
        external_id="one",
        close=None,
    )
    assert validate_view(view) == []


@pytest.mark.parametrize(
    ("fields", "pointer", "rule"),
    [
        ({"title": plain("x" * 25)}, "/title/text", "max_length"),
        ({"submit": plain("x" * 25)}, "/submit/text", "max_length"),
        ({"close": plain("x" * 25)}, "/close/text", "max_length"),
        ({"title": None}, "", "required"),
        ({"private_metadata": "x" * 3001}, "/private_metadata", "max_length"),
        ({"callback_id": "x" * 256}, "/callback_id", "max_length"),
        ({"id": "V1"}, "", "additional_property"),
        ({"submit": None}, "/blocks/0/input", "required"),
    ],
)
def test_a_modals_own_fields_have_limits(fields: dict[str, Any], pointer: str, rule: str) -> None:
    view = {**modal(input_block(element("plain_text_input"))), **fields}
    found = [(p["pointer"], p["constraint"]["type"]) for p in validate_view(view)]
    assert found == [(pointer, rule)]


def test_only_one_element_may_take_the_focus() -> None:
    focused = {**element("plain_text_input"), "focus_on_load": True}
    view = modal(input_block(focused, block_id="a"), input_block(focused, block_id="b"))
    assert [p["constraint"]["type"] for p in validate_view(view)] == ["unique"]


def test_a_view_has_a_size() -> None:
    texts = [input_block({**element("plain_text_input"), "initial_value": "x" * 2900})] * 90
    assert codes(validate_view(modal(*texts))) == ["view_too_large"]


def test_a_call_takes_only_its_kinds_of_views() -> None:
    home = {"type": "home", "blocks": [section()]}
    assert validate_view(home, ("home",)) == []
    assert validate_view(home, ("modal",))[0]["pointer"] == "/type"


def test_what_the_official_models_let_through_is_caught() -> None:
    many = [SectionBlock(text="x").to_dict() for _ in range(51)]
    assert validate_blocks(many)
    twice = ActionsBlock(
        elements=[ButtonElement(text=PlainTextObject(text="a"), action_id="same")] * 2
    )
    assert validate_blocks([twice.to_dict()])
    assert validate_blocks([SectionBlock(fields=["x" * 2001]).to_dict()])


def test_elements_are_found_with_their_blocks() -> None:
    accessory = section(accessory=button("b"), block_id="s")
    pictured = section(accessory={"type": "image", "image_url": "u", "alt_text": "a"})
    blocks = [actions(button("a")), accessory, pictured, input_block(element("datepicker"))]
    found = [element["action_id"] for _, element in elements(blocks)]
    assert found == ["a", "b", "act_datepicker"]
    message = {"attachments": [{"blocks": blocks[:1]}]}
    assert [block["type"] for block, _ in message_elements(message)] == ["actions"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "blocks", "element", "options", "x"]),
            inner | st.sampled_from(["section", "actions", "input", "modal", "mrkdwn", "button"]),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(_JSON)
def test_no_json_makes_the_validator_raise(junk: Any) -> None:
    for surface in ("message", "modal", "home"):
        validate_blocks(junk, surface)
    validate_message(junk)
    validate_message({"text": junk, "blocks": junk, "attachments": junk, "metadata": junk})
    validate_view(junk)
    validate_view({"type": "modal", "title": junk, "blocks": junk})
