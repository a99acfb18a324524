"""`redress doctor`: what is wrong with Slack and its channels, by what somebody did there."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from typing import Any

import pytest
from sqlalchemy import delete, update

from core.desk import documents
from core.i18n import catalogue
from core.migrate import standard
from core.tables import Channel
from core.workflow.model import LadderLevel
from tests.core.workflow.edits import add
from tests.doctor.clinic import ALL, Clinic
from tests.serving import served


def test_sign_in_for_another_workspace_than_the_bot_s_is_found(clinic: Clinic) -> None:
    sign_in = {"sign_in_issuer": "https://slack.com", "sign_in_client_id": "1.2"}
    clinic.set(**sign_in, sign_in_client_secret="s", sign_in_team="T0002")
    assert "T0001" in clinic.look()["team_other"]["fix"]
    clinic.set(sign_in_team="T0001")
    assert clinic.look() == {}


@contextmanager
def slack_that_answers(body: dict[str, Any], *headers: tuple[str, str]) -> Iterator[str]:
    """Something at Slack's address that gives every call the same answer."""

    def program(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json"), *headers])
        return [json.dumps(body).encode()]

    with served(program) as url:
        yield f"{url}/api/"


def test_slack_s_clock_is_compared_by_its_date_header(clinic: Clinic) -> None:
    wrong = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
    date = ("Date", format_datetime(wrong, usegmt=True))
    with slack_that_answers({"ok": True, "url": "ws://x"}, date) as url:
        clinic.set(slack_api_url=url)
        found = clinic.look()["clock_slack"]
    assert found["level"] == "error"
    assert int(found["what"].split(" is ")[1].split()[0]) in range(-605, -594)


@pytest.mark.parametrize("scope", ALL)
def test_missing_scope_is_told_with_what_it_is_for(clinic: Clinic, scope: str) -> None:
    clinic.sandbox.change_app("A1", scopes=[name for name in ALL if name != scope])
    found = clinic.look()
    assert catalogue("en")[f"scope.{scope}"] in found["scope_missing"]["what"]
    assert set(found) <= {"scope_missing", "channel_unread"}


def test_scope_that_nothing_uses_is_noted(clinic: Clinic) -> None:
    clinic.sandbox.change_app("A1", scopes=[*ALL, "files:write"])
    found = clinic.look()["scope_needless"]
    assert (found["level"], "files:write" in found["what"]) == ("warning", True)


def test_app_token_without_its_scope_is_told(clinic: Clinic) -> None:
    fault = {"method": "apps.connections.open", "error": "missing_scope", "times": None}
    with clinic.sandbox.broken("error", **fault):
        assert "connections:write" in clinic.look()["app_scope"]["what"]


@pytest.mark.parametrize(
    ("change", "key", "level"),
    [
        ({"archived": True}, "channel_archived", "error"),
        ({"leave": ["UBOT"]}, "channel_joins", "warning"),
    ],
)
def test_channel_that_cannot_take_cards_is_found(
    clinic: Clinic, change: dict[str, Any], key: str, level: str
) -> None:
    clinic.sandbox.change_channel("C0002", **change)
    found = clinic.look()[key]
    assert found["level"] == level
    assert "#triage, C0002" in found["what"]


def test_channel_that_slack_does_not_know_is_found(clinic: Clinic) -> None:
    clinic.desk.write(update(Channel).where(Channel.key == "triage").values(slack_id="C9999"))
    assert "C9999" in clinic.look()["channel_gone"]["what"]


def test_private_channel_without_the_bot_is_found(clinic: Clinic) -> None:
    clinic.sandbox.add_channel(id="G0001", name="secret", private=True, members=["U0001"])
    clinic.desk.write(update(Channel).where(Channel.key == "triage").values(slack_id="G0001"))
    assert "/invite" in clinic.look()["channel_gone"]["fix"]


@pytest.mark.parametrize(
    ("channel", "key"),
    [
        ({"is_private": True}, "channel_not_in"),
        ({"is_member": True, "is_read_only": True}, "channel_read_only"),
    ],
)
def test_channel_in_which_the_bot_may_not_post_is_found(
    clinic: Clinic, channel: dict[str, Any], key: str
) -> None:
    body = {"ok": True, "url": "ws://x", "channel": {"name": "triage", **channel}}
    with slack_that_answers(body) as url:
        clinic.set(slack_api_url=url)
        assert key in clinic.look()


def test_channel_that_cannot_be_looked_at_is_told(clinic: Clinic) -> None:
    with clinic.sandbox.broken("status", method="conversations.info", status=503, times=None):
        assert clinic.look()["channel_unread"]["level"] == "warning"


def test_channels_nobody_has_set_are_found(clinic: Clinic) -> None:
    clinic.desk.write(update(Channel).where(Channel.key == "triage").values(slack_id=""))
    clinic.desk.write(delete(Channel).where(Channel.key == "escalation"))
    found = clinic.look()
    assert "(Triage)" in found["channel_unset"]["what"]
    assert "Channel escalation" in found["fallback_unset"]["what"]


def test_channel_of_a_ladder_that_nobody_has_set_is_found(clinic: Clinic) -> None:
    later = LadderLevel("later", "after", 60, "channel", "night_desk")
    document = add(standard(), "ladders/desk/levels", later)
    clinic.desk.db.transact(documents.publish, document)
    found = clinic.look()["ladder_channel_unset"]
    assert found["what"].startswith("Channel night_desk (ladder “Ordinary escalation”)")
