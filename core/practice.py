"""Passes: what the desk and the practice desk tell each other through a newcomer's browser (T1).

A pass is sealed with the one secret that both desks know: nobody on the way reads a name in it or
changes a letter of it. It says who practises for which desk, and is short-lived.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LIVES = 3_600  # seconds
EARLY = 300  # seconds that two machines' clocks may differ
NONCE = 12  # bytes
LONGEST = 2_000  # characters of a pass


class Kind(StrEnum):
    """Which way a pass leads; one way's pass opens nothing on the other."""

    GO = "go"  # to the practice desk
    DONE = "done"  # back, with three disputes decided


class Fault(StrEnum):
    """Why a pass opens nothing."""

    FORGED = "forged"  # altered, cut, sealed with another secret or for the other way
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Pass:
    """Who practises: their Slack id, the name that Slack shows, their home stage and language.

    `back` is the address at the desk they come from to which the pass back is added.
    """

    slack_id: str
    name: str
    stage: str
    locale: str
    back: str
    id: str = ""  # tells this pass from every other
    at: int = 0  # when it was made, in seconds since the epoch


@dataclass(frozen=True, slots=True)
class Practice:
    """Where newcomers practise: `url` of the practice desk, the secret, and this desk's `back`."""

    url: str
    secret: str
    back: str

    def __repr__(self) -> str:
        return f"Practice({self.url!r})"

    def way_there(self, made: Pass, now: float) -> str:
        """The address that leads somebody to the practice desk; `now` by the wall clock."""
        return f"{self.url}/practise/{sealed(made, Kind.GO, self.secret, now)}"

    def way_back(self, made: Pass, now: float) -> str:
        """The address that tells the desk somebody comes from that they have practised."""
        return f"{made.back}{sealed(made, Kind.DONE, self.secret, now)}"

    def read(self, text: str, kind: Kind, now: float) -> Pass | Fault:
        """What a pass says, or why it opens nothing."""
        return opened(text, kind, self.secret, now)


def sealed(said: Pass, kind: Kind, secret: str, now: float) -> str:
    """The pass as text for an address, made at `now` (seconds) and unlike any other."""
    data = {**asdict(said), "id": secrets.token_urlsafe(12), "at": int(now)}
    nonce = os.urandom(NONCE)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    box = nonce + AESGCM(_key(secret)).encrypt(nonce, text, kind.encode())
    return base64.urlsafe_b64encode(box).decode().rstrip("=")


def opened(text: str, kind: Kind, secret: str, now: float) -> Pass | Fault:
    """What a pass says, or why it opens nothing."""
    if len(text) > LONGEST:
        return Fault.FORGED
    try:
        box = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        data = AESGCM(_key(secret)).decrypt(box[:NONCE], box[NONCE:], kind.encode())
        said = Pass(**json.loads(data))
    except (InvalidTag, ValueError, TypeError, binascii.Error):
        return Fault.FORGED
    return said if -EARLY <= now - said.at < LIVES else Fault.OLD


def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"redress practice pass", hashlib.sha256)
