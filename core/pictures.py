"""Blurred pictures of evidence: what a card may show outside, so small that nothing can be read.

They are made once, beside all else, from the stored original; whatever is broken or hostile has
none. A picture is looked at only after its row says so: one that kills the process is not tried
again.
"""

import datetime as dt
import io
import logging
import secrets
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps
from sqlalchemy import Connection, bindparam, insert, select, update

from core import files
from core.db import Database
from core.desk import outbox
from core.tables import Evidence, Preview, StoredFile, Visit
from core.workflow.terms import Kind

log = logging.getLogger("redress.pictures")

BATCH = 10
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MOST_PIXELS = (20_000_000, 50_000_000)  # of an original, of a JPEG: what is decoded must fit
GRAIN = 20  # pixels of the longer side that are kept of the original
LARGE = 1_600  # pixels of the longer side of what somebody looks at closely
SIDE = 160  # pixels of the longer side that is shown
Image.MAX_IMAGE_PIXELS = None  # our own cap is asked before anything is decoded, and never warns

_PENDING = (
    select(StoredFile.digest)
    .where(StoredFile.pending)
    .order_by(StoredFile.stored_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_TAKEN = (
    update(StoredFile)
    .where(StoredFile.digest.in_(bindparam("digests", expanding=True)))
    .values(pending=False)
)


def blurred(path: Path) -> bytes | None:
    """The picture as a small blurred JPEG without any metadata; None where it cannot be read."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS[image.format == "JPEG"]:
                return None
            image.draft("RGB", (GRAIN, GRAIN))  # of JPEG alone: decodes an eighth of each side
            small = image.convert("RGBA")  # colours of a palette cannot be averaged
            small.thumbnail((GRAIN, GRAIN), reducing_gap=2.0)
            ImageOps.exif_transpose(small, in_place=True)
            shown = Image.new("RGB", small.size, "white")
            shown.paste(small, mask=small)
    except Exception as error:  # noqa: BLE001  whatever a hostile picture makes a decoder raise
        log.info("no picture was made of a file: %s", type(error).__name__)
        return None
    scale = SIDE / max(shown.size)
    size = (max(1, round(shown.width * scale)), max(1, round(shown.height * scale)))
    large = shown.filter(ImageFilter.GaussianBlur(1)).resize(size, Image.Resampling.BICUBIC)
    made = io.BytesIO()
    large.save(made, "JPEG", quality=60)
    return made.getvalue()


def large(path: Path) -> bytes | None:
    """The picture as a fresh JPEG of at most `LARGE` pixels a side; None where it cannot be read.

    Nothing of the file but what can be seen reaches whoever looks (E3).
    """
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS[image.format == "JPEG"]:
                return None
            image.draft("RGB", (LARGE, LARGE))
            seen = image.convert("RGBA")
            seen.thumbnail((LARGE, LARGE), reducing_gap=2.0)
            ImageOps.exif_transpose(seen, in_place=True)
            shown = Image.new("RGB", seen.size, "white")
            shown.paste(seen, mask=seen)
    except Exception as error:  # noqa: BLE001  whatever a hostile picture makes a decoder raise
        log.info("a picture could not be shown: %s", type(error).__name__)
        return None
    made = io.BytesIO()
    shown.save(made, "JPEG", quality=85)
    return made.getvalue()


def make(database: Database, folder: Path) -> int:
    """Makes the blurred pictures of a batch of new files; returns how many files were looked at."""
    digests: Sequence[str] = database.transact(_take)
    for digest in digests:
        picture = blurred(files.path_of(folder, digest))
        if picture is not None:
            database.transact(_keep, digest, picture)
    return len(digests)


def _take(connection: Connection, *, now: dt.datetime) -> list[str]:
    del now
    digests = list(connection.execute(_PENDING).scalars())
    if digests:
        connection.execute(_TAKEN, {"digests": digests})
    return digests


def _keep(connection: Connection, digest: str, picture: bytes, *, now: dt.datetime) -> None:
    """Stores the picture, and has the cards drawn again that may show it and nobody works on."""
    row = {"digest": digest, "token": secrets.token_urlsafe(24), "made_at": now, "picture": picture}
    connection.execute(insert(Preview), row)
    visits = connection.execute(
        select(Visit.id, Visit.dispute_id)
        .join(Evidence, Evidence.dispute_id == Visit.dispute_id)
        .where(
            Evidence.file_digest == digest,
            Visit.left_at.is_(None),
            Visit.kind.in_((str(Kind.INTAKE), str(Kind.WORK))),
        )
        .distinct()
    ).all()
    because, gently = f"picture:{digest[:16]}", {outbox.GENTLY: True}
    redraws = [
        outbox.redraw(row.id, row.dispute_id, because, now=now, data=gently) for row in visits
    ]
    outbox.put(connection, redraws)
