"""Block elements: buttons, menus, pickers and inputs."""

from typing import Any, Final

from blockkit.checks import Check, Rule, Shape, array, boolean, exactly_one, integer, one_of, string
from blockkit.limits import LIMITS
from blockkit.objects import (
    ACTION_ID,
    BOX_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    STYLE,
    URL,
    initial_is_listed,
    plain_text,
)
from blockkit.problems import Problem, failed
from blockkit.rich_text import RICH_TEXT_VALUE

_DATE: Final = string(pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", named="YYYY-MM-DD")
_TIME: Final = string(pattern=r"([01]\d|2[0-3]):[0-5]\d", named="HH:mm")
_NUMBER: Final = string(pattern=r"-?\d+(\.\d+)?", named="a number in a string")


def _element(
    kind: str,
    fields: dict[str, Check],
    required: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
) -> Shape:
    own: dict[str, Check] = {"type": one_of(kind), "action_id": ACTION_ID}
    return Shape({**own, **fields}, ("type", *required), rules)


def _asking(placeholder: str, **fields: Check) -> dict[str, Check]:
    """What elements that ask for something share."""
    most = LIMITS[f"{placeholder}.placeholder.max_length"]
    return {"placeholder": plain_text(most), "focus_on_load": boolean, **fields}


BUTTON: Final = _element(
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
WORKFLOW_BUTTON: Final = _element(
    "workflow_button",
    {
        "text": plain_text(LIMITS["workflow_button.text.max_length"]),
        "workflow": Shape({"trigger": _TRIGGER}, ("trigger",)),
        "style": STYLE,
        "accessibility_label": string(LIMITS["workflow_button.accessibility_label.max_length"]),
    },
    ("text", "workflow"),
)

OVERFLOW: Final = _element(
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
    return _element(kind, fields, ("options",), (initial_is_listed,))


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
    return _element(kind, _asking("select", confirm=CONFIRM, **fields), (), rules)


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

DATEPICKER: Final = _element(
    "datepicker", _asking("date_picker", confirm=CONFIRM, initial_date=_DATE)
)
TIMEPICKER: Final = _element(
    "timepicker",
    _asking("time_picker", confirm=CONFIRM, initial_time=_TIME, timezone=string()),
)
DATETIMEPICKER: Final = _element(
    "datetimepicker",
    {
        "initial_date_time": integer(1_000_000_000, 9_999_999_999),
        "confirm": CONFIRM,
        "focus_on_load": boolean,
    },
)


def _lengths_in_order(element: dict[str, Any], at: str, problems: list[Problem]) -> None:
    least, most = element.get("min_length"), element.get("max_length")
    if least is not None and most is not None and least > most:
        message = "`min_length` must not be greater than `max_length`"
        problems.append(failed(f"{at}/min_length", message, "max", expected=most, got=least))


def _typed(kind: str, placeholder: str, **fields: Check) -> Shape:
    own = _asking(placeholder, initial_value=string(), dispatch_action_config=DISPATCH)
    return _element(kind, {**own, **fields})


PLAIN_TEXT_INPUT: Final = _element(
    "plain_text_input",
    _asking(
        "plain_text_input",
        initial_value=string(LIMITS["plain_text_input.max_length.max"]),
        multiline=boolean,
        min_length=integer(
            LIMITS["plain_text_input.min_length.min"], LIMITS["plain_text_input.min_length.max"]
        ),
        max_length=integer(
            LIMITS["plain_text_input.max_length.min"], LIMITS["plain_text_input.max_length.max"]
        ),
        dispatch_action_config=DISPATCH,
    ),
    (),
    (_lengths_in_order,),
)
EMAIL_INPUT: Final = _typed("email_text_input", "email_input")
URL_INPUT: Final = _typed("url_text_input", "url_input")
NUMBER_INPUT: Final = _element(
    "number_input",
    _asking(
        "number_input",
        is_decimal_allowed=boolean,
        initial_value=_NUMBER,
        min_value=_NUMBER,
        max_value=_NUMBER,
        dispatch_action_config=DISPATCH,
    ),
    ("is_decimal_allowed",),
)
RICH_TEXT_INPUT: Final = _typed("rich_text_input", "rich_text_input", initial_value=RICH_TEXT_VALUE)
FILE_INPUT: Final = _element(
    "file_input",
    {
        "filetypes": array(string(), least=1),
        "max_files": integer(
            LIMITS["file_input.max_files.min"], LIMITS["file_input.max_files.max"]
        ),
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
FEEDBACK_BUTTONS: Final = _element(
    "feedback_buttons",
    {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
    ("positive_button", "negative_button"),
)
ICON_BUTTON: Final = _element(
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

# Which elements may stand where, after the table in Slack's reference of block elements.
_PICKERS: Final[dict[str, Check]] = {
    "datepicker": DATEPICKER,
    "timepicker": TIMEPICKER,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
}
_PRESSED: Final[dict[str, Check]] = {
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
}
IN_SECTION: Final[dict[str, Check]] = {
    **_PRESSED,
    **SELECTS,
    **MULTI_SELECTS,
    **_PICKERS,
    "image": IMAGE,
}
IN_ACTIONS: Final[dict[str, Check]] = {
    **_PRESSED,
    **SELECTS,
    **MULTI_SELECTS,
    **_PICKERS,
    "datetimepicker": DATETIMEPICKER,
}
IN_INPUT: Final[dict[str, Check]] = {
    **SELECTS,
    **MULTI_SELECTS,
    **_PICKERS,
    "datetimepicker": DATETIMEPICKER,
    "plain_text_input": PLAIN_TEXT_INPUT,
    "email_text_input": EMAIL_INPUT,
    "url_text_input": URL_INPUT,
    "number_input": NUMBER_INPUT,
    "rich_text_input": RICH_TEXT_INPUT,
    "file_input": FILE_INPUT,
}
IN_CONTEXT_ACTIONS: Final[dict[str, Check]] = {
    "feedback_buttons": FEEDBACK_BUTTONS,
    "icon_button": ICON_BUTTON,
}
# Elements that not every surface takes: the surfaces that do.
SURFACES: Final = {
    "datetimepicker": {"message", "modal"},
    "email_text_input": {"modal"},
    "url_text_input": {"modal"},
    "number_input": {"modal"},
    "file_input": {"modal"},
    "rich_text_input": {"modal", "home"},
    "workflow_button": {"message"},
}
