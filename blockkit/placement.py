"""Which elements may stand where, after the table in Slack's reference of block elements."""

from typing import Final

from blockkit.checks import Check
from blockkit.elements import (
    BUTTON,
    CHECKBOXES,
    DATEPICKER,
    DATETIMEPICKER,
    FEEDBACK_BUTTONS,
    ICON_BUTTON,
    IMAGE,
    MULTI_SELECTS,
    OVERFLOW,
    RADIO_BUTTONS,
    SELECTS,
    TIMEPICKER,
    WORKFLOW_BUTTON,
)
from blockkit.inputs import (
    EMAIL_INPUT,
    FILE_INPUT,
    NUMBER_INPUT,
    PLAIN_TEXT_INPUT,
    RICH_TEXT_INPUT,
    URL_INPUT,
)

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
