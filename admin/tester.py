"""The tester: which row of a first-match table a dispute hits, and why (A1).

The same dispute is put to the draft's table and to the published one, row by row and condition by
condition; beside each row stands how often the disputes of late hit it.
"""

import datetime as dt
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose
from admin.tester_facts import Given, asked_facts, given
from admin.tester_words import TableTold, table_name, told
from core import i18n
from core.desk import documents, draft, rule_hits
from core.desk.actor import Right
from core.workflow.model import Document
from core.workflow.rule_tables import CHOICE, GRADING, RuleTable, table, tables
from web.desk import now, reading
from web.language import locale, say, zone


class Tester(PanelView):
    """Tries a dispute on the tables of the draft and of the published document."""

    right = Right.SHAPE
    title = "panel.nav.tester"
    group = "panel.nav.judge"

    def __init__(self) -> None:
        super().__init__("tester")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What to try; with a table, what it makes of the dispute."""
        sketch, active = draft.document(reading()), documents.active(reading())
        choices = _choices(sketch, active)
        names = [name for _, group in choices for name, _ in group]
        name = request.args.get("table", "")
        chosen = name if name in names else ""
        here, there = _table(sketch, chosen), _table(active, chosen)
        known = given(here or there) if chosen else Given()
        return str(
            self.render(
                "panel/tester.html",
                choices=choices,
                chosen=chosen,
                gone=bool(name) and not chosen,
                known=known,
                facts=asked_facts([one for one in (here, there) if one is not None], known),
                **(_results(here, there, known) if chosen else {"results": []}),
            )
        )


def _results(here: RuleTable | None, there: RuleTable | None, known: Given) -> dict[str, Any]:
    """What the draft's table and the published one say; once where both say the same."""
    found = [one for one in (here, there) if one is not None]
    hits = rule_hits.count(reading(), found, now=now())
    results: list[tuple[str, TableTold | None]] = []
    same = here is not None and there is not None and here == there_in(here, there)
    for title, one in (("panel.tester.draft", here), ("panel.tester.active", there)):
        if one is None:
            results.append((say(title), None))
        elif not (same and one is there):
            both = say("panel.tester.both") if same else say(title)
            counted = hits[found.index(one)]
            results.append((both, told(one, known.facts, known.currency, counted)))
    return {
        "results": results,
        "hits": hits[0],
        "since": i18n.moment(now() - dt.timedelta(days=rule_hits.DAYS), locale(), zone()),
    }


def there_in(here: RuleTable, there: RuleTable) -> RuleTable | None:
    """The published table where it says exactly what the draft's does; None where it differs."""
    same = (here.rows, here.keys, here.given) == (there.rows, there.keys, there.given)
    led = [row.to for row in here.decision.routes] if here.decision else []
    leads = [row.to for row in there.decision.routes] if there.decision else []
    return here if same and led == leads and _labels(here) == _labels(there) else None


def _labels(one: RuleTable) -> list[Any]:
    if one.kind == CHOICE:
        return list(one.document.workflow_rules)
    if one.kind == GRADING:
        return list(one.document.grade_rules)
    if one.decision is not None:
        return list(one.decision.routes)
    return list(one.workflow.assignments)


def _table(document: Document, name: str) -> RuleTable | None:
    return table(document, name) if name else None


def _choices(sketch: Document, active: Document) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tables of either document, grouped by what they are for, each with its name in words."""
    groups: dict[str, dict[str, str]] = {}
    for document in (sketch, active):
        for one in tables(document):
            group, words = table_name(one, locale())
            groups.setdefault(group, {}).setdefault(one.name, words)
    return [(group, list(found.items())) for group, found in groups.items()]
