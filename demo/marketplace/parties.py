"""How buyers and merchants behave: what they do when they are asked, by seed and dispute.

Pure, so that whoever drives disputes without this program (a benchmark, a simulation) can let the
same people act. Nothing here knows a workflow's keys: people choose among what a notice offers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.marketplace.goods import SAID
from demo.marketplace.world import draw

NOTHING_MORE = "nothing_more"
SILENT_SHARE = 0.15  # asked and never heard of
FIRST_CHOICE = 0.8  # of several acts, the expected one comes first
WITHDRAW_SHARE = 0.02
PAYS_ITSELF_SHARE = 0.3  # of merchants who owe: over the marketplace instead of with a voucher


@dataclass(frozen=True, slots=True)
class PartyAct:
    """What a party will do. `after` is in units of the pace at which people live.

    `do` is `evidence` (a kind, a file's ending or none), `event` (a decision with its inputs; the
    `files` among them are uploaded first) or `pay` (a reference that the party pays by itself).
    """

    party: str
    do: str
    after: float
    kind: str = ""
    ending: str = ""
    note: str = ""
    decision: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    reference: str = ""


def reactions(notice: Mapping[str, Any], seed: int, locale: str = "en") -> list[PartyAct]:
    """What the parties do about a notice, earliest first; silence is an empty list.

    `notice` is the JSON that the desk sends. The same seed, dispute (by the marketplace's own id)
    and turn give the same acts, whatever number the desk gave the dispute.
    """
    acts: list[PartyAct] = []
    for asked in notice["asked"]:
        acts += _of_party(notice, asked, seed, locale)
    return sorted(acts, key=lambda act: act.after)


def _of_party(
    notice: Mapping[str, Any], asked: Mapping[str, Any], seed: int, locale: str
) -> list[PartyAct]:
    party = str(asked["party"])
    chance = draw(seed, notice["external_id"], notice["turn"], party)
    ends = [act for act in asked["acts"] if act["end"]]
    expected = [act for act in asked["acts"] if not act["end"]]
    if ends and not notice["finished"] and chance.random() < WITHDRAW_SHARE:
        return [_event(party, chance.choice(ends), chance, 1.0)]
    if chance.random() < SILENT_SHARE:
        return []
    if asked["kinds"]:
        return _evidence(party, list(asked["kinds"]), chance, locale)
    if not expected:
        return []
    owed = notice["owed"]
    pays = owed and any(_files(act) for act in expected)
    if pays and chance.random() < PAYS_ITSELF_SHARE:
        after = chance.uniform(0.3, 1.5)
        return [PartyAct(party, "pay", after, reference=str(owed["reference"]))]
    wanted = expected[0] if chance.random() < FIRST_CHOICE else chance.choice(expected)
    return [_event(party, wanted, chance, chance.uniform(0.3, 1.5))]


def _evidence(party: str, kinds: list[str], chance: Any, locale: str) -> list[PartyAct]:
    """One or two pieces, or none, and then 'nothing more'."""
    given = chance.sample(kinds, min(len(kinds), chance.choice((0, 1, 1, 2))))
    acts, after = [], 0.0
    for kind in sorted(given):
        after += chance.uniform(0.2, 0.6)
        ending = chance.choice(("png", "png", "pdf", ""))
        note = SAID[party][0 if locale.startswith("zh") else 1]
        acts.append(PartyAct(party, "evidence", after, kind=kind, ending=ending, note=note))
    after += chance.uniform(0.1, 0.4)
    return [*acts, PartyAct(party, "event", after, decision=NOTHING_MORE)]


def _event(party: str, act: Mapping[str, Any], chance: Any, after: float) -> PartyAct:
    typed = {
        str(one["key"]): f"SF{chance.randrange(10**11, 10**12)}"
        for one in act["inputs"]
        if one["kind"] == "typed"
    }
    decision = str(act["decision"])
    return PartyAct(party, "event", after, decision=decision, inputs=typed, files=_files(act))


def _files(act: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(one["key"]) for one in act["inputs"] if one["kind"] == "file")
