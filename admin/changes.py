"""Who changed what of the desk: the record of changes, narrowed by person and kind (S7)."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from admin.base import expose, row_id
from admin.draft.options import share_text
from admin.exports import ExportView, every
from admin.sheets import Cell
from admin.words import known, plain
from core.desk import changes, roster
from core.desk.actor import Right
from core.desk.draft_rows import KINDS
from core.i18n import moment
from web.desk import reading
from web.language import locale, say, zone

_MOMENTS = ("moment", "absent_from", "absent_until")
KINDS_TOLD = (
    *KINDS,
    changes.PERSON,
    changes.CHANNEL,
    changes.ROLE,
    changes.LOCK,
    changes.EXAM,
    changes.SESSION,
    changes.CALENDAR,
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
    exported_columns = ("changed", "who", "change", "remark")
    moments = frozenset({"changed"})
    narrowing = ("person", "kind")

    def __init__(self) -> None:
        super().__init__("changes")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        person, kind = request.args.get("person", ""), request.args.get("kind", "")
        beneath = request.args.get("beneath", "")
        rows = self._page(row_id(beneath) if beneath else None)
        return str(
            self.render(
                "panel/changes.html",
                rows=[(row, _what(row), _aspects(row)) for row in rows],
                people=[(str(one.id), one.name) for one in roster.everyone(reading())],
                kinds=[(one, say(f"panel.one.{one}")) for one in KINDS_TOLD],
                chosen={"person": person, "kind": kind},
                beneath=rows[-1].id if len(rows) == changes.PAGE else None,
            )
        )

    def exported(self) -> Iterator[Row[Any]]:
        """All changes that are asked for, a page at a time, each in a short transaction."""
        return every(self._page)

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """A change as the list tells it; each aspect on a line."""
        told = [f"{one.name}: {one.before} → {one.after}" for one in _aspects(row)]
        return (row.at, row.who or say("panel.changes.system"), _what(row), "\n".join(told))

    @staticmethod
    def _page(before: int | None) -> list[Row[Any]]:
        """A page of the changes that the address asks for, beneath one."""
        person, kind = request.args.get("person", ""), request.args.get("kind", "")
        return changes.latest(
            reading(),
            person_id=row_id(person) if person else None,
            kind=kind if kind in KINDS_TOLD else "",
            before_id=before,
        )


def _what(row: Row[Any]) -> str:
    """The change in a few words: what was done to what."""
    return say(f"panel.changes.{row.what}", kind=say(f"panel.one.{row.kind}"), place=row.place)


def _aspects(row: Row[Any]) -> list[Aspect]:
    before, after = row.before or {}, row.after or {}
    names = [name for name in {**before, **after} if _shown(before, name) or _shown(after, name)]
    return [
        Aspect(_name(name), _value(name, before.get(name)), _value(name, after.get(name)))
        for name in names
    ]


def _shown(values: dict[str, Any], name: str) -> bool:
    """What is empty is not worth a line unless it was, or became, something."""
    return values.get(name) not in (None, "", [], {}, False)


def _name(column: str) -> str:
    return known(f"panel.label.{column}", known(f"panel.aspect.{column}", plain(column)))


def _value(column: str, value: Any) -> str:
    if value and column == "share":
        return share_text(value)
    if value and column == "part":
        return say("panel.pilot.percent", number=value)
    if value and column in _MOMENTS:
        return moment(dt.datetime.fromisoformat(value), locale(), zone())
    if isinstance(value, bool):
        return say("panel.yes" if value else "panel.no")
    if value in (None, "", [], {}):
        return "–"
    if column == "action":
        return known(f"sensitive.{value}", str(value))
    if column == "rights":
        return say("word.comma").join(known(f"right.{right}", str(right)) for right in value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return say("word.comma").join(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
