"""What the pages share that act on the ticked rows of the list of disputes (K3)."""

from urllib.parse import parse_qsl, urlencode

from flask import request, url_for

from core.desk import documents
from core.desk.ticked import Chosen
from core.wording import stage_label
from web.desk import reading
from web.language import locale

MOST_QUERY = 2_000  # characters of what narrows the list


def wanted() -> list[str]:
    """The numbers of the disputes that were ticked, or of all that the list showed."""
    return request.args.getlist("shown" if "all" in request.args else "number")


def narrowed_list() -> str:
    """The list as it was narrowed when the disputes were ticked."""
    asked = parse_qsl(request.values.get("back", "")[:MOST_QUERY])
    return f"{url_for('disputes.index_view')}{'?' if asked else ''}{urlencode(asked)}"


def stage_of(one: Chosen) -> str:
    """Where a ticked dispute stands, in the reader's language."""
    return stage_label(documents.load(reading(), one.document_id), one.stage, locale())
