"""A workflow as a picture (W18): its stages one beneath the other, and the ways between them.

Pure geometry in units of its own: which rows a way joins, on which side it runs and how far out,
so that no two ways lie on each other.
"""

from dataclasses import dataclass, field

from core.workflow.model import Workflow
from core.workflow.terms import Kind


@dataclass(frozen=True, slots=True)
class Way:
    """One stage leading to another, by which decisions (none: by being taken).

    `lane` counts from the stages outwards; 0 is the straight way to the next row. Ways onward run
    on the right, ways back on the left.
    """

    start: str
    end: str
    start_row: int
    end_row: int
    decisions: tuple[str, ...]
    lane: int = 0

    @property
    def back(self) -> bool:
        """Whether it leads to a stage that stands above."""
        return self.end_row <= self.start_row


@dataclass(frozen=True, slots=True)
class Picture:
    """The stages in their rows, and the ways between them; how many lanes each side needs."""

    stages: tuple[str, ...]
    ways: tuple[Way, ...]
    right: int = 0
    left: int = 0


@dataclass(slots=True)
class _Side:
    """The lanes of one side: which rows of each are taken."""

    lanes: list[list[tuple[int, int]]] = field(default_factory=list)

    def place(self, first: int, last: int) -> int:
        """The innermost lane in which nothing else runs between these rows."""
        for number, taken in enumerate(self.lanes, 1):
            if all(last <= above or first >= below for above, below in taken):
                taken.append((first, last))
                return number
        self.lanes.append([(first, last)])
        return len(self.lanes)


def picture(workflow: Workflow) -> Picture:
    """The workflow's stages in their order, and every way between two of them.

    Decisions that all stages share are left out: they would lead from everywhere to the end.
    """
    rows = {stage.key: row for row, stage in enumerate(workflow.stages)}
    right, left = _Side(), _Side()
    ways = []
    # The shortest lie innermost, so that longer ones go around them.
    for way in sorted(
        _ways(workflow, rows), key=lambda w: (abs(w.end_row - w.start_row), w.end_row)
    ):
        if way.end_row == way.start_row + 1:
            ways.append(way)
            continue
        side = left if way.back else right
        first, last = sorted((way.start_row, way.end_row))
        lane = side.place(first, last)
        ways.append(Way(way.start, way.end, way.start_row, way.end_row, way.decisions, lane))
    return Picture(tuple(rows), tuple(ways), len(right.lanes), len(left.lanes))


def _ways(workflow: Workflow, rows: dict[str, int]) -> list[Way]:
    """Each pair of stages that are joined, with the decisions that join them."""
    joined: dict[tuple[str, str], list[str]] = {}
    for stage in workflow.stages:
        if stage.kind == Kind.INTAKE:
            joined.setdefault((stage.key, workflow.first), [])
        for decision in stage.decisions:
            for route in decision.routes:
                keys = joined.setdefault((stage.key, route.to), [])
                if decision.key not in keys:
                    keys.append(decision.key)
    return [
        Way(start, end, rows[start], rows[end], tuple(keys))
        for (start, end), keys in joined.items()
        if start in rows and end in rows
    ]
