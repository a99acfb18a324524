"""The same click gets the same answer and acts once, whatever came between (faults 1, 2, 4, 38)."""

import pytest
from sqlalchemy import func, select, update

from core.desk import documents, holding
from core.desk.answers import Applied, Refused, from_data, to_data
from core.desk.choose import choose
from core.i18n import LOCALES
from core.tables import Click, Event, Outbox, Person
from core.wording import refusal_text
from tests.factories import SOUND, TRIAGED, Desk


def count(desk: Desk, table: object) -> int:
    """How many rows a table has."""
    return int(desk.rows(select(func.count()).select_from(table))[0][0])


def test_same_click_gets_the_same_answer_though_the_dispute_has_moved_on(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    visit = any_desk.visit(dispute)
    first = any_desk.db.transact(
        choose, visit, "no_evidence", TRIAGED, any_desk.who("Tom"), click="c"
    )
    any_desk.must(dispute, "rule_none", SOUND)
    before = count(any_desk, Event), count(any_desk, Outbox)
    again = any_desk.db.transact(choose, visit, "request_both", {}, any_desk.who("Tom"), click="c")
    assert again == first
    assert (count(any_desk, Event), count(any_desk, Outbox)) == before


def test_refusal_is_an_answer_too_and_stays_one(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    visit = any_desk.visit(dispute)
    refused = any_desk.db.transact(choose, visit, "no_evidence", {}, any_desk.who("Tom"), click="c")
    assert isinstance(refused, Refused)
    again = any_desk.db.transact(
        choose, visit, "no_evidence", TRIAGED, any_desk.who("Tom"), click="c"
    )
    assert again == refused
    assert any_desk.stage(dispute) == "triage"


def test_second_click_on_the_same_button_changes_nothing(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    visit = any_desk.visit(dispute)
    tom = any_desk.who("Tom")
    assert isinstance(
        any_desk.db.transact(choose, visit, "no_evidence", TRIAGED, tom, click="1"), Applied
    )
    second = any_desk.db.transact(choose, visit, "no_evidence", TRIAGED, tom, click="2")
    assert isinstance(second, Refused)
    assert (second.key, second.params["decision"]) == ("already_decided", "no_evidence")
    assert any_desk.stage(dispute) == "adjudication"


def test_who_decided_already_is_told_so_and_others_who_it_was(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    visit = desk.visit(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    told = {}
    for name in ("Tom", "Tang Li"):
        answer = desk.db.transact(choose, visit, "request_both", TRIAGED, desk.who(name))
        assert isinstance(answer, Refused)
        document = desk.db.read(lambda c, now, i=answer.document_id: documents.load(c, i))
        told[name] = [refusal_text(answer, document, locale) for locale in LOCALES]
    assert told["Tom"][0].startswith("你已作过决定：“无需举证，去判责”。")
    assert told["Tom"][1].startswith("You already decided this: “No evidence needed: adjudicate”.")
    assert told["Tang Li"][1].startswith("Tom was first")


def test_stale_card_reopens_nothing(desk: Desk) -> None:
    dispute = desk.at_stage("finished")
    for visit in desk.visits(dispute)[:-1]:
        for name in ("Tom", "Ada", "Vera", "Sun Wei"):
            for act in (
                lambda v=visit, n=name: desk.db.transact(choose, v.id, "decline", {}, desk.who(n)),
                lambda v=visit, n=name: desk.db.transact(holding.take, v.id, desk.who(n)),
                lambda v=visit, n=name: desk.db.transact(holding.hold, v.id, desk.who(n)),
            ):
                answer = act()
                assert isinstance(answer, Refused)
                own = visit.decider_id == desk.people[name]
                assert answer.key == ("already_decided" if own else "too_late")
    assert desk.stage(dispute) == "finished"
    assert desk.differences() == []


def test_rights_are_those_of_the_moment_and_not_of_the_card(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    any_desk.write(update(Person).where(Person.name == "Tom").values(roles=["trainee"]))
    refused = any_desk.choose(dispute, "no_evidence", TRIAGED)
    assert isinstance(refused, Refused)
    assert refused.key == "no_right"
    any_desk.write(update(Person).where(Person.name == "Tom").values(roles=["agent"]))
    assert isinstance(any_desk.choose(dispute, "no_evidence", TRIAGED), Applied)


def test_answer_given_before_is_given_again_even_to_who_was_deactivated(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    visit = desk.visit(dispute)
    tom = desk.who("Tom")
    first = desk.db.transact(choose, visit, "no_evidence", TRIAGED, tom, click="c")
    desk.write(update(Person).where(Person.name == "Tom").values(active=False))
    assert desk.db.transact(choose, visit, "no_evidence", TRIAGED, tom, click="c") == first


def test_each_click_is_kept_with_who_clicked_and_what_they_were_told(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.choose(dispute, "no_evidence", {}, name="Eva")
    row = desk.rows(select(Click.person_id, Click.answer).order_by(Click.at.desc()))[0]
    assert row.person_id == desk.people["Eva"]
    assert row.answer["key"] == "held"


@pytest.mark.parametrize(
    "answer",
    [
        Applied("enough", 1, "7K3", 2, 3, "adjudication", {"amount": 5}),
        Refused("missing", {"number": "x"}, ("why",), ("category",), 1, 2, 3),
        Refused("inactive"),
    ],
)
def test_answers_come_back_from_their_stored_form(answer: Applied | Refused) -> None:
    assert from_data(to_data(answer)) == answer
