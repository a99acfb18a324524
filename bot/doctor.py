"""Slack's part of `redress doctor`: tokens, scopes, and the channels the desk posts to."""

import email.utils
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.calls import Done, Later, Unknown, call, form_call
from bot.context import client
from bot.scopes import SCOPES
from core.db import Database
from core.doctor import desk
from core.doctor.findings import Area, Finding, Report, Said, error, warning
from core.doctor.staffing import Place
from core.settings import Settings

PATIENCE = 10  # seconds for each call
UNREADABLE = frozenset({"missing_scope", "not_allowed_token_type"})


@dataclass(frozen=True, slots=True)
class Answered:
    """What Slack said to a bot token: an error or none, its scopes, and its clock."""

    error: str = ""
    away: str = ""
    scopes: frozenset[str] | None = None  # None where Slack does not say
    seconds: float | None = None  # since the epoch, as of now
    team: str = ""  # the workspace's id


def examine(*, split: bool) -> Report:
    """Looks at the whole desk, Slack's side where it is set up; raises nothing that it can tell."""
    report = Report()
    settings = desk.settings(report)
    if settings is None:
        return report
    bot_token, url = settings.slack_bot_token, settings.slack_api_url
    answered = ask(bot_token, url) if bot_token else Answered()
    database = Database(
        settings.database_url, movable=settings.movable_clock, durable=settings.durable
    )
    places = desk.examine(report, settings, database, answered.seconds, split=split)
    database.close()
    if bot_token:
        report.add(token(answered), Area.SLACK)
        report.add(team(answered, settings))
        if settings.slack_app_token and not answered.away:
            report.add(app_token(settings.slack_app_token, url))
        if not answered.away and not answered.error:
            report.add(channels(bot_token, url, places))
    return report


def ask(token: str, base_url: str) -> Answered:
    """Asks Slack who the token is (auth.test)."""
    try:
        response = client(token, base_url, PATIENCE).auth_test()
    except SlackApiError as refused:
        headers = refused.response.headers or {}
        name = str(refused.response.get("error", "")) if refused.response.data else ""
        if refused.response.status_code >= 500 or not name:
            return Answered(away=f"http {refused.response.status_code}")
        return Answered(name, seconds=_seconds(headers))
    except (OSError, SlackClientError) as reason:
        return Answered(away=type(getattr(reason, "reason", reason)).__name__)
    scopes = _header(response.headers, "x-oauth-scopes")
    found = None if scopes is None else frozenset(filter(None, scopes.replace(" ", "").split(",")))
    team = str(response.get("team_id") or "")
    return Answered(scopes=found, seconds=_seconds(response.headers), team=team)


def token(answered: Answered) -> Iterator[Finding]:
    """What is wrong with the bot token and its scopes."""
    if answered.away:
        yield error("slack_away", Area.SLACK, reason=answered.away)
    elif answered.error:
        yield error(
            "token_refused", Area.SLACK, name="REDRESS_SLACK_BOT_TOKEN", error=answered.error
        )
    elif answered.scopes is not None:
        for scope in SCOPES:
            if scope.name not in answered.scopes:
                why = Said(f"scope.{scope.name}")
                yield error("scope_missing", Area.SLACK, scope=scope.name, why=why)
        needless = answered.scopes - {scope.name for scope in SCOPES}
        if needless:
            yield warning("scope_needless", Area.SLACK, scopes=", ".join(sorted(needless)))


def team(answered: Answered, settings: Settings) -> Iterator[Finding]:
    """Whether people who sign in with Slack come from the workspace that the bot is in."""
    wanted = settings.sign_in_team
    if "slack.com" in settings.sign_in_issuer and answered.team not in ("", wanted):
        yield error("team_other", Area.SETTINGS, wanted=wanted, team=answered.team)


def app_token(given: str, base_url: str) -> Iterator[Finding]:
    """What is wrong with the app token; a socket's address is asked for and left unused."""
    outcome = call(client(given, base_url, PATIENCE), "apps.connections.open", {})
    if isinstance(outcome, Done):
        return
    reason = getattr(outcome, "reason", "") or getattr(outcome, "error", "")
    if reason == "missing_scope":
        yield error("app_scope", Area.SLACK)
    elif isinstance(outcome, Unknown) or reason == "no connection":
        yield error("slack_away", Area.SLACK, reason=reason)
    elif not (isinstance(outcome, Later) and reason == "rate limit"):
        yield error("token_refused", Area.SLACK, name="REDRESS_SLACK_APP_TOKEN", error=reason)


def channels(bot_token: str, base_url: str, places: Sequence[Place]) -> Iterator[Finding]:
    """What is wrong with the channels: each must be there, and the bot in it."""
    asking = client(bot_token, base_url, PATIENCE)
    for place in places:
        yield from _channel(asking, place)


def _channel(asking: WebClient, place: Place) -> Iterator[Finding]:
    outcome = form_call(asking, "conversations.info", {"channel": place.slack_id})
    names = {"channel": place.key, "slack_id": place.slack_id}
    if not isinstance(outcome, Done):
        reason = getattr(outcome, "error", "") or getattr(outcome, "reason", "")
        if reason == "channel_not_found":
            yield error("channel_gone", Area.CHANNELS, **names)
        elif reason not in UNREADABLE:  # a scope that is missing is told by itself
            yield warning("channel_unread", Area.CHANNELS, **names, reason=reason)
        return
    found: dict[str, Any] = outcome.data.get("channel") or {}
    names["name"] = str(found.get("name", ""))
    if found.get("is_archived"):
        yield error("channel_archived", Area.CHANNELS, **names)
    elif not found.get("is_member"):
        if found.get("is_private"):
            yield error("channel_not_in", Area.CHANNELS, **names)
        else:  # the bot joins by itself with its first card
            yield warning("channel_joins", Area.CHANNELS, **names)
    elif found.get("is_read_only"):
        yield error("channel_read_only", Area.CHANNELS, **names)


def _header(headers: Mapping[str, Any], name: str) -> str | None:
    return next((str(v) for key, v in headers.items() if key.lower() == name), None)


def _seconds(headers: Mapping[str, Any]) -> float | None:
    """Slack's clock by its Date header, which counts whole seconds."""
    told = _header(headers, "date")
    try:
        at = email.utils.parsedate_to_datetime(told or "").timestamp() + 0.5
    except ValueError:
        return None
    return at if abs(at - time.time()) < 10 * 366 * 86_400 else None
