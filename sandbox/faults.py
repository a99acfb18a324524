"""Faults on request: what can go wrong between an app and Slack, scripted by method and channel.

A fault answers in place of the method (`accepted` False) or after the method has done its work
(`accepted` True): the second kind is what an app cannot tell from the first.
"""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = ("ratelimited", "status", "error", "silence", "reset", "slow")
# What can go wrong on the way to an app; `method` is then what goes: ``block_actions``, a command,
# ``event message`` ...
DELIVERIES = ("duplicate", "undelivered", "late")
# Names for what engineers look for, and what each of them is.
PRESETS: dict[str, dict[str, Any]] = {
    "revoked_token": {"kind": "error", "error": "token_revoked"},
    "archived_channel": {"kind": "error", "error": "is_archived"},
    "deleted_message": {"kind": "error", "error": "message_not_found"},
    "internal_error": {"kind": "error", "error": "internal_error"},
    "answer_lost": {"kind": "silence", "accepted": True},
    "accepted_then_reset": {"kind": "reset", "accepted": True},
    "server_error": {"kind": "status", "status": 503},
}


@dataclass(slots=True)
class Fault:
    """One scripted fault.

    `kind`: ``ratelimited`` (429 with `retry_after` seconds), ``status`` (an HTTP `status` without
    JSON), ``error`` (``ok: false`` with `error`), ``silence`` (no answer for `seconds`, then the
    connection breaks), ``reset`` (the connection breaks at once), ``slow`` (the right answer,
    `seconds` late); of requests to apps ``duplicate`` (twice), ``undelivered`` (never, as if
    the app were silent) and ``late`` (`seconds` late).

    `method` of ``*`` and `channel` of None match all. It strikes `times` times (None: always) or
    for `until` seconds from when it was set, in real time.
    """

    kind: str
    method: str = "*"
    channel: str | None = None
    accepted: bool = False
    times: int | None = 1
    until: float | None = None
    retry_after: int = 1
    status: int = 503
    error: str = "internal_error"
    seconds: float = 30.0
    struck: int = 0
    ends_at: float | None = field(default=None, repr=False)


class BadFaultError(ValueError):
    """A fault that makes no sense; the message says why."""


def scripted(fields: dict[str, Any]) -> Fault:
    """A fault from JSON fields named as in `Fault`; raises BadFaultError."""
    fields = {**PRESETS.get(str(fields.get("kind")), {}), **_but_kind(fields)}
    known = {name for name in Fault.__dataclass_fields__ if name not in {"struck", "ends_at"}}
    unknown = sorted(set(fields) - known)
    if unknown:
        raise BadFaultError(f"unknown fields: {', '.join(unknown)}")
    known_kinds = (*KINDS, *DELIVERIES)
    if str(fields.get("kind")) not in known_kinds:
        raise BadFaultError(f"kind: one of {', '.join((*known_kinds, *PRESETS))}")
    _check(fields)
    fault = Fault(**fields)
    if "times" not in fields and fault.until is not None:
        fault.times = None
    if fault.until is not None:
        fault.ends_at = time.monotonic() + fault.until
    return fault


def _but_kind(fields: dict[str, Any]) -> dict[str, Any]:
    preset = str(fields.get("kind")) in PRESETS
    return {name: value for name, value in fields.items() if not (preset and name == "kind")}


def _check(fields: dict[str, Any]) -> None:
    numbers: dict[str, type] = {
        "times": int,
        "retry_after": int,
        "status": int,
        "until": float,
        "seconds": float,
    }
    for name, kind in numbers.items():
        if name in fields and not (fields[name] is None and name in {"times", "until"}):
            value = fields[name]
            fits = isinstance(value, int | float if kind is float else int)
            if not fits or isinstance(value, bool) or not 0 <= value < 1e9:
                raise BadFaultError(f"{name}: a number is wanted")
    for name in ("method", "error"):
        if not isinstance(fields.get(name, ""), str):
            raise BadFaultError(f"{name}: a text is wanted")
    if not isinstance(fields.get("channel"), str | None):
        raise BadFaultError("channel: a text is wanted")


def strike(faults: list[Fault], method: str, channel: str | None) -> Fault | None:
    """The first fault that strikes this call, counted; None for a healthy call."""
    return _first(faults, KINDS, method, channel)


def strike_delivery(faults: list[Fault], what: str) -> Fault | None:
    """The first fault that strikes this request to an app, counted; None where all is well."""
    return _first(faults, DELIVERIES, what, None) if faults else None


def _first(
    faults: list[Fault], kinds: tuple[str, ...], method: str, channel: str | None
) -> Fault | None:
    for fault in faults:
        if fault.kind not in kinds:
            continue
        if fault.method not in ("*", method) or fault.channel not in (None, channel):
            continue
        if fault.ends_at is not None and time.monotonic() > fault.ends_at:
            continue
        if fault.times is not None and fault.struck >= fault.times:
            continue
        fault.struck += 1
        return fault
    return None


def shape(fault: Fault) -> dict[str, Any]:
    """A fault as JSON, for those who look how often it struck."""
    fields = asdict(fault)
    del fields["ends_at"]
    return fields
