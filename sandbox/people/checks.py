"""What Slack checks before it sends a modal's values to the app."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.people.words import say
from sandbox.state.inputs import FIELDS
from sandbox.state.model import Json, Person

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


def field_errors(person: Person, view: Json, values: Json) -> dict[str, str]:
    """What is missing or malformed, by block_id, in the person's words; empty when all is well."""
    errors: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = values[block["block_id"]][element["action_id"]]
        value = state[FIELDS[element["type"]][0]]
        message = None
        if value is None or value in ("", []):
            if not block.get("optional"):
                message = say(person, "required")
        else:
            message = _malformed(person, element, value)
        if message:
            errors[block["block_id"]] = message
    return errors


def _malformed(person: Person, element: Json, value: Any) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        return _length(person, element, value)
    if kind == "number_input":
        return _number(person, element, value)
    if kind == "email_text_input" and not _EMAIL.fullmatch(value):
        return say(person, "no_email")
    if kind == "url_text_input" and not _URL.fullmatch(value):
        return say(person, "no_url")
    return None


def _length(person: Person, element: Json, value: str) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < shortest:
        return say(person, "too_short", n=shortest)
    if len(value) > longest:
        return say(person, "too_long", n=longest)
    return None


def _number(person: Person, element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return say(person, "no_number")
    if not number.is_finite():
        return say(person, "no_number")
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return say(person, "no_whole_number")
    lowest, highest = element.get("min_value"), element.get("max_value")
    if lowest is not None and number < Decimal(str(lowest)):
        return say(person, "too_small", n=lowest)
    if highest is not None and number > Decimal(str(highest)):
        return say(person, "too_large", n=highest)
    return None
