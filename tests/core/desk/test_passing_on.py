"""What a party says of a merged dispute reaches the one in which its story goes on (K2)."""

from typing import Any

import pytest
from sqlalchemy import select

from core.desk import evidence, merging
from core.desk.answers import Applied
from core.desk.evidence import Piece
from core.tables import Event, Evidence
from tests.core.desk.joined import merge, number
from tests.core.desk.meanwhile import before_commit
from tests.factories import VAULT, Desk


def give(desk: Desk, dispute: int, kind: str, external_id: str) -> Any:
    """The buyer gives a piece under an id of the marketplace's own; the answer's params."""
    piece = Piece("buyer", kind, external_id)
    answer = desk.db.transact(evidence.receive, dispute, piece, VAULT)
    assert isinstance(answer, Applied), answer
    return answer.params


def kept(desk: Desk) -> list[tuple[int, str]]:
    """Every piece of evidence: the dispute it lies with, and its kind."""
    rows = desk.rows(select(Evidence.dispute_id, Evidence.kind).order_by(Evidence.id))
    return [(row.dispute_id, row.kind) for row in rows]


def test_pieces_of_two_disputes_under_one_id_are_both_kept(any_desk: Desk) -> None:
    desk = any_desk
    second, first = (desk.at_stage("triage", buyer="anna") for _ in range(2))
    give(desk, first, "chat", "1")
    merge(desk, second, first)
    given = [give(desk, second, "video", "1") for _ in range(2)]
    assert [params["created"] for params in given] == [True, False]
    assert len({params["evidence"] for params in given}) == 1
    assert kept(desk) == [(first, "chat"), (first, "video")]
    assert give(desk, first, "chat", "1")["created"] is False


def test_piece_is_the_same_one_wherever_the_story_went_meanwhile(desk: Desk) -> None:
    third, second, first = (desk.at_stage("triage", buyer="anna") for _ in range(3))
    merge(desk, third, second)
    late = give(desk, third, "video", "1")
    merge(desk, second, first)
    assert give(desk, third, "video", "1") == {**late, "created": False}
    assert give(desk, second, "photos", "1")["created"] is True
    assert give(desk, third, "chat", "2")["created"] is True
    assert kept(desk) == [(second, "video"), (first, "photos"), (first, "chat")]
    assert desk.differences() == []


@pytest.mark.postgres
@pytest.mark.parametrize("newer", [True, False])
def test_what_a_party_says_while_a_merge_commits_goes_on_with_it(
    postgresql: Any, newer: bool
) -> None:
    desk = Desk(postgresql)
    pair = [desk.at_stage("awaiting_evidence", buyer="anna") for _ in range(2)]
    second, first = pair[::-1] if newer else pair
    into, who = number(desk, first), desk.who("Sun Wei")

    def join(connection: Any, *, now: Any) -> Any:
        return merging.merge(connection, second, into, who, now=now)

    merged, given = before_commit(desk, join, lambda: desk.give(second, "buyer", "video"))
    assert isinstance(merged, Applied)
    assert isinstance(given, Applied)
    assert kept(desk) == [(first, "video")]
    assert desk.differences() == []


@pytest.mark.postgres
def test_nothing_more_said_while_a_merge_commits_ends_the_others_round(postgresql: Any) -> None:
    desk = Desk(postgresql)
    first, second = (desk.at_stage("awaiting_evidence", buyer="anna") for _ in range(2))
    desk.done(first, "merchant")
    into, who = number(desk, first), desk.who("Sun Wei")

    def join(connection: Any, *, now: Any) -> Any:
        return merging.merge(connection, second, into, who, now=now)

    _, done = before_commit(desk, join, lambda: desk.done(second, "buyer"))
    assert isinstance(done, Applied)
    assert desk.stage(first) == "evidence_review"
    passed = select(Event.id).where(Event.dispute_id == second, Event.kind == "passed_on")
    assert len(desk.rows(passed)) == 1
    assert desk.differences() == []
