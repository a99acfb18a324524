"""The renderer's parts in a browser: mrkdwn, dates, links, and that nothing written ever runs."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.serve import listen
from tests.blockkit.browser import chromium

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[2] / "blockkit" / "static"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page beside the renderer's files."""
    blank = Route("/", lambda _: HTMLResponse("<!doctype html><title>t</title><body>"))
    app = Starlette(routes=[blank, Mount("/bk", StaticFiles(directory=STATIC))])
    sock = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    with chromium() as browser:
        opened = browser.new_page()
        opened.goto(f"http://127.0.0.1:{sock.getsockname()[1]}/")
        yield opened
    server.should_exit = True
    thread.join(timeout=10)


def call(page: Page, module: str, expression: str, *args: Any) -> Any:
    """Evaluate `expression` over the module `m` and the arguments `a`."""
    script = f"async a => {{ const m = await import('/bk/{module}'); return ({expression}); }}"
    return page.evaluate(script, list(args))


def text_of(node: dict[str, Any]) -> str:
    """A node of the parsed tree in one line: kind, then what is in it."""
    if node["kind"] == "text":
        return str(node["text"])
    inner = node.get("text") or "".join(text_of(one) for one in node.get("inner", ()))
    detail = node.get("id") or node.get("url") or node.get("name") or node.get("range") or ""
    return f"[{node['kind']} {detail}{inner}]"


MRKDWN = [
    ("*bold* _italic_ ~gone~ `code`", "[bold bold] [italic italic] [strike gone] [code code]"),
    ("*a _b_ c*", "[bold a [italic b] c]"),
    ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
    ("* not bold*", "* not bold*"),
    ("*open", "*open"),
    ("`*code*`", "[code *code*]"),
    ("<https://example.com|here>", "[link https://example.comhere]"),
    ("<javascript:alert(1)|here>", "[link javascript:alert(1)here]"),
    ("see https://example.com/a.", "see [link https://example.com/ahttps://example.com/a]."),
    ("<@U123> <#C1|desk> <!here>", "[user U123] [channel C1] [broadcast here]"),
    ("<!subteam^S1|@agents>", "[group S1]"),
    ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
    (":tada: :no such:", "[emoji tada] :no such:"),
    ("a < b > c", "a < b > c"),
    ("<unclosed", "<unclosed"),
]


@pytest.mark.parametrize(("source", "expected"), MRKDWN, ids=[m[0] for m in MRKDWN])
def test_mrkdwn_is_read_as_slack_reads_it(page: Page, source: str, expected: str) -> None:
    nodes = call(page, "mrkdwn.js", "m.inline(a[0])", source)
    assert "".join(text_of(node) for node in nodes) == expected


def test_quotes_and_fences_are_blocks_of_their_own(page: Page) -> None:
    source = "a\n&gt; q1\n> q2\nb\n```\nx *y*\n```\nc\n```open"
    parts = call(page, "mrkdwn.js", "m.parseMrkdwn(a[0])", source)
    kinds = [part["kind"] for part in parts]
    assert kinds == ["line", "quote", "line", "pre", "line", "line"]
    assert parts[3]["text"] == "x *y*\n"


def test_a_date_is_shown_in_the_readers_zone_and_language(page: Page) -> None:
    moment, now = 1_700_000_000, 1_700_000_000_000
    shown = "m.formatDate(a[0], a[1], a[2], a[3], a[4])"

    def date(form: str, locale: str, zone: str) -> str:
        text = call(page, "dates.js", shown, moment, form, locale, zone, now)
        return re.sub(r"\s", " ", text)

    assert date("{date_num} {time}", "en", "America/New_York") == "2023-11-14 5:13 PM"
    assert date("{date_num} {time_secs}", "zh_CN", "Asia/Shanghai") == "2023-11-15 6:13:20"
    assert date("{date_pretty}", "zh_CN", "Asia/Shanghai") == "今天"
    assert date("{date_long}", "en", "UTC") == "Tuesday, November 14, 2023"
    assert date("due {unknown}", "en", "UTC") == "due {unknown}"


