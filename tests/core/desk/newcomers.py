"""People on their first day."""

from sqlalchemy import update

from core.tables import Person
from tests.factories import Desk


def begin(desk: Desk, *names: str, practises_for: dict[str, str] | None = None) -> None:
    """Makes people new."""
    values = {"skipped_at": None, "practised_at": None}
    if practises_for:
        values |= {"practises_for": practises_for}  # type: ignore[dict-item]
    desk.write(update(Person).where(Person.name.in_(names)).values(values))
