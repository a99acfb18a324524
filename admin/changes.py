"""Who changed what of the desk: the record of changes, narrowed by person and kind (S7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from admin.base import expose, row_id
from admin.change_values import column_name, value_text
from admin.exports import ExportView, every
from admin.form import midnight
from admin.sheets import Cell
from core.desk import changes, roster
from core.desk.actor import Right
from core.desk.draft_rows import KINDS
from web.desk import now, reading
from web.language import say

MOST_TYPED = 100  # characters of what is looked for
FILTERS = ("person", "kind", "since", "until", "text")
_UNTOLD = ("group_number",)  # where conditions stand, which no form calls anything
KINDS_TOLD = (
    *KINDS,
    changes.PERSON,
    changes.CHANNEL,
    changes.ROLE,
    changes.LOCK,
    changes.EXAM,
    changes.SESSION,
    changes.CALENDAR,
    changes.ROTA,
    changes.DRAFT,
)


@dataclass(frozen=True, slots=True)
class Aspect:
    """What differs: its name, what it was, what it is; "–" where there was or is none."""

    name: str
    before: str
    after: str


class Changes(ExportView):
    """The record, a page at a time."""

    right = Right.PEOPLE
    title = "panel.nav.changes"
    group = "panel.nav.records"
    exported_columns = ("changed", "who", "change", "before_after")
    moments = frozenset({"changed"})
    narrowing = FILTERS

    def __init__(self) -> None:
        super().__init__("changes")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        beneath = request.args.get("beneath", "")
        rows = self._page(row_id(beneath) if beneath else None)
        return str(
            self.render(
                "panel/changes.html",
                rows=[(row, _what(row), _aspects(row)) for row in rows],
                people=[(str(one.id), one.name) for one in roster.everyone(reading())],
                kinds=[(one, say(f"panel.one.{one}")) for one in KINDS_TOLD],
                chosen=_chosen(),
                days=changes.TEXT_WITHIN.days,
                beneath=rows[-1].id if len(rows) == changes.PAGE else None,
            )
        )

    def exported(self) -> Iterator[Row[Any]]:
        """All changes that are asked for, a page at a time, each in a short transaction."""
        return every(self._page)

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """A change as the list tells it; each aspect on a line."""
        told = [
            say("panel.changes.aspect", name=one.name, told=f"{one.before} → {one.after}")
            for one in _aspects(row)
        ]
        return (row.at, row.who or say("panel.changes.system"), _what(row), "\n".join(told))

    @staticmethod
    def _page(before: int | None) -> list[Row[Any]]:
        """A page of the changes that the address asks for, beneath one."""
        chosen = _chosen()
        return changes.latest(
            reading(),
            person_id=row_id(chosen["person"]) if chosen["person"] else None,
            kind=chosen["kind"] if chosen["kind"] in KINDS_TOLD else "",
            since=midnight(chosen["since"]),
            until=midnight(chosen["until"], days=1),
            text=chosen["text"],
            now=now(),
            before_id=before,
        )


def _chosen() -> dict[str, str]:
    """What the address narrows the list by."""
    return {name: request.args.get(name, "").strip()[:MOST_TYPED] for name in FILTERS}


def _what(row: Row[Any]) -> str:
    """The change in a few words: what was done to what."""
    return say(f"panel.changes.{row.what}", kind=say(f"panel.one.{row.kind}"), place=row.place)


def _aspects(row: Row[Any]) -> list[Aspect]:
    before, after = row.before or {}, row.after or {}
    names = [name for name in {**before, **after} if _shown(before, name) or _shown(after, name)]
    return [
        Aspect(
            column_name(row.kind, name),
            value_text(row.kind, name, before),
            value_text(row.kind, name, after),
        )
        for name in names
    ]


def _shown(values: dict[str, Any], name: str) -> bool:
    """What is empty is not worth a line unless it was, or became, something."""
    return name not in _UNTOLD and values.get(name) not in (None, "", [], {}, False)
