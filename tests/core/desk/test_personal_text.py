"""No plain word of a buyer lies in the database or in the logs (X1, fault 40)."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from core.desk import evidence, opening, views
from core.desk.actor import Actor
from core.desk.intake import BadIntake
from core.tables import Base, Dispute, Evidence, Party, PersonKey
from core.tables.base import SealedText
from tests.factories import VAULT, Desk

STORY = "My neighbour Quelthazar said the kettle hissed at her parrot."
NAME = "Wilhelmina Quelthazar"
CONTACT = "quelthazar@example.org"
NOTE = "Her telephone is 13812345678, ask for Wilhelmina."
MARKS = ("uelthazar", "ilhelmina", "13812345678", "parrot", "hissed")


@pytest.fixture
def told(any_desk: Desk) -> Desk:
    """A desk with one dispute full of personal text, worked on to its end."""
    personal = {"story": STORY, "buyer_name": NAME, "buyer_contact": CONTACT}
    dispute = any_desk.open(**personal)
    any_desk.take(dispute)
    any_desk.give(dispute, "buyer", "photos", note=NOTE)
    any_desk.give(dispute, "merchant", "chat", note=NOTE)
    any_desk.db.transact(
        opening.open_disputes,
        [any_desk.intake(**{**personal, "external_id": "case-1", "story": STORY + " Again."})],
        Actor("import"),
        VAULT,
    )
    any_desk.party(dispute, "buyer", "withdraw")
    return any_desk


def test_no_column_of_the_database_holds_a_buyer_s_word(told: Desk) -> None:
    with told.db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            binary = {c.name for c in table.columns if isinstance(c.type, LargeBinary | SealedText)}
            for row in connection.execute(text(f"SELECT * FROM {table.name}")).mappings():
                for name, value in row.items():
                    raw = bytes(value) if name in binary and value else str(value).encode()
                    found = [mark for mark in MARKS if mark.encode() in raw]
                    assert not found, (table.name, name)


def test_no_byte_of_the_sqlite_file_and_its_journal_holds_a_buyer_s_word(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(story=STORY, buyer_name=NAME, buyer_contact=CONTACT)
    desk.give(1, note=NOTE)
    files = [path for path in tmp_path.iterdir() if path.name.startswith("redress.db")]
    assert len(files) > 1  # the write-ahead log too
    for path in files:
        raw = path.read_bytes()
        assert [mark for mark in MARKS if mark.encode() in raw] == []
    assert b"case-1" in b"".join(path.read_bytes() for path in files)  # the scan does find text


def test_whoever_may_reads_every_word(told: Desk) -> None:
    assert told.db.read(lambda c, now: views.story(c, 1, VAULT)) == STORY
    row = told.rows(
        select(Party.name, Party.contact, PersonKey.wrapped, Dispute.number)
        .join(PersonKey, PersonKey.id == Party.key_id)
        .join(Dispute, Dispute.buyer_id == Party.id)
    )[0]
    assert VAULT.open(row.wrapped, row.name, "parties.name:shop:buyer:buyer-1") == NAME
    assert VAULT.open(row.wrapped, row.contact, "parties.contact:shop:buyer:buyer-1") == CONTACT
    note = told.rows(select(Evidence.note))[0][0]
    assert VAULT.open(row.wrapped, note, f"evidence.note:{row.number}") == NOTE


def test_exact_contact_is_found_by_its_blind_index(told: Desk) -> None:
    found = select(Party.id).where(Party.contact_index == VAULT.blind(" Quelthazar@Example.org"))
    assert len(told.rows(found)) == 1


def test_destroyed_key_makes_every_word_unreadable(told: Desk) -> None:
    told.write(PersonKey.__table__.update().values(wrapped=None, destroyed_at=told.now()))
    assert told.db.read(lambda c, now: views.story(c, 1, VAULT)) is None
    view = told.db.read(views.card_view, 1, VAULT)
    assert view is not None
    assert view.story == ""


def test_card_masks_addresses_and_telephone_numbers() -> None:
    shown = views.masked(f"{STORY} {CONTACT}, +86 138-1234-5678 or 13812345678!")
    assert "@" not in shown
    assert "5678" not in shown
    assert shown.startswith("My neighbour")


def test_long_story_is_cut_on_the_card() -> None:
    assert len(views.masked("word " * 10_000)) <= views.STORY_SHOWN


def test_nothing_personal_reaches_the_logs_or_an_error(
    any_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy.engine")
    dispute = any_desk.open(story=STORY, buyer_name=NAME, buyer_contact=CONTACT)
    any_desk.give(dispute, note=NOTE)
    with pytest.raises(BadIntake) as bad:
        any_desk.open(story=STORY + "\x00", buyer_name=NAME)
    sealed = VAULT.seal(VAULT.new_person_key(), STORY, "disputes.story:x")
    with pytest.raises(IntegrityError) as broken:
        any_desk.write(Dispute.__table__.insert().values(number="x", story=sealed))
    with pytest.raises(StatementError) as unsealed:
        any_desk.write(Dispute.__table__.update().values(story=STORY))
    words = [caplog.text, *(str(error.value) for error in (bad, broken, unsealed))]
    assert len(caplog.text) > 1_000  # the statements were logged
    assert [mark for mark in MARKS for said in words if mark in said] == []


def test_every_personal_column_is_of_the_sealed_type(any_desk: Desk) -> None:
    sealed = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, SealedText)
    }
    assert sealed == {
        ("disputes", "story"),
        ("evidence", "note"),
        ("notes", "text"),
        ("pages", "remark"),
        ("parties", "name"),
        ("parties", "contact"),
    }
    names = {(t, c["name"]) for t, _ in sealed for c in inspect(any_desk.db.engine).get_columns(t)}
    assert sealed <= names


def test_evidence_of_an_erased_buyer_keeps_no_note(desk: Desk) -> None:
    desk.open(story=STORY)
    desk.write(PersonKey.__table__.update().values(wrapped=None))
    desk.db.transact(evidence.receive, 1, evidence.Piece("buyer", "photos", note=NOTE), VAULT)
    assert desk.rows(select(Evidence.note)) == [(None,)]
