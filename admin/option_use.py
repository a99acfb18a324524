"""Which options are used how often, never, or too often, and where none fitted (M3)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import PanelView, expose
from admin.exports import ExportView
from admin.sheets import Cell
from admin.staffing import chosen_days, chosen_workflow, workflows
from admin.words import join
from core.desk import documents, option_use
from core.desk.actor import Right
from core.desk.option_use import DECISION, ENOUGH, PERIODS, FieldUse, Use, Used
from core.wording import decision_label, field_label, stage_label
from web.desk import now, reading
from web.language import locale, say

OTHER = "other"  # how option sets call what fits none of the rest


class OptionUse(ExportView, PanelView):
    """How the options fit the disputes."""

    right = Right.SHAPE
    title = "panel.nav.option_use"
    group = "panel.nav.draft"
    exported_columns = ("stage", "field", "option", "times", "percent", "remark")
    narrowing = ("workflow", "days")

    def __init__(self) -> None:
        super().__init__("option_use")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page."""
        found, days = _used(), chosen_days()
        sets, rows = option_use.draft_sets(reading()), option_use.draft_rows(reading())
        decided = option_use.draft_decisions(reading(), chosen_workflow().key)

        def url(one: FieldUse, use: Use) -> str:
            if one.field != DECISION:
                return _url("options", rows.get((one.options, use.key)))
            return _url("decisions", decided.get((one.stage, use.key), decided.get(("", use.key))))

        return str(
            self.render(
                "panel/option_use.html",
                workflows=[(w.key, w.label.text(locale())) for w in workflows()],
                workflow=chosen_workflow(),
                periods=PERIODS,
                days=days,
                since=found.since,
                cut=found.since > now() - dt.timedelta(days=days),
                stages=_stages(found),
                field_name=_field,
                option_name=_option,
                remark=_remark,
                bad=lambda one, use: use.times and (one.overused(use) or use.key == OTHER),
                enough=ENOUGH,
                set_url=lambda one: _url("option_sets", sets.get(one.options)),
                option_url=url,
            )
        )

    def exported(self) -> Iterator[tuple[FieldUse, Use | None]]:
        """Each option of each field; where none fitted, that is a row, too."""
        for one in _used().fields:
            yield from ((one, use) for use in one.uses)
            if one.no_fit:
                yield one, None

    def cells(self, row: tuple[FieldUse, Use | None]) -> Sequence[Cell]:
        """An option as the page shows it."""
        one, use = row
        where = (_stage(one.stage), _field(one))
        if use is None:
            return (*where, say("panel.use.no_fit"), one.no_fit, None, "")
        percent = round(one.share(use) * 100) if one.answers else None
        return (*where, _option(one, use), use.times, percent, _remark(one, use))


def _used() -> Used:
    document = documents.active(reading())
    found: Used = reading_as(option_use.option_use, document, chosen_workflow(), chosen_days())
    return found


def _stages(found: Used) -> list[tuple[str, list[FieldUse], str]]:
    """Each stage with the fields of which there is something to tell, and the names of the rest."""
    grouped: dict[str, list[FieldUse]] = {}
    for one in found.fields:
        grouped.setdefault(one.stage, []).append(one)
    return [
        (
            _stage(key),
            [one for one in fields if one.answers or one.no_fit],
            join(_field(one) for one in fields if not (one.answers or one.no_fit)),
        )
        for key, fields in grouped.items()
    ]


def _stage(key: str) -> str:
    return stage_label(documents.active(reading()), key, locale())


def _field(one: FieldUse) -> str:
    """What a field is called."""
    if one.field == DECISION:
        return say("panel.use.decisions")
    return field_label(documents.active(reading()), one.field, locale())


def _option(one: FieldUse, use: Use) -> str:
    """What an option, or a decision, is called; its key where nothing knows it any more."""
    document = documents.active(reading())
    if one.field == DECISION:
        label = decision_label(document, use.key, locale())
        ends = {decision.key for decision in chosen_workflow().ends}
        return say("panel.use.end", decision=label) if use.key in ends else label
    known: Any = document.options_by_set[one.options].get(use.key)
    return str(known.label.text(locale())) if known else use.key


def _remark(one: FieldUse, use: Use) -> str:
    """What is worth a second look about it."""
    if one.overused(use):
        return say("panel.use.overused")
    if one.unused(use):
        return say("panel.use.unused")
    if use.key == OTHER and use.times:
        return say("panel.use.other")
    return "" if use.offered else say("panel.use.gone")


def _url(endpoint: str, row: int | None) -> str:
    return url_for(f"{endpoint}.edit_view", id=row) if row is not None else ""
