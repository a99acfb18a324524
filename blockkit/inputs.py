"""Block elements that are typed: texts, addresses, numbers, files."""

from typing import Any, Final

from blockkit.checks import Check, Shape, array, boolean, integer, string
from blockkit.elements import asking, element
from blockkit.limits import LIMITS
from blockkit.objects import DISPATCH
from blockkit.problems import Problem, failed
from blockkit.rich_text import RICH_TEXT_VALUE

_NUMBER: Final = string(pattern=r"-?\d+(\.\d+)?", named="a number in a string")


def _lengths_in_order(element: dict[str, Any], at: str, problems: list[Problem]) -> None:
    least, most = element.get("min_length"), element.get("max_length")
    if least is not None and most is not None and least > most:
        message = "`min_length` must not be greater than `max_length`"
        problems.append(failed(f"{at}/min_length", message, "max", expected=most, got=least))


def _typed(kind: str, placeholder: str, **fields: Check) -> Shape:
    own = asking(placeholder, initial_value=string(), dispatch_action_config=DISPATCH)
    return element(kind, {**own, **fields})


PLAIN_TEXT_INPUT: Final = element(
    "plain_text_input",
    asking(
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
NUMBER_INPUT: Final = element(
    "number_input",
    asking(
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
FILE_INPUT: Final = element(
    "file_input",
    {
        "filetypes": array(string(), least=1),
        "max_files": integer(
            LIMITS["file_input.max_files.min"], LIMITS["file_input.max_files.max"]
        ),
    },
)
