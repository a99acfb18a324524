"""What a stage channel says of itself: counts in its topic, a pinned guide, its user group."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from blockkit.validator import validate_message
from bot.cards import guide
from bot.signs import BETWEEN, theirs
from core.desk import documents, signs
from core.desk.signs import Counts
from core.i18n import LOCALES
from core.tables import Channel, Outbox, Sign
from tests.bot.drawn import longest
from tests.bot.office import TOKEN, Office
from tests.factories import Desk


def tend(office: Office) -> int:
    """A minute's look at all signs, and their delivery."""
    put = office.desk.db.transact(signs.refresh)
    office.settle()
    return put


def channel(office: Office, key: str) -> dict[str, Any]:
    """A channel as it is in Slack."""
    slack_id = office.desk.rows(select(Channel.slack_id).where(Channel.key == key))[0].slack_id
    return next(c for c in office.sandbox.state()["channels"] if c["id"] == slack_id)


def topic(office: Office, key: str) -> str:
    return str(channel(office, key)["topic"]["value"])


def set_topic(office: Office, key: str, text: str) -> None:
    """Somebody in Slack writes a topic."""
    answer = httpx.post(
        f"{office.sandbox.url}/api/conversations.setTopic",
        headers={"Authorization": f"Bearer {TOKEN}"},
        data={"channel": channel(office, key)["id"], "topic": text},
        trust_env=False,
    )
    assert answer.json()["ok"], answer.json()


def test_topic_counts_what_waits_is_held_and_is_overdue(at_work: Office) -> None:
    desk = at_work.desk
    tend(at_work)
    assert topic(at_work, "intake") == "0 waiting"
    for _ in range(3):
        desk.open()
    desk.take(desk.open())
    desk.pass_time(hours=3)
    tend(at_work)
    assert topic(at_work, "intake") == "3 waiting · 3 overdue · oldest 3 hr"
    assert topic(at_work, "triage") == "0 waiting · 1 held · 1 overdue · oldest 3 hr"


def test_topic_is_set_only_when_it_changes_and_not_too_often(at_work: Office) -> None:
    desk = at_work.desk
    tend(at_work)
    assert tend(at_work) == 0
    desk.open()
    assert tend(at_work) == 0  # it was set just now
    desk.pass_time(minutes=10)
    assert tend(at_work) == 1
    assert topic(at_work, "intake") == "1 waiting"
    desk.pass_time(minutes=10)
    assert tend(at_work) == 0


def test_what_people_wrote_into_a_topic_stays(at_work: Office) -> None:
    set_topic(at_work, "intake", "Ask Sun Wei about food & drink")
    tend(at_work)
    assert topic(at_work, "intake") == f"0 waiting{BETWEEN}Ask Sun Wei about food & drink"
    set_topic(at_work, "intake", f"nobody waits, hurrah{BETWEEN}Ask Tom")
    at_work.desk.open()
    at_work.desk.pass_time(minutes=10)
    tend(at_work)
    assert topic(at_work, "intake") == f"1 waiting{BETWEEN}Ask Tom"
    at_work.desk.write(update(Channel).values(counts_in_topic=False))
    at_work.desk.pass_time(minutes=10)
    tend(at_work)
    assert topic(at_work, "intake") == "Ask Tom"


def test_topic_without_room_for_both_is_left_to_its_writer(at_work: Office) -> None:
    written = "长" * 245
    set_topic(at_work, "intake", written)
    tend(at_work)
    assert topic(at_work, "intake") == written


@pytest.mark.parametrize(
    ("current", "before", "wanted"),
    [
        ("", "", ""),
        ("1 waiting", "1 waiting", ""),
        ("1 waiting ask Tom", "1 waiting", "ask Tom"),
        (f"1 waiting{BETWEEN}ask Tom", "1 waiting", "ask Tom"),
        (f"changed{BETWEEN}ask{BETWEEN}Tom", "1 waiting", f"ask{BETWEEN}Tom"),
        ("ask Tom", "1 waiting", "ask Tom"),
    ],
)
def test_desk_s_part_of_a_topic_is_told_from_people_s(
    current: str, before: str, wanted: str
) -> None:
    assert theirs(current, before) == wanted


