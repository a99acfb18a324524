"""Rows of the draft as a file: those of the draft itself, or those that belong to one row (M7)."""

from collections.abc import Iterator, Sequence

from flask import abort

from admin.base import row_id
from admin.draft import anew
from admin.draft.kinds import Page
from admin.draft.parts import Part, PartList, part_list
from admin.draft.sketch import Sketch
from admin.exports import ExportView
from admin.sheets import Cell
from admin.words import join
from core.desk import draft_rows
from core.desk.draft_rows import KINDS, Owner
from web.desk import reading


class PartsView(ExportView):
    """A kind of rows, whose lists can be had as files."""

    page: Page
    exported_columns = ("name", "below", "detail", "tags", "problem")

    def owner(self) -> Owner | None:
        """The owner that the address names: one of a kind that may own this one."""
        for kind in KINDS[self.page.kind].owners:
            if kind in anew.given():
                return Owner(kind, row_id(anew.given()[kind]))
        return None if self.page.top else abort(404)

    def before_export(self) -> None:
        """An owner is meant that there is."""
        self._listed()

    def exported(self) -> Iterator[tuple[str, Part]]:
        """Each row, beneath what stands above it: its trunk, or its group of conditions."""
        above = ""
        for part in self._listed().parts:
            above = part.heading or above
            yield above, part
            yield from ((part.title, leaf) for leaf in part.leaves)

    def cells(self, row: tuple[str, Part]) -> Sequence[Cell]:
        """A row as the list shows it."""
        above, part = row
        return part.title, above, part.detail, join(part.tags), part.warning

    def _listed(self) -> PartList:
        owner = self.owner()
        if owner is None:
            return part_list(self.page.kind, Sketch(self.page.kind, None))
        row = draft_rows.find(reading(), owner.kind, owner.id)
        return part_list(self.page.kind, Sketch.of(owner.kind, row)) if row else abort(404)
