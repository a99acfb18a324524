"""The demonstration's first page: three seats to sit down in, and what is going on."""

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

import admin
from core.db import Database
from core.desk import access, people
from core.settings import Settings
from demo.people import WORKERS, Worker, channel_id
from web.door import open_door
from web.language import locale

SEATS = ("supervisor", "operator")


def create(database: Database, settings: Settings, sandbox_url: str, channels: list[str]) -> Flask:
    """The start page; it hands out login links, which only a demonstration may do.

    `channels` are where the work of each home stage begins.
    """
    app = open_door(
        __name__,
        "start",
        database,
        settings,
        home="start",
        public=frozenset({"start", "sit_down"}),
    )

    @app.get("/")
    def start() -> ResponseReturnValue:
        spoken = locale()
        agents = [worker for worker in WORKERS if worker.home is not None]
        return render_template(
            "demo/start.html",
            agents=sorted(agents, key=lambda w: (w.locale != spoken, w.home)),
            address=lambda worker: _address(sandbox_url, worker, channels, spoken),
            sandbox_url=sandbox_url,
        )

    @app.post("/seat/<role>")
    def sit_down(role: str) -> ResponseReturnValue:
        worker = _seat(role)
        if worker is None:
            return redirect(url_for("start"), code=303)
        found = database.read(people.called, worker.slack_id)
        secret = database.transact_wall(access.new_link, found[0])
        return redirect(admin.sign_in_url(settings, secret), code=303)

    return app


def _seat(role: str) -> Worker | None:
    """Who sits in a seat of the panel: somebody who speaks the visitor's language."""
    if role not in SEATS:
        return None
    spoken = locale()
    return next(w for w in WORKERS if w.role == role and w.locale == spoken)


def _address(sandbox_url: str, worker: Worker, channels: list[str], spoken: str) -> str:
    """Slack as this agent sees it, at the channel where their work begins."""
    place = channel_id(channels[worker.home or 0])
    return f"{sandbox_url}/?as={worker.slack_id}&lang={spoken}#{place}"
