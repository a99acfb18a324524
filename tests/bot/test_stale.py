"""A refused click says who was first, and shows the card as it now is (fault 4)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.desk import correct, incidents
from core.desk.answers import Answer, Applied
from core.tables import Outbox
from core.workflow.terms import Meaning
from tests.bot.office import Office
from tests.bot.sights import wait_told
from tests.core.desk.joined import link
from tests.factories import SOUND, TRIAGED, Desk


def test_press_on_a_card_left_behind_brings_it_up_to_date(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    visit, card = desk.visit(dispute), at_work.card(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    # The redraw is lost: what everybody sees is the open card.
    lost = Outbox.__table__.update().where(Outbox.kind == "redraw", Outbox.visit_id == visit)
    desk.write(lost.values(state="parked", finished_at=desk.now()))
    assert len(at_work.message(visit)["blocks"]) > 1
    at_work.person("Tang Li").click(
        card["channel"], card["ts"], "decide.request_both", state=fields(TRIAGED)
    )
    wait_told(at_work, "Tang Li", "Tom 已先处理：“无需举证，去判责”")
    at_work.settle()
    shown = at_work.message(visit)
    assert len(shown["blocks"]) == 1
    assert "No evidence needed" in shown["text"]


def test_press_beside_somebody_s_work_wipes_nothing_they_chose(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    desk.hold(dispute, "Ada")
    before = desk.rows(select(Outbox.id).where(Outbox.kind == "redraw"))
    at_work.press(dispute, "decide.rule_none", SOUND, who="Sun Wei")
    wait_told(at_work, "Sun Wei", "Ada 正在处理")
    assert desk.rows(select(Outbox.id).where(Outbox.kind == "redraw")) == before


def linked(desk: Desk, dispute: int) -> Answer:
    """A supervisor says that it belongs with another."""
    return link(desk, dispute, desk.open())


def grouped(desk: Desk, dispute: int) -> Answer:
    """A supervisor says which incident it comes from."""
    visits, who = [desk.visit(dispute)], desk.who("Sun Wei")
    return desk.db.transact(incidents.group, who, visits, title="Truck fire")


def corrected(desk: Desk, dispute: int) -> Answer:
    """A supervisor corrects what triage chose."""
    why = next(iter(desk.at(dispute).document.choices_of(Meaning.CORRECTION)))
    args = (dispute, "category", "digital", why, desk.who("Sun Wei"))
    return desk.db.transact(correct.correct_fact, *args)


@pytest.mark.parametrize("act", [linked, grouped, corrected])
def test_what_a_supervisor_says_of_it_waits_while_somebody_chooses_on_the_card(
    at_work: Office, act: Callable[[Desk, int], Answer]
) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    desk.hold(dispute, "Ada")
    at_work.settle()
    before = at_work.card(dispute)
    assert isinstance(act(desk, dispute), Applied)
    at_work.settle()
    assert at_work.card(dispute) == before
    desk.release(dispute, "Ada")
    at_work.settle()
    assert at_work.card(dispute) != before


def fields(chosen: dict) -> dict:  # type: ignore[type-arg]
    """Choices by the ids of their selects."""
    return {f"field.{key}": value for key, value in chosen.items()}
