"""The way back from the practice desk: somebody has practised, and that is noted once (T1).

Nobody has to be signed in: the pass says who it is, and opens nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from core import i18n
from core.desk import documents, first_day
from core.practice import Fault, Kind
from core.wording import stage_label
from web import passes
from web.desk import reading, transact
from web.language import locale

PRACTISED = "/practised/"
ENDPOINTS = frozenset({"practised_look", "practised_note"})


@dataclass(frozen=True, slots=True)
class Slack:
    """What the way back needs of Slack: where somebody's Home is, and showing it anew.

    Both take a Slack id; an empty address is none.
    """

    home: Callable[[str], str] = lambda _slack_id: ""
    show: Callable[[str], None] = lambda _slack_id: None


NOWHERE = Slack()


def routes(app: Flask, back: str, slack: Slack) -> None:
    """Adds the way back; `back` is its own address, up to the pass."""

    def look(text: str) -> ResponseReturnValue:
        said = passes.read(text, Kind.DONE)
        if isinstance(said, Fault):
            return passes.refused(said)
        if said.back != back:
            return passes.refused("elsewhere")
        label = stage_label(documents.active(reading()), said.stage, locale())
        return render_template("panel/practised.html", said=said, stage=label)

    def note(text: str) -> ResponseReturnValue:
        said = passes.read(text, Kind.DONE)
        if isinstance(said, Fault):
            return passes.refused(said)
        if said.back != back:
            return passes.refused("elsewhere")
        noted = transact(first_day.practised, said.slack_id)
        if noted is None:
            return passes.refused("unknown")
        slack.show(said.slack_id)
        where = slack.home(said.slack_id)
        when = i18n.moment(noted.at, locale(), noted.zone)
        return render_template("panel/practised.html", noted=noted, when=when, slack=where)

    app.add_url_rule(f"{PRACTISED}<text>", "practised_look", look, methods=["GET"])
    app.add_url_rule(f"{PRACTISED}<text>", "practised_note", note, methods=["POST"])
