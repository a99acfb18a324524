"""A form whose session ended: kept in the page, saved after sign-in by its own person only."""

import datetime as dt
import logging
from typing import Any

import pytest
from sqlalchemy import select, update

import admin
from core.tables import DraftOption, WebSession
from tests.panel import Panel, Visitor, read_form

TYPED = 'Groceries & "more" <b>'


def option(panel: Panel) -> Any:
    """The option that is edited."""
    return panel.desk.rows(select(DraftOption).where(DraftOption.key == "food"))[0]


def path_of(panel: Panel) -> str:
    """Where it is edited."""
    return f"/options/edit/?id={option(panel).id}"


def filled(panel: Panel, visitor: Visitor) -> dict[str, Any]:
    """Its form, with another label typed into it."""
    visitor.post("/language", {"locale": "en"})
    return visitor.form(path_of(panel)) | {"label_en": TYPED}


def end(panel: Panel) -> None:
    """Every session idles away."""
    gone = dt.datetime.now(dt.UTC) - dt.timedelta(hours=3)
    panel.desk.write(update(WebSession).values(seen_at=gone))


def sign_in(panel: Panel, visitor: Visitor, name: str) -> None:
    """In another tab of the same browser."""
    link = panel.link(name)
    answer = visitor.post(link.removeprefix(admin.MOUNT), page=link)
    assert answer.status_code == 302


def kept(html: str) -> dict[str, Any]:
    """The fields of the page that keeps a form."""
    return read_form(html[html.index("<main") :].replace('class="alone"', 'class="sheet"'))


def test_form_of_an_ended_session_is_saved_after_signing_in_again(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    form = filled(panel, visitor)
    end(panel)
    refused = visitor.client.post(admin.MOUNT + path_of(panel), data=form)
    assert refused.status_code == 401
    assert "What you typed is still here" in refused.text
    waiting = kept(refused.text)
    assert waiting["label_en"] == TYPED
    early = visitor.client.post(f"{admin.MOUNT}/again", data=waiting)
    assert early.status_code == 401
    assert kept(early.text) == waiting  # as often as one likes
    sign_in(panel, visitor, "Sun Wei")
    ready = visitor.client.post(f"{admin.MOUNT}/again", data=waiting)
    assert ready.status_code == 200
    assert option(panel).label_en != TYPED  # nothing is saved by looking
    assert f'action="{admin.MOUNT}{path_of(panel)}"' in ready.text
    visitor.client.post(admin.MOUNT + path_of(panel), data=kept(ready.text))
    assert option(panel).label_en == TYPED


def test_form_opened_before_signing_out_in_another_tab_is_kept_too(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    form = filled(panel, visitor)
    visitor.post("/sign-out")
    refused = visitor.client.post(admin.MOUNT + path_of(panel), data=form)
    assert refused.status_code == 401
    assert kept(refused.text)["label_en"] == TYPED
    sign_in(panel, visitor, "Sun Wei")
    ready = visitor.client.post(admin.MOUNT + path_of(panel), data=form)
    assert ready.status_code == 400  # an older session's form
    assert ">再次保存<" in ready.text  # the language was left with the session
    visitor.client.post(admin.MOUNT + path_of(panel), data=kept(ready.text))
    assert option(panel).label_en == TYPED


@pytest.mark.parametrize("how", ["again", "the form"])
def test_nothing_that_was_typed_is_shown_to_another_person(panel: Panel, how: str) -> None:
    visitor = panel.visitor("Sun Wei")
    form = filled(panel, visitor)
    end(panel)
    waiting = kept(visitor.client.post(admin.MOUNT + path_of(panel), data=form).text)
    sign_in(panel, visitor, "Olga")
    path, sent = ("/again", waiting) if how == "again" else (path_of(panel), form)
    answer = visitor.client.post(admin.MOUNT + path, data=sent)
    assert answer.status_code == 400
    assert "Groceries" not in answer.text
    assert option(panel).label_en != TYPED


@pytest.mark.parametrize("drawn", ["", "x", "forged", "nobody's"])
def test_form_that_we_drew_for_nobody_is_not_offered_again(panel: Panel, drawn: str) -> None:
    visitor = panel.visitor("Sun Wei")
    form = filled(panel, visitor)
    token = {
        "forged": form["csrf_token"][:-2] + "xx",
        "nobody's": panel.visitor().token(panel.link("Sun Wei")),  # drawn before signing in
    }.get(drawn, drawn)
    sent = {"_again_path": admin.MOUNT + path_of(panel), "_again_drawn": token, "label_en": TYPED}
    answer = visitor.client.post(f"{admin.MOUNT}/again", data=sent)
    assert answer.status_code == 400
    assert "Groceries" not in answer.text
    refused = visitor.client.post(admin.MOUNT + path_of(panel), data={**form, "csrf_token": token})
    assert refused.status_code == 400
    assert "Groceries" not in refused.text


def test_form_is_offered_again_to_no_other_host(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    token = filled(panel, visitor)["csrf_token"]
    for path in ("https://elsewhere.example/", "//elsewhere.example/", "/portal/", ""):
        sent = {"_again_path": path, "_again_drawn": token, "label_en": TYPED}
        answer = visitor.client.post(f"{admin.MOUNT}/again", data=sent)
        assert answer.status_code == 400, path


def test_what_was_typed_stands_in_no_log_and_no_cookie(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = panel.visitor("Sun Wei")
    form = filled(panel, visitor)
    end(panel)
    with caplog.at_level(logging.DEBUG):
        refused = visitor.client.post(admin.MOUNT + path_of(panel), data=form)
        visitor.client.post(f"{admin.MOUNT}/again", data=kept(refused.text))
    assert "Groceries" not in caplog.text
    assert sum(map(len, refused.headers.getlist("Set-Cookie"))) < 600
