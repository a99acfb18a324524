"""Evidence over the API: typed by content, kept unchanged, one piece however often it is sent."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from core import files
from core.tables import Evidence, StoredFile
from tests.factories import VAULT
from tests.files import MP4, PDF, png
from tests.portal.conftest import Api

PHOTO = {"party": "buyer", "kind": "photos"}


def send(
    client: httpx.Client, number: str, content: bytes | None, name: str = "a.png", **form: Any
) -> httpx.Response:
    """Sends a piece of evidence as a form."""
    data = {**PHOTO, **form}
    if content is None:
        return client.post(f"/disputes/{number}/evidence", json=data)
    return client.post(f"/disputes/{number}/evidence", data=data, files={"file": (name, content)})


def waiting(api: Api) -> str:
    """The number of a dispute that waits for evidence."""
    return str(api.desk.at(api.desk.at_stage("awaiting_evidence")).row.number)


@pytest.mark.parametrize(
    ("content", "kind"), [(png(), "image/png"), (PDF, "application/pdf"), (MP4, "video/mp4")]
)
def test_file_is_kept_unchanged_under_its_hash(small_api: Api, content: bytes, kind: str) -> None:
    answer = send(small_api.client(), waiting(small_api), content, "noname")
    assert answer.status_code == 201
    digest = hashlib.sha256(content).hexdigest()
    assert answer.json()["file"] == {"sha256": digest, "size": len(content), "media_type": kind}
    assert files.path_of(small_api.files, digest).read_bytes() == content
    rows = small_api.desk.rows(select(Evidence.file_digest, Evidence.party, Evidence.kind))
    assert rows == [(digest, "buyer", "photos")]


def test_same_piece_sent_again_is_one_piece(api: Api) -> None:
    client, number = api.client(), waiting(api)
    first = send(client, number, png(), external_id="photo-1")
    again = send(client, number, png(1), external_id="photo-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = send(client, number, PDF, party="merchant", kind="outbound", external_id="photo-1")
    assert other.status_code == 201


def test_same_piece_ten_times_at_once_is_one_piece(api: Api) -> None:
    client, number = api.client(), waiting(api)

    def one(_: int) -> int:
        return send(client, number, png(), external_id="photo-1").status_code

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(one, range(10))) == [200] * 9 + [201]
    assert api.desk.rows(select(func.count(Evidence.id))) == [(1,)]


def test_evidence_without_a_file_is_a_kind_with_a_note(api: Api) -> None:
    answer = send(api.client(), waiting(api), None, kind="chat", note="见聊天记录 🙂")
    assert answer.status_code == 201
    assert answer.json()["file"] is None
    note = api.desk.rows(select(Evidence.note))[0].note
    assert "聊天" not in repr(note)  # sealed


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>',
        b"MZ\x90\x00" + b"\x00" * 60,
        b"PK\x03\x04" + b"\x00" * 40,
        b"only words",
        b"",
    ],
)
def test_content_decides_the_type_and_not_the_name(small_api: Api, content: bytes) -> None:
    answer = send(small_api.client(), waiting(small_api), content, "photo.png")
    assert (answer.status_code, answer.json()["key"]) == (415, "file_type")
    assert list(small_api.files.rglob("*")) == [small_api.files / "incoming"]


def test_too_large_a_file_is_refused_and_leaves_nothing(small_api: Api) -> None:
    client, number = small_api.client(), waiting(small_api)
    for size in (2_000_001, 2_300_000):
        answer = send(client, number, png() + b"\0" * (size - len(png())))
        assert answer.status_code == 413
    assert [p for p in small_api.files.rglob("*") if p.is_file()] == []
    fits = png() + b"\0" * (2_000_000 - len(png()))
    assert send(client, number, fits).status_code == 201


@pytest.mark.parametrize(
    ("form", "place", "key"),
    [
        ({"party": "agent"}, "/party", "choice"),
        ({"note": "x" * 4_001}, "/note", "too_long"),
        ({"note": "a\x00b"}, "/note", "unreadable"),
        ({"external_id": "x" * 201}, "/external_id", "too_long"),
        ({"extra": "1"}, "/extra", "unknown"),
    ],
)
def test_mistakes_of_a_form_are_named_by_place(
    small_api: Api, form: dict[str, str], place: str, key: str
) -> None:
    answer = send(small_api.client(), waiting(small_api), png(), **form)
    assert answer.status_code == 422
    assert [(e["pointer"], e["key"]) for e in answer.json()["errors"]] == [(place, key)]


def test_unknown_kind_and_foreign_dispute_are_refused(small_api: Api) -> None:
    client, number = small_api.client(), waiting(small_api)
    for content in (png(), None):
        answer = send(client, number, content, kind="outbound")  # the merchant's, not the buyer's
        assert (answer.status_code, answer.json()["key"]) == (422, "unknown_kind")
    assert send(small_api.client("elsewhere"), number, png()).status_code == 404
    assert small_api.desk.rows(select(func.count(StoredFile.digest))) == [(0,)]


def test_late_evidence_attaches_and_reopens_nothing(small_api: Api) -> None:
    desk = small_api.desk
    dispute = desk.at_stage("finished")
    answer = send(small_api.client(), desk.at(dispute).row.number, png())
    assert answer.status_code == 201
    assert desk.stage(dispute) == "finished"


def test_orphans_are_swept_and_files_with_rows_stay(small_api: Api) -> None:
    import datetime as dt
    import io
    import os
    import time

    client, number = small_api.client(), waiting(small_api)
    kept = send(client, number, png()).json()["file"]["sha256"]
    orphan = files.keep(small_api.files, io.BytesIO(PDF), 1_000)
    young = files.keep(small_api.files, io.BytesIO(MP4), 1_000)
    dead = small_api.files / "incoming" / "halfway"
    dead.write_bytes(b"x")
    old = time.time() - 100_000
    for path in (
        dead,
        files.path_of(small_api.files, orphan.digest),
        files.path_of(small_api.files, kept),
    ):
        os.utime(path, (old, old))
    assert files.sweep(small_api.desk.db, small_api.files, older=dt.timedelta(days=1)) == 2
    assert files.path_of(small_api.files, kept).exists()
    assert files.path_of(small_api.files, young.digest).exists()
    assert not files.path_of(small_api.files, orphan.digest).exists()
    assert not dead.exists()


def test_note_opens_with_the_buyers_key_alone(small_api: Api) -> None:
    from core.tables import Dispute, Party, PersonKey

    desk = small_api.desk
    number = waiting(small_api)
    send(small_api.client(), number, None, kind="chat", note="geheim")
    row = desk.rows(
        select(Evidence.note, PersonKey.wrapped)
        .join(Dispute, Dispute.id == Evidence.dispute_id)
        .join(Party, Party.id == Dispute.buyer_id)
        .join(PersonKey, PersonKey.id == Party.key_id)
    )[0]
    assert VAULT.open(row.wrapped, row.note, f"evidence.note:{number}") == "geheim"
