"""Whether the desk runs: what is due and not done, who sweeps, backlog, probe (G10, K14)."""

import datetime as dt

from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose
from core.desk import auditing, probes
from core.desk.actor import Right
from core.desk.gauges import Gauges, gauges
from web.desk import door
from web.language import say


class PulsePage(PanelView):
    """The operator's page of the desk's own state."""

    right = Right.OPERATE
    title = "panel.nav.pulse"
    group = "panel.nav.operation"

    def __init__(self) -> None:
        super().__init__("pulse")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page, as things stand at this moment."""
        found: Gauges = door().database.read_wall(gauges)
        settings = door().settings
        return str(
            self.render(
                "panel/pulse.html",
                found=found,
                told=[(r, say(f"pulse.trouble.{r}", number=n)) for r, n in found.trouble.items()],
                lasting=lasting,
                probe=_probe(found.probe),
                bound=int(auditing.BOUND.total_seconds()),
                monitored=bool(settings.heartbeat_url),
                minutes=settings.probe_minutes,
                channel=probes.CHANNEL,
            )
        )


def lasting(length: dt.timedelta) -> str:
    """A length of time as people read it: seconds below two minutes, then minutes, then hours."""
    seconds = length.total_seconds()
    if seconds < 120:
        return say("panel.pulse.seconds", number=f"{max(seconds, 0):.0f}")
    if seconds < 7200:
        return say("panel.pulse.minutes", number=f"{seconds / 60:.0f}")
    return say("panel.pulse.hours", number=f"{seconds / 3600:.0f}")


def _probe(last: probes.Seen | None) -> tuple[str, str]:
    """How the latest probe fares: whether that is good or bad, and in words."""
    if last is None:
        return "", say("panel.pulse.probe.never")
    if last.failed:
        return "bad", say("panel.pulse.probe.failed", reason=last.failed)
    if last.ended is None:
        return "", say("panel.pulse.probe.under_way")
    return "good", say("panel.pulse.probe.ended", length=lasting(last.ended))
