"""The settings: whether they start, fit together, and whether their secrets are secrets."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from core.doctor.findings import Area, Finding, error, warning
from core.secrets import vault_from
from core.settings import LOOPBACK, Settings

FEWEST = 8  # different characters in a secret that was drawn at random
LONGEST_REASON = 200
_SIGNING = re.compile(r"[0-9a-f]{32}")


def read() -> Settings | list[Finding]:
    """The settings, or what is wrong with them; nothing of a value is ever told."""
    try:
        return Settings()  # type: ignore[call-arg]  # pydantic fills it from the environment
    except ValidationError as wrong:
        return [_problem(problem) for problem in wrong.errors(include_input=False)]


def findings(settings: Settings) -> Iterator[Finding]:
    """What is wrong with settings that are whole."""
    yield from _secrets(settings)
    yield from _slack(settings)
    yield from _address(settings)
    if not _writable(settings.files):
        yield error("files", Area.SETTINGS, path=settings.files.absolute())


def _problem(problem: object) -> Finding:
    found = dict(problem)  # type: ignore[call-overload]  # pydantic's own mapping of details
    place = found["loc"]
    name = f"REDRESS_{str(place[0] if place else 'sign_in_issuer').upper()}"
    if found["type"] == "missing":
        return error("setting_missing", Area.SETTINGS, name=name)
    reason = str(found["msg"]).removeprefix("Value error, ")[:LONGEST_REASON]
    return error("setting_wrong", Area.SETTINGS, name=name, reason=reason)


def _secrets(settings: Settings) -> Iterator[Finding]:
    if len(set(settings.secret)) < FEWEST:
        yield error("secret_weak", Area.SETTINGS, name="REDRESS_SECRET")
    if any(len(set(key)) < FEWEST for _, key in vault_from(settings.keys).masters):
        yield error("secret_weak", Area.SETTINGS, name="REDRESS_KEYS")
    if settings.practice_secret and len(set(settings.practice_secret)) < FEWEST:
        yield error("secret_weak", Area.SETTINGS, name="REDRESS_PRACTICE_SECRET")


def _slack(settings: Settings) -> Iterator[Finding]:
    bot, app, signing = (
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
    )
    if not bot:
        yield warning("slack_unset", Area.SETTINGS)
        return
    for name, token, prefix in (("BOT", bot, "xoxb-"), ("APP", app, "xapp-")):
        if token and not token.startswith((prefix, f"xoxe.{prefix}")):
            setting = f"REDRESS_SLACK_{name}_TOKEN"
            yield error("token_kind", Area.SETTINGS, name=setting, prefix=prefix)
    if not signing and not app:
        yield error("signing_unset", Area.SETTINGS)
    elif signing and not _SIGNING.fullmatch(signing):
        yield warning("signing_odd", Area.SETTINGS)


def _address(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.public_url)
    own = (parts.hostname or "") in LOOPBACK
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield error("public_url", Area.SETTINGS, url=settings.public_url)
    elif own and settings.slack_api_url.startswith("https://slack.com/"):
        yield warning("public_local", Area.SETTINGS, url=settings.public_url)
    elif not own and parts.scheme == "http":
        yield error("public_plain", Area.SETTINGS, url=settings.public_url)
    if settings.movable_clock:
        kind = warning if own else error
        yield kind("clock_movable", Area.SETTINGS)


def _writable(folder: Path) -> bool:
    """Whether files can be kept there; a folder that is missing is made when it is needed."""
    here = folder.absolute()
    while not here.exists() and here != here.parent:
        here = here.parent
    return here.is_dir() and os.access(here, os.W_OK | os.X_OK)
