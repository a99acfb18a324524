"""Sealing personal text: AES-256-GCM, a key per person, the row's identity bound in (X1, X4).

A person's key is stored wrapped by a master key; destroying the person's key erases every text
sealed with it. A master key has an id, so that keys can be changed while old ones still open.
"""

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class CannotOpen(ValueError):
    """A sealed text does not open: wrong key, wrong row, or altered bytes."""


class BadKey(ValueError):
    """A key in the settings is not what it must be."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text that only its key opens. Its repr shows nothing."""

    box: bytes

    def __repr__(self) -> str:
        return "Sealed(...)"


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """The master keys: the first one seals, every one opens."""

    masters: tuple[tuple[str, bytes], ...]
    index_key: bytes

    def new_person_key(self) -> bytes:
        """A fresh key for one person, wrapped for storage."""
        return self.wrap(os.urandom(KEY_BYTES))

    def wrap(self, key: bytes) -> bytes:
        """A person's key, wrapped by the current master key, its id in front."""
        name, master = self.masters[0]
        prefix = name.encode() + b":"
        return prefix + _seal(_cipher(master), key, prefix)

    def unwrap(self, wrapped: bytes) -> bytes:
        """A person's key. Raises CannotOpen where its master key is not in the settings."""
        name, _, box = wrapped.partition(b":")
        master = dict(self.masters).get(name.decode(errors="replace"))
        if master is None:
            raise CannotOpen(f"no master key {name!r} in REDRESS_KEYS")
        return _open(_cipher(master), box, name + b":")

    def seal(self, wrapped: bytes, text: str, place: str) -> Sealed:
        """`text` sealed with a person's key and bound to `place` (table, column, row)."""
        return Sealed(_seal(_persons(self, wrapped), text.encode(), place.encode()))

    def open(self, wrapped: bytes | None, sealed: Sealed | None, place: str) -> str | None:
        """The text, or None where there is none or the person's key was destroyed (X4).

        Raises CannotOpen where the box was altered or moved from another place.
        """
        if sealed is None or wrapped is None:
            return None
        return _open(_persons(self, wrapped), sealed.box, place.encode()).decode()

    def seal_secret(self, text: str, place: str) -> bytes:
        """A secret of the house's own (a response_url), sealed with the current master key."""
        name, master = self.masters[0]
        return name.encode() + b":" + _seal(_cipher(master), text.encode(), place.encode())

    def open_secret(self, box: bytes, place: str) -> str:
        """The secret. Raises CannotOpen."""
        name, _, sealed = box.partition(b":")
        master = dict(self.masters).get(name.decode(errors="replace"))
        if master is None:
            raise CannotOpen("no master key for a sealed secret")
        return _open(_cipher(master), sealed, place.encode()).decode()

    def blind(self, text: str) -> bytes:
        """A keyed fingerprint by which an exact contact is found and nothing is read."""
        return hmac.digest(self.index_key, text.strip().casefold().encode(), hashlib.sha256)[:16]

    def sign(self, text: str) -> str:
        """A signature of the house's own, for addresses that work without a session."""
        key = hmac.digest(self.index_key, b"redress address", hashlib.sha256)
        signed = hmac.digest(key, text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(signed[:18]).decode()

    def signed(self, text: str, signature: str) -> bool:
        """Whether the signature is that of the text."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode())


def vault_from(keys: str) -> Vault:
    """The vault for a setting like `2026b:BASE64,2026a:BASE64`: current key first.

    Raises BadKey naming what is wrong.
    """
    masters: list[tuple[str, bytes]] = []
    for item in keys.split(","):
        name, colon, encoded = item.strip().partition(":")
        if not colon or not name.isalnum():
            raise BadKey("each key is written NAME:BASE64, the name letters and digits")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise BadKey(f"key {name} is not Base64") from error
        if len(key) != KEY_BYTES:
            raise BadKey(f"key {name} has {len(key)} bytes, not {KEY_BYTES}")
        if name in dict(masters):
            raise BadKey(f"key {name} stands twice")
        masters.append((name, key))
    # The index key follows from the oldest master key, so that adding a key keeps look-ups working.
    index_key = hmac.digest(masters[-1][1], b"redress blind index", hashlib.sha256)
    return Vault(tuple(masters), index_key)


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=4096)
def _persons(vault: Vault, wrapped: bytes) -> AESGCM:
    return AESGCM(vault.unwrap(wrapped))


def _seal(cipher: AESGCM, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, bound)


def _open(cipher: AESGCM, box: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("a sealed text was altered, moved, or sealed with another key") from error
