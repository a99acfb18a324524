"""Everything of a desk but Slack: settings, database, clocks, people."""

from core.db import Database
from core.desk.documents import NothingPublished
from core.doctor import database as databases
from core.doctor import settings as setting
from core.doctor import staffing
from core.doctor.findings import Area, Level, Report, error
from core.doctor.staffing import Place
from core.settings import Settings

STILL_READ = frozenset({"sqlite_split"})  # errors that keep nobody from looking further


def settings(report: Report) -> Settings | None:
    """The settings, or None where they do not start."""
    read = setting.read()
    if isinstance(read, list):
        report.add(read, Area.SETTINGS)
        return None
    report.add(setting.findings(read), Area.SETTINGS)
    return read


def examine(
    report: Report, given: Settings, database: Database, slack: float | None, *, split: bool
) -> list[Place]:
    """Looks at the desk; returns the channels that Slack can be asked about.

    `slack` is Slack's time in seconds since the epoch, where it is known.
    """
    found = report.add(databases.findings(database, split=split), Area.DATABASE)
    if any(f.level is Level.ERROR and f.key not in STILL_READ for f in found):
        return []
    report.add(databases.clock(database, slack), Area.CLOCK)
    report.add(databases.contents(database, given.vault))
    try:
        report.add(database.read(staffing.findings), Area.PEOPLE, Area.CHANNELS)
    except NothingPublished:
        report.add([error("nothing_published", Area.DATABASE)])
    return database.read(staffing.places)
