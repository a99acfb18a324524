"""Which alerts were noise: how often each level of a ladder fired, and was called that (K24)."""

from collections.abc import Iterator, Sequence

from flask import request
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import PanelView, expose
from admin.draft.part_words import level_place
from admin.exports import ExportView
from admin.sheets import Cell
from admin.words import join, known
from core.desk import documents, noise
from core.desk.actor import Right
from core.desk.noise import PERIODS, Rate
from core.workflow.terms import Meaning
from web.desk import reading
from web.language import locale, say


class Noise(ExportView, PanelView):
    """How many alerts need not have been, level by level."""

    right = Right.SHAPE
    title = "panel.nav.noise"
    group = "panel.nav.draft"
    exported_columns = (
        "deadline",
        "workflow",
        "ladder_level",
        "hears",
        "alerts",
        "noise",
        "noise_share",
        "why",
    )
    narrowing = ("days",)

    def __init__(self) -> None:
        super().__init__("noise")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page."""
        return str(
            self.render(
                "panel/noise.html",
                rows=[(rate, self.cells(rate)) for rate in _rates()],
                periods=PERIODS,
                days=_days(),
                heads=self.exported_columns,
            )
        )

    def exported(self) -> Iterator[Rate]:
        """Each level that fired in the period."""
        yield from _rates()

    def cells(self, row: Rate) -> Sequence[Cell]:
        """A level as the page shows it."""
        return (
            row.service_level.label.text(locale()),
            row.workflow.label.text(locale()),
            level_place(row.level.point, row.level.at),
            known(f"panel.hears.{row.level.hears}", row.level.hears),
            row.fired,
            row.noise,
            round(row.share * 100),
            _reasons(row),
        )


def _rates() -> list[Rate]:
    found: list[Rate] = reading_as(noise.rates, _days())
    return found


def _days() -> int:
    """The period that the address names, or the middle one."""
    asked = request.args.get("days", "")
    return int(asked) if asked in map(str, PERIODS) else PERIODS[1]


def _reasons(rate: Rate) -> str:
    """Why it was noise, the commonest reason first."""
    options = documents.active(reading()).choices_of(Meaning.NOISE)
    often = sorted(rate.reasons.items(), key=lambda one: (-one[1], one[0]))
    return join(
        say(
            "panel.noise.reason",
            reason=options[key].label.text(locale()) if key in options else key,
            count=count,
        )
        for key, count in often
    )
