"""Files: the upload in three steps as the official client does it, and reading."""

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.client import Sandbox
from tests.sandbox.apps import BOT_TOKEN
from tests.sandbox.errors import error_of

BEARER = {"authorization": f"Bearer {BOT_TOKEN}"}


def test_the_official_upload_shares_a_file_in_a_channel(slack: WebClient, control: Sandbox) -> None:
    done = slack.files_upload_v2(
        channel="C1DESK", content="voucher", filename="voucher.txt", initial_comment="Paid"
    )
    file = done["file"]
    message = control.act_as("U1LI").messages("C1DESK")[0]
    assert (message["text"], message["files"][0]["name"]) == ("Paid", "voucher.txt")
    info = slack.files_info(file=file["id"])["file"]
    assert info["size"] == len("voucher")
    assert info["channels"] == ["C1DESK"]
    assert "upload_key" not in info
    assert httpx.get(info["url_private"], trust_env=False).status_code == 302
    read = httpx.get(info["url_private"], headers=BEARER, trust_env=False)
    assert read.content == b"voucher"
    assert read.headers["content-disposition"] == "attachment"
    assert "sandbox" in read.headers["content-security-policy"]


def test_a_page_that_was_uploaded_is_never_served_as_one(slack: WebClient) -> None:
    done = slack.files_upload_v2(content="<script>alert(1)</script>", filename="evil.html")
    answer = httpx.get(done["file"]["url_private"], headers=BEARER, trust_env=False)
    assert answer.headers["content-type"] == "application/octet-stream"


def test_several_channels_get_the_same_file_and_unknown_ones_are_passed_over(
    slack: WebClient, control: Sandbox
) -> None:
    slack.files_upload_v2(channels=["C1DESK", "C3SAFE", "C"], content="x", filename="a.txt")
    for channel in ("C1DESK", "C3SAFE"):
        assert control.messages(channel)[0]["files"][0]["name"] == "a.txt"


def test_what_was_never_uploaded_cannot_be_completed(slack: WebClient) -> None:
    place = slack.files_getUploadURLExternal(filename="a.png", length=3)
    files = [{"id": place["file_id"]}]
    assert error_of(slack.files_completeUploadExternal, files=files) == "file_not_found"
    assert error_of(slack.files_info, file="F9") == "file_not_found"
    junk = {"files": [7]}
    method = "files.completeUploadExternal"
    assert error_of(slack.api_call, method, json=junk) == "invalid_arguments"


@pytest.mark.parametrize("path", ["/upload/v1/none", "/files-pri/T0-F9/x"])
def test_unknown_addresses_are_not_found(control: Sandbox, path: str) -> None:
    method = "POST" if "upload" in path else "GET"
    assert httpx.request(method, control.url + path, trust_env=False).status_code == 404
