"""Publishing while somebody else makes another document the active one (S3, S5, S7)."""

import threading

import pytest
from sqlalchemy import text, update

from core.db import Database
from core.desk import documents, draft, pilots, second
from core.desk.answers import Refused
from core.tables import DraftOption
from tests.core.desk.redrafted import DEARER, REWORDED, edit, version
from tests.core.desk.ruled import person
from tests.factories import Desk

pytestmark = pytest.mark.postgres
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def desk(postgresql: Database) -> Desk:
    """A desk with two supervisors, on PostgreSQL."""
    desk = Desk(postgresql)
    person(desk, "Zhou Min", roles=["supervisor"])
    return desk


def test_draft_is_weighed_against_the_pilot_that_is_adopted_at_the_same_moment(desk: Desk) -> None:
    edit(desk, DEARER)
    desk.db.transact(second.ask, desk.who("Sun Wei"), version(desk), note="why")
    zhou, seen = desk.who("Zhou Min"), version(desk)
    pilot = desk.db.transact(pilots.start, zhou, seen, 50, 7, note="why")
    assert isinstance(pilot, int), pilot
    edit(desk, REWORDED)
    edit(desk, update(DraftOption).where(DraftOption.key == "half").values(share={"percent": 50}))
    seen, now, answers = version(desk), desk.now(), []

    def publish() -> None:
        answers.append(desk.db.transact(draft.publish, desk.who("Sun Wei"), seen))

    publishing = threading.Thread(target=publish)
    with desk.db.engine.begin() as connection:
        adopted = pilots.adopt(connection, desk.who("Zhou Min"), pilot, now=now)
        publishing.start()
        while not desk.rows(_WAITING)[0][0]:
            publishing.join(0.01)
            assert publishing.is_alive()
    publishing.join()
    assert answers == [Refused("second_person")]
    assert desk.db.read(lambda c, now: documents.active_id(c)) == adopted
