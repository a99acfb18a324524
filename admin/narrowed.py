"""What the live board narrows the list of disputes by: workflow, holder, team, age (M1)."""

from collections.abc import Mapping
from typing import Any

from flask import request

from core.desk import documents, people
from core.desk.board import AGES
from core.desk.narrowing import LATEST, NOBODY, SOONEST, UNGRADED, Wanted
from core.i18n import span
from web.desk import reading
from web.language import locale, say

# What the list of disputes shows; its addresses name the column that sorts by its place here.
COLUMNS = ("number", "stage", "holder", "due", "opened", "order", "merchant", "grade")
NAMES = ("workflow", "holder", "team", "age")
NOBODY_HOLDS = "nobody"
MOST_DIGITS = 18


def asked(given: Mapping[str, str]) -> dict[str, Any]:
    """What an address or a form asks for, as `Wanted` names it; what cannot be is nothing."""
    holder, age = given.get("holder", ""), given.get("age", "")
    return {
        "workflow": given.get("workflow", ""),
        "holder": NOBODY if holder == NOBODY_HOLDS else _number(holder) or 0,
        "team": given.get("team", ""),
        "age": int(age) if age in map(str, range(len(AGES) + 1)) else -1,
    }


def ordered(column: str | None, *, descending: bool) -> dict[str, Any]:
    """The order that a column of the list stands for, as `Wanted` names it."""
    if column == "due":
        return {"due": LATEST if descending else SOONEST}
    return {"oldest_first": column == "opened" and not descending}


def column_at(place: str) -> str | None:
    """The column at this place of the list, as an address names it; None where there is none."""
    return dict(enumerate(COLUMNS)).get(_number(place) or 0) if place else None


def told() -> list[tuple[str, str, str]]:
    """Each of these that narrows the list: its name, its value, and what it is in words."""
    wanted = asked(request.args)
    found = []
    if wanted["workflow"]:
        workflow = documents.active(reading()).workflow_by_key.get(wanted["workflow"])
        label = workflow.label.text(locale()) if workflow else wanted["workflow"]
        found.append(("workflow", say("panel.board.only.workflow", what=label)))
    if wanted["holder"] == NOBODY:
        found.append(("holder", say("panel.board.only.nobody")))
    elif wanted["holder"]:
        who = people.name(reading(), wanted["holder"]) or request.args["holder"]
        found.append(("holder", say("panel.board.only.holder", what=who)))
    if wanted["team"]:
        found.append(("team", say("panel.board.only.team", what=wanted["team"])))
    if wanted["age"] >= 0:
        found.append(("age", say("panel.board.only.age", what=age_label(wanted["age"]))))
    return [(name, request.args[name], words) for name, words in found]


def said(wanted: Wanted) -> dict[str, str]:
    """What is wanted as an address of the list says it; what narrows nothing is left out."""
    holder = NOBODY_HOLDS if wanted.holder == NOBODY else str(wanted.holder or "")
    column = "due" if wanted.due else "opened" if wanted.oldest_first else ""
    names = {
        "state": wanted.state,
        "stage": wanted.stage,
        "tag": wanted.tag,
        "grade": wanted.grade,
        "search": wanted.text,
        "sort": str(COLUMNS.index(column)) if column else "",
        "desc": "1" if wanted.due == LATEST else "",
        "workflow": wanted.workflow,
        "holder": holder,
        "team": wanted.team,
        "age": str(wanted.age) if wanted.age >= 0 else "",
    }
    return {name: value for name, value in names.items() if value}


def grade_label(grade: str) -> str:
    """A grade in words; UNGRADED, or none, is what has no grade."""
    known = grade and grade != UNGRADED
    return say(f"panel.value.grade.{grade}" if known else "panel.board.ungraded")


def age_label(age: int) -> str:
    """A bucket of ages in words."""
    spans = [span(length, locale()) for length in AGES]
    if age == 0:
        return say("panel.board.age.under", most=spans[0])
    if age == len(AGES):
        return say("panel.board.age.over", least=spans[-1])
    return say("panel.board.age.between", least=spans[age - 1], most=spans[age])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
