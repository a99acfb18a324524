"""What Slack refuses: seen by whoever looks after channels, and by who runs the desk."""

from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose
from admin.disputes import reading_as
from core.desk import watching
from core.desk.actor import Right
from core.desk.outages import TOKEN
from core.desk.watching import SHOWN_OVER, Seen
from web.language import say


class Outages(PanelView):
    """The outages that last, with what to do, and those that are over."""

    right = Right.PEOPLE
    title = "panel.nav.outages"
    group = "panel.nav.operation"

    def __init__(self) -> None:
        super().__init__("outages")

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
