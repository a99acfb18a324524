"""Two editors at one draft: each sees the other, and neither overwrites the other (S3)."""

import datetime as dt
from typing import Any

from flask import flash, url_for
from markupsafe import Markup
from sqlalchemy import Row

from admin.base import me, refusal
from admin.draft.forms import DraftForm
from admin.draft.kinds import BY_KIND, Page
from admin.draft.sketch import Sketch, row_label
from core.desk import changes, draft_presence, draft_rows
from core.desk.answers import Refused
from core.desk.draft_presence import Present
from core.desk.draft_rows import KINDS
from core.i18n import span
from web.desk import now, reading, transact
from web.language import locale, moment, say

Told = dict[str, Any]
JUST = dt.timedelta(minutes=1)


def name_of(kind: str, row: Row[Any]) -> str:
    """What a row is called in headings: its label, its key, or its kind."""
    mapping = row._mapping
    if "label_zh" in mapping:
        return row_label(row)
    return str(mapping.get("key") or say(f"panel.one.{kind}"))


def here(kind: str, row: Row[Any]) -> Told | tuple[Told, int]:
    """Notes that the page of a row is open, and answers who else is at the draft."""
    found = transact(draft_presence.tell, me(), kind, row.id)
    if isinstance(found, Refused):
        return {"said": [refusal(found)]}, 403
    return {"said": [_told(one, kind, row.id) for one in found]}


def others(kind: str, row: Row[Any] | None) -> list[str]:
    """Who else is at the draft, as the page is first drawn."""
    row_id = row.id if row is not None else 0
    found = draft_presence.others(reading(), me(), now=now())
    return [_told(one, kind, row_id) for one in found]


def show_stale(page: Page, form: DraftForm, changed_id: int) -> None:
    """Keeps what was typed, shows beside it what is saved now, and lets the person decide."""
    row = draft_rows.find(reading(), page.kind, changed_id)
    if row is None:
        flash(say("panel.stale.removed"), "danger")
        return
    flash(_stale(page, row), "danger")
    saved = page.form(data=page.form.data_of(row))
    saved.offer(Sketch.of(page.kind, row))
    form.show_difference(saved)
    form.read.data = draft_rows.mark(page.kind, row)


def _stale(page: Page, row: Row[Any]) -> Markup:
    """Who saved it meanwhile, and the way to take theirs; saving again takes one's own."""
    around = draft_rows.lineage(reading(), KINDS[page.kind].owner_of(row))
    names = [r._mapping.get("label_en") or r._mapping.get("key") or "" for _, r in around]
    names.append(row._mapping.get("label_en") or row._mapping.get("key") or "")
    place = changes.BETWEEN.join(str(name) for name in names if name)
    latest = changes.latest(reading(), kind=page.kind)
    change = next((one for one in latest if one.place == place and one.who), None)
    url = url_for(f"{page.endpoint}.edit_view", id=row.id)
    told = Markup("{} ").format(say("panel.stale"))
    if change is not None:
        who = say("panel.stale.who", name=change.who)
        told += Markup("{} {} ").format(who, moment(change.at))
    return told + Markup('<a href="{}">{}</a>').format(url, say("panel.stale.theirs"))


def _told(one: Present, kind: str, row_id: int) -> str:
    ago = say("panel.together.just_now")
    if one.ago >= JUST:
        ago = say("panel.together.ago", span=span(one.ago, locale()))
    if (one.kind, one.row_id) == (kind, row_id):
        return say("panel.together.same", name=one.name, ago=ago)
    row = draft_rows.find(reading(), one.kind, one.row_id) if one.kind in BY_KIND else None
    if row is None:
        return say("panel.together.somewhere", name=one.name, ago=ago)
    what = say("panel.together.row", kind=say(f"panel.one.{one.kind}"), row=name_of(one.kind, row))
    return say("panel.together.other", name=one.name, what=what, ago=ago)
