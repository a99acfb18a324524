"""Every block and element in a browser: what it shows, and what it tells when it is used."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.serve import listen
from tests.blockkit.browser import chromium
from tests.blockkit.samples import actions, confirm, element, input_block, option, plain
from tests.sandbox.blocks import BLOCKS, samples

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[2] / "blockkit" / "static"
POLICY = "default-src 'self'; require-trusted-types-for 'script'"
# Draws blocks and keeps what is put in and told, as a page around them would.
DRAW = """async ([blocks, locale, options]) => {
  const { Blocks, html, render } = await import('/bk/index.js');
  window.told = [];
  const states = {};
  const root = document.createElement('div');
  const draw = () => render(html`<${Blocks} blocks=${blocks} host=${host} />`, root);
  const keep = (block, element, state) => { states[element.action_id] = state; draw(); };
  const host = {
    locale, tz: 'Asia/Shanghai', me: 'U1', people: () => ['U1', 'U2'], personName: (id) => id,
    channels: () => ['C1'], channelName: () => 'desk',
    conversations: (filter) => filter?.include?.includes('im') ? ['D1'] : ['C1', 'D1'],
    conversationName: (id) => id === 'D1' ? 'Ann' : '#desk',
    stateOf: (block, action) => states[action],
    put: keep,
    act: (block, element, value, state) => {
      window.told.push(value ?? element.action_id);
      if (state) keep(block, element, state);
    },
    loadOptions: async (block, element, query) => ({ options: options.filter(
      (one) => one.text.text.includes(query)) }),
    upload: async (file) => ({ id: 'F1', name: file.name }),
  };
  document.body.replaceChildren(root);
  draw();
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page beside the renderer's files, under a policy as strict as the sandbox's."""
    headers = {"content-security-policy": POLICY}
    blank = Route("/", lambda _: HTMLResponse("<!doctype html><title>t</title>", headers=headers))
    app = Starlette(routes=[blank, Mount("/bk", StaticFiles(directory=STATIC))])
    sock = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    errors: list[str] = []
    with chromium() as browser:
        opened = browser.new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(f"http://127.0.0.1:{sock.getsockname()[1]}/")
        yield opened
    server.should_exit = True
    thread.join(timeout=10)
    assert errors == []


def draw(page: Page, *blocks: Any, locale: str = "en") -> None:
    named = [{"block_id": f"b{n}", **block} for n, block in enumerate(blocks)]
    page.evaluate(DRAW, [named, locale, [option("x", "Xylophone"), option("y", "Yak")]])


def told(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate("window.told")
    return found


@pytest.mark.parametrize("name", list(samples()))
def test_every_block_and_element_is_drawn_in_both_languages(page: Page, name: str) -> None:
    for locale in ("en", "zh_CN"):
        draw(page, *samples()[name], locale=locale)
        assert page.locator(".bk-block").count() == len(samples()[name])
        assert page.get_by_text("cannot be shown").count() == 0


def test_a_day_is_chosen_by_keys_and_told_once(page: Page) -> None:
    draw(page, actions(element("datepicker")))
    page.get_by_role("button", name="Jan 31, 2026").click()
    for key in ("PageDown", "ArrowRight", "Home", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="When: Mar 1, 2026")).to_be_focused()
    assert told(page) == ["2026-03-01"]


def test_a_calendar_begins_its_weeks_as_the_language_does(page: Page) -> None:
    for locale, first in (("en", "Sunday"), ("zh_CN", "星期一")):
        draw(page, actions(element("datepicker")), locale=locale)
        page.locator(".bk-picker-open").click()
        assert page.locator(".bk-calendar th").first.get_attribute("abbr") == first
        page.keyboard.press("Escape")


def test_a_day_can_be_cleared_where_it_is_optional(page: Page) -> None:
    draw(page, input_block(element("datepicker"), optional=True, dispatch_action=True))
    page.locator(".bk-picker-open").click()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("When")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "time"),
    [("9:47", "09:47"), ("2147", "21:47"), ("9.47 pm", "21:47"), ("12a", "00:00")],
)  # fmt: skip
def test_any_time_can_be_typed(page: Page, typed: str, time: str) -> None:
    draw(page, actions(element("timepicker")))
    page.get_by_role("button", name="9:30").click()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    assert told(page) == [time]


def test_a_moment_is_chosen_in_the_readers_zone(page: Page) -> None:
    draw(page, actions(element("datetimepicker")))
    page.get_by_role("button", name="Nov 15, 2023").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert told(page) == [1_700_000_000 - 20 + 86_400]


def test_a_refused_confirm_leaves_a_box_as_it_was(page: Page) -> None:
    draw(page, actions({**element("checkboxes"), "confirm": confirm()}))
    box = page.get_by_role("checkbox", name="Option 1")
    box.click()
    page.get_by_role("button", name="No").click()
    expect(box).not_to_be_checked()
    assert told(page) == []
    box.click()
    page.get_by_role("button", name="Pay").click()
    expect(box).to_be_checked()


def test_no_more_is_chosen_than_the_element_takes(page: Page) -> None:
    many = {**element("multi_users_select"), "max_selected_items": 1}
    draw(page, actions(many))
    page.get_by_role("button", name="Select a person").click()
    page.get_by_role("option", name="U2").click()
    expect(page.get_by_role("status")).to_have_text("At most 1")
    assert told(page) == []
    page.get_by_role("option", name="U1").click()
    assert told(page) == [[]]


def test_escape_closes_the_list_after_choosing_by_mouse_too(page: Page) -> None:
    draw(page, actions(element("multi_users_select")))
    page.get_by_role("button", name="Select a person").click()
    page.get_by_role("option", name="U2").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_options_come_from_the_app_for_what_was_typed(page: Page) -> None:
    draw(page, actions(element("external_select")))
    page.get_by_role("button", name="Select an option").click()
    expect(page.get_by_role("status")).to_have_text("Type at least 2 characters")
    page.keyboard.type("Xy")
    page.get_by_role("option", name="Xylophone").click()
    assert told(page)[0]["value"] == "x"


def test_conversations_are_those_the_filter_lets_through(page: Page) -> None:
    draw(page, actions({**element("conversations_select"), "filter": {"include": ["im"]}}))
    page.get_by_role("button", name="Select a channel").click()
    expect(page.get_by_role("option")).to_have_text(["Ann"])


def test_rich_text_is_typed_with_marks_and_lists(page: Page) -> None:
    draw(page, input_block(element("rich_text_input"), dispatch_action=True))
    script = "() => import('/bk/editor.js').then((m) => m.readEditor(document.querySelector('%s')))"
    page.get_by_role("textbox").focus()
    page.keyboard.type("plain ")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("bold")
    value = page.evaluate(script % ".bk-editable")
    assert value["elements"][0]["elements"] == [
        {"type": "text", "text": "plain "},
        {"type": "text", "text": "bold", "style": {"bold": True}},
    ]
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Numbered list").click()
    page.keyboard.type("one")
    kinds = [part["type"] for part in page.evaluate(script % ".bk-editable")["elements"]]
    assert kinds == ["rich_text_section", "rich_text_list"]


def test_a_file_of_another_type_is_turned_away(page: Page, tmp_path: Path) -> None:
    draw(page, input_block(element("file_input"), dispatch_action=True, label=plain("Proof")))
    for name in ("a.png", "b.exe"):
        (tmp_path / name).write_bytes(b"x")
    page.get_by_label("Proof").last.set_input_files([tmp_path / "a.png", tmp_path / "b.exe"])
    expect(page.get_by_role("status")).to_contain_text(".png")
    assert [file["name"] for file in told(page)[0]] == ["a.png"]


def test_markdown_is_read_as_markdown_and_never_as_markup(page: Page) -> None:
    draw(page, *BLOCKS["markdown"])
    expect(page.get_by_role("heading", name="Findings")).to_be_visible()
    expect(page.get_by_role("checkbox", name="done")).to_be_checked()
    expect(page.get_by_role("cell", name="举证")).to_be_visible()
    assert page.locator("ol > li").count() == 2
    assert page.get_by_text("<b>no markup</b>").count() == 1


EVIL_MARKDOWN = [
    "[a](javascript:window.hacked=1)", "<img src=x onerror=window.hacked=1>", "![a](data:x,y)",
    "<a href='javascript:window.hacked=1'>a</a>", "[a]: javascript:window.hacked=1\n\n[a]",
    "<script>window.hacked=1</script>", "[a](<javascript:window.hacked=1>)", "`<b>`",
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL_MARKDOWN)
def test_nothing_written_in_markdown_runs(page: Page, text: str) -> None:
    draw(page, {"type": "markdown", "text": text})
    for link in page.get_by_role("link").all():
        assert str(link.get_attribute("href")).startswith(("http", "mailto"))
    assert page.locator("body :is(img, script, b)").count() == 0
    assert page.evaluate("window.hacked ?? null") is None


def test_a_sign_for_others_is_not_shown(page: Page) -> None:
    block = BLOCKS["context_actions"][0]
    positive, drop = block["elements"]
    hidden = {**drop, "visible_to_user_ids": ["U2"]}
    draw(page, {**block, "elements": [positive, hidden]})
    expect(page.get_by_role("button")).to_have_text(["Good", "Bad"])


def test_every_emoji_name_of_slack_is_known(page: Page) -> None:
    script = "() => import('/bk/emoji.js').then((m) => m.emojiNames('%s', 3))"
    assert page.evaluate(script % "wav")[0] == "wave"
    names = "() => import('/bk/vendor/emoji_names.js').then((m) => m.NAMES.split(/\\s+/).length)"
    assert page.evaluate(names) > 3500
