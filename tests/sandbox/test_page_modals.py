"""Modals on the page: the stack, trouble connecting, what was typed, and files."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from tests.blockkit.samples import actions, button, element, input_block, modal, plain, section
from tests.sandbox.apps import Received, StubApp

pytestmark = pytest.mark.browser
NOTE = input_block(
    {"type": "plain_text_input", "action_id": "note"}, block_id="note", label=plain("Note")
)


def opened(page: Page, stub: StubApp, slack: WebClient, view: dict[str, Any]) -> None:
    """`view` in front of whoever looks at `page`, and a stub that acknowledges from then on."""

    def answer(received: Received) -> tuple[int, bytes, float]:
        stub.answer = lambda _: (200, b"", 0.0)
        slack.views_open(trigger_id=received.form["trigger_id"], view=view)
        return 200, b"", 0.0

    stub.answer = answer
    field = page.get_by_role("textbox", name="Message #desk")
    field.fill("/dispute")
    field.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_three_modals_lie_on_each_other_and_each_keeps_what_was_typed(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    def push(received: Received) -> tuple[int, bytes, float]:
        trigger, depth = received.payload["trigger_id"], len(stub.received)
        view = modal(NOTE, actions(button("deeper")), title=plain(f"Number {depth}"))
        slack.views_push(trigger_id=trigger, view=view)
        return 200, b"", 0.0

    page = open_page("U1LI")
    opened(page, stub, slack, modal(NOTE, actions(button("deeper"))))
    stub.answer = push
    for title in ("Modal", "Number 2"):
        dialog = page.get_by_role("dialog", name=title)
        dialog.get_by_role("textbox", name="Note").fill(f"in {title}")
        dialog.get_by_role("button", name="Go").click()
    expect(page.get_by_role("dialog", name="Number 3")).to_be_visible()
    stub.answer = lambda _: (200, b"", 0.0)
    page.keyboard.press("Escape")
    second = page.get_by_role("dialog", name="Number 2").get_by_role("textbox", name="Note")
    expect(second).to_have_value("in Number 2")
    page.keyboard.press("Escape")
    first = page.get_by_role("dialog", name="Modal").get_by_role("textbox", name="Note")
    expect(first).to_have_value("in Modal")


def test_a_modal_is_gone_after_a_reload_and_stays_while_somebody_else_acts(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    page = open_page("U1LI")
    opened(page, stub, slack, modal(NOTE))
    address = page.url
    page.goto(address.replace("as=U1LI", "as=U2ANN"))
    expect(page.get_by_role("textbox", name="Message #desk")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(address)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Message #desk")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_was_wrong_with_a_field_is_forgotten_while_it_is_mended(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    page = open_page("U2ANN")
    opened(page, stub, slack, modal(NOTE))
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.locator(".bk-error")).to_have_count(1)
    page.get_by_role("textbox", name="Note").fill("here it is")
    expect(page.locator(".bk-error")).to_have_count(0)


def test_a_silent_app_is_trouble_connecting_and_nothing_typed_is_lost(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    page = open_page("U2ANN")
    opened(page, stub, slack, modal(NOTE))
    stub.answer = lambda _: (500, b"", 0.0)
    note = page.get_by_role("textbox", name="Note")
    note.fill("kept")
    note.press("Enter")
    trouble = page.get_by_role("alert").filter(has_text="We had some trouble connecting")
    expect(trouble).to_be_visible()
    expect(note).to_have_value("kept")
    stub.answer = lambda _: (200, b"", 0.0)
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_limits_are_told_beside_their_fields(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    fields = [
        input_block(element(kind), label=plain(kind), block_id=kind)
        for kind in ("email_text_input", "url_text_input", "number_input", "datepicker")
    ]
    fields[3]["element"].pop("initial_date")
    page = open_page("U2ANN")
    opened(page, stub, slack, modal(*fields))
    for kind, wrong in (("email_text_input", "x"), ("url_text_input", "x"), ("number_input", "11")):
        page.get_by_role("textbox", name=kind).fill(wrong)
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.locator(".bk-error")).to_have_text([
        "Please enter a valid email address.", "Please enter a valid URL.",
        "Please enter 10.5 or less.", "Please complete this required field.",
    ])  # fmt: skip
    expect(page.get_by_role("textbox", name="email_text_input")).to_be_focused()


def test_files_travel_with_the_modal(
    open_page: Any, stub: StubApp, slack: WebClient, tmp_path: Path
) -> None:
    proof = tmp_path / "proof.png"
    proof.write_bytes(b"png")
    page = open_page("U1LI")
    view = modal(section(), input_block(element("file_input"), block_id="files"))
    opened(page, stub, slack, view)
    page.locator("input[type=file]").set_input_files(proof)
    expect(page.get_by_text("proof.png")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    sent = stub.wait_for_type("view_submission").payload["view"]["state"]["values"]["files"]
    assert [file["name"] for file in sent["act_file_input"]["files"]] == ["proof.png"]
