"""Sitting down in one of the demonstration's seats, as a browser does."""

import re

import httpx

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def sit_down(browser: httpx.Client, role: str) -> httpx.Response:
    """The first page inside the panel, after the start page's seat and the login link."""
    sent = browser.post(f"/seat/{role}", data={"csrf_token": _token(browser.get("/"))})
    link = browser.get(sent.headers["location"])
    form = {"csrf_token": _token(link)}
    return browser.post(str(link.url), data=form, follow_redirects=True)


def press(browser: httpx.Client, address: str, page: str = "") -> httpx.Response:
    """The form of a page sent to an address; the page is the address's own unless given."""
    found = browser.get(page or address)
    return browser.post(address, data={"csrf_token": _token(found)})


def _token(page: httpx.Response) -> str:
    found = _TOKEN.search(page.text)
    assert found is not None
    return found[1]
