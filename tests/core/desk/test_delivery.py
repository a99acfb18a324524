"""Leases on the outbox: fenced, in order, one per lane; nothing is ever lost (faults 7 to 10)."""

import datetime as dt
import threading

import pytest
from sqlalchemy import insert, select

from core.db import Database
from core.desk import cards, delivery, outbox
from core.tables import Card, Lane, Outbox
from tests.core.desk.post import NOW, Post, ids
from tests.factories import Desk

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


@pytest.fixture
def quick(sqlite: Database) -> Post:
    return Post(sqlite)


def test_each_lane_carries_one_message_at_a_time_in_the_order_of_the_rows(post: Post) -> None:
    post.put("post:a", "post:a", "post:b", "update", "market", "post:a")
    first = post.lease()
    assert ids(first) == [1, 3, 4]  # the marketplace's lane is another's to carry
    assert post.lease() == []
    assert post.sent(first[0])
    assert ids(post.lease()) == [2]
    assert ids(post.lease("market")) == [5]
    assert post.states() == ["sent", "leased", "leased", "leased", "leased", "waiting"]


def test_lane_s_name_is_taken_literally(quick: Post) -> None:
    quick.put("post:a", "post_a", "posts")
    assert ids(quick.lease("post:")) == [1]
    assert quick.lease("%") == []


def test_lane_rests_between_messages(post: Post) -> None:
    post.pace = SECOND
    post.put("post:a", "post:a", "post:b")
    for lease in post.lease():
        post.sent(lease)
    post.wait(seconds=0.9)
    assert post.lease() == []
    post.wait(seconds=0.1)
    assert ids(post.lease()) == [2]


def test_several_of_a_lane_go_together_where_that_is_asked_for(quick: Post) -> None:
    quick.put(*["post:a"] * 5, "post:b")
    assert ids(quick.lease(per_lane=3)) == [1, 2, 3, 6]
    quick.put("post:c")
    assert ids(quick.lease(most=1)) == [7]


def test_card_goes_before_lines_and_whatever_is_neither_before_both(post: Post) -> None:
    post.put("post:a", kind=outbox.LINE)
    post.put("post:a", kind=outbox.CARD)
    post.put("post:a", kind=outbox.CARD)
    post.put("post:a", kind=outbox.ALERT)
    gone = []
    while leases := post.lease():
        gone += ids(leases)
        post.sent(leases[0])
    assert gone == [4, 2, 3, 1]


def test_lines_of_one_lane_leave_the_room_of_a_pass_to_the_cards_of_others(post: Post) -> None:
    post.put("post:a", "post:b", kind=outbox.LINE)
    post.put("post:c", "post:d", kind=outbox.CARD)
    assert ids(post.lease(most=2)) == [3, 4]


def test_older_token_writes_nothing(post: Post) -> None:
    post.put("post:a")
    frozen = post.one()
    post.wait(seconds=61)  # its lease ran out while its worker slept
    fresh = post.one()
    assert (fresh.id, fresh.token) == (frozen.id, frozen.token + 1)
    before = post.states()
    assert not post.sent(frozen)
    assert not post.defer(frozen, 5)
    for settle in (delivery.supersede, delivery.park):
        late = settle
        assert not post.db.transact(lambda c, now, late=late: late(c, frozen, "late", now=post.now))
    assert post.states() == before == ["leased"]
    assert post.sent(fresh)
    assert not post.sent(fresh)  # nor does a token write twice
    assert post.states() == ["sent"]


def test_older_token_covers_nothing_either(post: Post) -> None:
    post.put("post:a", "post:a")
    frozen = post.one()
    post.wait(seconds=61)
    post.one()
    assert not post.sent(frozen, covers=[2])
    assert post.states() == ["leased", "waiting"]


def test_lease_that_ran_out_comes_back_as_uncertain(post: Post) -> None:
    post.put("post:a")
    first = post.one()
    assert (first.uncertain, first.attempts) == (False, 1)
    post.wait(seconds=60)
    again = post.one()
    assert (again.uncertain, again.attempts) == (True, 2)
    assert again.first_tried_at == NOW


def test_unknown_outcome_is_a_state_and_comes_back_uncertain(post: Post) -> None:
    post.put("post:a")
    assert post.defer(post.one(), 5, maybe_sent=True)
    assert post.states() == ["unknown"]
    assert post.lease() == []
    post.wait(seconds=5)
    assert post.one().uncertain


def test_what_was_certainly_not_sent_comes_back_certain(post: Post) -> None:
    post.put("post:a")
    post.defer(post.one(), 5)
    assert post.states() == ["waiting"]
    post.wait(seconds=5)
    assert not post.one().uncertain


def test_retry_after_rests_the_whole_lane_and_no_other(post: Post) -> None:
    post.put("post:a", "post:a", "post:b", "post:b")
    first, other = post.lease()
    post.defer(first, 30, whole_lane=True)
    post.sent(other)
    post.wait(seconds=29)
    assert ids(post.lease()) == [4]
    post.wait(seconds=1)
    assert ids(post.lease()) == [1]


