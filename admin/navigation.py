"""The panel's menu: the views that the reader may open, grouped, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_admin.helpers import get_current_view

from admin.base import PanelView
from web.language import say


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the menu."""

    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one title; those without a title stand first."""

    title: str
    items: list[Item]


def navigation(views: Sequence[PanelView]) -> list[Group]:
    """The menu of whoever is signed in.

    Flask-Admin's own menu keeps the first address it gave out, wherever the panel is mounted.
    """
    here: PanelView | None = get_current_view()
    groups: dict[str | None, list[Item]] = {}
    for view in views:
        if view.is_accessible() and view.is_visible():
            url = url_for(f"{view.endpoint}.{view._default_view}")
            current = here is not None and here.menu_endpoint == view.endpoint
            groups.setdefault(view.group, []).append(Item(say(view.title), url, current))
    return [Group(say(key) if key else "", items) for key, items in groups.items()]
