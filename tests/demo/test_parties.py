"""How parties behave: by seed, among what they are offered, sometimes not at all."""

from collections import Counter
from typing import Any

from demo.marketplace.parties import PartyAct, reactions

SHIP = {
    "decision": "send-it",
    "end": False,
    "inputs": [{"key": "track", "kind": "typed", "required": True}],
}
PROVE = {
    "decision": "prove-it",
    "end": False,
    "inputs": [{"key": "paper", "kind": "file", "required": True}],
}
ACCEPT = {"decision": "accept", "end": False, "inputs": []}
CONTEST = {"decision": "contest", "end": False, "inputs": []}
LEAVE = {"decision": "leave", "end": True, "inputs": []}


def notice(n: int, *asked: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": f"x-{n}",
        "external_id": f"D-{n}",
        "turn": 1,
        "finished": False,
        "asked": list(asked),
        "owed": None,
        **more,
    }


def asked(party: str, *acts: dict[str, Any], kinds: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"party": party, "acts": list(acts), "kinds": dict.fromkeys(kinds)}


def many(*parts: dict[str, Any], **more: Any) -> list[list[PartyAct]]:
    return [reactions(notice(n, *parts, **more), 5) for n in range(400)]


def test_same_dispute_and_seed_give_the_same_acts_whatever_its_number() -> None:
    one = notice(1, asked("buyer", kinds=("photos", "chat")))
    assert reactions(one, 5) == reactions({**one, "id": "y-1", "number": "Z"}, 5)
    turns = {str(reactions({**one, "turn": turn}, 5)) for turn in range(20)}
    assert len(turns) > 5
    assert len({str(reactions(one, seed)) for seed in range(20)}) > 5


def test_evidence_ends_with_nothing_more_unless_the_party_stays_silent() -> None:
    plans = many(asked("buyer", kinds=("photos", "chat", "video")))
    silent = [plan for plan in plans if not plan]
    assert 20 < len(silent) < 120
    for plan in plans:
        if plan:
            assert plan[-1].decision == "nothing_more"
            assert {act.kind for act in plan[:-1]} <= {"photos", "chat", "video"}
            assert [act.after for act in plan] == sorted(act.after for act in plan)


def test_expected_act_comes_most_often_and_its_inputs_are_filled() -> None:
    chosen = Counter(
        act.decision for plan in many(asked("merchant", ACCEPT, CONTEST)) for act in plan
    )
    assert chosen["accept"] > 2 * chosen["contest"] > 0
    shipped = [act for plan in many(asked("buyer", SHIP, LEAVE)) for act in plan]
    assert all(act.inputs["track"] for act in shipped if act.decision == "send-it")
    assert 0 < sum(act.decision == "leave" for act in shipped) < 40


def test_merchant_who_owes_proves_it_or_pays_over_the_marketplace() -> None:
    owed = {"reference": "R-1", "amount": 5, "currency": "CNY"}
    plans = many(asked("merchant", PROVE), owed=owed)
    done = Counter(act.do for plan in plans for act in plan)
    assert done["event"] > done["pay"] > 0
    assert {act.files for plan in plans for act in plan if act.do == "event"} == {("paper",)}
    assert {act.reference for plan in plans for act in plan if act.do == "pay"} == {"R-1"}


def test_nobody_acts_in_a_finished_dispute() -> None:
    assert all(not plan for plan in many(finished=True))
