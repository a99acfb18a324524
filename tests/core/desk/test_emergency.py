"""Payment or account emergency: a green channel with three teams told at once (G3, W17)."""

import datetime as dt

import pytest
from sqlalchemy import insert, select

from core.desk import documents
from core.desk.answers import Applied
from core.migrate import further, standard
from core.tables import Channel, Outbox
from core.workflow.difference import differences
from core.workflow.joined import joined
from core.workflow.problems import problems
from core.workflow.text import from_toml, to_toml
from core.workflow.weighty import weighs
from tests.factories import SOUND, Desk

STOLEN = {"reason": "account_stolen"}
SECURED = {**STOLEN, "measures": ["account_locked", "payment_stopped"]}
ENDED = {**SOUND, "emergency_outcome": "money_returned"}
TEAMS = ("tech", "service", "risk")


@pytest.fixture
def green(any_desk: Desk) -> Desk:
    """A desk with the emergency workflow, and the channels that it names."""
    rows = [
        {"key": key, "slack_id": f"CE{n}", "name": key, "locale": "en", "version": 1}
        for n, key in enumerate(("emergency", *TEAMS))
    ]
    any_desk.write(insert(Channel).values(rows))
    any_desk.db.transact(documents.publish, joined(standard(), further("emergency")))
    return any_desk


def test_it_joins_the_standard_document_without_a_problem_and_once() -> None:
    before, more = standard(), further("emergency")
    document = joined(before, more)
    assert problems(document) == []
    assert joined(document, more) == document
    assert from_toml(to_toml(document)) == document
    kinds = ("workflow_rule", "workflow")
    routed = [c for c in differences(before, document) if c.kind in kinds]
    assert routed
    assert all(weighs(change, before, document) for change in routed)
    with pytest.raises(LookupError):
        further("../../secrets")


def test_rules_send_emergencies_to_it_and_nothing_else(green: Desk) -> None:
    for reason in ("payment_error", "account_frozen", "account_stolen"):
        dispute = green.open(facts={"reason": reason})
        assert green.at(dispute).workflow.key == "emergency"
        assert green.at(dispute).facts["grade"] == "A"
    assert green.at(green.open(facts={"reason": "damaged"})).workflow.key == "dispute"
    assert green.at(green.open()).workflow.key == "dispute"


def test_three_teams_are_told_within_three_minutes_each_in_its_own_channel(green: Desk) -> None:
    dispute = green.open(facts=STOLEN)
    opened = green.at(dispute).row.opened_at
    green.pass_time(seconds=20)
    green.sweep()
    alerts = green.rows(
        select(Outbox.lane, Outbox.created_at).where(Outbox.kind == "alert").order_by(Outbox.id)
    )
    assert sorted(row.lane for row in alerts) == sorted(f"post:{team}" for team in TEAMS)
    assert all(row.created_at - opened < dt.timedelta(minutes=3) for row in alerts)
    green.sweep()
    assert len(green.rows(select(Outbox.id).where(Outbox.kind == "alert"))) == len(TEAMS)
    green.pass_time(minutes=3)
    green.sweep()
    late = select(Outbox.lane).where(Outbox.kind == "alert").order_by(Outbox.id.desc()).limit(1)
    assert green.rows(late) == [("post:escalation",)]  # nobody took it in three minutes
    assert green.differences() == []


def test_emergency_is_secured_by_one_and_confirmed_by_another(green: Desk) -> None:
    dispute = green.open(facts=STOLEN)
    assert isinstance(green.take(dispute), Applied)
    green.must(dispute, "secured", SECURED, "Tom")
    assert green.stage(dispute) == "confirming"
    again = green.choose(
        dispute, "confirmed", {**SOUND, "emergency_outcome": "money_returned"}, "Tom"
    )
    assert not isinstance(again, Applied)
    green.must(dispute, "secure_again", SOUND, "Ada")
    green.must(dispute, "secured", SECURED, "Tom")
    green.must(dispute, "confirmed", ENDED, "Ada")
    assert green.stage(dispute) == "emergency_finished"
    assert green.differences() == []
