"""Apps out of manifests, installed over OAuth with the scopes shown, as strangers would do it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml
from slack_sdk import WebClient
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.webhook import WebhookClient

from sandbox.client import CannotActError, Sandbox
from sandbox.serve import Server
from tests.sandbox.errors import error_of

REDIRECT = "http://127.0.0.1:9/oauth"
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Parcels"},
    "features": {
        "bot_user": {"display_name": "Parcel bot"},
        "slash_commands": [
            {"command": "/parcel", "url": "http://127.0.0.1:9/x", "description": "Where is it"}
        ],
    },
    "oauth_config": {
        "redirect_urls": [REDIRECT],
        "scopes": {"bot": ["chat:write", "commands", "channels:join"], "user": ["search:read"]},
    },
    "settings": {"org_deploy_enabled": False},
}


@pytest.fixture
def app(control: Sandbox) -> dict[str, Any]:
    """An app that nobody has let in yet."""
    made: dict[str, Any] = control.set("apps", manifest=MANIFEST)["app"]
    return made


@pytest.fixture
def browser_of_li(server: Server) -> Any:
    """A browser without scripts."""
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def page_of(client: httpx.Client, app: dict[str, Any], **query: str) -> httpx.Response:
    return client.get(
        "/oauth/v2/authorize",
        params={"client_id": app["client_id"], "redirect_uri": REDIRECT, "state": "s1", **query},
    )


def decide(
    client: httpx.Client, page: httpx.Response, decision: str = "allow", **form: str
) -> dict[str, str]:
    """Press a button; what comes back to the app."""
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert ticket is not None
    form = {"ticket": ticket[1], "person": "U1LI", "decision": decision, **form}
    answer = client.post("/oauth/consent", data=form)
    assert answer.status_code == 302, answer.text
    target = urlsplit(answer.headers["location"])
    assert target.geturl().startswith(REDIRECT)
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def test_a_manifest_in_yaml_is_an_app_as_well(control: Sandbox) -> None:
    app = control.set("apps", manifest=yaml.safe_dump(MANIFEST), install=True)["app"]
    assert (app["name"], app["installed"]) == ("Parcel bot", True)
    assert app["scopes"] == ["channels:join", "chat:write", "commands"]
    slack = WebClient(app["tokens"]["bot"][0], base_url=f"{control.url}/api/")
    slack.conversations_join(channel="C1DESK")
    assert slack.chat_postMessage(channel="C1DESK", text="hello")["ok"]
    assert control.act_as("U1LI").look()["apps"][-1]["commands"][0]["name"] == "/parcel"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"display_information": {"name": "x" * 36}}, "/display_information/name"),
        ({"display_information": {}}, "/display_information"),
        ({"features": {"slash_commands": [{"command": "no", "description": "x"}]}},
         "/features/slash_commands/0/command"),
        ({"settings": {"event_subscriptions": {"bot_events": ["message.channels"]}}},
         "/settings/event_subscriptions"),
        ({"surprise": 1}, ""),
        ({"features": {}}, "/features"),
    ],
)  # fmt: skip
def test_mistakes_in_a_manifest_are_named_with_their_place(
    control: Sandbox, change: dict[str, Any], pointer: str
) -> None:
    found = control.set("manifest", manifest={**MANIFEST, **change})
    assert not found["ok"]
    assert pointer in [error["pointer"] for error in found["errors"]]
    with pytest.raises(CannotActError) as caught:
        control.set("apps", manifest={**MANIFEST, **change})
    assert caught.value.code == "invalid_manifest"


def test_yaml_bombs_and_nonsense_are_refused(control: Sandbox) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
    for text in (bomb, "[", "- 1", "{" * 100_000, "1: 2", "\x00"):
        assert not control.set("manifest", manifest=text)["ok"]


def test_the_page_shows_the_scopes_and_gives_a_code(
    browser_of_li: httpx.Client, app: dict[str, Any], server: Server
) -> None:
    page = page_of(browser_of_li, app)
    assert "Send messages" in page.text
    assert "chat:write" in page.text
    assert "请求访问" in page_of(browser_of_li, app, lang="zh_CN").text
    back = decide(browser_of_li, page)
    assert back["state"] == "s1"
    slack = WebClient(base_url=f"{server.url}/api/", retry_handlers=[])
    client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    granted = slack.oauth_v2_access(**client, code=back["code"], redirect_uri=REDIRECT)
    assert granted["team"] == {"id": "T0TEST", "name": "Testers"}
    assert granted["scope"] == "channels:join,chat:write,commands"
    assert granted["authed_user"]["id"] == "U1LI"
    bot = WebClient(granted["access_token"], base_url=f"{server.url}/api/", retry_handlers=[])
    assert bot.auth_test()["user_id"] == granted["bot_user_id"]
    assert error_of(bot.users_list) == "missing_scope"
    again = {**client, "code": back["code"], "redirect_uri": REDIRECT}
    assert error_of(slack.oauth_v2_access, **again) == "invalid_code"
    bot.apps_uninstall(**client)
    assert error_of(bot.auth_test) == "account_inactive"


def test_wrong_secrets_and_addresses_get_no_token(
    browser_of_li: httpx.Client, app: dict[str, Any], server: Server
) -> None:
    slack = WebClient(base_url=f"{server.url}/api/", retry_handlers=[])
    back = decide(browser_of_li, page_of(browser_of_li, app))
    given = {"client_id": app["client_id"], "client_secret": app["client_secret"], **back}
    given.pop("state")
    assert error_of(slack.oauth_v2_access, **given) == "bad_redirect_uri"
    given["redirect_uri"] = REDIRECT
    wrong = {**given, "client_secret": "x"}
    assert error_of(slack.oauth_v2_access, **wrong) == "bad_client_secret"
    assert error_of(slack.oauth_v2_access, **{**given, "client_id": "9"}) == "invalid_client_id"
    assert slack.oauth_v2_access(**given)["ok"]


def test_cancelling_and_using_a_page_twice_let_nobody_in(
    browser_of_li: httpx.Client, app: dict[str, Any]
) -> None:
    page = page_of(browser_of_li, app)
    assert decide(browser_of_li, page, "deny")["error"] == "access_denied"
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert ticket is not None
    form = {"ticket": ticket[1], "person": "U1LI", "decision": "allow"}
    assert browser_of_li.post("/oauth/consent", data=form).status_code == 400


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ({"client_id": "nobody"}, "Invalid client_id parameter"),
        ({"redirect_uri": "http://evil.example/"}, "redirect_uri did not match"),
        ({"redirect_uri": REDIRECT + "/../evil"}, "redirect_uri did not match"),
        ({"scope": "<b>"}, "Invalid permissions requested: &lt;b&gt;"),
        ({"team": "T9"}, "another workspace"),
    ],
)
def test_an_address_that_cannot_be_is_complained_about(
    browser_of_li: httpx.Client, app: dict[str, Any], query: dict[str, str], complaint: str
) -> None:
    page = page_of(browser_of_li, app, **query)
    assert page.status_code == 400
    assert complaint in page.text
    assert "script" not in page.headers["content-security-policy"]


def test_the_sdks_own_address_works_and_a_webhook_comes_along(
    browser_of_li: httpx.Client, control: Sandbox, app: dict[str, Any], server: Server
) -> None:
    made = AuthorizeUrlGenerator(
        client_id=app["client_id"],
        scopes=["incoming-webhook"],
        redirect_uri=REDIRECT,
        authorization_url=f"{server.url}/oauth/v2/authorize",
    )
    page = browser_of_li.get(made.generate("s2"))
    back = decide(browser_of_li, page, channel="C1DESK")
    slack = WebClient(base_url=f"{server.url}/api/")
    granted = slack.oauth_v2_access(
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        code=back["code"],
        redirect_uri=REDIRECT,
    )
    hook = WebhookClient(granted["incoming_webhook"]["url"])
    assert hook.send(text="by webhook").body == "ok"
    assert hook.send(text="").body == "no_text"
    assert [m["text"] for m in control.messages("C1DESK")] == ["by webhook"]


def test_a_configuration_token_makes_changes_and_deletes_apps(server: Server) -> None:
    config = WebClient("xoxe.xoxp-config", base_url=f"{server.url}/api/", retry_handlers=[])
    made = config.apps_manifest_create(manifest=MANIFEST)
    assert config.apps_manifest_export(app_id=made["app_id"])["manifest"] == MANIFEST
    wider = {**MANIFEST, "display_information": {"name": "Boxes"}}
    changed = config.apps_manifest_update(app_id=made["app_id"], manifest=wider)
    assert changed["permissions_updated"] is False
    assert error_of(config.apps_manifest_validate, manifest={"x": 1}) == "invalid_manifest"
    config.apps_manifest_delete(app_id=made["app_id"])
    assert error_of(config.apps_manifest_export, app_id=made["app_id"]) == "invalid_app_id"


@pytest.fixture
def workspace(workspace: dict[str, Any]) -> dict[str, Any]:
    workspace["configuration_tokens"] = [{"token": "xoxe.xoxp-config", "user": "U1LI"}]
    return workspace
