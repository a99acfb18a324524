"""How a method says no: ``ok: false`` with a code, on HTTP 200, as Slack does it.

A method only ever answers with codes that Slack documents for it, or for all methods. Where a check
serves many methods and some of them do not know its code, `documented` finds the next best one.
"""

from collections.abc import Set as AbstractSet
from typing import Any, Final

# What every method may answer: the errors common to the pages of Slack's method reference.
COMMON: Final = frozenset(
    {
        "access_denied", "account_inactive", "accesslimited", "deprecated_endpoint",
        "enterprise_is_restricted", "fatal_error", "internal_error", "invalid_arg_name",
        "invalid_arguments", "invalid_array_arg", "invalid_auth", "invalid_charset",
        "invalid_form_data", "invalid_json", "invalid_post_type", "is_bot", "json_not_object",
        "method_deprecated", "missing_post_type", "missing_scope", "no_permission",
        "not_allowed_token_type", "not_authed", "org_login_required", "ratelimited",
        "request_timeout", "service_unavailable", "team_access_not_granted", "team_added_to_org",
        "token_expired", "token_revoked", "two_factor_setup_required", "unknown_method",
    }
)  # fmt: skip

# What a method says instead of a code that it does not know, best first.
_INSTEAD: Final = {
    "not_in_channel": ("channel_not_found",),
    "channel_not_found": ("invalid_channel", "cannot_find_channel", "invalid_host_team"),
    "is_archived": ("channel_is_archived", "restricted_action", "channel_not_found"),
    "user_not_found": ("users_not_found", "invalid_users"),
    "message_not_found": ("no_item_specified", "cannot_find_message"),
    "msg_blocks_too_long": ("msg_too_long", "invalid_blocks"),
    "msg_too_long": ("msg_blocks_too_long",),
    "invalid_blocks_format": ("invalid_blocks",),
    "thread_not_found": ("cannot_reply_to_message",),
    "invalid_thread_ts": ("cannot_reply_to_message",),
    "method_not_supported_for_channel_type": ("channel_not_found",),
    "file_deleted": ("file_not_found",),
}


class RefusedError(Exception):
    """A method refuses; `code` is Slack's error, `extra` goes into the answer beside it."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


def documented(code: str, known: AbstractSet[str]) -> str:
    """The code itself where the method knows it, else what it says instead."""
    if code in known:
        return code
    return next((c for c in _INSTEAD.get(code, ()) if c in known), "invalid_arguments")


def invalid_arguments(*messages: str) -> RefusedError:
    """``invalid_arguments`` with the messages that say which and why."""
    return RefusedError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]}
    )