def test_pace_never_shortens_a_longer_rest(post: Post) -> None:
    post.put("post:a")
    post.defer(post.one(), 30, whole_lane=True)
    post.db.transact(lambda c, now: delivery.rest_lane(c, "post:a", SECOND, now=post.now))
    lane = post.db.read(lambda c, now: c.scalar(select(Lane.next_at)))
    assert lane == NOW + 30 * SECOND


def test_deferred_message_lets_those_behind_it_pass(quick: Post) -> None:
    quick.put("post:a", "post:a")
    quick.defer(quick.one(), 30)
    assert ids(quick.lease()) == [2]


def test_covered_messages_are_superseded_but_never_one_that_is_under_way(post: Post) -> None:
    post.put("update", "update", "update", "post:a")
    first, posting = post.lease()
    post.sent(posting)
    assert post.sent(first, covers=[2, 3, 4])
    assert post.states() == ["sent", "superseded", "superseded", "sent"]
    post.put("update", "update")
    fifth = post.one()
    post.sent(fifth)
    sixth = post.one()
    post.sent(fifth, covers=[6])
    assert post.states()[5] == "leased"
    post.sent(sixth)


def test_parked_message_stays_with_its_reason(post: Post) -> None:
    post.put("post:a")
    lease = post.one()
    post.db.transact(lambda c, now: delivery.park(c, lease, "channel_not_found", now=post.now))
    row = post.db.read(lambda c, now: c.execute(select(Outbox)).one())
    assert (row.state, row.reason) == ("parked", "channel_not_found")
    assert row.finished_at == NOW
    post.wait(days=1)
    assert post.lease() == []


def test_secret_address_of_an_answer_is_forgotten_once_it_is_used(quick: Post) -> None:
    row = outbox.message("redraw", "update", "r", now=NOW, reply_to=b"sealed")
    quick.db.transact(lambda c, now: outbox.put(c, [row]))
    lease = quick.one()
    assert lease.reply_to == b"sealed"
    quick.sent(lease)
    assert quick.db.read(lambda c, now: c.scalar(select(Outbox.reply_to))) is None


def test_tokens_only_grow(post: Post) -> None:
    post.put("post:a")
    tokens = []
    for _ in range(4):
        lease = post.one()
        tokens.append(lease.token)
        post.defer(lease, 1)
        post.wait(seconds=1)
    assert tokens == [1, 2, 3, 4]


def test_card_is_remembered_once_and_learns_where_it_is(desk: Desk) -> None:
    desk.open()
    visit = desk.visit(1)
    for shown in ("one", "two"):
        desk.db.transact(cards.posted, visit, "C1", "1.0", shown)
    assert desk.rows(select(Card.visit_id, Card.ts, Card.shown)) == [(visit, "1.0", "two")]


def test_redraws_of_a_visit_are_those_that_still_wait(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    visit = desk.visit(dispute)
    desk.release(dispute, "Tom")
    desk.take(dispute, "Tom")
    found = desk.db.read(lambda c, now: delivery.redraws_of(c, visit, outbox.REDRAW))
    assert len(found) == 2
    desk.write(Outbox.__table__.update().where(Outbox.id == found[0]).values(finished_at=NOW))
    assert desk.db.read(lambda c, now: delivery.redraws_of(c, visit, outbox.REDRAW)) == found[1:]


@pytest.mark.postgres
def test_workers_at_once_never_hold_two_messages_of_a_lane_and_lose_none(
    postgresql: Database,
) -> None:
    post = Post(postgresql)
    post.put(*[f"post:{i % 4}" for i in range(120)])
    held: dict[str, int] = {}
    order: dict[str, list[int]] = {}
    guard, broken = threading.Lock(), list[str]()

    def work() -> None:
        idle = 0
        while idle < 20:
            leases = post.lease(most=3)
            idle = 0 if leases else idle + 1
            with guard:
                for lease in leases:
                    if held.get(lease.lane):
                        broken.append(lease.lane)
                    held[lease.lane] = lease.id
                    order.setdefault(lease.lane, []).append(lease.id)
            for lease in leases:
                with guard:
                    held[lease.lane] = 0
                post.sent(lease)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert broken == []
    assert set(post.states()) == {"sent"}
    assert all(rows == sorted(rows) and len(rows) == 30 for rows in order.values())


def test_two_messages_with_one_dedupe_key_are_an_error_of_the_caller(quick: Post) -> None:
    from sqlalchemy.exc import IntegrityError

    quick.put("post:a")
    row = outbox.message("line", "post:a", "m0", now=NOW)
    with pytest.raises(IntegrityError):
        quick.db.transact(lambda c, now: c.execute(insert(Outbox), [row]))
