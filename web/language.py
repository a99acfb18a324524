"""Which language a page speaks: the one chosen in this browser, the person's own, the browser's."""

import datetime as dt
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from markupsafe import Markup

from core import i18n
from core.i18n import LOCALES, locale_of
from web import sessions
from web.desk import door
from web.safe import local_path


def teach(app: Flask) -> None:
    """Makes pages, Flask-Admin's own words and form messages speak the reader's language."""
    Babel(app, locale_selector=locale, timezone_selector=zone)
    app.context_processor(
        lambda: {
            "say": say,
            "moment": moment,
            "money": money,
            "locale": locale(),
            "locales": LOCALES,
            "me": sessions.person(),
        }
    )


def routes(blueprint: Blueprint) -> None:
    """The language switch."""
    blueprint.add_url_rule("/language", "speak", speak, methods=["POST"])


def speak() -> ResponseReturnValue:
    """Switches this browser's language and goes back to the page."""
    wanted = request.form.get("locale")
    if wanted in LOCALES:
        session["locale"] = wanted
    return redirect(local_path(request.form.get("back")) or url_for(door().home), code=303)


def locale() -> str:
    """The language of this page: zh_CN or en."""
    if "locale" not in g:
        person = sessions.person()
        chosen = session.get("locale")
        if chosen is None and person is not None:
            chosen = person.locale
        if chosen is None:
            chosen = request.accept_languages.best_match(["en", "zh", "zh-CN", "zh-TW"], "en")
        g.locale = locale_of(chosen)
    return str(g.locale)


def zone() -> str:
    """The reader's time zone."""
    person = sessions.person()
    return person.zone if person is not None else "UTC"


def say(key: str, /, **names: object) -> str:
    """The sentence for a key in the language of this page."""
    return i18n.say(key, locale(), **names)


def money(minor: int, currency: str) -> str:
    """An amount as the reader writes it."""
    return i18n.money(minor, currency, locale())


def moment(at: dt.datetime | None) -> str | Markup:
    """A moment as the reader writes it, in the reader's zone; a dash where there is none."""
    if at is None:
        return "–"
    there = at.astimezone(ZoneInfo(zone()))
    return Markup('<time datetime="{}">{}</time>').format(
        there.isoformat(timespec="seconds"), i18n.moment(at, locale(), zone())
    )
