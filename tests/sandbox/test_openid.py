"""Sign in with Slack, as Authlib's client does it: discovery, state, nonce, RS256, claims."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet
from slack_sdk import WebClient

from sandbox.serve import Server
from tests.sandbox.errors import error_of

REDIRECT = "http://127.0.0.1:9/signed-in"


@pytest.fixture
def workspace(workspace: dict[str, Any]) -> dict[str, Any]:
    workspace["apps"][0].update(
        client_id="1.2", client_secret="client-secret", redirect_urls=[REDIRECT]
    )
    return workspace


@contextmanager
def sign_in(
    server: Server, person: str = "U1LI", **options: Any
) -> Iterator[tuple[OAuth2Client, Any]]:
    """Authlib's client and the token it got."""
    found = httpx.get(f"{server.url}/.well-known/openid-configuration", trust_env=False).json()
    client = OAuth2Client(
        "1.2", "client-secret", scope="openid profile email", redirect_uri=REDIRECT,
        trust_env=False, **options,
    )  # fmt: skip
    address, state = client.create_authorization_url(found["authorization_endpoint"], nonce="n1")
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        ticket = re.search(r'name="ticket" value="([^"]+)"', browser.get(address).text)
        assert ticket is not None
        form = {"ticket": ticket[1], "person": person, "decision": "allow"}
        back = browser.post("/oauth/consent", data=form).headers["location"]
    assert parse_qs(urlsplit(back).query)["state"] == [state]
    with client:
        yield client, client.fetch_token(found["token_endpoint"], authorization_response=back)


def test_authlib_gets_a_signed_token_about_the_person(server: Server) -> None:
    with sign_in(server) as (_, token):
        pass
    keys = KeySet.import_key_set(
        httpx.get(f"{server.url}/openid/connect/keys", trust_env=False).json()
    )
    claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"], claims["sub"]) == (server.url, "1.2", "U1LI")
    assert claims["nonce"] == "n1"
    assert claims["https://slack.com/team_id"] == "T0TEST"
    assert (claims["name"], claims["email"], claims["locale"]) == (
        "Li Na", "li@example.com", "zh-CN",
    )  # fmt: skip
    assert claims["exp"] > claims["iat"]


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_both_ways_of_naming_the_client_work(server: Server, method: str) -> None:
    with sign_in(server, token_endpoint_auth_method=method) as (client, _):
        info = client.get(f"{server.url}/api/openid.connect.userInfo").json()
    assert (info["ok"], info["sub"]) == (True, "U1LI")
    assert info["https://slack.com/team_id"] == "T0TEST"


def test_a_verifier_is_asked_for_where_there_was_a_challenge(server: Server) -> None:
    found = httpx.get(f"{server.url}/.well-known/openid-configuration", trust_env=False).json()
    with OAuth2Client(
        "1.2", "client-secret", scope="openid", redirect_uri=REDIRECT,
        code_challenge_method="S256", trust_env=False,
    ) as client:  # fmt: skip
        address, _ = client.create_authorization_url(
            found["authorization_endpoint"], code_verifier="v" * 48
        )
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        ticket = re.search(r'name="ticket" value="([^"]+)"', browser.get(address).text)
        assert ticket is not None
        form = {"ticket": ticket[1], "person": "U2ANN", "decision": "allow"}
        back = browser.post("/oauth/consent", data=form).headers["location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    slack = WebClient(base_url=f"{server.url}/api/", retry_handlers=[])
    given = {"client_id": "1.2", "client_secret": "client-secret", "redirect_uri": REDIRECT}
    wrong = {**given, "code": code, "code_verifier": "w" * 48}
    assert error_of(slack.api_call, "openid.connect.token", params=wrong) == "invalid_code_verifier"
    assert error_of(slack.api_call, "openid.connect.token", params={**wrong, "code": "x"}) == (
        "invalid_code"
    )


def test_who_only_signed_in_gives_the_app_nothing_else(server: Server) -> None:
    with sign_in(server, "U2ANN") as (_, token):
        pass
    person = WebClient(token["access_token"], base_url=f"{server.url}/api/", retry_handlers=[])
    assert error_of(person.users_list) == "missing_scope"
    assert error_of(person.chat_postMessage, channel="C1DESK", text="x") == "missing_scope"
