"""The `redress` command as an operator types it: what it says, and how it ends."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select
from typer.testing import CliRunner

import cli
from core.db import Database
from core.desk import access, documents
from core.migrate import STANDARD
from core.settings import BadSettings
from core.tables import Change, Dispute

KEYS = "k1:" + base64.b64encode(b"k" * 32).decode()


class Shell:
    """A shell whose environment leads to one database."""

    def __init__(self) -> None:
        self.runner = CliRunner()

    def run(self, *words: str, code: int = 0) -> str:
        """Runs the command, expects its exit code, gives everything it said."""
        result: Result = self.runner.invoke(cli.app, words)
        assert result.exit_code == code, result.output
        return result.output


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell beside an empty database."""
    monkeypatch.setattr("core.logs.set_up", lambda _level: None)  # they are the whole process's
    monkeypatch.setenv("REDRESS_KEYS", KEYS)
    monkeypatch.setenv("REDRESS_SECRET", "s" * 40)
    monkeypatch.setenv("REDRESS_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    return Shell()


@pytest.fixture
def ready(shell: Shell) -> Shell:
    """A shell beside a database that was brought to the present."""
    assert "up to date" in shell.run("migrate")
    return shell


def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'cli.db'}")


def opened(db: Database) -> int:
    return db.read(lambda c, now: c.scalar(select(func.count()).select_from(Dispute))) or 0


def test_fresh_keys_are_settings_that_start(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for line in shell.run("keys").splitlines():
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value)
    shell.run("migrate")


def test_migrating_twice_is_harmless(ready: Shell) -> None:
    assert "up to date" in ready.run("migrate")


