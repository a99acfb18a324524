"""What each person sets for themselves: language, time zone, quiet hours.

Language and zone follow the person's profile in Slack until they choose their own.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection, select, update

from core.desk import outbox, people, quiet
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.people import Member
from core.i18n import LOCALES, locale_of
from core.tables import Outbox, Person

OLD = dt.timedelta(days=1)  # after so long, Slack's profile is read again


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's settings; quiet hours are HH:MM in their zone, empty where there are none."""

    locale: str
    zone: str
    as_in_slack: bool = True
    quiet_from: str = ""
    quiet_to: str = ""


def of_person(connection: Connection, person_id: int, **_: object) -> Preferences:
    """What the person has set."""
    columns = (Person.locale, Person.zone, Person.as_in_slack, Person.quiet_from, Person.quiet_to)
    return Preferences(*connection.execute(select(*columns).where(Person.id == person_id)).one())


def choose(
    connection: Connection, wanted: Preferences, actor: Actor, *, now: dt.datetime
) -> Answer:
    """Saves what a person chose for themselves; what waits for quiet hours to end asks anew.

    Whoever chooses another language or zone than they have no longer follows Slack. Refused for
    quiet hours that are none. Raises ValueError for an unknown language or zone.
    """
    del now
    if not known(wanted.locale, wanted.zone):
        raise ValueError(f"there is no {wanted.locale} or {wanted.zone}")
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    if not quiet.sound(wanted.quiet_from, wanted.quiet_to):
        return Refused("quiet_hours")
    person_id = actor.person_id or 0
    before = of_person(connection, person_id)
    own = (wanted.locale, wanted.zone) != (before.locale, before.zone)
    values = {**asdict(wanted), "as_in_slack": wanted.as_in_slack and not own}
    connection.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(**values, profile_at=None, version=Person.version + 1)
    )
    wake(connection, person_id)
    return Applied("preferences", 0, "", 0)


def wake(connection: Connection, person_id: int) -> None:
    """Lets the person's waiting messages ask anew whether they may come."""
    lane = outbox.direct_lane(person_id)
    connection.execute(
        update(Outbox)
        .where(Outbox.lane == lane, Outbox.finished_at.is_(None), Outbox.quiet_until.is_not(None))
        .values(quiet_until=None)
    )


def reached(connection: Connection, slack_id: str, dm: str, *, now: dt.datetime) -> None:
    """Keeps Slack's id of somebody's direct messages with the bot; empty forgets it."""
    del now
    connection.execute(update(Person).where(Person.slack_id == slack_id).values(dm=dm))


def old(member: Member, now: dt.datetime) -> bool:
    """Whether it is time to read the person's profile in Slack: at first contact, then daily."""
    return member.profile_at is None or member.profile_at < now - OLD


def from_slack(
    connection: Connection, slack_id: str, locale: object, zone: object, *, now: dt.datetime
) -> bool:
    """Takes over what Slack's profile says, from those who follow it; whether anything changed.

    What Slack leaves out, or the desk does not know, stays as it is; a profile without a language
    is read again next time.
    """
    person = connection.execute(
        select(Person.id, Person.locale, Person.zone, Person.as_in_slack)
        .where(Person.slack_id == slack_id)
        .with_for_update()
    ).first()
    if person is None:
        return False
    values: dict[str, Any] = {}
    if isinstance(locale, str) and locale:
        values["profile_at"] = now
        if person.as_in_slack:
            values["locale"] = locale_of(locale)
    if person.as_in_slack and isinstance(zone, str) and known(person.locale, zone):
        values["zone"] = zone
    changed = (person.locale, person.zone) != (
        values.get("locale", person.locale),
        values.get("zone", person.zone),
    )
    if changed:
        values["version"] = Person.version + 1
    if values:
        connection.execute(update(Person).where(Person.id == person.id).values(values))
    return changed


def known(locale: str, zone: str) -> bool:
    """Whether the desk speaks this language and knows this time zone."""
    return locale in LOCALES and zone in available_timezones()
