"""Roles are rows: what they give counts at the next press, and nobody gives too much (X2)."""

import threading
from typing import Any

import pytest
from sqlalchemy import event, select, update

from core.desk import holding, roles
from core.desk.actor import Right
from core.desk.answers import Applied, Stale
from core.desk.held import RIGHTS
from core.desk.roles import STANDARD, RoleInfo
from core.tables import Change, Person, Role
from tests.core.desk.staff import change, employ, key_of, save
from tests.factories import Desk


def test_person_holds_what_all_their_roles_give_and_unknown_roles_give_nothing(
    any_desk: Desk,
) -> None:
    for keys, rights in (
        ([], set()),
        (["trainee"], {"see"}),
        (["gone"], set()),
        (["operator", "agent"], {*STANDARD["operator"].rights, *STANDARD["agent"].rights}),
    ):
        any_desk.write(update(Person).where(Person.name == "Tim").values(roles=keys))
        held = any_desk.rows(select(RIGHTS).where(Person.name == "Tim"))[0][0]
        assert held == rights


def test_changed_role_counts_at_the_next_press_of_whoever_has_it(any_desk: Desk) -> None:
    dispute = any_desk.open()
    assert change(any_desk, "agent", [Right.SEE]) is None
    refused = any_desk.take(dispute)
    assert (key_of(refused), refused.params) == ("no_right", {"right": "decide"})
    assert change(any_desk, "agent", [Right.SEE, Right.DECIDE]) is None
    assert isinstance(any_desk.take(dispute), Applied)


