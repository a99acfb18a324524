"""What concerns one person: told to them alone, in their words, and not in their quiet hours."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from blockkit.validator import validate_message
from bot.cards import direct as cards
from bot.cards.direct import Told
from bot.cards.lines import Happening
from bot.delivery import deliver
from core.desk import assigning, handover, quiet, snoozing, views
from core.i18n import LOCALES
from core.tables import Deadline, Outbox, Person
from tests.bot.office import Office
from tests.bot.sights import direct, number
from tests.factories import VAULT, Desk


def told(office: Office, who: str) -> list[str]:
    """What the bot told somebody alone, so far."""
    office.settle()
    return [str(message["text"]) for message in direct(office, who)[1]]


def settle_singly(office: Office) -> None:
    """Delivers as a worker does: one message of a lane at a time."""
    while deliver(office.bot, paced=False):
        pass


def quiet_now(office: Office, who: str, hours: int = 2) -> None:
    """Somebody's quiet hours began an hour ago and last so long yet."""
    zone = office.desk.rows(select(Person.zone).where(Person.name == who))[0].zone
    here = office.desk.now().astimezone(ZoneInfo(zone))
    start, end = (f"{here + dt.timedelta(hours=h):%H:%M}" for h in (-1, hours))
    office.desk.write(
        update(Person).where(Person.name == who).values(quiet_from=start, quiet_to=end)
    )


