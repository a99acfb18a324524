"""The published workflows as pictures, with what stands and moves there now (W18)."""

from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose
from admin.picture import drawing
from core.desk import documents, flow, queues
from core.desk.actor import Right
from core.i18n import span
from web.desk import now, reading
from web.language import locale


class Flow(PanelView):
    """Where disputes stand, where they went of late, and how long they stayed."""

    right = Right.SEE
    title = "panel.nav.flow"
    group = "panel.nav.now"

    def __init__(self) -> None:
        super().__init__("flow")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """A picture of each workflow."""
        standing = queues.by_stage(reading(), now=now())
        workflows = documents.active(reading()).workflows
        return str(
            self.render(
                "panel/flow.html",
                pictures=[
                    (
                        one.key,
                        one.label.text(locale()),
                        drawing(one),
                        flow.flow(reading(), one.key, now=now()),
                    )
                    for one in workflows
                ],
                standing=standing,
                span=lambda length: span(length, locale()),
            )
        )
