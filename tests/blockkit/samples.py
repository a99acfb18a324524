"""One valid sample of everything, from which tests break one thing at a time."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Text*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a", text: str = "A") -> Json:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Json]:
    return [option(str(n), f"Option {n}") for n in range(count)]


def confirm() -> Json:
    return {
        "title": plain("Sure?"),
        "text": mrkdwn("It pays *90.00*"),
        "confirm": plain("Pay"),
        "deny": plain("No"),
        "style": "danger",
    }


def button(action_id: str = "go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), "value": "1", **more}


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "link", "url": "https://example.com", "text": "link"},
                {"type": "user", "user_id": "U1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "emoji", "name": "wave"},
                {"type": "date", "timestamp": 1_700_000_000, "format": "{date_num}"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 0,
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
    ],
}

SELECTS: dict[str, Json] = {
    "static_select": {"options": options(3), "initial_option": options(3)[1]},
    "external_select": {"min_query_length": 2},
    "users_select": {"initial_user": "U1"},
    "conversations_select": {"default_to_current_conversation": True},
    "channels_select": {"initial_channel": "C1"},
    "multi_static_select": {
        "option_groups": [{"label": plain("Group"), "options": options(2)}],
        "max_selected_items": 2,
    },
    "multi_external_select": {"min_query_length": 0},
    "multi_users_select": {"initial_users": ["U1"]},
    "multi_conversations_select": {"filter": {"include": ["public", "im"]}},
    "multi_channels_select": {"initial_channels": ["C1"]},
}
OTHERS: dict[str, Json] = {
    "overflow": {"options": options(5), "confirm": confirm()},
    "checkboxes": {"options": options(10), "initial_options": [options(1)[0]]},
    "radio_buttons": {"options": options(10), "initial_option": options(1)[0]},
    "datepicker": {"initial_date": "2026-01-31", "placeholder": plain("When")},
    "timepicker": {"initial_time": "09:30"},
    "datetimepicker": {"initial_date_time": 1_700_000_000},
}
INPUTS: dict[str, Json] = {
    "plain_text_input": {"multiline": True, "min_length": 1, "max_length": 30},
    "email_text_input": {"placeholder": plain("you@example.com")},
    "url_text_input": {},
    "number_input": {"is_decimal_allowed": True, "min_value": "0", "max_value": "10.5"},
    "rich_text_input": {},
    "file_input": {"filetypes": ["png"], "max_files": 3},
}


def element(kind: str) -> Json:
    """A valid element of this type."""
    if kind == "button":
        return button(confirm=confirm(), style="primary")
    fields = {**SELECTS, **OTHERS, **INPUTS}[kind]
    return {"type": kind, "action_id": f"act_{kind}", **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(**fields: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **fields}


def input_block(inner: Json, **fields: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": inner, **fields}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Modal"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **fields,
    }