def test_server_does_not_start_on_a_database_that_is_behind(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDRESS_SLACK_SIGNING_SECRET", "x")
    monkeypatch.setenv("REDRESS_SLACK_BOT_TOKEN", "xoxb-x")
    stopped = shell.runner.invoke(cli.app, ["web"])
    assert isinstance(stopped.exception, BadSettings | SystemExit)
    assert "redress migrate" in str(stopped.exception)


def test_server_names_the_settings_that_it_lacks(
    ready: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = ready.runner.invoke(cli.app, ["web"])
    assert "REDRESS_SLACK_BOT_TOKEN" in str(stopped.exception)
    monkeypatch.setenv("REDRESS_SLACK_BOT_TOKEN", "xoxb-x")
    stopped = ready.runner.invoke(cli.app, ["web"])
    assert "REDRESS_SLACK_SIGNING_SECRET" in str(stopped.exception)


def test_help_loads_neither_the_database_nor_a_door() -> None:
    heavy = "{'sqlalchemy', 'slack_bolt', 'flask', 'pydantic', 'httpx', 'alembic'}"
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, cli; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(cli.__file__).parent,
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("role", ["bot", "worker", "scheduler"])
def test_split_role_refuses_sqlite(
    ready: Shell, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv("REDRESS_SLACK_BOT_TOKEN", "xoxb-x")
    monkeypatch.setenv("REDRESS_SLACK_APP_TOKEN", "xapp-x")
    stopped = ready.runner.invoke(cli.app, [role])
    assert "PostgreSQL" in str(stopped.exception)


def test_first_supervisor_is_added_and_let_in_by_a_link(ready: Shell, tmp_path: Path) -> None:
    told = ready.run("person", "Grace Hall", "--role", "supervisor", "--zone", "Europe/Berlin")
    assert "redress login 'Grace Hall'" in told
    link = ready.run("login", "Grace Hall").strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/panel/sign-in/[\w-]+", link)
    db = database(tmp_path)
    person = db.read_wall(access.link_person, link.rsplit("/", 1)[1])
    assert person is not None
    assert person.name == "Grace Hall"
    db.close()


def test_link_is_for_somebody_who_exists(ready: Shell) -> None:
    assert "0 active members are called 'Nobody'" in ready.run("login", "Nobody", code=1)


@pytest.mark.parametrize(
    "wrong",
    [("--role", "king"), ("--role", "agent", "--zone", "Mars/Olympus"), ()],
    ids=["role", "zone", "no role"],
)
def test_wrong_person_is_refused(ready: Shell, wrong: tuple[str, ...]) -> None:
    result = ready.runner.invoke(cli.app, ["person", "Grace", *wrong])
    assert result.exit_code in (1, 2)
    assert result.output.strip()


def test_slack_id_belongs_to_one_person(ready: Shell) -> None:
    ready.run("person", "Tom", "--role", "agent", "--slack-id", "U1")
    assert "U1 already" in ready.run("person", "Tim", "--role", "agent", "--slack-id", "U1", code=1)


def test_api_key_is_shown_once_and_opens_its_source(ready: Shell, tmp_path: Path) -> None:
    key = ready.run("api-key", "shop").strip()
    db = database(tmp_path)
    assert db.read_wall(access.api_source, key) == "shop"
    db.close()


def test_import_opens_disputes_and_its_exit_code_tells_of_rejects(
    ready: Shell, tmp_path: Path
) -> None:
    file, mapping = tmp_path / "in.csv", tmp_path / "mapping.toml"
    file.write_text("id,order,buyer,text\n1,o1,b1,It came broken.\n2,o2,b2,\n", encoding="utf-8")
    mapping.write_text(
        'source = "shop"\n[fields]\nexternal_id = "id"\norder_number = "order"\n'
        'buyer = "buyer"\nstory = "text"\n',
        encoding="utf-8",
    )
    arguments = ("import", str(file), "--mapping", str(mapping))
    assert "2 rows" in ready.run(*arguments, "--dry-run", code=1)
    db = database(tmp_path)
    assert opened(db) == 0
    ready.run(*arguments, code=1)
    assert opened(db) == 1
    db.close()


def test_document_goes_out_as_text_and_comes_back_the_same(ready: Shell, tmp_path: Path) -> None:
    text = ready.run("workflow", "export")
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    assert "No problems" in ready.run("workflow", "check", str(file))
    ready.run("workflow", "import", str(file))
    assert ready.run("workflow", "export", "--draft") == text


def test_further_workflow_that_ships_joins_the_draft(ready: Shell) -> None:
    told = ready.run("workflow", "add", "emergency")
    assert "emergency, escalation, risk, service, tech" in " ".join(told.split())
    assert 'key = "green_channel"' in ready.run("workflow", "export", "--draft")
    assert "what ships is emergency" in ready.run("workflow", "add", "nonsense", code=1)


def test_difference_is_told_in_words_in_either_language(ready: Shell, tmp_path: Path) -> None:
    text = ready.run("workflow", "export")
    same, other = tmp_path / "same.toml", tmp_path / "other.toml"
    same.write_text(text, encoding="utf-8")
    assert "No difference" in ready.run("workflow", "diff", str(same))
    assert "没有差异" in ready.run("workflow", "diff", str(same), "--locale", "zh_CN")
    first = re.search(r'label = \{[^}]*en = "([^"]+)"', text)
    assert first is not None
    other.write_text(text.replace(f'en = "{first[1]}"', 'en = "Said anew"', 1), encoding="utf-8")
    told = ready.run("workflow", "diff", str(other), code=1)
    assert f"from “{first[1]}” to “Said anew”" in told
    assert f"from “Said anew” to “{first[1]}”" in ready.run(
        "workflow", "diff", str(same), str(other), code=1
    )
    chinese = ready.run("workflow", "diff", str(other), "--locale", "zh_CN", code=1)
    assert "Said anew" in chinese
    assert "改为" in chinese


def test_difference_tells_a_condition_by_what_it_says(ready: Shell, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    text = ready.run("workflow", "export")
    assert 'values = ["cover"]' in text
    other.write_text(text.replace('values = ["cover"]', 'values = ["short"]', 1), encoding="utf-8")
    told = ready.run("workflow", "diff", str(other), code=1)
    assert told.count("conditions, new: ") == 1
    assert "conditions, gone: " in told


def test_difference_from_what_is_no_document_is_refused(ready: Shell, tmp_path: Path) -> None:
    file = tmp_path / "no.toml"
    file.write_text("format = 1\nworkflows = 7\n", encoding="utf-8")
    assert "workflows" in ready.run("workflow", "diff", str(file), code=1)


def test_draft_with_problems_is_not_published(ready: Shell, tmp_path: Path) -> None:
    standard = STANDARD.read_text(encoding="utf-8")
    file = tmp_path / "broken.toml"
    file.write_text(standard.replace('channel = "triage"', 'channel = ""', 1), encoding="utf-8")
    assert "triage" in ready.run("workflow", "check", str(file), code=1)
    ready.run("workflow", "import", str(file))
    assert "problems" in ready.run("workflow", "publish", code=1)


def dearer(tmp_path: Path) -> str:
    """A file with the standard document in which a share is another one."""
    standard = STANDARD.read_text(encoding="utf-8")
    file = tmp_path / "dearer.toml"
    file.write_text(standard.replace("percent = 50", "percent = 60", 1), encoding="utf-8")
    return str(file)


def published(tmp_path: Path) -> int:
    """The number of the document that is active."""
    db = database(tmp_path)
    found = db.read(lambda c, now: documents.active_id(c))
    db.close()
    return found


def test_what_weighs_is_not_published_by_a_shell_that_nobody_asked(
    ready: Shell, tmp_path: Path
) -> None:
    ready.run("person", "Grace Hall", "--role", "supervisor")
    ready.run("workflow", "import", dearer(tmp_path))
    before = published(tmp_path)
    told = ready.run("workflow", "publish", code=1)
    assert "second supervisor" in told
    assert "Published" not in told
    assert "另一位主管" in ready.run("workflow", "publish", "--locale", "zh_CN", code=1)
    assert published(tmp_path) == before


def test_draft_that_somebody_changed_meanwhile_is_not_published(
    ready: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.desk.draft.version", lambda _connection, **_: 0)  # read too early
    assert "meanwhile" in ready.run("workflow", "publish", code=1)


def test_import_is_recorded_as_a_change_of_the_draft(ready: Shell, tmp_path: Path) -> None:
    ready.run("workflow", "import", dearer(tmp_path))
    db = database(tmp_path)
    found = db.read(lambda c, now: c.execute(select(Change.what, Change.person_id)).all())
    assert [tuple(row) for row in found] == [("replaced", None)]
    db.close()


def test_file_that_a_draft_cannot_hold_changes_nothing(ready: Shell, tmp_path: Path) -> None:
    before = ready.run("workflow", "export", "--draft")
    file = tmp_path / "hollow.toml"
    hollow = re.sub(r"conditions = \[.*\] \}", "conditions = [] }", before, count=1)
    file.write_text(hollow, encoding="utf-8")
    assert "fill it in or leave it out" in ready.run("workflow", "import", str(file), code=1)
    assert ready.run("workflow", "export", "--draft") == before


def test_file_that_begins_with_a_byte_order_mark_is_read(ready: Shell, tmp_path: Path) -> None:
    file = tmp_path / "windows.toml"
    file.write_text(STANDARD.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert "No problems" in ready.run("workflow", "check", str(file))


def test_text_that_is_no_document_is_refused_with_its_place(ready: Shell, tmp_path: Path) -> None:
    file = tmp_path / "no.toml"
    file.write_text("format = 1\nworkflows = 7\n", encoding="utf-8")
    assert "workflows" in ready.run("workflow", "check", str(file), code=1)
