"""Block elements that are pressed or picked: buttons, menus, pickers."""

from typing import Final

from blockkit.checks import Check, Rule, Shape, array, boolean, exactly_one, integer, one_of, string
from blockkit.limits import LIMITS
from blockkit.objects import (
    ACTION_ID,
    BOX_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    STYLE,
    URL,
    initial_is_listed,
    plain_text,
)

_DATE: Final = string(pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", named="YYYY-MM-DD")
_TIME: Final = string(pattern=r"([01]\d|2[0-3]):[0-5]\d", named="HH:mm")


def element(
    kind: str,
    fields: dict[str, Check],
    required: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
) -> Shape:
    """An element of this type: its own fields besides type and action_id."""
    own: dict[str, Check] = {"type": one_of(kind), "action_id": ACTION_ID}
    return Shape({**own, **fields}, ("type", *required), rules)


def asking(placeholder: str, **fields: Check) -> dict[str, Check]:
    """The fields of an element that asks for something; `placeholder` names its limit."""
    most = LIMITS[f"{placeholder}.placeholder.max_length"]
    return {"placeholder": plain_text(most), "focus_on_load": boolean, **fields}


BUTTON: Final = element(
    "button",
    {
        "text": plain_text(LIMITS["button.text.max_length"]),
        "url": string(LIMITS["button.url.max_length"]),
        "value": string(LIMITS["button.value.max_length"]),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(LIMITS["button.accessibility_label.max_length"]),
    },
    ("text",),
)

_PARAMETER: Final = Shape({"name": string(), "value": string()}, ("name", "value"))
_TRIGGER: Final = Shape({"url": URL, "customizable_input_parameters": array(_PARAMETER)}, ("url",))
WORKFLOW_BUTTON: Final = element(
    "workflow_button",
    {
        "text": plain_text(LIMITS["workflow_button.text.max_length"]),
        "workflow": Shape({"trigger": _TRIGGER}, ("trigger",)),
        "style": STYLE,
        "accessibility_label": string(LIMITS["workflow_button.accessibility_label.max_length"]),
    },
    ("text", "workflow"),
)

OVERFLOW: Final = element(
    "overflow",
    {
        "options": array(
            OVERFLOW_OPTION,
            LIMITS["overflow.options.max_items"],
            LIMITS["overflow.options.min_items"],
        ),
        "confirm": CONFIRM,
    },
    ("options",),
)


def _boxes(kind: str, initial: dict[str, Check]) -> Shape:
    options = array(
        BOX_OPTION, LIMITS[f"{kind}.options.max_items"], LIMITS[f"{kind}.options.min_items"]
    )
    fields: dict[str, Check] = {
        "options": options,
        "confirm": CONFIRM,
        "focus_on_load": boolean,
        **initial,
    }
    return element(kind, fields, ("options",), (initial_is_listed,))


CHECKBOXES: Final = _boxes("checkboxes", {"initial_options": array(BOX_OPTION, least=1)})
RADIO_BUTTONS: Final = _boxes("radio_buttons", {"initial_option": BOX_OPTION})

_MOST: Final = integer(LIMITS["multi_select.max_selected_items.min"])
_OPTIONS: Final[dict[str, Check]] = {
    "options": array(
        MENU_OPTION, LIMITS["select.options.max_items"], LIMITS["select.options.min_items"]
    ),
    "option_groups": array(
        OPTION_GROUP,
        LIMITS["select.option_groups.max_items"],
        LIMITS["select.option_groups.min_items"],
    ),
}
_CONVERSATIONS: Final[dict[str, Check]] = {
    "default_to_current_conversation": boolean,
    "filter": CONVERSATION_FILTER,
}


def _select(kind: str, fields: dict[str, Check], rules: tuple[Rule, ...] = ()) -> Shape:
    return element(kind, asking("select", confirm=CONFIRM, **fields), (), rules)


_STATIC_RULES: Final = (exactly_one("options", "option_groups"), initial_is_listed)
_EXTERNAL: Final[dict[str, Check]] = {
    "min_query_length": integer(LIMITS["select.min_query_length.min"])
}
SELECTS: Final[dict[str, Check]] = {
    "static_select": _select(
        "static_select", {**_OPTIONS, "initial_option": MENU_OPTION}, _STATIC_RULES
    ),
    "external_select": _select("external_select", {**_EXTERNAL, "initial_option": MENU_OPTION}),
    "users_select": _select("users_select", {"initial_user": string()}),
    "conversations_select": _select(
        "conversations_select",
        {**_CONVERSATIONS, "initial_conversation": string(), "response_url_enabled": boolean},
    ),
    "channels_select": _select(
        "channels_select", {"initial_channel": string(), "response_url_enabled": boolean}
    ),
}


def _many(kind: str, fields: dict[str, Check], rules: tuple[Rule, ...] = ()) -> Shape:
    return _select(kind, {"max_selected_items": _MOST, **fields}, rules)


MULTI_SELECTS: Final[dict[str, Check]] = {
    "multi_static_select": _many(
        "multi_static_select",
        {**_OPTIONS, "initial_options": array(MENU_OPTION, least=1)},
        _STATIC_RULES,
    ),
    "multi_external_select": _many(
        "multi_external_select", {**_EXTERNAL, "initial_options": array(MENU_OPTION, least=1)}
    ),
    "multi_users_select": _many("multi_users_select", {"initial_users": array(string())}),
    "multi_conversations_select": _many(
        "multi_conversations_select", {**_CONVERSATIONS, "initial_conversations": array(string())}
    ),
    "multi_channels_select": _many("multi_channels_select", {"initial_channels": array(string())}),
}

DATEPICKER: Final = element(
    "datepicker", asking("date_picker", confirm=CONFIRM, initial_date=_DATE)
)
TIMEPICKER: Final = element(
    "timepicker",
    asking("time_picker", confirm=CONFIRM, initial_time=_TIME, timezone=string()),
)
DATETIMEPICKER: Final = element(
    "datetimepicker",
    {
        "initial_date_time": integer(1_000_000_000, 9_999_999_999),
        "confirm": CONFIRM,
        "focus_on_load": boolean,
    },
)


IMAGE: Final = Shape(
    {
        "type": one_of("image"),
        "image_url": string(LIMITS["image_element.image_url.max_length"], 1),
        "slack_file": SLACK_FILE,
        "alt_text": string(LIMITS["image_element.alt_text.max_length"]),
    },
    ("type", "alt_text"),
    (exactly_one("image_url", "slack_file"),),
)

_FEEDBACK: Final = Shape(
    {
        "text": plain_text(LIMITS["feedback_button.text.max_length"]),
        "value": string(LIMITS["feedback_button.value.max_length"]),
        "accessibility_label": string(LIMITS["feedback_button.accessibility_label.max_length"]),
    },
    ("text", "value"),
)
FEEDBACK_BUTTONS: Final = element(
    "feedback_buttons",
    {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
    ("positive_button", "negative_button"),
)
ICON_BUTTON: Final = element(
    "icon_button",
    {
        "icon": one_of("trash"),
        "text": plain_text(LIMITS["button.text.max_length"]),
        "value": string(LIMITS["icon_button.value.max_length"]),
        "confirm": CONFIRM,
        "accessibility_label": string(LIMITS["icon_button.accessibility_label.max_length"]),
        "visible_to_user_ids": array(string(), LIMITS["icon_button.visible_to_user_ids.max_items"]),
    },
    ("icon", "text"),
)
