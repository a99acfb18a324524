"""The blurred pictures' address: no session, no way to the original, and an end."""

import pytest
from sqlalchemy import select

from core import pictures
from core.desk import pieces
from core.tables import Preview
from tests.factories import VAULT
from tests.photos import give, photo
from tests.portal.conftest import Api


def name_of(api: Api) -> str:
    """The name of the blurred picture of a dispute's photo."""
    give(api.desk, api.files, api.desk.at_stage("triage"), photo())
    pictures.make(api.desk.db, api.files)
    row = api.desk.rows(select(Preview))[0]
    return pieces.name_of(row.token, row.made_at + pieces.SHOWN_FOR, VAULT)


def address(api: Api, name: str) -> str:
    return f"{api.url.split('/api')[0]}/api/pictures/{name}"


def test_picture_is_fetched_without_a_key_and_is_the_blurred_one_only(api: Api) -> None:
    answer = api.bare().get(address(api, name_of(api)))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content == api.desk.rows(select(Preview.picture))[0].picture
    assert answer.content != photo()


@pytest.mark.parametrize("part", [0, 1, 2])
def test_changed_name_finds_nothing(api: Api, part: int) -> None:
    parts = name_of(api).split(".")
    parts[part] = parts[part][:-1] + ("0" if parts[part][-1] != "0" else "1")
    assert api.bare().get(address(api, ".".join(parts))).status_code == 404


@pytest.mark.parametrize("name", ["x", "..", "a.b.c", "..%00", "é.1.ü", "1" * 2_000])
def test_made_up_name_finds_nothing(api: Api, name: str) -> None:
    assert api.bare().get(address(api, name)).status_code == 404


def test_expired_name_finds_nothing(api: Api) -> None:
    name = name_of(api)
    api.desk.pass_time(days=30)
    assert api.bare().get(address(api, name)).status_code == 404
