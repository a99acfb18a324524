"""`redress doctor`: every finding, by what an operator would have done wrong."""

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from typer.testing import CliRunner

import cli
from bot.scopes import SCOPES
from core.db import Database
from core.desk.overdue import Swept
from core.doctor import database as databases
from core.i18n import catalogue
from core.tables import ActiveDocument, Channel, Deadline, Outbox, Person, PersonKey
from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.bot.office import APP_TOKEN, TOKEN, workspace
from tests.factories import VAULT, Desk
from tests.serving import free_ports, served

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


@pytest.fixture
def clinic(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A desk with which nothing is wrong, and its Slack."""
    with Server(workspace(desk)) as server, Sandbox(server.url) as sandbox:
        sandbox.change_app("A1", scopes=ALL)
        sandbox.rates("off")
        made = Clinic(desk, sandbox, monkeypatch)
        made.set(
            keys=MASTER,
            secret=SECRET,
            database_url=desk.db.url.render_as_string(),
            files=str(tmp_path / "files"),
            slack_api_url=f"{server.url}/api/",
            slack_bot_token=TOKEN,
            slack_app_token=APP_TOKEN,
            slack_signing_secret=SECRET[:32],
        )
        yield made


def test_desk_in_order_is_told_so_in_both_languages(clinic: Clinic) -> None:
    assert clinic.look() == {}
    for locale, told in (("en", "Nothing is wrong"), ("zh_CN", "没有错误")):
        result = CliRunner().invoke(cli.app, ["doctor", "--locale", locale])
        assert result.exit_code == 0
        assert told in result.output
        assert result.output.count("✓") == 6


def test_language_is_the_shell_s_own(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    clinic.set(keys=None)
    assert "没有设置 REDRESS_KEYS" in CliRunner().invoke(cli.app, ["doctor"]).output


def test_settings_that_do_not_start_are_named_without_their_values(clinic: Clinic) -> None:
    clinic.set(keys=None)
    assert "REDRESS_KEYS is not set" in clinic.look()["setting_missing"]["what"]
    clinic.set(keys="k1:AAAA", secret="too-short-and-secret")
    result = CliRunner().invoke(cli.app, ["doctor"])
    assert "REDRESS_KEYS is wrong" in result.output
    assert "REDRESS_SECRET is wrong" in result.output
    assert "AAAA" not in result.output
    assert "too-short" not in result.output
    clinic.set(keys=MASTER, secret=SECRET, sign_in_issuer="https://slack.com")
    assert "REDRESS_SIGN_IN_CLIENT_ID" in clinic.look()["setting_wrong"]["what"]


@pytest.mark.parametrize(
    ("settings", "key", "level"),
    [
        ({"secret": "a" * 40}, "secret_weak", "error"),
        (
            {"practice_url": "https://practice.example", "practice_secret": "ab" * 20},
            "secret_weak",
            "error",
        ),
        ({"keys": "k:" + base64.b64encode(b"k" * 32).decode()}, "secret_weak", "error"),
        ({"slack_bot_token": None}, "slack_unset", "warning"),
        ({"slack_bot_token": "xapp-1"}, "token_kind", "error"),
        ({"slack_app_token": TOKEN}, "token_kind", "error"),
        ({"slack_signing_secret": None, "slack_app_token": None}, "signing_unset", "error"),
        ({"slack_signing_secret": "hunter2"}, "signing_odd", "warning"),
        ({"public_url": "desk.example.com"}, "public_url", "error"),
        ({"public_url": "http://desk.example.com"}, "public_plain", "error"),
        ({"movable_clock": "1"}, "clock_movable", "warning"),
        ({"movable_clock": "1", "public_url": "https://d.example"}, "clock_movable", "error"),
        ({"files": "/etc/hostname/files"}, "files", "error"),
        ({"slack_api_url": "http://127.0.0.1:1/api/"}, "slack_away", "error"),
        ({"slack_bot_token": "xoxb-other"}, "token_refused", "error"),
        ({"slack_app_token": "xapp-other"}, "token_refused", "error"),
    ],
)
def test_wrong_setting_is_found(
    clinic: Clinic, settings: dict[str, str | None], key: str, level: str
) -> None:
    clinic.set(**settings)
    assert clinic.look()[key]["level"] == level


def test_address_of_this_machine_is_noted_where_slack_is_the_real_one() -> None:
    from core.doctor.settings import findings
    from core.settings import Settings

    settings = Settings(keys=MASTER, secret=SECRET, slack_bot_token=TOKEN)
    assert "public_local" in {finding.key for finding in findings(settings)}


def test_desk_without_slack_is_looked_at_all_the_same(clinic: Clinic) -> None:
    clinic.set(slack_bot_token=None, slack_app_token=None, slack_signing_secret=None)
    result = CliRunner().invoke(cli.app, ["doctor", "--locale", "en"])
    assert result.exit_code == 0
    assert "Slack's tokens and scopes: not looked at" in result.output
    assert "✓ Database" in result.output


def test_database_that_is_behind_away_or_not_made_yet(clinic: Clinic, tmp_path: Path) -> None:
    clinic.set(database_url=f"sqlite:///{tmp_path / 'none.db'}")
    assert "redress migrate" in clinic.look()["database_behind"]["fix"]
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "empty.db").touch()
    clinic.set(database_url=f"sqlite:///{tmp_path / 'empty.db'}")
    assert "database_behind" in clinic.look()
    clinic.set(database_url=f"postgresql://u:hush@127.0.0.1:{free_ports()}/desk")
    found = clinic.look()
    assert "hush" not in str(found)
    assert set(found) == {"database_away"}


def test_desk_without_a_published_workflow_is_found(clinic: Clinic) -> None:
    clinic.desk.write(delete(ActiveDocument))
    assert "redress migrate" in clinic.look()["nothing_published"]["fix"]


def test_sqlite_is_refused_where_processes_are_split(clinic: Clinic) -> None:
    assert "redress web" in clinic.look("--split")["sqlite_split"]["fix"]


@pytest.mark.postgres
def test_split_processes_on_postgresql_are_in_order(postgresql: Database, clinic: Clinic) -> None:
    Desk(postgresql)
    clinic.set(database_url=postgresql.url.render_as_string(hide_password=False))
    assert clinic.look("--split") == {}


def test_master_key_that_is_lost_is_missed(clinic: Clinic) -> None:
    at = clinic.desk.now()
    row = {"wrapped": VAULT.new_person_key(), "created_at": at, "destroyed_at": None}
    clinic.desk.write(insert(PersonKey).values(row))  # sealed by a key of the same name
    assert "Master key test" in clinic.look()["keys_lost"]["what"]
    clinic.desk.write(delete(PersonKey))
    assert clinic.look() == {}


def test_what_waits_for_an_operator_is_counted(clinic: Clinic) -> None:
    clinic.desk.open()
    clinic.desk.write(update(Outbox).values(state="parked"))
    clinic.desk.write(update(Deadline).values(set_aside="ValueError"))
    found = clinic.look()
    assert found["messages_wait"]["what"].endswith("1.")
    assert found["deadlines_aside"]["level"] == "warning"


def test_deadlines_that_nothing_acts_on_are_missed(clinic: Clinic) -> None:
    clinic.set(movable_clock="1")
    clinic.desk.open()
    assert "deadlines_late" not in clinic.look()
    clinic.desk.pass_time(days=2)
    assert clinic.look()["deadlines_late"]["level"] == "warning"
    while clinic.desk.sweep() != Swept():
        pass
    assert "deadlines_late" not in clinic.look()


def test_sign_in_for_another_workspace_than_the_bot_s_is_found(clinic: Clinic) -> None:
    sign_in = {"sign_in_issuer": "https://slack.com", "sign_in_client_id": "1.2"}
    clinic.set(**sign_in, sign_in_client_secret="s", sign_in_team="T0002")
    assert "T0001" in clinic.look()["team_other"]["fix"]
    clinic.set(sign_in_team="T0001")
    assert clinic.look() == {}


def test_clock_that_was_moved_is_told_in_a_demo_and_wrong_elsewhere(clinic: Clinic) -> None:
    clinic.desk.pass_time(hours=2)
    assert "120 minutes" in clinic.look()["offset_left"]["what"]
    clinic.set(movable_clock="1")
    found = clinic.look()
    assert found["offset_moved"]["level"] == "warning"
    assert "offset_left" not in found


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, ""), (59, ""), (-61, "warning"), (299, "warning"), (-300, "error")]
)
def test_clocks_may_differ_by_a_minute(seconds: float, level: str) -> None:
    assert "".join(finding.level for finding in databases.apart("clock_slack", seconds)) == level


def test_machine_whose_clock_is_wrong_is_told_by_the_database_s(sqlite: Database) -> None:
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
    found = list(databases.clock(Database(sqlite.url, clock=lambda: ahead)))
    assert [(finding.key, finding.level) for finding in found] == [("clock_machine", "error")]
    assert found[0].names["seconds"] in range(-600, -590)


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


def leave(desk: Desk, *names: str) -> None:
    """These people are away for good."""
    desk.write(update(Person).where(Person.name.in_(names)).values(active=False))


def test_too_few_people_for_stages_kept_apart_are_found(clinic: Clinic) -> None:
    leave(clinic.desk, "Tom", "Eva")
    assert set(clinic.look()) == {"nobody_home"}  # four for four stages
    leave(clinic.desk, "Ada")
    assert "3 people may decide" in clinic.look()["too_few"]["what"]


def test_desk_where_nobody_may_decide_is_found(clinic: Clinic) -> None:
    leave(clinic.desk, "Tom", "Eva", "Ada", "Vera", "Tang Li", "Sun Wei")
    assert set(clinic.look()) == {"nobody_decides", "no_supervisor"}


def test_people_who_serve_no_stage_or_have_no_slack_id_are_found(clinic: Clinic) -> None:
    tom = update(Person).where(Person.name == "Tom")
    clinic.desk.write(tom.values(home_stage="gone", slack_id=None))
    found = clinic.look()
    assert "Tom has home stage gone" in found["home_unknown"]["what"]
    assert "Tom has no Slack id" in found["not_in_slack"]["what"]


def test_every_finding_has_a_test_and_its_words() -> None:
    words = {key for key in catalogue("en") if key.startswith("doctor.")}
    keys = {key.removeprefix("doctor.").removesuffix(".fix") for key in words if "fix" in key}
    text = Path(__file__).read_text(encoding="utf-8")
    assert {key for key in keys if f'"{key}"' not in text} == set()
    assert {f"doctor.{key}" for key in keys} <= words
