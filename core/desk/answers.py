"""What a use case answers: applied, or refused with a reason; a click's key keeps either."""

from dataclasses import asdict, dataclass, field
from typing import Any

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Applied:
    """Something was done. `what` names it; the rest says where the dispute is now."""

    what: str
    dispute_id: int
    number: str
    visit_id: int  # the visit that was acted on
    next_visit_id: int | None = None
    stage: str = ""  # where the dispute stands now
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done: a message key, and what the message names.

    `reasons` are reasons and `fields` fields of document `document_id`.
    """

    key: str
    params: Params = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    dispute_id: int | None = None
    visit_id: int | None = None
    document_id: int | None = None


Answer = Applied | Refused


class Stale(RuntimeError):
    """Somebody changed what was read before it was saved; nothing was saved."""


def to_data(answer: Answer) -> dict[str, Any]:
    """The answer as plain data, to be stored."""
    return {"applied": isinstance(answer, Applied), **asdict(answer)}


def from_data(data: dict[str, Any]) -> Answer:
    """The answer that was stored."""
    rest = {name: value for name, value in data.items() if name != "applied"}
    if data["applied"]:
        return Applied(**rest)
    return Refused(**{**rest, "reasons": tuple(rest["reasons"]), "fields": tuple(rest["fields"])})
