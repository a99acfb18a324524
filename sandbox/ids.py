"""Identifiers in Slack's forms."""

from base64 import b32encode
from secrets import choice, token_bytes, token_urlsafe


def new_id(prefix: str, length: int = 10) -> str:
    """An identifier such as ``V4AB7X21KQA``: `prefix`, then `length` capitals and digits."""
    return prefix + b32encode(token_bytes(length)).decode()[:length]


def short_id(length: int = 5) -> str:
    """What Slack puts where an app left out a block_id or an action_id; also URL secrets."""
    return token_urlsafe(length)[:length]


def digits(length: int) -> str:
    """A number of this many digits, such as the parts of client ids and tokens."""
    return choice("123456789") + "".join(choice("0123456789") for _ in range(length - 1))
