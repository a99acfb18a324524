"""Rows of the draft as they are listed: a title, a line of detail, tags, where to edit them."""

from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy import Row

from admin.draft.kinds import BY_KIND, Page
from admin.draft.part_words import PART_WORDS
from admin.draft.shadows import table_name, warnings
from admin.draft.sketch import Sketch
from admin.exports import FORMS
from admin.words import known, plain
from core.desk import draft_order, draft_rows
from core.desk.draft_rows import Owner
from web.desk import reading
from web.language import locale, say


@dataclass(frozen=True, slots=True)
class Part:
    """A row in a list of the draft."""

    id: int
    title: str
    detail: str
    url: str
    tags: list[str] = field(default_factory=list)
    heading: str = ""  # said above it where a group of conditions begins
    add_url: str = ""  # where a condition is added to the group that begins here
    faded: bool = False
    fixed: bool = False  # a trunk, which is not moved
    leaves: list["Part"] = field(default_factory=list)
    warning: str = ""  # such as that nothing can ever hit the row


@dataclass(frozen=True, slots=True)
class PartList:
    """The rows of one kind that belong to one owner."""

    page: Page
    title: str
    hint: str
    empty: str
    add: str
    add_url: str
    parts: list[Part]
    count: int = 0  # of rows, leaves among them
    order_url: str = ""  # where another order is saved; empty where order means nothing
    mark: str = ""  # of the order that was read
    test_url: str = ""  # where a dispute is put to these rows
    file_urls: tuple[tuple[str, str], ...] = ()  # of all of them as a file, each form with its own


def part_list(kind: str, sketch: Sketch) -> PartList:
    """The rows of a kind that belong to the sketch's row, or to the draft itself."""
    page = BY_KIND[kind]
    owner = Owner(sketch.kind, sketch.row.id) if sketch.row is not None else None
    rows = draft_rows.rows(reading(), kind, owner)
    where = f"{sketch.kind}.{kind}" if owner is not None else kind
    return PartList(
        page,
        say(f"panel.parts.{where}"),
        known(f"panel.parts.{where}.hint", ""),
        say(f"panel.parts.{where}.empty"),
        say(f"panel.add.{kind}"),
        _add_url(page, owner),
        _grouped(rows, sketch, page, owner) if kind == "condition" else _listed(rows, sketch, page),
        len(rows),
        _order_url(page, owner) if page.ordered and len(rows) > 1 else "",
        draft_order.mark(kind, rows),
        _test_url(kind, sketch) if rows else "",
        _file_urls(page, owner) if rows else (),
    )


def _test_url(kind: str, sketch: Sketch) -> str:
    """Where rows of a first-match table are tried; empty for all others."""
    name = table_name(kind, sketch)
    return url_for("tester.index", table=name) if name else ""


def _listed(rows: list[Row[Any]], sketch: Sketch, page: Page) -> list[Part]:
    told = warnings(page.kind, sketch)
    place = {row.id: at for at, row in enumerate(rows)}

    def part(row: Row[Any], **more: Any) -> Part:
        return _part(row, sketch, page, warning=told.get(place[row.id], ""), **more)

    return [
        part(row, fixed=bool(leaves), leaves=[part(leaf) for leaf in leaves])
        for row, leaves in draft_order.in_levels(page.kind, rows)
    ]


def _add_url(page: Page, owner: Owner | None, **more: Any) -> str:
    owned: dict[str, Any] = {owner.kind: owner.id} if owner is not None else {}
    return url_for(f"{page.endpoint}.create_view", **owned, **more)


def _file_urls(page: Page, owner: Owner | None) -> tuple[tuple[str, str], ...]:
    owned: dict[str, Any] = {owner.kind: owner.id} if owner is not None else {}
    return tuple((form, url_for(f"{page.endpoint}.export_{form}", **owned)) for form in FORMS)


def _order_url(page: Page, owner: Owner | None) -> str:
    owned: dict[str, Any] = {owner.kind: owner.id} if owner is not None else {}
    return url_for(f"{page.endpoint}.order_view", **owned)


def _part(row: Row[Any], sketch: Sketch, page: Page, **more: Any) -> Part:
    title, detail, tags = PART_WORDS[page.kind](row, sketch)
    return Part(
        row.id,
        title,
        detail,
        url_for(f"{page.endpoint}.edit_view", id=row.id),
        [say(f"panel.tag.{tag}") for tag in tags],
        faded="retired" in tags,
        **more,
    )


def _grouped(rows: list[Row[Any]], sketch: Sketch, page: Page, owner: Owner | None) -> list[Part]:
    """Conditions under the heading of their group; those of a route are one group without one."""
    parts: list[Part] = []
    group: int | None = None
    bare = owner is not None and owner.kind in draft_rows.BARE
    for row in rows if bare else sorted(rows, key=lambda r: (r.group_number, r.position, r.id)):
        if bare or row.group_number == group:
            parts.append(_part(row, sketch, page))
            continue
        group = row.group_number
        label = sketch.document.reason_by_key.get(row.reason)
        reason = label.text(locale()) if label else plain(row.reason)
        heading = say(f"panel.group.{row.match}", reason=reason)
        add_url = _add_url(page, owner, group=group)
        parts.append(_part(row, sketch, page, heading=heading, add_url=add_url))
    return parts
