"""Headers, cookies, CSRF, redirects, limits: what protects every page of every door (fault 36)."""

import re

import pytest
from flask import request

import admin
from tests.factories import Desk
from tests.panel import Panel, Visitor

POSTS = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)


def posts(panel: Panel) -> list[str]:
    """Every address of the panel that takes a form."""
    rules = panel.app.url_map.iter_rules()
    return sorted(re.sub(r"<[\w:]+>", "1", r.rule) for r in rules if "POST" in (r.methods or ()))


def test_every_page_carries_the_headers(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    for path in ("/", "/disputes/", "/nowhere", "/disputes/x/"):
        headers = visitor.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


def test_nonce_is_fresh_and_on_everything_that_is_loaded(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    pages = [visitor.get("/") for _ in range(2)]
    nonces = [re.search(r"'nonce-([^']+)'", p.headers["Content-Security-Policy"]) for p in pages]
    first, second = (n[1] for n in nonces if n)
    assert first != second
    loaded = re.findall(r"<(?:script|style|link rel=\"stylesheet\")[^>]*>", pages[0].text)
    assert loaded
    assert all(f'nonce="{first}"' in tag for tag in loaded)


def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_code(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    for path in (
        "/",
        "/disputes/",
        "/workflows/edit/?id=1",
        "/publish/",
        "/documents/",
        "/people/",
    ):
        text = visitor.get(path).text
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
        assert not re.search(r"\son\w+=|style=|javascript:", text)


def test_static_files_may_be_kept_and_change_their_address(panel: Panel) -> None:
    text = panel.visitor().get("/disputes/").text
    address = re.search(r'href="(/panel/static/redress\.css\?v=\w+)"', text)
    assert address is not None
    answer = panel.visitor().client.get(address[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "url(http" not in answer.text
    assert "@import" not in answer.text
    answer.close()


@pytest.mark.parametrize("path", ["/static/../door.py", "/static/%2e%2e/door.py", "/static/.."])
def test_static_files_are_only_those(panel: Panel, path: str) -> None:
    assert panel.visitor().get(path).status_code in (400, 401, 404)


def test_cookies_are_closed_to_scripts_and_other_sites(panel: Panel) -> None:
    visitor, link = panel.visitor(), panel.link("Tom")
    answer = visitor.post(link.removeprefix(admin.MOUNT), page=link)
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie  # a browser would not send it to http://127.0.0.1


def test_over_https_cookies_are_secure_and_bound_to_the_host(desk: Desk) -> None:
    panel = Panel(desk, "https://desk.example.org")
    visitor, link = panel.visitor(), panel.link("Tom")
    page = visitor.client.get(link, base_url="https://desk.example.org")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    answer = visitor.client.post(
        link,
        base_url="https://desk.example.org",
        data={"csrf_token": token[1] if token else ""},
        headers={"Referer": "https://desk.example.org/panel/"},
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("__Host-redress_panel_session=") for cookie in cookies)
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "Domain" not in cookie
    assert "Strict-Transport-Security" in answer.headers


def test_no_form_is_taken_without_its_secret(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    assert len(posts(panel)) > 20
    for path in posts(panel):
        answer = visitor.client.post(f"{admin.MOUNT}{path}")
        assert answer.status_code == 400, path
        assert "could not be trusted" in answer.text or "无法确认来源" in answer.text


def test_no_form_is_taken_with_the_secret_of_another_browser(panel: Panel) -> None:
    visitor, other = panel.visitor("Sun Wei"), panel.visitor("Tom")
    answer = visitor.client.post("/panel/sign-out", data={"csrf_token": other.token()})
    assert answer.status_code == 400
    assert visitor.get("/").status_code == 200


def test_every_form_shown_carries_the_secret(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    for path in ("/", "/workflows/edit/?id=1", "/documents/", "/people/new/", "/publish/"):
        forms = POSTS.findall(visitor.get(path).text)
        assert forms
        assert all('name="csrf_token"' in form for form in forms)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/other-door/",
        "/panelx/",
        "/panel/\r\nSet-Cookie: a=b",
        "/panel/../../evil",
        "",
    ],
)
def test_language_switch_leads_nowhere_else(panel: Panel, target: str) -> None:
    visitor = panel.visitor("Sun Wei")
    answer = visitor.post("/language", {"locale": "en", "back": target})
    assert answer.status_code == 303
    assert answer.location.startswith("/panel/")
    assert "evil" not in answer.location


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "\t//evil.example"]
)
def test_saving_and_removing_lead_nowhere_else(panel: Panel, target: str) -> None:
    visitor = panel.visitor("Sun Wei")
    for path in ("/reasons/delete/", "/options/edit/", "/people/new/"):
        answer = visitor.post(f"{path}?id=1&url={target}", {"id": "1", "url": target})
        assert "evil" not in (answer.location or "")


def test_large_request_is_refused_with_a_page(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    many = {f"f{n}": "x" for n in range(2_100)}
    for data, kind in (({"note": "x" * 3_000_000}, None), (many, "multipart/form-data")):
        answer = visitor.client.post("/panel/publish/", data=data, content_type=kind)
        assert answer.status_code == 413
        assert "<h1>" in answer.text


def test_errors_tell_nothing_and_log_nothing_that_was_typed(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    @panel.app.before_request
    def _break() -> None:
        if request.args.get("break"):
            raise RuntimeError(request.args["break"])

    visitor = panel.visitor("Sun Wei")
    answer = visitor.get("/disputes/?break=secret-words")
    assert answer.status_code == 500
    assert "secret-words" not in answer.text[answer.text.index("<main") :]
    assert "secret-words" not in caplog.text
    assert "RuntimeError" in caplog.text  # the kind and the place are what helps


def test_what_is_not_signed_in_learns_nothing(panel: Panel) -> None:
    visitor = panel.visitor()
    for path in ("/", "/disputes/", "/people/", "/draft.toml", "/documents/draft.toml"):
        answer = visitor.get(path)
        assert answer.status_code in (401, 404)
        assert "Tang Li" not in answer.text
        assert "nav-title" not in answer.text


def test_language_follows_the_person_then_the_switch(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")  # whose own language is Chinese
    assert 'lang="zh-CN"' in visitor.get("/").text
    visitor.post("/language", {"locale": "en"})
    assert 'lang="en"' in visitor.get("/").text
    visitor.post("/language", {"locale": "xx"})
    assert 'lang="en"' in visitor.get("/").text


@pytest.mark.parametrize(
    ("wanted", "lang"), [("zh-TW,zh;q=0.9", "zh-CN"), ("de", "en"), ("", "en")]
)
def test_before_signing_in_the_browser_says_the_language(
    panel: Panel, wanted: str, lang: str
) -> None:
    visitor: Visitor = panel.visitor()
    answer = visitor.get("/", headers={"Accept-Language": wanted})
    assert f'lang="{lang}"' in answer.text


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_error_pages_say_what_happened_and_what_to_do(panel: Panel, locale: str) -> None:
    visitor = panel.visitor("Tim")  # a trainee, who may see disputes only
    visitor.post("/language", {"locale": locale})
    for path, status in (("/nowhere", 404), ("/people/", 403), ("/disputes/ABC/", 404)):
        answer = visitor.get(path)
        assert answer.status_code == status
        assert answer.text.count("<p>") >= 3
        assert f'lang="{locale.replace("_", "-")}"' in answer.text
    assert visitor.client.delete("/panel/disputes/").status_code in (400, 405)
