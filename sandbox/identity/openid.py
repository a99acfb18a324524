"""OpenID Connect: discovery, the public key, and the signed id_token with Slack's claims."""

import base64
import hashlib
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox import clock
from sandbox.state.model import App, Json, Person, Token, Workspace

KEY_ID = "sandbox"
SECONDS_VALID = 300
_SLACK = "https://slack.com/"


@cache
def _key() -> rsa.RSAPrivateKey:
    """One key a process, made when it is first needed: that takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def discovery(workspace: Workspace) -> Json:
    """``/.well-known/openid-configuration``."""
    url = workspace.public_url
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/openid/connect/authorize",
        "token_endpoint": f"{url}/api/openid.connect.token",
        "userinfo_endpoint": f"{url}/api/openid.connect.userInfo",
        "jwks_uri": f"{url}/openid/connect/keys",
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "auth_time", "iss"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": True,
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    }


def key_set() -> Json:
    """``/openid/connect/keys``."""
    numbers = _key().public_key().public_numbers()
    return {
        "keys": [
            {
                "kty": "RSA",
                "kid": KEY_ID,
                "use": "sig",
                "alg": "RS256",
                "n": _base64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
                "e": _base64(numbers.e.to_bytes(3, "big")),
            }
        ]
    }


def id_token(workspace: Workspace, app: App, token: Token, nonce: str) -> str:
    """The signed statement who signed in, for this app alone."""
    moment = int(clock.now(workspace.clock))
    person = workspace.people[token.person_id]
    claims: Json = {
        "iss": workspace.public_url,
        "aud": app.client_id,
        "exp": moment + SECONDS_VALID,
        "iat": moment,
        "auth_time": moment,
        "nonce": nonce,
        "at_hash": _base64(hashlib.sha256(token.value.encode()).digest()[:16]),
        **claims_of(workspace, person, token.scopes or frozenset()),
    }
    if not nonce:
        del claims["nonce"]
    header = {"alg": "RS256", "typ": "JWT", "kid": KEY_ID}
    signed = b".".join(_base64(json.dumps(part).encode()).encode() for part in (header, claims))
    signature = _key().sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return f"{signed.decode()}.{_base64(signature)}"


def claims_of(workspace: Workspace, person: Person, scopes: frozenset[str]) -> Json:
    """What a person's claims say, as far as these scopes go."""
    claims: Json = {
        "sub": person.id,
        f"{_SLACK}user_id": person.id,
        f"{_SLACK}team_id": workspace.team["id"],
    }
    if "email" in scopes and person.email:
        claims.update(email=person.email, email_verified=True)
    if "profile" in scopes:
        given, _, family = person.real_name.partition(" ")
        picture = f"{workspace.public_url}/sandbox/static/person.svg"
        claims.update(
            name=person.real_name, given_name=given, family_name=family, picture=picture,
            locale=person.locale,
        )  # fmt: skip
        claims[f"{_SLACK}team_name"] = workspace.team["name"]
        claims[f"{_SLACK}team_domain"] = workspace.team["domain"]
        claims[f"{_SLACK}team_image_default"] = True
        claims.update({f"{_SLACK}user_image_{size}": picture for size in (24, 32, 48, 72, 192)})
    return claims


def _base64(data: Any) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
