"""What happened as each visit of a dispute opened, told from the visits themselves."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.workflow.model import Mark
from core.workflow.terms import Happening


def turns(visits: Sequence[Any]) -> Iterator[tuple[Any, set[Mark]]]:
    """Each of these visits, oldest first, with the marks that its opening struck."""
    for place, visit in enumerate(visits):
        happened = {Mark(Happening.ENTERED, visit.stage)}
        if place == 0:
            happened.add(Mark(Happening.OPENED))
        else:
            before = visits[place - 1]
            happened.add(Mark(Happening.LEFT, before.stage))
            if before.meaning:
                happened.add(Mark(Happening.DECIDED, before.meaning))
        yield visit, happened