def test_assigned_dispute_is_told_to_whom_it_was_given(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    desk.assign(dispute, "Ada")
    at_work.settle()
    channel, messages = direct(at_work, "Ada")
    assert "Sun Wei assigned dispute" in messages[-1]["text"]
    assert number(at_work, dispute)[:3] in messages[-1]["text"]
    at_work.person("Ada").click(channel, messages[-1]["ts"], "open")
    assert desk.rows(select(Person.dm).where(Person.name == "Ada"))[0].dm == channel


def test_who_takes_for_themselves_is_told_nothing(at_work: Office) -> None:
    dispute = at_work.desk.at_stage("adjudication")
    visit, actor = at_work.desk.visit(dispute), at_work.desk.who("Sun Wei")
    at_work.desk.db.transact(assigning.take_over, visit, actor)
    assert told(at_work, "Sun Wei") == []


def test_assigned_at_intake_is_told_in_the_reader_s_language(at_work: Office) -> None:
    dispute = at_work.desk.open()
    at_work.desk.assign(dispute, "Tang Li")
    assert "分派给你，现状判断" in told(at_work, "Tang Li")[-1]


def hand_over(desk: Desk, dispute: int, giver: str, to: str) -> None:
    desk.db.transact(
        handover.hand_over,
        desk.visit(dispute),
        desk.people[to],
        "shift_ends",
        desk.who(giver),
    )


def test_handed_over_answered_and_woken_are_told_with_the_reason(at_work: Office) -> None:
    desk = at_work.desk
    first = desk.at_stage("triage")
    hand_over(desk, first, "Tom", "Tang Li")
    assert "转交给你" in told(at_work, "Tang Li")[-1]
    second = desk.at_stage("adjudication")
    desk.park(second)
    desk.hand_back(second)
    assert "Sun Wei answered what you asked" in told(at_work, "Ada")[-1]
    third = desk.at_stage("adjudication")
    desk.hold(third, "Ada")
    visit, ada = desk.visit(third), desk.who("Ada")
    lengths = desk.at(third).document.choices_of("snooze_for")
    reasons = desk.at(third).document.choices_of("snooze")
    desk.db.transact(snoozing.snooze, visit, next(iter(reasons)), next(iter(lengths)), ada)
    desk.pass_time(hours=30)
    assert desk.db.transact(snoozing.wake) == 1
    assert "which you put off, is back" in told(at_work, "Ada")[-1]


def test_what_is_in_other_hands_by_then_is_told_to_nobody(at_work: Office) -> None:
    dispute = at_work.desk.at_stage("adjudication")
    at_work.desk.assign(dispute, "Ada")
    at_work.desk.release(dispute, "Ada")
    assert told(at_work, "Ada") == []


def test_quiet_hours_are_waited_for_and_end_in_one_message(at_work: Office) -> None:
    desk = at_work.desk
    quiet_now(at_work, "Ada", hours=10)
    for _ in range(3):
        desk.assign(desk.at_stage("adjudication"), "Ada")
    desk.write(  # none of them is due before morning
        update(Deadline).values(due_at=desk.now() + dt.timedelta(days=2), next_at=None)
    )
    settle_singly(at_work)
    assert direct(at_work, "Ada")[1] == []
    waiting = select(Outbox.quiet_until).where(Outbox.kind == "direct")
    assert all(row.quiet_until > desk.now() for row in desk.rows(waiting))
    desk.pass_time(hours=10, minutes=1)
    settle_singly(at_work)
    messages = direct(at_work, "Ada")[1]
    assert len(messages) == 1
    assert "3 disputes concern you." in messages[0]["text"]
    assert {
        row.state for row in desk.rows(select(Outbox.state).where(Outbox.kind == "direct"))
    } == {
        "sent",
        "superseded",
    }


def test_what_is_due_before_quiet_hours_end_comes_at_once(at_work: Office) -> None:
    quiet_now(at_work, "Ada", hours=20)
    dispute = at_work.desk.at_stage("adjudication")
    at_work.desk.write(update(Deadline).values(due_at=at_work.desk.now() + dt.timedelta(hours=1)))
    at_work.desk.assign(dispute, "Ada")
    assert "assigned dispute" in told(at_work, "Ada")[-1]


def test_defect_waits_for_quiet_hours_to_end_and_keeps_its_button(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    quiet_now(at_work, "Tom", hours=5)
    desk.must(dispute, "rule_none", {"quality": "wrong_facts"})
    desk.pass_time(minutes=2)
    assert told(at_work, "Tom") == []
    desk.pass_time(hours=5)
    at_work.settle()
    assert "contest" in str(direct(at_work, "Tom")[1][-1]["blocks"])


def test_direct_messages_are_opened_anew_where_slack_forgot_them(at_work: Office) -> None:
    desk = at_work.desk
    desk.write(update(Person).where(Person.name == "Ada").values(dm="D0GONE"))
    desk.assign(desk.at_stage("adjudication"), "Ada")
    at_work.settle()
    desk.write(update(Outbox).values(not_before=None))
    assert "assigned dispute" in told(at_work, "Ada")[-1]


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-03-01T23:30", "2026-03-02T07:00"),
        ("2026-03-02T06:59", "2026-03-02T07:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),  # the night of summer time
        ("2026-03-02T07:00", None),
        ("2026-03-02T21:59", None),
    ],
)
def test_quiet_hours_span_midnight_on_the_clocks_of_their_zone(now: str, end: str | None) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at = dt.datetime.fromisoformat(now).replace(tzinfo=berlin)
    wanted = dt.datetime.fromisoformat(end).replace(tzinfo=berlin) if end else None
    assert quiet.until("22:00", "07:00", "Europe/Berlin", at.astimezone(dt.UTC)) == wanted
    assert quiet.until("", "", "Europe/Berlin", at) is None


@pytest.mark.parametrize("locale", LOCALES)
def test_longest_message_stays_within_slack_s_limits(desk: Desk, locale: str) -> None:
    visit = desk.visit(desk.at_stage("adjudication"))
    view = desk.db.read(views.card_view, visit, VAULT)
    assert view is not None
    item = Told(view, Happening("assigned", "agent", "<!channel>" * 80, {}), None)
    text, blocks = cards.several([item] * 20, locale, "Asia/Shanghai")
    assert len(text.encode()) < 3_900
    unique = [{**block, "block_id": f"b{i}"} for i, block in enumerate(blocks)]
    assert list(validate_message({"text": text, "blocks": unique})) == []
