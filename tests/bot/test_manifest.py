"""The Slack app asks for what it uses, says why, and asks for nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

import cli
from bot import ids, scopes
from bot.manifest import EXAMPLE, BadAddress, manifest
from bot.scopes import APP_SCOPES, FREE, SCOPES
from sandbox.api.facts import FACTS
from sandbox.events import SCOPES_OF_EVENTS
from sandbox.manifest.reading import read_manifest
from sandbox.serve import Server

ROOT = Path(__file__).parents[2]
BY_NAME = {name.replace(".", "_").lower(): name for name in FACTS}


def trees() -> Iterator[ast.AST]:
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if path.name not in ("scopes.py", "manifest.py"):
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def called() -> set[str]:
    """Every method of the Web API that bot/ names, as a text or as a method of the client."""
    found = set()
    for node in trees():
        if isinstance(node, ast.Constant) and node.value in FACTS:
            found.add(str(node.value))
        elif isinstance(node, ast.Attribute) and node.attr in BY_NAME:
            found.add(BY_NAME[node.attr])
    return found


def registered(*names: str) -> set[str]:
    """What is handed to `app.<name>(...)`: a text, or one of the bot's ids."""
    found = set()
    for node in trees():
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if named and node.func.attr in names and getattr(node.func.value, "id", "") == "app":
            given: Any = node.args[0]
            if isinstance(given, ast.Constant):
                found.add(str(given.value))
            else:  # rest.py's catch-all has no name in either
                name = getattr(given, "attr", getattr(given, "id", ""))
                found.add(str(getattr(ids, name, getattr(scopes, name, ""))))
    return found - {""}


def scopes_of(method: str) -> list[str]:
    listed: list[str] = FACTS[method]["scope"].get("bot", [])
    return listed


def granted(method: str) -> set[str]:
    return {scope.name for scope in SCOPES if method in scope.methods}


def test_every_method_that_is_called_has_the_scopes_that_slack_wants_for_it() -> None:
    lacking = {m for m in called() if scopes_of(m) and not granted(m) & set(scopes_of(m))}
    assert lacking == set()


def test_method_on_channels_has_the_scope_for_public_and_for_private_ones() -> None:
    for method in called() - {"conversations.join", "conversations.open"}:  # private: by hand
        kinds = {scope.partition(":")[0] for scope in scopes_of(method)}
        if {"channels", "groups"} <= kinds:
            assert {s.partition(":")[0] for s in granted(method)} >= {"channels", "groups"}, method


def test_no_scope_is_asked_for_that_nothing_uses() -> None:
    texts = " ".join(p.read_text() for p in (ROOT / "bot").rglob("*.py") if p.stem != "scopes")
    unused = [
        scope.name
        for scope in SCOPES
        if not set(scope.methods) & called()
        and not set(scope.events) & registered("event")
        and not (scope.argument and scope.argument in texts)
        and not scope.features
    ]
    assert unused == []


def test_scope_opens_what_it_is_said_to_open() -> None:
    wrong = [
        (scope.name, name)
        for scope in SCOPES
        for names, wanted in ((scope.methods, scopes_of), (scope.events, SCOPES_OF_EVENTS.get))
        for name in names
        if scope.name not in (wanted(name) or ())
    ]
    assert wrong == []


def test_methods_that_are_said_to_be_called_are() -> None:
    named = {m for scope in SCOPES for m in scope.methods} | {*FREE, *sum(APP_SCOPES.values(), ())}
    assert named - called() == set()


def test_free_methods_need_no_scope() -> None:
    assert {m for m in called() if not scopes_of(m)} <= {*FREE, *sum(APP_SCOPES.values(), ())}
    assert [m for m in FREE if scopes_of(m)] == []


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
@pytest.mark.parametrize("by_socket", [False, True], ids=["HTTP", "Socket Mode"])
def test_slack_accepts_the_manifest(locale: str, *, by_socket: bool) -> None:
    url = "" if by_socket else "https://desk.shop.example"
    read = read_manifest(manifest(url, locale, by_socket=by_socket))
    assert read["settings"]["socket_mode_enabled"] is by_socket
    assert read["oauth_config"]["scopes"]["bot"] == [scope.name for scope in SCOPES]
    text = str(read)
    assert ("https://desk.shop.example/slack/events" in text) is not by_socket
    assert ("http" in text) is not by_socket


def test_manifest_names_what_the_bot_listens_to() -> None:
    read = read_manifest(manifest(EXAMPLE))
    features = read["features"]
    heard = set(read["settings"]["event_subscriptions"]["bot_events"])
    assert heard == registered("event")
    assert {c["command"] for c in features["slash_commands"]} == registered("command")
    callbacks = {s["callback_id"] for s in features["shortcuts"]}
    assert callbacks == registered("message_shortcut", "global_shortcut")
    assert all(len(s["name"]) <= 24 for s in features["shortcuts"])


def test_every_scope_in_the_file_says_why() -> None:
    text = (ROOT / "manifest.yaml").read_text(encoding="utf-8")
    assert text == manifest(EXAMPLE), "redress manifest --url https://desk.example.com"
    for scope in SCOPES:
        assert re.search(rf"- {re.escape(scope.name)}  # .{{10}}", text), scope.name


@pytest.mark.parametrize(
    "url", ["http://desk.example.com", "desk", "", "https://", "https://a b", 'https://a"b']
)
def test_address_that_slack_would_not_call_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        manifest(url)


def test_app_made_of_the_manifest_can_be_installed() -> None:
    with Server({"team": {"id": "T1", "name": "Shop", "domain": "shop"}}) as server:
        made = httpx.post(
            f"{server.url}/sandbox/apps",
            json={"manifest": manifest(EXAMPLE), "install": True},
            trust_env=False,
        ).json()
    assert made["ok"], made


def test_command_prints_it_with_the_address_filled_in() -> None:
    run = CliRunner().invoke
    told = run(cli.app, ["manifest", "--url", "https://a.example"])
    assert "request_url: https://a.example/slack/events" in told.output
    assert run(cli.app, ["manifest", "--socket"]).exit_code == 0
    assert run(cli.app, ["manifest", "--url", "http://a.example"]).exit_code == 1