def test_a_picked_moment_survives_the_change_of_clocks(page: Page) -> None:
    back_and_forth = "m.fromLocalInput(m.toLocalInput(a[0], a[1]), a[1])"
    for zone in ("Europe/Berlin", "Asia/Shanghai", "America/New_York"):
        for moment in (1_711_846_800, 1_729_990_800, 1_711_850_400, 1_700_000_040):
            assert call(page, "dates.js", back_and_forth, moment, zone) in {moment, moment - 3600}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", " java\nscript:alert(1)", "data:text/html,x",
     "vbscript:x", "file:///etc/passwd", "//example.com", "", "blob:https://x"],
)  # fmt: skip
def test_an_address_that_could_run_or_read_is_no_link(page: Page, address: str) -> None:
    assert call(page, "links.js", "m.safeLink(a[0])", address) is None


def test_links_that_people_use_stay(page: Page) -> None:
    for address in ("https://example.com/a?b=c#d", "http://127.0.0.1:8000/", "mailto:a@b.c"):
        assert call(page, "links.js", "m.safeLink(a[0])", address) == address


def test_both_dictionaries_have_the_same_words(page: Page) -> None:
    words = call(page, "words.js", "m.DICTIONARIES")
    assert words["en"].keys() == words["zh_CN"].keys()
    for key, sentence in words["en"].items():
        placeholders = set(re.findall(r"\{\w+\}", sentence))
        assert placeholders == set(re.findall(r"\{\w+\}", words["zh_CN"][key])), key


EVIL = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"


def test_markup_in_texts_is_shown_and_never_becomes_markup(page: Page) -> None:
    script = """async evil => {
      const { Blocks, html, render } = await import('/bk/index.js');
      const blocks = [
        { type: 'section', text: { type: 'mrkdwn', text: evil } },
        { type: 'section', text: { type: 'plain_text', text: evil } },
        { type: 'header', text: { type: 'plain_text', text: evil } },
        { type: 'context', elements: [{ type: 'mrkdwn', text: `<https://x.y|${evil}>` }] },
        { type: 'markdown', text: `[x](javascript:alert(1)) ${evil}` },
        { type: 'section', text: { type: 'mrkdwn', text: '<javascript:window.hacked=1|click>' },
          accessory: { type: 'button', action_id: 'a', url: 'javascript:window.hacked=1',
                       text: { type: 'plain_text', text: evil } } },
        { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [
          { type: 'link', url: 'javascript:window.hacked=1', text: 'rich' },
          { type: 'text', text: evil }] }] },
        { type: 'image', image_url: 'javascript:window.hacked=1', alt_text: evil },
      ];
      const opened = [];
      const host = { locale: 'en', tz: 'UTC', openLink: (url) => opened.push(url) };
      render(html`<${Blocks} blocks=${blocks} host=${host} />`, document.body);
      document.querySelector('button').click();
      await new Promise((done) => setTimeout(done, 100));
      return {
        hacked: window.hacked ?? null,
        opened,
        foreign: document.querySelectorAll('script, img, iframe').length,
        links: [...document.querySelectorAll('a')].map((a) => a.protocol),
        shown: document.body.textContent.includes('<script>'),
      };
    }"""
    found = page.evaluate(script, EVIL)
    assert found["hacked"] is None
    assert found["opened"] == []
    assert found["foreign"] == 0
    assert set(found["links"]) <= {"https:"}
    assert found["shown"]


def test_the_preview_works_without_anything_around_it(page: Page) -> None:
    script = """async () => {
      const { Blocks, html, render } = await import('/bk/index.js');
      const option = { text: { type: 'plain_text', text: 'Shoes' }, value: 's' };
      const blocks = [{ type: 'actions', block_id: 'b', elements: [
        { type: 'static_select', action_id: 'a', options: [option], initial_option: option },
        { type: 'users_select', action_id: 'u' },
        { type: 'button', action_id: 'g', text: { type: 'plain_text', text: 'Go' } }] }];
      render(html`<${Blocks} blocks=${blocks} host=${{ locale: 'zh_CN', tz: 'UTC' }} />`,
             document.body);
      for (const button of document.querySelectorAll('button')) button.click();
      return document.querySelector('.bk-select').textContent;
    }"""
    assert "Shoes" in page.evaluate(script)
