"""Virtual time: every save of the log in its minute, before it the sweep at every due moment."""

import bisect
import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.replay import acts, desk
from benchmarks.replay.hands import Hands
from benchmarks.replay.log import NOBODY, Case, Save, in_order
from benchmarks.replay.mapping import stage_of
from benchmarks.replay.peek import Peek
from core.desk.answers import Refused
from core.workflow.terms import By

MOST_TICKS = 200  # at one moment, before something must be wrong
OUTAGES_A_MONTH = 1.5
LONGEST_OUTAGE = 12 * 60  # minutes
Outage = tuple[dt.datetime, dt.datetime]


def drawn_outages(first: dt.datetime, last: dt.datetime, chance: random.Random) -> list[Outage]:
    """When no scheduler ran: from the first moment on, up to and without the second."""
    found = []
    at = first
    while (at := at + dt.timedelta(days=chance.expovariate(OUTAGES_A_MONTH / 30))) < last:
        begins = at.replace(second=0, microsecond=0)
        at = begins + dt.timedelta(minutes=chance.randint(5, LONGEST_OUTAGE))
        found.append((begins, at))
    return found


@dataclass(slots=True)
class Told:
    """What a dispute of a case is known by."""

    dispute: int
    number: str
    generation: int


@dataclass(slots=True)
class Director:
    """Plays cases through the desk; `people` are the ids of those whom the log numbers."""

    peek: Peek
    hands: Hands
    people: dict[str, int]
    outages: Sequence[Outage] = ()
    seen: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    disputes: dict[str, Told] = field(default_factory=dict)

    def play(
        self, cases: Sequence[Case], show: Callable[[int, dt.datetime], None] = lambda *_: None
    ) -> None:
        """Everything, in the order of time; `show` hears of each event that is done."""
        for count, (at, place, number) in enumerate(in_order(list(cases)), start=1):
            self.pass_to(at)
            case = cases[place]
            if number < 0:
                self._open(case, at, 0, case.saves[0].priority)
            else:
                self._saved(case, case.saves[number], f"{case.number}:{number}")
            show(count, at)

    def pass_to(self, moment: dt.datetime) -> None:
        """Sweeps whatever is due until then, each as soon as a scheduler runs."""
        ticks, before = 0, None
        while (due := self.peek.next_at()) is not None:
            at = self.swept(due)
            if at > moment:
                return
            ticks = ticks + 1 if at == before else 0
            if ticks > MOST_TICKS:
                raise RuntimeError(f"what is due at {due} stays due")
            before = at
            self.hands.sweep(at)
            self.seen["sweeps"] += 1

    def swept(self, due: dt.datetime) -> dt.datetime:
        """When something that is due is acted on: at once, or when an outage ends."""
        place = bisect.bisect_right(self.outages, due, key=lambda one: one[0]) - 1
        if place >= 0 and due < self.outages[place][1]:
            return self.outages[place][1]
        return due

    def _open(self, case: Case, at: dt.datetime, generation: int, priority: str) -> Told:
        name = case.number if not generation else f"{case.number}+{generation}"
        known = desk.PRIORITIES[priority]
        act = acts.opened(name, case.caller, case.contact, known, desk.WORKFLOW)
        answer = self.hands.act(at, act)
        told = self.disputes[case.number] = Told(answer.dispute_id, answer.number, generation)
        self.seen["opened"] += 1
        return told

    def _saved(self, case: Case, save: Save, click: str) -> None:
        """One save: what it says of the state, then of who has the dispute."""
        told = self.disputes[case.number]
        visit, stage, holder = self.peek.open_visit(told.dispute)
        wanted = stage_of(save.state)
        if wanted is None or wanted == stage:
            self.seen["saves that change no stage"] += 1
            self._assign(save, visit, stage, holder, click)
            return
        if stage == desk.CLOSED:
            if wanted in (desk.INTAKE, desk.RESOLVED):  # closed already, by the limit of the wait
                self.seen["saves of what the desk had closed"] += 1
                return
            told = self._again(case, save, told, click)
            visit, stage, holder = self.peek.open_visit(told.dispute)
        if wanted == desk.INTAKE:
            self._release(save, visit, holder, click)
            return
        if stage == desk.INTAKE:
            who = self.people[save.assignee]
            self._act(save, ("take", (visit, who, click + "t")))
            self.seen["taken"] += 1
            if wanted == desk.WORK:
                return
            visit, stage, holder = self.peek.open_visit(told.dispute)
        self._decide(save, visit, stage, holder, wanted, click)

    def _decide(
        self, save: Save, visit: int, stage: str, holder: int | None, wanted: str, click: str
    ) -> None:
        by, person, chosen = self._by(stage), None, {}
        if stage == desk.WORK:
            self._assign(save, visit, stage, holder, click)
            person = self.people[save.assignee]
            if save.assignee == NOBODY and holder is not None:
                person = holder
            chosen = {desk.PRIORITY: desk.PRIORITIES[save.priority]}
        key = desk.to(wanted)
        self._act(save, ("choose", (visit, key, chosen, by, person, click)))
        self.seen[f"{stage} → {wanted}"] += 1

    @staticmethod
    def _by(stage: str) -> str:
        if stage == desk.WORK:
            return By.AGENT
        return By.BUYER if stage == desk.RESOLVED else desk.AWAITING[stage][0]

    def _assign(self, save: Save, visit: int, stage: str, holder: int | None, click: str) -> None:
        """Somebody else has it from now on: the supervisor gives it to them."""
        who = self.people[save.assignee]
        if stage != desk.WORK or holder is None or save.assignee == NOBODY or who == holder:
            return
        by = self.people[desk.SUPERVISOR]
        self._act(save, ("assign", (visit, who, by, click + "a")))
        self.seen["assigned"] += 1

    def _release(self, save: Save, visit: int, holder: int | None, click: str) -> None:
        if holder is not None:
            self._act(save, ("release", (visit, holder, click + "r")))
            self.seen["released"] += 1

    def _again(self, case: Case, save: Save, before: Told, click: str) -> Told:
        """What was closed is reopened: another dispute that follows from it."""
        told = self._open(case, save.at, before.generation + 1, save.priority)
        by = self.people[desk.SUPERVISOR]
        self._act(save, ("link", (told.dispute, before.number, by, click + "l")))
        self.seen["linked"] += 1
        return told

    def _act(self, save: Save, act: acts.Act) -> Any:
        answer = self.hands.act(save.at, act)
        if isinstance(answer, Refused):
            self.refused.append(f"{act[0]} {act[1]} at {save.at}: {answer.key} {answer.reasons}")
        return answer


def names(cases: Iterable[Case]) -> set[str]:
    """The people of the log, by number."""
    return {save.assignee for case in cases for save in case.saves} | {NOBODY}