def test_press_asks_for_rights_in_the_statement_that_finds_the_person(desk: Desk) -> None:
    dispute = desk.open()
    visit, told = desk.visit(dispute), []

    @event.listens_for(desk.db.engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        told.append(statement)

    desk.db.transact(holding.take, visit, desk.who("Tom"), click="one")
    asking = [statement for statement in told if "roles" in statement]
    assert len(asking) == 1
    assert "FROM people" in asking[0]
    assert "clicks" in asking[0]


def test_role_needs_both_labels_a_key_and_rights_that_there_are(desk: Desk) -> None:
    who = desk.who("Sun Wei")
    for key, info in (
        ("night", RoleInfo("", "Night shift", [])),
        ("night", RoleInfo("夜班", " ", [])),
        ("night", RoleInfo("夜班", "Night shift", ["fly"])),
        ("Night shift", RoleInfo("夜班", "Night shift", [])),
    ):
        with pytest.raises(ValueError, match=r"label|no right|no key"):
            desk.db.transact(roles.add, who, key, info)
    night = RoleInfo("夜班", "Night shift", ["decide", "see"])
    assert desk.db.transact(roles.add, who, "night", night) == "night"
    assert key_of(desk.db.transact(roles.add, who, "night", night)) == "key_taken"
    assert desk.rows(select(Role.rights).where(Role.key == "night")) == [(["see", "decide"],)]


def test_change_of_a_role_is_recorded_with_before_and_after(desk: Desk) -> None:
    assert change(desk, "trainee", ["see", "open"]) is None
    assert change(desk, "trainee", ["open", "see"]) is None  # the same again is no change
    recorded = desk.rows(select(Change.person_id, Change.place, Change.before, Change.after))
    assert recorded == [
        (
            desk.people["Sun Wei"],
            "trainee",
            {"rights": ["see"]},
            {"rights": ["see", "open"]},
        )
    ]


def test_role_that_was_saved_meanwhile_is_not_overwritten(desk: Desk) -> None:
    with pytest.raises(Stale):
        desk.db.transact(
            roles.change, desk.who("Sun Wei"), "agent", 7, RoleInfo("客服", "Agent", [])
        )


def test_nobody_raises_their_own_rights_by_a_role_they_have(desk: Desk) -> None:
    everything = [str(right) for right in Right]
    assert key_of(change(desk, "supervisor", everything)) == "raises_own"
    assert key_of(change(desk, "operator", everything, "Olga")) == "raises_own"


def test_operator_gives_nobody_what_operators_do_not_hold(desk: Desk) -> None:
    assert key_of(change(desk, "agent", ["see", "decide", "open", "shape"], "Olga")) == (
        "not_yours_to_give"
    )
    assert key_of(employ(desk, "Eve", "supervisor", by="Olga")) == "not_yours_to_give"
    assert key_of(save(desk, "Tom", "Olga", roles=["supervisor"])) == "not_yours_to_give"
    assert isinstance(employ(desk, "Otto", "operator", by="Olga"), int)
    assert save(desk, "Tom", "Olga", team="north") is None  # what gives nothing, they may
    row = desk.db.transact(roles.add, desk.who("Olga"), "boss", RoleInfo("老板", "Boss", ["shape"]))
    assert key_of(row) == "not_yours_to_give"


def test_operator_becomes_nobody_else_by_way_of_their_slack_id(desk: Desk) -> None:
    assert key_of(save(desk, "Sun Wei", "Olga", slack_id="U0OLGA2")) == "not_yours_to_give"
    assert save(desk, "Tim", "Olga", slack_id="U0TIM2") is None


def test_operator_brings_no_supervisor_back(desk: Desk) -> None:
    employ(desk, "Zhou Min", "supervisor")
    assert save(desk, "Zhou Min", "Sun Wei", active=False) is None
    assert key_of(save(desk, "Zhou Min", "Olga", active=True)) == "not_yours_to_give"


def test_somebody_who_shapes_the_desk_always_stays(desk: Desk) -> None:
    refused = save(desk, "Sun Wei", "Olga", active=False)
    assert (key_of(refused), refused.params) == ("locks_out", {"rights": ["shape"]})  # type: ignore[union-attr]
    without = [right for right in STANDARD["supervisor"].rights if right != "shape"]
    assert key_of(change(desk, "supervisor", without)) == "locks_out"
    employ(desk, "Zhou Min", "supervisor")
    assert save(desk, "Sun Wei", "Olga", active=False) is None


@pytest.mark.postgres
def test_two_who_switch_each_other_off_leave_one(postgresql: Any) -> None:
    desk = Desk(postgresql)
    employ(desk, "Zhou Min", "supervisor")
    desk.write(update(Person).where(Person.name == "Olga").values(active=False))
    ready, answers = threading.Barrier(2), []

    def switch_off(whom: str, by: str) -> None:
        ready.wait()
        answers.append(save(desk, whom, by, active=False))

    pairs = (("Sun Wei", "Zhou Min"), ("Zhou Min", "Sun Wei"))
    threads = [threading.Thread(target=switch_off, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [answer for answer in answers if answer is not None]
    assert len(refused) == 1
    held = desk.rows(select(RIGHTS).where(Person.active))
    assert sum(Right.SHAPE in rights for (rights,) in held) == 1


def test_only_who_looks_after_people_removes_a_role_and_only_one_that_nobody_has(
    any_desk: Desk,
) -> None:
    info = RoleInfo("夜班", "Night shift", [Right.SEE])
    any_desk.db.transact(roles.add, any_desk.who("Sun Wei"), "night", info)

    def removed(name: str) -> str:
        refused = any_desk.db.transact(roles.remove, any_desk.who(name), "night", 1)
        return "" if refused is None else key_of(refused)

    assert removed("Tom") == "no_right"
    gone = update(Person).where(Person.name == "Tim")
    any_desk.write(gone.values(roles=["night"], active=False))
    assert removed("Sun Wei") == "role_in_use"  # who left may come back
    any_desk.write(gone.values(roles=["trainee", "nightly"]))
    assert removed("Sun Wei") == ""
    assert removed("Sun Wei") == "unknown_role"
    what = any_desk.rows(select(Change.what, Change.place).where(Change.kind == "role"))
    assert what == [("added", "night"), ("removed", "night")]
