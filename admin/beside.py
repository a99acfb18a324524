"""What a small form of a page was answered: told beside it, with what was typed still in it.

Until the next page it travels in the browser's own signed cookie; the desk keeps nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import session

from admin.base import refusal
from core.desk.answers import Refused

KEPT = "beside"  # its name in the cookie
MOST = 200  # characters of each value; the forms that are told of so take no longer ones
_MOST_VALUES = 40
_UNSENT = frozenset({"csrf_token", "click"})


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told at one place of a page: why nothing was done, with what was sent, or a result.

    `place` is the id of the form, or of the section for a result.
    """

    place: str = ""
    refused: str = ""
    done: str = ""
    sent: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def refused_at(self, place: str) -> str:
        """Why what this form sent was refused; empty where it was not."""
        return self.refused if self.place == place else ""

    def done_at(self, place: str) -> str:
        """What came of it, to be told here; empty where nothing is."""
        return self.done if self.place == place else ""

    def sent_at(self, place: str, name: str) -> Sequence[str] | None:
        """What this form sent under a name; None where another form was told of."""
        return self.sent.get(name, ()) if self.refused_at(place) else None


def refuse(place: str, why: Refused | str, sent: Mapping[str, Sequence[str]]) -> None:
    """Keeps for the next page why a form was refused, and what it sent."""
    held = [(name, values) for name, values in sent.items() if name not in _UNSENT]
    session[KEPT] = {
        "place": place,
        "refused": why if isinstance(why, str) else refusal(why),
        "sent": {name: [v[:MOST] for v in values] for name, values in held[:_MOST_VALUES]},
    }


def done(place: str, told: str) -> None:
    """Keeps for the next page what came of a form, to be told where the reader is led."""
    session[KEPT] = {"place": place, "done": told}


def told() -> Beside:
    """What this page has to tell beside a form, once."""
    return Beside(**session.pop(KEPT, {}))
