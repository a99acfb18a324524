"""A shell whose settings lead to one desk, and to the sandbox as its Slack."""

import base64
import json
from typing import Any

import pytest
from typer.testing import CliRunner

import cli
from bot.scopes import SCOPES
from sandbox.client import Sandbox
from tests.factories import Desk

MASTER = "test:" + base64.b64encode(bytes(range(32))).decode()
SECRET = "0123456789abcdef0123456789abcdef0123"
ALL = [scope.name for scope in SCOPES]


class Clinic:
    """A shell whose settings lead to one desk, and to the sandbox as its Slack."""

    def __init__(self, desk: Desk, sandbox: Sandbox, patch: pytest.MonkeyPatch) -> None:
        self.desk, self.sandbox, self._patch = desk, sandbox, patch

    def set(self, **settings: str | None) -> None:
        """Sets REDRESS_..., or takes it away where it is None."""
        for name, value in settings.items():
            full = f"REDRESS_{name.upper()}"
            if value is None:
                self._patch.delenv(full, raising=False)
            else:
                self._patch.setenv(full, value)

    def look(self, *words: str) -> dict[str, Any]:
        """What the doctor finds: the findings by their keys; the exit code fits them."""
        result = CliRunner().invoke(cli.app, ["doctor", "--json", "--locale", "en", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        told = json.loads(result.stdout)
        wrong = any(finding["level"] == "error" for finding in told["findings"])
        assert (result.exit_code, told["well"]) == (int(wrong), not wrong)
        assert all(finding["what"] and finding["fix"] for finding in told["findings"])
        return {finding["key"]: finding for finding in told["findings"]}
