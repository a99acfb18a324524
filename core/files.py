"""Files of evidence on the disk: each unchanged under its SHA-256 (E3).

A file is on the disk for good before its row is written; what nobody wrote a row for is an orphan,
which `sweep` removes. Types are told by content, never by name.
"""

import contextlib
import datetime as dt
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import puremagic
from sqlalchemy import Connection, select

from core.db import Database
from core.tables import StoredFile

PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/heif", "image/heic")
VIDEOS = ("video/mp4", "video/quicktime", "video/webm", "video/3gpp")
TAKEN = frozenset((*PICTURES, *VIDEOS, "application/pdf"))
CHUNK = 1 << 16
INCOMING, ORPHANS = "incoming", "orphans"
BATCH = 500


class TooLarge(ValueError):
    """The file is larger than may be stored."""


class UnknownType(ValueError):
    """The content is no picture, video or PDF."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the disk: its SHA-256 in hex, its size in bytes, its type by content."""

    digest: str
    size: int
    media_type: str


def keep(folder: Path, stream: IO[bytes], limit: int) -> Kept:
    """Stores a stream of at most `limit` bytes; it survives a power cut from then on.

    Raises TooLarge or UnknownType, and leaves nothing behind then.
    """
    incoming = folder / INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    temporary = incoming / secrets.token_hex(16)
    try:
        digest, size = _write(temporary, stream, limit)
        kept = Kept(digest, size, media_type(temporary))
        place = path_of(folder, digest)
        if not place.parent.exists():
            place.parent.mkdir(exist_ok=True)
            _settle(folder)
        temporary.replace(place)
        _settle(place.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return kept


def path_of(folder: Path, digest: str) -> Path:
    """Where the file with this SHA-256 lies."""
    return folder / digest[:2] / digest


def media_type(path: Path) -> str:
    """A file's type by its content. Raises UnknownType unless it is one that is taken."""
    try:
        matches = puremagic.magic_file(path)
    except ValueError:  # it is empty
        matches = []
    best = max((match.confidence for match in matches), default=0)
    for match in matches:
        if match.confidence == best and match.mime_type in TAKEN:
            return str(match.mime_type)
    raise UnknownType("no picture, video or PDF")


def sweep(database: Database, folder: Path, *, older: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Removes files that no row knows and that lay there for so long; returns how many."""
    before = time.time() - older.total_seconds()
    removed = 0
    for paths in _batches(folder):
        known = database.read(_known, [path.name for path in paths])
        for path in paths:
            if path.name not in known and _modified(path) < before:
                removed += _remove(database, folder, path, before)
    incoming = folder / INCOMING
    for path in incoming.iterdir() if incoming.exists() else ():
        if _modified(path) < before:  # an upload that died halfway
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _write(path: Path, stream: IO[bytes], limit: int) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"more than {limit} bytes")
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return hashed.hexdigest(), size


def _settle(folder: Path) -> None:
    """Makes the folder's own entries survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _batches(folder: Path) -> Iterator[list[Path]]:
    batch: list[Path] = []
    for part in sorted(folder.glob("[0-9a-f][0-9a-f]")):
        for path in part.iterdir():
            batch.append(path)
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _known(connection: Connection, digests: list[str], **_: object) -> set[str]:
    rows = connection.execute(select(StoredFile.digest).where(StoredFile.digest.in_(digests)))
    return set(rows.scalars())


def _remove(database: Database, folder: Path, path: Path, before: float) -> int:
    """Takes a file aside, looks again, and only then removes it.

    The same content may be uploaded at this very moment: the new copy is young, or its row is
    there by now, and goes back.
    """
    aside = folder / ORPHANS
    aside.mkdir(exist_ok=True)
    taken = aside / path.name
    with contextlib.suppress(FileNotFoundError):
        path.replace(taken)
        if _modified(taken) >= before or path.name in database.read(_known, [path.name]):
            taken.replace(path)
            return 0
        taken.unlink()
        return 1
    return 0


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
