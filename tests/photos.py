"""Pictures as parties give them, and evidence that consists of them."""

import io
from pathlib import Path
from typing import Any

from PIL import Image

from core import files
from core.desk import evidence
from core.desk.answers import Applied
from tests.factories import VAULT, Desk


def photo(kind: str = "JPEG", size: tuple[int, int] = (800, 600), square: int = 8) -> bytes:
    """A chequered picture: fine detail everywhere, with a place in its metadata."""
    image = Image.new("RGB", size, "white")
    for x in range(0, size[0], 2 * square):
        for y in range(0, size[1], 2 * square):
            image.paste("black", (x, y, x + square, y + square))
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret street 5"
    image.save(made, kind, exif=exif) if kind == "JPEG" else image.save(made, kind)
    return made.getvalue()


def give(desk: Desk, folder: Path, dispute: int, content: bytes, **more: Any) -> int:
    """A party gives a file, which lies on the disk as its door puts it there; the piece's id."""
    kept = files.keep(folder, io.BytesIO(content), 10_000_000)
    piece = {"party": "buyer", "kind": "photos", **more}
    answer = desk.db.transact(
        evidence.receive,
        dispute,
        evidence.Piece(
            **piece, file_digest=kept.digest, size=kept.size, media_type=kept.media_type
        ),
        VAULT,
    )
    assert isinstance(answer, Applied), answer
    return int(answer.params["evidence"])
