"""The workflow as a picture: boxes and ways with their places, for a drawing in SVG (W18)."""

from dataclasses import dataclass

from core.workflow.model import Workflow
from core.workflow.picture import Way, picture
from core.workflow.terms import Kind
from web.language import locale

ROW, BOX, WIDTH = 100, 72, 288  # height of a row and of a box, width of a box
LANE, EDGE, NUMBER = (
    20,
    6,
    34,
)  # width of a lane, the margin, room for a number beside the last lane
BEND = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A stage: its key and label, whether it is hidden or an end, where its upper edge is."""

    key: str
    label: str
    kind: str
    y: int

    @property
    def hidden(self) -> bool:
        """Whether agents see nothing of what stands there."""
        return self.kind == Kind.WAIT


@dataclass(frozen=True, slots=True)
class Line:
    """A way: what is said of it, its path, and where its number stands."""

    start: str
    end: str
    title: str
    path: str
    x: float
    y: float
    back: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that the template draws; lengths in pixels. Boxes begin at `left`."""

    boxes: list[Box]
    lines: list[Line]
    left: int
    width: int
    height: int
    box: tuple[int, int] = (WIDTH, BOX)


def drawing(workflow: Workflow) -> Drawing:
    """The workflow drawn, labels in the reader's language."""
    found = picture(workflow)
    left = EDGE + found.left * LANE + (NUMBER if found.left else 0)
    stages = workflow.stage_by_key
    boxes = [
        Box(key, stages[key].label.text(locale()) or key, stages[key].kind, EDGE + row * ROW)
        for row, key in enumerate(found.stages)
    ]
    places = _slots(found.ways)
    lines = [_line(workflow, way, places, left) for way in found.ways]
    width = left + WIDTH + found.right * LANE + NUMBER + EDGE
    return Drawing(boxes, lines, left, width, EDGE + len(boxes) * ROW - (ROW - BOX) + EDGE)


Slots = dict[tuple[Way, bool], float]  # how far below its box's upper edge a way leaves or arrives


def _slots(ways: tuple[Way, ...]) -> Slots:
    """Where ways touch their boxes: so that none crosses another beside the box."""
    touching: dict[tuple[str, bool], list[tuple[bool, int, Way, bool]]] = {}
    for way in ways:
        if way.lane:
            for leaves in (True, False):
                stage = way.start if leaves else way.end
                # On the right ways come from above and leave below; on the left it is the reverse.
                lower = leaves != way.back
                lane = -way.lane if lower else way.lane
                touching.setdefault((stage, way.back), []).append((lower, lane, way, leaves))
    slots: Slots = {}
    for found in touching.values():
        found.sort(key=lambda one: one[:2])
        for number, (_, _, way, leaves) in enumerate(found, 1):
            slots[way, leaves] = BOX * number / (len(found) + 1)
    return slots


def _line(workflow: Workflow, way: Way, slots: Slots, left: int) -> Line:
    title = _title(workflow, way)
    if not way.lane:
        x, top = left + WIDTH / 2, EDGE + way.start_row * ROW + BOX
        path = f"M{x} {top}V{top + ROW - BOX}"
        return Line(way.start, way.end, title, path, x + 8, top + (ROW - BOX) / 2 + 4, False)
    side = -1 if way.back else 1
    x = left + (0 if way.back else WIDTH)
    out = x + side * way.lane * LANE
    start = EDGE + way.start_row * ROW + slots[way, True]
    end = EDGE + way.end_row * ROW + slots[way, False]
    down = 1 if end > start else -1
    path = (
        f"M{x} {start:.1f}H{out - side * BEND}Q{out} {start:.1f} {out} {start + down * BEND:.1f}"
        f"V{end - down * BEND:.1f}Q{out} {end:.1f} {out - side * BEND} {end:.1f}H{x}"
    )
    return Line(way.start, way.end, title, path, out + side * 3, (start + end) / 2 + 4, way.back)


def _title(workflow: Workflow, way: Way) -> str:
    known = workflow.decisions_by_stage[way.start]
    labels = [known[key].label.text(locale()) or key for key in way.decisions if key in known]
    ends = [workflow.stage_by_key[key].label.text(locale()) or key for key in (way.start, way.end)]
    return " → ".join(ends) + (f": {' · '.join(labels)}" if labels else "")
