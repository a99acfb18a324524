"""What the pages share that act on the ticked rows of the list of disputes (K3)."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import PanelView
from core.desk import documents, ticked
from core.desk.numbers import shown
from core.desk.ticked import MOST_AT_ONCE, Chosen
from core.wording import stage_label
from web.desk import reading
from web.language import locale, say

MOST_QUERY = 2_000  # characters of what narrows the list


class TickedView(PanelView):
    """A page that follows the ticks in the list of disputes."""

    @property
    def menu_endpoint(self) -> str:
        """It stands with the list of disputes."""
        return "disputes"

    def is_visible(self) -> bool:
        """It begins in the list of disputes."""
        return False

    def chosen(self) -> list[Chosen]:
        """The ticked disputes, or all that the list showed; refused for whoever may not act."""
        found: list[Chosen] = reading_as(ticked.chosen, _wanted(), self.right)
        return found

    @staticmethod
    def nothing(key: str) -> ResponseReturnValue:
        """Back to the list, which says why."""
        flash(say(key), "danger")
        return redirect(narrowed_list())

    def page(self, template: str, found: list[Chosen], **more: Any) -> str:
        """The page of the ticked disputes, with their rows and the way back."""
        return str(
            self.render(
                template,
                rows=[(shown(one.number), _stage_of(one), one) for one in found],
                left_out=max(len(set(_wanted())) - MOST_AT_ONCE, 0),
                back=narrowed_list(),
                narrowed=request.args.get("back", ""),
                **more,
            )
        )


def narrowed_list() -> str:
    """The list as it was narrowed when the disputes were ticked."""
    asked = parse_qsl(request.values.get("back", "")[:MOST_QUERY])
    return f"{url_for('disputes.index_view')}{'?' if asked else ''}{urlencode(asked)}"


def _wanted() -> list[str]:
    return request.args.getlist("shown" if "all" in request.args else "number")


def _stage_of(one: Chosen) -> str:
    return stage_label(documents.load(reading(), one.document_id), one.stage, locale())
