"""A row that somebody removed while another typed in its form: what was typed is kept, to be added.

The form of a row carries, hidden, whose the row is and what it was called: once it is gone, nothing
else knows.
"""

from typing import Any

from flask import abort, flash, g, request, url_for
from sqlalchemy import Row
from werkzeug.datastructures import MultiDict

from admin.base import row_id
from admin.draft.forms import DraftForm
from core.desk import changes, draft_edit
from core.desk.draft_rows import KINDS, Owner
from core.i18n import moment
from web.desk import reading
from web.language import locale, say, zone

# The names of the hidden fields; no column of a row begins like this.
OWNER, KEY, FIRST, GROUP, PLACE = "was_of", "was_key", "was_first", "was_group", "was_called"


def carried(kind: str, form: DraftForm, row: Row[Any]) -> dict[str, str]:
    """What the form of a row that exists carries along."""
    names, owner = row._mapping, KINDS[kind].owner_of(row)
    found = {
        OWNER: f"{owner.kind}-{owner.id}" if owner is not None else "",
        KEY: names.get("key"),
        FIRST: names.get(form.asked_first),
        GROUP: names.get("group_number"),
        PLACE: draft_edit.place_of(reading(), kind, row),
    }
    return {name: str(value) for name, value in found.items() if value not in (None, "")}


def given() -> "MultiDict[str, str]":
    """What names a fresh row's surroundings: the address, or what a form carried along."""
    found: MultiDict[str, str] = g.get("anew", request.args)
    return found


def there() -> str:
    """Where the form goes that adds the row anew."""
    names: dict[str, Any] = {**given().to_dict()}
    return url_for(".create_view", **names)


def take_over(kind: str, asked_first: str) -> None:
    """Reads what the form of a row that is gone carried; 404 where that names no owner."""
    form = request.form
    names: dict[str, str] = {}
    owner = _owner(kind, form.get(OWNER, ""))
    if owner is not None:
        names[owner.kind] = str(owner.id)
    if asked_first:
        names[asked_first] = form.get(FIRST, "")
    if form.get(GROUP):
        names["group"] = form[GROUP]
    g.anew = MultiDict(names)


def tell(kind: str, place: str) -> None:
    """Says who removed what was called so, as far as the record of changes knows."""
    row = changes.removal(reading(), kind, place)
    if row is None or not row.who:
        flash(say("panel.anew.somebody"), "danger")
    else:
        flash(say("panel.anew", who=row.who, when=moment(row.at, locale(), zone())), "danger")


def _owner(kind: str, text: str) -> Owner | None:
    of, _, number = text.partition("-")
    if of in KINDS[kind].owners:
        return Owner(of, row_id(number))
    return abort(404) if KINDS[kind].owners else None
