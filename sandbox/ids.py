"""Identifiers in Slack's forms."""

from secrets import token_bytes

_CAPITALS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
_MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789Zz"


def new_id(prefix: str, length: int = 10) -> str:
    """An identifier such as ``V04AB7X21KQ``: `prefix`, then `length` capitals and digits."""
    return prefix + "".join(_CAPITALS[byte & 31] for byte in token_bytes(length))


def short_id(length: int = 5) -> str:
    """What Slack puts where an app left out a block_id or an action_id; also URL secrets."""
    return "".join(_MIXED[byte & 63] for byte in token_bytes(length))