def test_guide_is_pinned_once_and_follows_the_channel_s_language(at_work: Office) -> None:
    tend(at_work)
    found = channel(at_work, "adjudication")
    pinned = [m for m in found["messages"] if "What this channel is for" in m["text"]]
    assert len(pinned) == 1
    assert found["pins"] == [pinned[0]["ts"]]
    assert "Adjudication" in str(pinned[0]["blocks"])
    at_work.desk.write(update(Channel).where(Channel.key == "adjudication").values(locale="zh_CN"))
    tend(at_work)
    after = channel(at_work, "adjudication")
    assert [m["text"] for m in after["messages"] if m["ts"] == pinned[0]["ts"]] == [
        "本频道说明：判责"
    ]
    assert len(after["pins"]) == 1


def test_deleted_guide_is_posted_again_when_it_changes(at_work: Office) -> None:
    tend(at_work)
    desk = at_work.desk
    old = desk.rows(select(Sign.guide_ts).where(Sign.key == "intake"))[0].guide_ts
    desk.write(update(Sign).where(Sign.key == "intake").values(guide_ts="1.000001"))
    desk.write(update(Channel).where(Channel.key == "intake").values(locale="zh_CN"))
    tend(at_work)
    new = desk.rows(select(Sign.guide_ts).where(Sign.key == "intake"))[0].guide_ts
    assert new not in (old, "1.000001")
    assert new in channel(at_work, "intake")["pins"]


def test_private_channel_has_its_signs_and_cards_too(at_work: Office) -> None:
    everybody = [*at_work.slack_ids.values(), "UBOT"]
    private = at_work.sandbox.add_channel(name="experts", private=True, members=everybody)
    at_work.desk.write(update(Channel).where(Channel.key == "intake").values(slack_id=private))
    dispute = at_work.desk.open()
    tend(at_work)
    assert at_work.card(dispute)["channel"] == private
    assert topic(at_work, "intake") == "1 waiting"
    assert len(channel(at_work, "intake")["pins"]) == 1
    states = at_work.desk.rows(select(Outbox.state).distinct())
    assert "parked" not in [row.state for row in states]


def test_overdue_alert_calls_the_stage_s_user_group(at_work: Office) -> None:
    desk = at_work.desk
    desk.write(update(Channel).where(Channel.key == "intake").values(group_id="S0INTAKE"))
    desk.write(update(Channel).where(Channel.key == "escalation").values(group_id="S0LEADS"))
    desk.open()
    desk.at_stage("adjudication")
    desk.pass_time(days=3)
    desk.sweep()
    at_work.settle()
    alerts = [str(m["blocks"]) for m in channel(at_work, "escalation")["messages"]]
    assert sum("<!subteam^S0INTAKE>" in a for a in alerts) == 1
    assert sum("<!subteam^S0LEADS>" in a for a in alerts) == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_longest_guide_and_topic_stay_within_slack_s_limits(desk: Desk, locale: str) -> None:
    document = longest(desk.db.read(lambda c, now: documents.active(c)))
    for key in ("intake", "adjudication", "verification"):
        text, blocks = guide.guide(document, key, {"escalation": "C0001"}, locale)
        assert list(validate_message({"text": text, "blocks": blocks})) == []
    assert len(guide.topic(Counts(99_999, 99_999, 99_999, 99_999), locale)) < 100


def test_two_schedulers_put_a_sign_once(any_desk: Desk) -> None:
    any_desk.open()
    any_desk.pass_time(minutes=1)
    assert any_desk.db.transact(signs.refresh) == 10
    assert any_desk.db.transact(signs.refresh) == 0
