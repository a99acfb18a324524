"""What machines read: the desk's gauges for Prometheus, and its pulse in one word (M8, G10)."""

import hmac
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from core.db import Database
from core.desk import clock, queues
from core.desk.gauges import gauges, samples

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
TEXT = "text/plain; charset=utf-8"
log = logging.getLogger("redress.metrics")


class _Read(Collector):
    """Reads the desk whenever it is asked; keeps nothing in the process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every gauge once, with all of its labels."""
        families: dict[str, GaugeMetricFamily] = {}
        for name, labels, value in self._database.read_wall(_samples):
            if name not in families:
                families[name] = GaugeMetricFamily(name, "See operator.md.", labels=list(labels))
            families[name].add_metric(list(labels.values()), value)
        yield from families.values()


def _samples(connection: Connection, *, now: Any) -> list[tuple[str, dict[str, str], float]]:
    stages = queues.by_stage(connection, now=clock.desk_time(connection, now))
    return list(samples(gauges(connection, now=now), stages))


def metrics(database: Database, token: str) -> Wsgi:
    """The page for Prometheus, for whoever brings the token as their bearer."""
    registry = CollectorRegistry()
    registry.register(_Read(database))
    return partial(_metrics, registry, f"Bearer {token}".encode())


def _metrics(
    registry: CollectorRegistry, wanted: bytes, environ: dict[str, Any], start: Any
) -> Iterable[bytes]:
    given = str(environ.get("HTTP_AUTHORIZATION", "")).encode("latin-1", "replace")
    if not hmac.compare_digest(given, wanted):
        return _answer(start, "401 Unauthorized", TEXT, b"a bearer token is needed\n")
    try:
        return _answer(start, "200 OK", CONTENT_TYPE_LATEST, generate_latest(registry))
    except Exception as error:  # noqa: BLE001  a monitor must learn that there are no figures
        log.warning("the gauges cannot be read: %s", type(error).__name__)
        return _answer(start, "503 Service Unavailable", TEXT, b"the database does not answer\n")


def pulse(database: Database) -> Wsgi:
    """200 while all that is due is done, else 503; a line for each reason."""
    return partial(_pulse, database)


def _pulse(database: Database, _environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    try:
        found = database.read_wall(gauges)
    except Exception as error:  # noqa: BLE001  any reason is the same news here
        log.warning("the database does not answer: %s", type(error).__name__)
        return _answer(start, "503 Service Unavailable", TEXT, b"the database does not answer\n")
    lines = [f"{reason} {number}" for reason, number in found.trouble.items()]
    if not found.alive:
        lines.append("no scheduler sweeps")
    body = "".join(f"{line}\n" for line in lines or ["ok"]).encode()
    return _answer(start, "503 Service Unavailable" if lines else "200 OK", TEXT, body)


def _answer(start: Any, status: str, kind: str, body: bytes) -> Iterable[bytes]:
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    start(status, [*headers, ("Cache-Control", "no-store")])
    return [body]
