"""Blurred pictures: small, unreadable, without metadata; nothing hostile breaks their making."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from core import pictures
from core.desk import outbox
from core.tables import Outbox, Preview, StoredFile
from tests.factories import Desk
from tests.files import MP4, PDF, png
from tests.photos import give, photo


def written(folder: Path, content: bytes) -> Path:
    path = folder / "original"
    path.write_bytes(content)
    return path


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A picture that says it is huge and holds next to nothing."""
    content = bytearray(png())
    content[16:24] = struct.pack(">II", width, height)
    content[29:33] = struct.pack(">I", zlib.crc32(bytes(content[12:29])))
    return bytes(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_picture_becomes_small_and_nothing_of_its_detail_is_left(tmp_path: Path, kind: str) -> None:
    made = pictures.blurred(written(tmp_path, photo(kind)))
    assert made is not None
    assert len(made) < 8_000
    with Image.open(io.BytesIO(made)) as shown:
        assert (shown.format, max(shown.size)) == ("JPEG", pictures.SIDE)
        assert not shown.getexif()
        darkest, lightest = shown.convert("L").getextrema()
        assert lightest - darkest < 60  # black and white squares have become one grey
    assert b"secret street" not in made


def test_transparent_picture_stands_on_white(tmp_path: Path) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(made, "PNG")
    shown = pictures.blurred(written(tmp_path, made.getvalue()))
    assert shown is not None
    with Image.open(io.BytesIO(shown)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        bomb(),
        photo()[:700],
        photo("PNG")[:500],
        b"\xff\xd8\xff\xe0" + b"\0" * 200,
        b"GIF89a" + b"\xff" * 64,
        b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 64,
        b"",
        PDF,
        MP4,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=["bomb", "cut_jpeg", "cut_png", "jpeg", "gif", "webp", "empty", "pdf", "film", "script"],
)
def test_broken_or_hostile_file_has_no_picture(tmp_path: Path, content: bytes) -> None:
    assert pictures.blurred(written(tmp_path, content)) is None


def test_pictures_are_made_once_and_the_card_is_drawn_again(any_desk: Desk, tmp_path: Path) -> None:
    desk = any_desk
    dispute = desk.at_stage("triage")
    give(desk, tmp_path, dispute, photo())
    give(desk, tmp_path, dispute, photo()[:700] + b"\0" * 9)
    give(desk, tmp_path, dispute, PDF)
    assert pictures.make(desk.db, tmp_path) == 2
    assert pictures.make(desk.db, tmp_path) == 0
    assert len(desk.rows(select(Preview.token))) == 1
    redraws = desk.rows(
        select(Outbox.visit_id).where(
            Outbox.kind == outbox.REDRAW, Outbox.dedupe.contains("picture")
        )
    )
    assert [row.visit_id for row in redraws] == [desk.visit(dispute)]


def test_file_whose_decoding_killed_the_process_is_not_tried_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(desk, tmp_path, desk.at_stage("triage"), photo())

    def dies(_path: Path) -> bytes:
        raise SystemExit

    monkeypatch.setattr(pictures, "blurred", dies)
    with pytest.raises(SystemExit):
        pictures.make(desk.db, tmp_path)
    assert pictures.make(desk.db, tmp_path) == 0
    assert not desk.rows(select(StoredFile.digest).where(StoredFile.pending))


def test_same_file_given_to_two_disputes_has_one_picture(desk: Desk, tmp_path: Path) -> None:
    first, second = desk.at_stage("triage"), desk.at_stage("triage")
    give(desk, tmp_path, first, photo())
    assert pictures.make(desk.db, tmp_path) == 1
    give(desk, tmp_path, second, photo())
    assert pictures.make(desk.db, tmp_path) == 0
    assert len(desk.rows(select(Preview.token))) == 1
