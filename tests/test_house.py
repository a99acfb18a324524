"""The manners of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.db import Database
from core.migrate import standard
from core.tables import Base
from core.workflow.facts import DESK_FACTS
from core.workflow.terms import By, EffectKind, FieldKind, Kind, Meaning

ROOT = Path(__file__).parents[1]
PACKAGES = ("core", "bot", "admin", "portal", "web", "blockkit", "sandbox", "demo")
TOP = ("app.py", "cli.py", "scheduler.py")
LONGEST = 300  # lines; a file past that is a question


def sources(*packages: str) -> Iterator[Path]:
    """The Python files of these packages, generated migrations left out."""
    for package in packages or (*PACKAGES, "tests", "benchmarks"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "versions" not in path.parts:
                yield path
    if not packages:
        yield from (ROOT / name for name in TOP)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_only_the_database_module_begins_and_commits() -> None:
    found = []
    for path in sources("core"):
        if name_of(path) in ("core/db.py", "core/migrations/env.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            named = node.func.attr if _is_method(node) else ""
            if named in ("commit", "rollback", "begin", "begin_twophase"):
                found.append(f"{name_of(path)}:{node.lineno}: {named}")
    assert found == []


def _is_method(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)


def test_python_knows_no_stage_decision_or_option_of_the_standard_workflow() -> None:
    document = standard()
    workflow = document.workflows[0]
    keys = {stage.key for stage in workflow.stages}
    keys |= {key for decisions in workflow.decisions_by_stage.values() for key in decisions}
    keys |= {option.key for options in document.option_sets for option in options.options}
    # Words that mean something to the code itself, whatever a document calls its own.
    own = {str(word) for words in (By, Kind, Meaning, FieldKind, EffectKind) for word in words}
    own |= {value for fact in DESK_FACTS.values() for value in fact.values}
    own |= {"goods", "freight", "paid", "sound", "other", "home", "full", "small", "late"}
    own |= {"finished", "payment_reported"}  # a refusal, an event
    own |= {"language", "receipt"}  # a fact, a message
    found = [
        f"{name_of(path)}:{node.lineno}: {node.value}"
        for path in sources("core", "bot", "admin", "portal", "web")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in keys - own
    ]
    assert found == []


def test_files_are_one_idea_long() -> None:
    long = {
        name_of(path): len(path.read_text().splitlines())
        for path in (*sources(*PACKAGES, "benchmarks"), *(ROOT / name for name in TOP))
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


def test_public_functions_say_what_they_do() -> None:
    silent = []
    for path in (p for p in sources(*PACKAGES)):
        for node in ast.parse(path.read_text()).body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
            if named and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{name_of(path)}:{node.lineno}: {node.name}")
    assert silent == []


def test_nobody_below_imports_the_modules_on_top() -> None:
    above = {"app", "cli", "scheduler", "demo", "tests", "benchmarks"}
    found = [
        f"{name_of(path)}: {imported}"
        for path in sources(*(set(PACKAGES) - {"demo"}))
        for imported in _imports(path)
        if imported.split(".")[0] in above
    ]
    assert found == []


def test_scheduler_is_ticks_and_nothing_else() -> None:
    packages = {imported.split(".")[0] for imported in _imports(ROOT / "scheduler.py")}
    assert packages <= {"datetime", "logging", "pathlib", "apscheduler", "core"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_no_test_module_is_imported_by_another() -> None:
    found = []
    for path in sources("tests", "benchmarks"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = [alias.name for alias in getattr(node, "names", ()) if hasattr(alias, "name")]
            module = getattr(node, "module", None) or ""
            if any(
                part.startswith("test_") for name in (module, *named) for part in name.split(".")
            ):
                found.append(f"{name_of(path)}: {module} {named}")
    assert found == []


@pytest.mark.postgres
def test_migrations_make_exactly_the_tables_that_the_code_knows(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("name", ["requirements.lock", "Makefile", ".ci/run", "pyproject.toml"])
def test_install_files_name_no_host(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()


def test_nothing_refers_to_the_workshop_s_shared_folder() -> None:
    told = [*sources(), ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    shared = "../" + "shared"
    assert [name_of(p) for p in told if p.exists() and shared in p.read_text()] == []
