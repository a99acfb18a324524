"""Composition objects: text, confirm, option, option group and the like."""

from typing import Any, Final

from blockkit.checks import Check, Shape, array, boolean, by_type, exactly_one, one_of, string
from blockkit.limits import LIMITS
from blockkit.problems import Problem, failed
from blockkit.walk import listed_options

_PLAIN_TYPE: Final = one_of("plain_text")
_MRKDWN_TYPE: Final = one_of("mrkdwn")


def plain_text(most: int, least: int = LIMITS["text.min_length"]) -> Check:
    """A plain_text object of at most `most` characters."""
    return by_type({"plain_text": _plain(most, least)})


def any_text(most: int, least: int = LIMITS["text.min_length"]) -> Check:
    """A plain_text or mrkdwn object of at most `most` characters."""
    return by_type({"plain_text": _plain(most, least), "mrkdwn": _mrkdwn(most, least)})


def _plain(most: int, least: int) -> Shape:
    fields = {"type": _PLAIN_TYPE, "text": string(most, least), "emoji": boolean}
    return Shape(fields, ("type", "text"))


def _mrkdwn(most: int, least: int) -> Shape:
    fields = {"type": _MRKDWN_TYPE, "text": string(most, least), "verbatim": boolean}
    return Shape(fields, ("type", "text"))


PLAIN: Final = _plain(LIMITS["text.max_length"], LIMITS["text.min_length"])
MRKDWN: Final = _mrkdwn(LIMITS["text.max_length"], LIMITS["text.min_length"])

ACTION_ID: Final = string(LIMITS["action_id.max_length"], 1)
BLOCK_ID: Final = string(LIMITS["block_id.max_length"])
STYLE: Final = one_of("primary", "danger")
URL: Final = string(3000, 1)

CONFIRM: Final = Shape(
    {
        "title": plain_text(LIMITS["confirmation.title.max_length"]),
        "text": any_text(LIMITS["confirmation.text.max_length"]),
        "confirm": plain_text(LIMITS["confirmation.confirm.max_length"]),
        "deny": plain_text(LIMITS["confirmation.deny.max_length"]),
        "style": STYLE,
    },
    ("title", "text", "confirm", "deny"),
)


def _option(text: Check, description: Check, *, with_url: bool = False) -> Shape:
    fields: dict[str, Check] = {
        "text": text,
        "value": string(LIMITS["option.value.max_length"]),
        "description": description,
    }
    if with_url:
        fields["url"] = string(LIMITS["option.url.max_length"])
    return Shape(fields, ("text",) if with_url else ("text", "value"))


_TEXT: Final = LIMITS["option.text.max_length"]
_DESCRIPTION: Final = LIMITS["option.description.max_length"]
MENU_OPTION: Final = _option(plain_text(_TEXT), plain_text(_DESCRIPTION))
OVERFLOW_OPTION: Final = _option(plain_text(_TEXT), plain_text(_DESCRIPTION), with_url=True)
BOX_OPTION: Final = _option(any_text(_TEXT), any_text(_DESCRIPTION))

OPTION_GROUP: Final = Shape(
    {
        "label": plain_text(LIMITS["option_group.label.max_length"]),
        "options": array(
            MENU_OPTION,
            LIMITS["option_group.options.max_items"],
            LIMITS["option_group.options.min_items"],
        ),
    },
    ("label", "options"),
)

CONVERSATION_FILTER: Final = Shape(
    {
        "include": array(
            one_of("im", "mpim", "private", "public"),
            least=LIMITS["conversation_filter.include.min_items"],
        ),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)

DISPATCH: Final = Shape(
    {
        "trigger_actions_on": array(
            one_of("on_enter_pressed", "on_character_entered"),
            LIMITS["dispatch_action_configuration.trigger_actions_on.max_items"],
            LIMITS["dispatch_action_configuration.trigger_actions_on.min_items"],
        )
    }
)

SLACK_FILE: Final = Shape({"id": string(), "url": string()}, rules=(exactly_one("id", "url"),))


def initial_is_listed(element: dict[str, Any], at: str, problems: list[Problem]) -> None:
    """What is chosen at the start must be one of the options, exactly."""
    listed = listed_options(element)
    if "initial_option" in element and element["initial_option"] not in listed:
        _not_listed(f"{at}/initial_option", problems)
    for n, chosen in enumerate(element.get("initial_options", ())):
        if chosen not in listed:
            _not_listed(f"{at}/initial_options/{n}", problems)


def _not_listed(at: str, problems: list[Problem]) -> None:
    problems.append(failed(at, "must match one of the options provided", "listed_option"))
