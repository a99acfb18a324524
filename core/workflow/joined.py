"""Joining what ships beside a document to it: a further workflow, with what it needs (W17).

What is there already stays as it is, so that joining twice does what joining once did.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.workflow.model import Document, OptionSet


def joined(base: Document, more: Document) -> Document:
    """`base` with the rows of `more` that it lacks, by their keys.

    Options join their set. Rules with conditions stand in front, for the first one that fits wins;
    one for every dispute joins only where there is no rule yet.
    """
    known = {one.key: one for one in more.option_sets}
    grown = [_grown(one, known[one.key]) if one.key in known else one for one in base.option_sets]
    return replace(
        base,
        option_sets=_with(grown, more.option_sets),
        reasons=_with(base.reasons, more.reasons),
        workflows=_with(base.workflows, more.workflows),
        ladders=_with(base.ladders, more.ladders),
        workflow_rules=_in_front(base.workflow_rules, more.workflow_rules),
        grade_rules=_in_front(base.grade_rules, more.grade_rules),
    )


def _grown(one: OptionSet, more: OptionSet) -> OptionSet:
    return replace(one, options=_with(one.options, more.options))


def _with(rows: Sequence[Any], more: Sequence[Any]) -> tuple[Any, ...]:
    there = {row.key for row in rows}
    return (*rows, *(row for row in more if row.key not in there))


def _in_front(rules: Sequence[Any], more: Sequence[Any]) -> tuple[Any, ...]:
    there = {rule.key for rule in rules}
    fresh = [rule for rule in more if rule.key not in there]
    return (*(rule for rule in fresh if rule.when or not rules), *rules)
