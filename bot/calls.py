"""One call to Slack, and what became of it: done, refused, later, or nobody knows."""

import http.client
import json
import urllib.error
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

TOKEN_ERRORS = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "access_denied",
        "org_login_required",
    }
)
LOST = frozenset(  # the channel cannot be posted to, whatever the message says
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "channel_is_limited_access",
        "posting_to_channel_denied",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_only_channel",
    }
)
GONE = frozenset({"message_not_found", "thread_not_found"})  # deleted by a person
FIXED = frozenset({"cant_update_message", "edit_window_closed"})  # there, and past changing
TOO_MUCH = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "no_text",
        "invalid_attachments",
    }
)


@dataclass(frozen=True, slots=True)
class Done:
    """Slack accepted it."""

    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack refused it for good, by this error."""

    error: str


@dataclass(frozen=True, slots=True)
class Later:
    """It was certainly not done; it may be tried again after so many seconds."""

    seconds: float
    reason: str
    whole_lane: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been done: nobody came back to say."""

    reason: str


@dataclass(frozen=True, slots=True)
class Locked:
    """Slack does not accept the token: certainly not done, and nothing else would be."""

    error: str


Outcome = Done | Refused | Later | Unknown | Locked


def call(client: WebClient, method: str, payload: dict[str, Any]) -> Outcome:
    """Calls a Web API method once and sorts what came of it (faults 9 to 12)."""
    try:
        response = client.api_call(method, json=payload)
    except SlackApiError as error:
        return _answered(error)
    except urllib.error.URLError as error:
        refused = isinstance(error.reason, ConnectionRefusedError)
        return Later(5, "no connection") if refused else Unknown(type(error.reason).__name__)
    except (OSError, http.client.HTTPException, SlackClientError) as error:
        return Unknown(type(error).__name__)
    data = response.data
    return Done(data if isinstance(data, dict) else {})


def form_call(client: WebClient, method: str, params: dict[str, Any]) -> Outcome:
    """Like `call`, for the methods that take forms only and change nothing twice.

    They can be repeated, so that no outcome is unknown: what went wrong comes later.
    """
    try:
        response = client.api_call(method, params=params)
    except SlackApiError as error:
        outcome = _answered(error)
        return Later(5, outcome.reason) if isinstance(outcome, Unknown) else outcome
    except (OSError, http.client.HTTPException, SlackClientError) as error:
        return Later(5, type(error).__name__)
    data = response.data
    return Done(data if isinstance(data, dict) else {})


def respond(url: str, message: dict[str, Any]) -> Outcome:
    """Answers by a response_url; whatever fails here has chat.update to fall back on."""
    try:
        response = WebhookClient(url, timeout=5, retry_handlers=[]).send(**message)
    except (OSError, http.client.HTTPException, SlackClientError) as error:
        return Refused(type(error).__name__)
    if response.status_code != 200:
        return Refused(f"http_{response.status_code}")
    said = (response.body or "").strip()  # a refusal may come with 200 as well
    return Refused("not ok") if said.startswith("{") and not _ok(said) else Done({})


def _ok(text: str) -> bool:
    try:
        answer = json.loads(text)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("ok") is True


def _answered(error: SlackApiError) -> Outcome:
    response = error.response
    status = response.status_code
    name = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    if status == 429 or name in ("ratelimited", "rate_limited"):
        after = response.headers.get("Retry-After") or response.headers.get("retry-after") or "30"
        return Later(float(after) if after.isdecimal() else 30.0, "rate limit", whole_lane=True)
    if status >= 500 or name in ("internal_error", "fatal_error", "request_timeout"):
        return Unknown(f"http {status} {name}".strip())
    if name in TOKEN_ERRORS:
        return Locked(name)
    return Refused(name or f"http_{status}")
