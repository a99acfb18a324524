"""The demonstration's first page: seats to sit down in, and what is going on.

It is the practice desk's door as well: a newcomer's pass is shown here.
"""

from dataclasses import dataclass

from flask import Flask, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

import admin
from core.db import Database
from core.desk import access, people
from core.practice import Fault, Kind
from core.settings import Settings
from demo.people import APP, WORKERS, Worker, channel_id, newcomer
from demo.practice import NoSeat, School, slack_id_of
from web import passes
from web.door import open_door
from web.language import locale

SEATS = ("supervisor", "operator")
PUBLIC = frozenset({"start", "sit_down", "begin", "practise", "practise_now"})


@dataclass(frozen=True, slots=True)
class Places:
    """Where the visitor's browser finds Slack, and the channels where each stage's work begins."""

    sandbox_url: str
    channels: list[str]

    def channel(self, worker: Worker, spoken: str) -> str:
        """Slack as this agent sees it, at the channel where their work begins."""
        place = channel_id(self.channels[worker.home or 0])
        return f"{self.sandbox_url}/?as={worker.slack_id}&lang={spoken}#{place}"

    def home(self, slack_id: str, spoken: str) -> str:
        """Somebody's Home in Slack."""
        return f"{self.sandbox_url}/?as={slack_id}&lang={spoken}#home/{APP}"


def create(database: Database, settings: Settings, places: Places, school: School) -> Flask:
    """The start page; it hands out login links, which only a demonstration may do."""
    app = open_door(__name__, "start", database, settings, home="start", public=PUBLIC)

    @app.get("/")
    def start() -> ResponseReturnValue:
        spoken = locale()
        agents = [worker for worker in WORKERS if worker.home is not None]
        return render_template(
            "demo/start.html",
            agents=sorted(agents, key=lambda w: (w.locale != spoken, w.home)),
            address=lambda worker: places.channel(worker, spoken),
            stages=range(len(places.channels)),
        )

    @app.post("/seat/<role>")
    def sit_down(role: str) -> ResponseReturnValue:
        worker = _seat(role)
        if worker is None:
            return redirect(url_for("start"), code=303)
        found = database.read(people.called, worker.slack_id)
        secret = database.transact_wall(access.new_link, found[0])
        return redirect(admin.sign_in_url(settings, secret), code=303)

    @app.post("/first-day/<int:stage>")
    def begin(stage: int) -> ResponseReturnValue:
        if stage >= len(places.channels):
            abort(404)
        worker = newcomer(stage, locale())
        school.welcome(worker)
        return _forward(places.home(worker.slack_id, worker.locale), worker.name)

    @app.get("/practise/<text>")
    def practise(text: str) -> ResponseReturnValue:
        said = passes.read(text, Kind.GO)
        if isinstance(said, Fault):
            return passes.refused(said)
        stage = school.stage_label(said.stage, locale())
        if stage is None:
            return passes.refused("stage")
        return render_template("demo/practise.html", said=said, stage=stage)

    @app.post("/practise/<text>")
    def practise_now(text: str) -> ResponseReturnValue:
        said = passes.read(text, Kind.GO)
        if isinstance(said, Fault):
            return passes.refused(said)
        try:
            member = school.seat(said)
        except NoSeat as none:
            return passes.refused(str(none))
        slack_id = slack_id_of(said, school.back)
        return _forward(places.home(slack_id, member.locale), member.name)

    return app


def _forward(address: str, name: str) -> ResponseReturnValue:
    """On to Slack: by a page, for a form may not lead to another address than its own."""
    return render_template("demo/forward.html", address=address, name=name)


def _seat(role: str) -> Worker | None:
    """Who sits in a seat of the panel: somebody who speaks the visitor's language."""
    if role not in SEATS:
        return None
    spoken = locale()
    return next(w for w in WORKERS if w.role == role and w.locale == spoken)
