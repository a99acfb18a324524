"""What rules may ask of a dispute from its first moment on, beside what its intake states (A1).

What stands in the dispute's own row is read from there, never stored twice; tags, standing and
grade are facts like others.
"""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, case, select

from core.desk.calendars import FIRST
from core.tables import BusinessCalendar
from core.workflow.facts import (
    BUYER_TAG,
    CHANNEL,
    ENTERED,
    HOUR,
    LANGUAGE,
    PAID,
    SOURCE,
    STANDING,
)
from core.workflow.model import Value

if TYPE_CHECKING:
    from core.desk.intake import Intake

_ZONE = (
    select(BusinessCalendar.zone)
    .order_by(case((BusinessCalendar.key == FIRST, 0), else_=1), BusinessCalendar.key)
    .limit(1)
)


def hour(connection: Connection, now: dt.datetime) -> int:
    """The hour on the desk's clock: that of its calendar of service days, else of its first one.

    A desk without any calendar goes by UTC.
    """
    zone = connection.scalar(_ZONE)
    return now.astimezone(ZoneInfo(zone)).hour if zone else now.astimezone(dt.UTC).hour


def of_row(row: Any) -> dict[str, Value]:
    """What the row of a dispute tells: `way_in`, `source`, `locale`, `hour`, its order's money."""
    found: dict[str, Value] = {
        CHANNEL: row.way_in,
        SOURCE: row.source,
        LANGUAGE: language(row.locale),
        HOUR: str(row.hour),
    }
    if row.currency:  # the order is known
        found[PAID] = row.part["paid"] if row.part is not None else row.paid
    return found


def of_intake(intake: "Intake") -> dict[str, Value]:
    """What an intake tells, but for what it states of the stages' fields, and the hour."""
    found: dict[str, Value] = {
        ENTERED: intake.entered,
        CHANNEL: intake.channel,
        SOURCE: intake.source,
        LANGUAGE: language(intake.locale),
    }
    if intake.order is not None:
        found[PAID] = intake.order.paid
    return {**found, **said(intake.buyer_tags, intake.merchant_standing)}


def said(tags: tuple[str, ...], standing: str) -> dict[str, Value]:
    """What the source says of buyer and merchant, as facts; nothing where it says nothing."""
    found: Mapping[str, Value] = {BUYER_TAG: tuple(sorted(tags)), STANDING: standing}
    return {key: value for key, value in found.items() if value}


def language(locale: str) -> str:
    """The language of a locale: `pt` of pt-BR."""
    return locale.replace("-", "_").partition("_")[0].lower()
