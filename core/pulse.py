"""A scheduler process's own pulse: that it sweeps, what the auditor sees, who is told outside."""

import datetime as dt
import logging
import os
import secrets
import socket
import time
from dataclasses import dataclass, field

from sqlalchemy import Connection

from core import heartbeat
from core.db import Database
from core.desk import auditing
from core.desk.auditing import Verdict
from core.settings import Settings

log = logging.getLogger("redress.pulse")


def _name() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(2)}"


@dataclass(slots=True)
class Pulse:
    """Kept by one process; `monitor` is the address that hears of it while all is well.

    A probe is sent every `probe_every`.
    """

    database: Database
    monitor: str = ""
    probe_every: dt.timedelta = dt.timedelta(minutes=15)
    key: str = field(default_factory=_name)
    _swept: float = field(default_factory=time.monotonic)

    def swept(self) -> None:
        """This process has just finished a sweep."""
        self._swept = time.monotonic()

    def take(self) -> Verdict | None:
        """Says that it sweeps, follows the probe, and audits where nobody did within the minute.

        Returns what the audit found; None where it was not this process's turn.
        """
        since = dt.timedelta(seconds=time.monotonic() - self._swept)
        verdict = self.database.transact_wall(_keep, self.key, since, self.probe_every)
        if verdict is None:
            return None
        if verdict.trouble:
            told = ", ".join(f"{reason} {number}" for reason, number in verdict.trouble.items())
            level = logging.ERROR if verdict.news else logging.WARNING
            log.log(level, "what was due is not done (%s); the heartbeat is kept back", told)
        elif verdict.news:
            log.info("all that was due is done again")
        if not verdict.trouble and self.monitor and heartbeat.beat(self.monitor):
            self.database.transact_wall(auditing.beaten)
        return verdict


def _keep(
    connection: Connection,
    key: str,
    since: dt.timedelta,
    probe_every: dt.timedelta,
    *,
    now: dt.datetime,
) -> Verdict | None:
    auditing.ticked(connection, key, now - since, now=now)
    return auditing.audit(connection, probe_every, now=now)


def pulse_of(settings: Settings, database: Database) -> Pulse:
    """The pulse of a process with these settings."""
    return Pulse(database, settings.heartbeat_url, dt.timedelta(minutes=settings.probe_minutes))
