"""Settings: read once at start, from the environment; a wrong one stops the start with the fix."""

import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from core.secrets import BadKey, Vault, vault_from

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 16


class BadSettings(SystemExit):
    """Settings are missing or wrong; its text names each with the fix."""


class Settings(BaseSettings):
    """What an operator sets, as REDRESS_<NAME>. Nothing here is read anywhere else."""

    model_config = SettingsConfigDict(
        env_prefix="REDRESS_", extra="ignore", hide_input_in_errors=True
    )

    keys: str = Field(description="master keys NAME:BASE64 of 32 bytes, the current one first")
    secret: Annotated[str, Field(min_length=32)] = Field(
        description="32 or more random characters; signs the panel's forms"
    )
    database_url: str = "sqlite:///redress.db"
    public_url: str = "http://127.0.0.1:8000"
    files: Path = Path("files")
    movable_clock: bool = False  # the demo and tests only
    durable: bool = False  # SQLite: synchronous FULL, where a decision must survive power loss
    slack_bot_token: str = ""
    slack_signing_secret: str = ""
    slack_app_token: str = ""  # xapp-...: payloads come by Socket Mode instead of over HTTP
    slack_api_url: str = "https://slack.com/api/"
    sign_in_issuer: str = ""  # OpenID Connect: https://slack.com, the sandbox's address, any other
    sign_in_client_id: str = ""
    sign_in_client_secret: str = ""
    sign_in_team: str = ""  # the workspace whose members may come in, such as T0123
    slack_pace: bool = True  # keep to Slack's rates before it has to ask
    market_url: str = ""  # http(s)://... of the marketplace's systems, or file:PATH of its orders
    market_token: str = ""
    market_timeout: Annotated[float, Field(gt=0, le=60)] = 5.0  # seconds for each step of a call
    practice_url: str = ""  # the practice desk's address, for newcomers (T1)
    practice_secret: Annotated[str, Field(validate_default=True)] = Field(
        default="",
        description="32 or more random characters, the same here and at the practice desk",
    )
    heartbeat_url: str = ""  # asked once a minute while all that is due is done (G10)
    metrics_token: str = ""  # what /metrics asks for as its bearer; without one it is not there
    probe_minutes: Annotated[int, Field(ge=2, le=1_440)] = 15  # between two probes (K14)
    api_limit: Annotated[int, Field(ge=1_000)] = 1_000_000  # bytes of a body without a file
    evidence_limit: Annotated[int, Field(ge=1_000)] = 50_000_000  # bytes of a piece of evidence
    log_level: str = "INFO"

    @field_validator("keys")
    @classmethod
    def _keys(cls, value: str) -> str:
        try:
            vault_from(value)
        except BadKey as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("database_url")
    @classmethod
    def _url(cls, value: str) -> str:
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError as error:
            raise ValueError("not a database URL, such as sqlite:///redress.db") from error
        if backend not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("only sqlite and postgresql are supported")
        return value

    @field_validator("market_url")
    @classmethod
    def _market(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]|file:.", value):
            raise ValueError("not an address such as https://... or file:orders.csv")
        return value

    @field_validator("heartbeat_url")
    @classmethod
    def _heartbeat(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]", value):
            raise ValueError("not an address such as https://monitor.example/ping/...")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _metrics(cls, value: str) -> str:
        if value and len(value) < SHORTEST_TOKEN:
            raise ValueError(f"it needs {SHORTEST_TOKEN} characters or more")
        return value

    @field_validator("practice_url")
    @classmethod
    def _practice(cls, value: str) -> str:
        parts = urlsplit(value)
        near = parts.hostname in LOOPBACK
        if value and not (parts.hostname and (parts.scheme == "https" or near)):
            raise ValueError("not an https:// address; plain http only on this very machine")
        return value.rstrip("/")

    @field_validator("practice_secret")
    @classmethod
    def _practice_secret(cls, value: str, info: ValidationInfo) -> str:
        if bool(value) != bool(info.data.get("practice_url", value)):
            raise ValueError("REDRESS_PRACTICE_URL and REDRESS_PRACTICE_SECRET go together")
        if value and len(value) < SHORTEST_SECRET:
            raise ValueError(f"it needs {SHORTEST_SECRET} characters or more")
        return value

    @model_validator(mode="after")
    def _whole_sign_in(self) -> Self:
        needed = ("sign_in_client_id", "sign_in_client_secret", "sign_in_team")
        missing = [f"REDRESS_{name.upper()}" for name in needed if not getattr(self, name)]
        if self.sign_in_issuer and missing:
            raise ValueError(f"REDRESS_SIGN_IN_ISSUER also needs {', '.join(missing)}")
        return self

    @property
    def vault(self) -> Vault:
        """The vault of the master keys."""
        return vault_from(self.keys)


def load() -> Settings:
    """The settings. Raises BadSettings with each setting's name, what is wrong and the fix."""
    try:
        return Settings()  # type: ignore[call-arg]  # pydantic fills it from the environment
    except ValidationError as error:
        lines = ["Redress cannot start: settings are missing or wrong."]
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else "sign_in"
            known = Settings.model_fields.get(name)
            wanted = (known.description if known else "") or ""
            lines.append(
                f"  REDRESS_{name.upper()}: {problem['msg']}."
                + (f" It takes {wanted}." if wanted else "")
            )
        lines.append("`redress keys` prints fresh values for REDRESS_KEYS and REDRESS_SECRET.")
        raise BadSettings("\n".join(lines)) from None


def need(settings: Settings, *names: str) -> None:
    """Stops the start where a setting that this command needs is empty. Raises BadSettings."""
    missing = [f"REDRESS_{name.upper()}" for name in names if not getattr(settings, name)]
    if missing:
        raise BadSettings(f"Redress cannot start: {', '.join(missing)} must be set.")
