"""What Slack refuses: seen by whoever looks after channels, and by who runs the desk."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import expose
from admin.exports import ExportView
from admin.sheets import Cell
from core.desk import watching
from core.desk.actor import Right
from core.desk.outages import TOKEN
from core.desk.watching import SHOWN_OVER, Seen
from web.language import say


class Outages(ExportView):
    """The outages that last, with what to do, and those that are over."""

    right = Right.PEOPLE
    title = "panel.nav.outages"
    group = "panel.nav.operation"
    exported_columns = ("outage", "slack_reason", "since", "resumed", "tries", "behind")
    moments = frozenset({"since", "resumed"})

    def __init__(self) -> None:
        super().__init__("outages")

    def exported(self) -> list[Seen]:
        """The outages that last, then those that are over as far as the page shows them."""
        lasting, over = reading_as(watching.outages_for)
        return [*lasting, *over]

    def cells(self, row: Seen) -> Sequence[Cell]:
        """An outage; Slack's own reason as Slack says it."""
        over = row.ended_at is not None
        waits = "" if over else waiting(row)
        return (what(row), row.reason, row.since, row.ended_at, row.times, waits)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        lasting, over = reading_as(watching.outages_for)
        page = self.render(
            "panel/outages.html",
            lasting=lasting,
            over=over,
            most=SHOWN_OVER,
            what=what,
            waiting=waiting,
            meanwhile=meanwhile,
        )
        return str(page)


def what(seen: Seen) -> str:
    """What cannot be reached."""
    if seen.key == TOKEN:
        return say("panel.outage.token")
    return say("panel.outage.channel", channel=seen.channel)


def waiting(seen: Seen) -> str:
    """How many messages wait behind it."""
    if seen.more:
        return say("panel.outage.more", number=seen.waiting)
    return say("panel.outage.number", number=seen.waiting)


def meanwhile(seen: Seen) -> str:
    """What becomes of the messages as long as it lasts."""
    if seen.key == TOKEN:
        return say("panel.outage.kept")
    if seen.stand_in:
        return say("panel.outage.stand_in", channel=seen.stand_in)
    return say("panel.outage.nowhere")
