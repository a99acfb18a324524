"""Disputes of one incident: grouped by who may, seen on their cards, each with its own record."""

from core.desk import incidents, views
from core.desk.answers import Answer, Applied, Refused
from tests.factories import SOUND, VAULT, Desk


def group(desk: Desk, name: str, disputes: list[int], **more: object) -> Answer:
    """Somebody says that these come from one incident."""
    visits = [desk.visit(dispute) for dispute in disputes]
    return desk.db.transact(incidents.group, desk.who(name), visits, **more)


def incident(desk: Desk, dispute: int) -> incidents.Group | None:
    """The incident as the dispute's card shows it."""
    view = desk.db.read(views.card_view, desk.visit(dispute), VAULT)
    assert view is not None
    return view.incident


def test_group_is_seen_on_every_card_of_it(any_desk: Desk) -> None:
    every = [any_desk.at_stage("adjudication") for _ in range(3)]
    answer = group(any_desk, "Sun Wei", every[:2], title="  Cold  chain broke ")
    assert isinstance(answer, Applied)
    assert incident(any_desk, every[0]) == incidents.Group(1, "Cold chain broke", 2)
    assert incident(any_desk, every[2]) is None
    group(any_desk, "Sun Wei", every[2:], incident_id=1)
    beside = any_desk.db.read(incidents.beside, any_desk.visit(every[1]))
    assert beside == [any_desk.visit(d) for d in (every[1], every[0], every[2])]
    assert any_desk.differences() == []


def test_grouping_needs_the_right_and_a_title(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    for name, title, key in (
        ("Ada", "Flood", "no_right"),
        ("Sun Wei", " ", "bad_title"),
        ("Sun Wei", "x" * 81, "bad_title"),
    ):
        answer = group(desk, name, [dispute], title=title)
        assert isinstance(answer, Refused)
        assert answer.key == key
    assert incident(desk, dispute) is None


def test_same_click_groups_once(any_desk: Desk) -> None:
    dispute = any_desk.open()
    first = group(any_desk, "Sun Wei", [dispute], title="Flood", click="c")
    assert group(any_desk, "Sun Wei", [dispute], title="Flood", click="c") == first
    assert len(any_desk.db.read(lambda c, now: incidents.recent(c))) == 1


def test_only_open_visits_at_the_same_stage_are_decided_together(desk: Desk) -> None:
    here, gone = desk.at_stage("adjudication"), desk.at_stage("adjudication")
    group(desk, "Sun Wei", [here, gone], title="Flood")
    desk.must(gone, "rule_none", SOUND)
    assert desk.db.read(incidents.beside, desk.visit(here)) == [desk.visit(here)]
