"""`redress doctor`: what is wrong with a desk, by what an operator would have done."""

import base64
import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update
from typer.testing import CliRunner

import cli
from core.db import Database
from core.desk import outages
from core.desk.overdue import Swept
from core.doctor import database as databases
from core.i18n import catalogue
from core.tables import ActiveDocument, Deadline, Outbox, Person, PersonKey
from tests.bot.office import TOKEN
from tests.doctor.clinic import MASTER, SECRET, Clinic
from tests.factories import VAULT, Desk
from tests.serving import free_ports


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


def test_what_delivery_cannot_reach_is_told_with_what_waits(clinic: Clinic) -> None:
    desk = clinic.desk
    desk.open()
    desk.db.transact_wall(outages.begin, outages.TOKEN, "token_revoked")
    desk.db.transact_wall(outages.begin, "channel:intake", "restricted_action", place="C0001")
    found = clinic.look()
    refused, lost = found["outage_token"], found["outage_channel"]
    assert "(token_revoked). Messages waiting: 2." in refused["what"]  # a card, and the telling
    assert (refused["level"], lost["level"]) == ("error", "warning")
    assert "(restricted_action)" in lost["what"]
    for key in (outages.TOKEN, "channel:intake"):
        desk.db.transact_wall(outages.end, key)
    assert "outage_token" not in clinic.look()


def test_deadlines_that_nothing_acts_on_are_missed(clinic: Clinic) -> None:
    clinic.set(movable_clock="1")
    clinic.desk.open()
    assert "deadlines_late" not in clinic.look()
    clinic.desk.pass_time(days=2)
    assert clinic.look()["deadlines_late"]["level"] == "warning"
    while clinic.desk.sweep() != Swept():
        pass
    assert "deadlines_late" not in clinic.look()


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
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    text = "\n".join(texts)
    assert {key for key in keys if f'"{key}"' not in text} == set()
    assert {f"doctor.{key}" for key in keys} <= words
