"""Whether the desk runs: what is due and not done, who sweeps, backlog, probe (G10, K14)."""

import datetime as dt
from collections.abc import Iterator, Sequence

from flask.typing import ResponseReturnValue

from admin.base import expose
from admin.exports import ExportView
from admin.sheets import Cell
from core.desk import auditing, probes
from core.desk.actor import Right
from core.desk.gauges import Gauges, gauges
from web.desk import door
from web.language import say


class PulsePage(ExportView):
    """The operator's page of the desk's own state."""

    right = Right.OPERATE
    title = "panel.nav.pulse"
    group = "panel.nav.operation"
    exported_columns = ("part", "name", "told", "count", "seconds", "moment")
    moments = frozenset({"moment"})

    def __init__(self) -> None:
        super().__init__("pulse")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page, as things stand at this moment."""
        found = _found()
        settings = door().settings
        return str(
            self.render(
                "panel/pulse.html",
                found=found,
                told=[(r, _trouble(r, n)) for r, n in found.trouble.items()],
                lasting=lasting,
                probe=_probe(found.probe),
                bound=int(auditing.BOUND.total_seconds()),
                monitored=bool(settings.heartbeat_url),
                minutes=settings.probe_minutes,
                channel=probes.CHANNEL,
            )
        )

    def exported(self) -> Iterator[Sequence[Cell]]:
        """All that the page tells, line by line."""
        found = _found()
        yield from (
            (say("panel.pulse.trouble"), _trouble(reason, number), "", number, None, None)
            for reason, number in found.trouble.items()
        )
        yield from _beat(found)
        for one in found.processes:
            state = say("panel.pulse.alive" if one.alive else "panel.pulse.gone")
            yield say("panel.pulse.processes"), one.key, state, None, None, one.swept_at
        for lane in found.waiting:
            name, oldest = say(f"panel.pulse.lane.{lane.lane}"), _seconds(lane.oldest)
            age = oldest if lane.number else None
            yield say("panel.pulse.backlog"), name, "", lane.number, age, None
        told = say("panel.pulse.messages", parked=found.parked, unknown=found.unknown)
        yield say("panel.pulse.backlog"), told, "", found.parked + found.unknown, None, None

    def cells(self, row: Sequence[Cell]) -> Sequence[Cell]:
        """A line as the page shows it."""
        return row


def _found() -> Gauges:
    found: Gauges = door().database.read_wall(gauges)
    return found


def _trouble(reason: str, number: int) -> str:
    return say(f"pulse.trouble.{reason}", number=number)


def _beat(found: Gauges) -> Iterator[Sequence[Cell]]:
    """What the auditor, the monitor and the probe last did, and how late the desk is."""
    part, not_yet = say("panel.pulse.beat"), say("panel.pulse.not_yet")
    unheard = not_yet if door().settings.heartbeat_url else say("panel.pulse.monitor.unset")
    for name, at, none in (
        ("audited", found.audited_at, not_yet),
        ("monitor", found.beat_at, unheard),
    ):
        yield part, say(f"panel.pulse.{name}"), "" if at else none, None, None, at
    if found.since:
        yield part, say("panel.pulse.since"), "", None, None, found.since
    yield part, say("panel.pulse.lag"), "", None, _seconds(found.lag), None
    at = found.probe.put_at if found.probe else None
    yield part, say("panel.pulse.probe"), _probe(found.probe)[1], None, None, at


def _seconds(length: dt.timedelta) -> int:
    return round(max(length.total_seconds(), 0))


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
