"""Pages of what is only ever appended, latest first: by number, or of a period by its moments."""

import datetime as dt
from typing import Any

from sqlalchemy import select, tuple_


def latest_first(
    found: Any,
    row: Any,
    *,
    since: dt.datetime | None,
    until: dt.datetime | None,
    before_id: int | None,
    most: int,
) -> Any:
    """A page of `found`, whose rows are those of the table `row`; beneath `before_id`, if given.

    Of a period, from `since` up to and without `until`, the index of moments gives the order as
    well: by their numbers SQLite would sort the whole of it for every page.
    """
    if since is None and until is None:
        beneath = () if before_id is None else (row.id < before_id,)
        return found.where(*beneath).order_by(row.id.desc()).limit(most)
    if since is not None:
        found = found.where(row.at >= since)
    if until is not None:
        found = found.where(row.at < until)
    if before_id is not None:
        at = select(row.at).where(row.id == before_id).scalar_subquery()
        found = found.where(tuple_(row.at, row.id) < tuple_(at, before_id))
    return found.order_by(row.at.desc(), row.id.desc()).limit(most)
