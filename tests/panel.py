"""The panel as people reach it: mounted, over WSGI, with cookies and forms."""

import base64
import re
from typing import Any

from sqlalchemy import update
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse

import admin
from bot.cards.card import card
from core.desk import access
from core.settings import Settings
from core.tables import Person
from tests.factories import Desk

SESSION = "redress_panel_session"  # its cookie
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def settings_for(desk: Desk, public_url: str = "http://127.0.0.1:8000", **more: Any) -> Settings:
    """Settings for a desk of the tests."""
    return Settings(
        keys="test:" + base64.b64encode(b"t" * 32).decode(),
        secret="s" * 40,
        public_url=public_url,
        database_url=str(desk.db.url),
        **more,
    )


class Panel:
    """The panel of a desk, mounted where it always is."""

    def __init__(self, desk: Desk, public_url: str = "http://127.0.0.1:8000", **more: Any) -> None:
        self.desk = desk
        self.settings = settings_for(desk, public_url, **more)
        self.app = admin.create(desk.db, self.settings, card)
        self.wsgi = DispatcherMiddleware(_nothing, {admin.MOUNT: self.app})

    def link(self, name: str) -> str:
        """The path of a fresh login link."""
        secret = self.desk.db.transact_wall(access.new_link, self.desk.people[name])
        url = admin.sign_in_url(self.settings, secret)
        return url.removeprefix(self.settings.public_url)

    def visitor(self, name: str | None = None) -> "Visitor":
        """A browser, signed in as somebody or as nobody."""
        visitor = Visitor(self)
        if name is not None:
            answer = visitor.post(self.link(name).removeprefix(admin.MOUNT), page=self.link(name))
            assert answer.status_code == 302, answer.text
        return visitor

    def switch_off(self, name: str) -> None:
        """Somebody leaves the desk."""
        self.desk.db.transact(
            lambda c, now: c.execute(
                update(Person).where(Person.id == self.desk.people[name]).values(active=False)
            )
        )


class Visitor:
    """A browser: it keeps cookies, follows nothing, and fills the forms' secret in."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.client = Client(panel.wsgi)

    def get(self, path: str, **more: Any) -> TestResponse:
        """A page; `path` is below the panel."""
        return self.client.get(f"{admin.MOUNT}{path}", **more)

    def post(
        self, path: str, data: Any = None, *, page: str | None = None, **more: Any
    ) -> TestResponse:
        """A form sent; its secret is read from `page`, or from the start."""
        form = {"csrf_token": self.token(page), **(data or {})}
        return self.client.post(f"{admin.MOUNT}{path}", data=form, **more)

    def token(self, page: str | None = None) -> str:
        """The forms' secret, as a page of the panel carries it."""
        found = _TOKEN.search(self.client.get(page or f"{admin.MOUNT}/").text)
        assert found is not None
        return found[1]

    def form(self, path: str) -> dict[str, Any]:
        """What the first sheet of a page holds, as a browser would send it back."""
        return read_form(self.get(path).text)


def session_of(visitor: Visitor) -> str | None:
    """The secret that the browser holds."""
    cookie = visitor.client.get_cookie(SESSION)
    return cookie.value if cookie is not None else None


def read_form(html: str) -> dict[str, Any]:
    """The fields of the page's main form, with what they hold."""
    sheet = html[html.index('class="sheet"') :]
    sheet = sheet[: sheet.index("</form>")]
    data: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", sheet):
        name, value = _attribute(tag, "name"), _attribute(tag, "value")
        if 'type="checkbox"' in tag:
            if " checked" in tag:
                data.setdefault(name, []).append(value or "y")
        elif name:
            data[name] = value
    for name, inner in re.findall(
        r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', sheet, re.DOTALL
    ):
        chosen = re.search(r'<option selected value="([^"]*)"', inner)
        first = re.search(r'<option[^>]*value="([^"]*)"', inner)
        data[name] = _plain(chosen[1] if chosen else first[1] if first else "")
    for name, inner in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', sheet, re.DOTALL
    ):
        data[name] = _plain(inner.strip("\r\n"))
    return data


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return _plain(found[1]) if found else ""


def _plain(text: str) -> str:
    import html

    return html.unescape(text)


def _nothing(_environ: Any, start: Any) -> list[bytes]:
    start("404 Not Found", [])
    return [b""]


def number(desk: Desk, dispute: int) -> str:
    """The number by which people know a dispute."""
    return str(desk.at(dispute).row.number)
