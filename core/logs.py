"""Logs: one line an event, for people on a terminal and as JSON elsewhere, redacted by default.

What is logged is chosen with care; this is the net below: whatever looks like a contact or a
secret is masked before a line leaves the process (fault 40).
"""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRET = re.compile(
    r"\b(?:xox[abeprs]|xapp|rdk)[-_][\w-]{8,}|\bv0=[0-9a-f]{64}\b|hooks\S*/\S+|\bpractised?/[\w-]+"
)
_CONTACT = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}|\+?\d[\d\s()-]{7,24}\d")
QUIET = (
    "slack_bolt",
    "websockets",
    "httpx",
    "httpcore",
    "apscheduler",
    "werkzeug",
    "alembic",
)
# It calls every failed call an error, also one that is tried again or may be lost: what became of
# a call is said by whoever made it.
UNHEARD = ("slack_sdk",)
NOISY = ("waitress.queue",)  # a line for every request that waits for a thread


def set_up(level: str) -> None:
    """Sends every logger's lines to the standard error, redacted."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    terminal = sys.stderr.isatty()
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redacted,
                structlog.dev.ConsoleRenderer()
                if terminal
                else structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in (*QUIET, *NOISY):  # the quiet ones' lines quote what people wrote
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in UNHEARD:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def redacted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The event with contacts and secrets masked in every text of it."""
    for name, value in event.items():
        if isinstance(value, str) and name != "timestamp":
            event[name] = _CONTACT.sub("•••", _SECRET.sub("•••", value))
    return event
