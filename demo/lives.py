"""How disputes of earlier weeks lived: who acted after how long, and what was odd about some (T1).

A life is told moment by moment, so that all lives, and the clocks, go on side by side.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.desk import holding, notes, parking, party_acts, snoozing, standing, undo
from core.desk.actor import Actor, agent
from core.desk.standing import Standing
from core.workflow.facts import GRADE, GRADES
from core.workflow.terms import By, FieldKind, Kind, Meaning
from demo import history
from demo.history import Past

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MOST_ACTS = 60
LONGEST = 14 * MINUTE  # for which somebody has a dispute open before they decide
RECENT = dt.timedelta(days=3)  # what came since then has to be over sooner
HASTE = 0.12  # of the time left until the present: nothing earlier is still open then
ODD_AT = ("triage", "adjudication", "adjudication", "verification", "verification")
HURRIED = 0.85  # of acts on what is urgent
CONTENT = 0.85  # of merchants with the goods that came back
# Half of the acts come within so many minutes; the second figure is how far they scatter.
PACE = {"intake": (16, 0.85), "triage": (32, 0.8), "wait": (500, 0.7), "later": (280, 0.75)}
URGENT = {Kind.INTAKE: (2, 0.6), Kind.WORK: (9, 0.7)}  # of an emergency
NOTES = (
    "已打电话核对，买家同意配合。",
    "商家说仓库有监控，明天发来。",
    "金额按实付计算，运费另议。",
    "Called to check; the buyer will help.",
    "The shop says there is a video of the packing; it comes tomorrow.",
    "The amount follows what was paid; freight is another question.",
)


@dataclass(frozen=True, slots=True)
class Bent:
    """What is odd about a life; most have nothing of it."""

    forgotten: bool = False  # nobody takes it for more than a day
    no_fit: bool = False  # no option fits at triage
    silent: bool = False  # nobody answers a request
    withdrawn: bool = False  # the buyer gives up at the first wait
    odd: bool = False  # sent back, not accepted, settled
    undone: bool = False  # the first decision was a wrong click
    snoozed: bool = False
    noted: bool = False


def bent(chance: random.Random) -> Bent:
    """What is odd about the next life."""
    shares = (0.015, 0.06, 0.1, 0.05, 0.14, 0.05, 0.06, 0.12)
    return Bent(*(chance.random() < share for share in shares))


class Life:
    """One dispute of earlier weeks, from when it was opened until it is over, by `end`.

    `plain` is what anybody would choose who has read the buyer's words.
    """

    def __init__(
        self,
        past: Past,
        dispute: int,
        plain: dict[str, str],
        at: dt.datetime,
        end: dt.datetime,
        seed: str,
    ) -> None:
        self.past, self.dispute, self.plain, self.at, self.end = past, dispute, plain, at, end
        self.chance = random.Random(seed)  # noqa: S311  a story, no secret
        self.bent = bent(self.chance)
        self.odd_at = self.chance.choice(ODD_AT) if self.bent.odd else ""
        self._done: set[str] = set()  # what was odd, once it has happened
        self._unanswered: int | None = None  # the visit of the request that nobody answers

    def moments(self) -> Iterator[dt.datetime]:
        """Lives it; gives the moment of each next act.

        Whoever calls comes back then, when whatever is due until that moment has been done.
        """
        for _ in range(MOST_ACTS):
            here = self._standing()
            if here is None:
                return
            self.at += min(self._pause(here), (self.end - self.at) * HASTE)
            yield self.at
            if here.row.kind == Kind.WAIT:  # time may have ended it
                here = self._standing()
            before, known = self.at, len(self._done)
            if here is not None:
                self._happen(here)
                if len(self._done) > known:
                    here = self._standing()
            if self.at != before:
                yield self.at
            if here is not None:
                self._move(here)

    def _standing(self) -> Standing | None:
        """Where it stands; None once it has ended."""
        here = self.past.database.read(
            lambda c, now: standing.of_dispute(c, self.dispute, lock=False)
        )
        return None if here is None or here.row.kind == Kind.FINAL else here

    def _act(self, what: Callable[..., Any], *args: Any) -> Any:
        return self.past.act(what, *args, at=self.at)

    def _once(self, what: str) -> bool:
        """Whether this has not happened yet; from now on it has."""
        fresh = what not in self._done
        self._done.add(what)
        return fresh

    def _pause(self, here: Standing) -> dt.timedelta:
        """How long until somebody acts on it where it stands."""
        row = here.row
        if row.kind == Kind.INTAKE and self.bent.forgotten:
            return 26 * HOUR + self.chance.random() * 9 * HOUR
        first = row.stage == here.workflow.first
        middle, scatter = PACE[row.kind if row.kind in PACE else "triage" if first else "later"]
        hurried = _urgent(here) and self.chance.random() < HURRIED
        if here.workflow.key != "dispute" or hurried:
            middle, scatter = URGENT.get(Kind(row.kind), (middle, scatter))
        return MINUTE * middle * self.chance.lognormvariate(0, scatter)

    def _move(self, here: Standing) -> None:
        """Whoever's turn it is does what is to be done."""
        if here.row.kind == Kind.WAIT:
            if not self._silent(here):
                self._outside(here)
            return
        here = self._at_work(here)
        odd = here.row.stage == self.odd_at and self._once("odd")
        history.moved(self.past, here, self.dispute, self.plain, self.at, self.chance, odd=odd)
        if self.bent.undone and here.row.kind == Kind.WORK and self._once("undone"):
            self._take_back(here)

    def _at_work(self, here: Standing) -> Standing:
        """Somebody at home at the stage has had the dispute open for some minutes."""
        row = here.row
        if row.kind != Kind.WORK or row.holder_id:
            return here
        minutes = MINUTE * 6 * self.chance.lognormvariate(0, 0.6)
        since = self.at - min(minutes, LONGEST, self.at - row.opened_at)
        who = history.whose(self.past, here, self.chance)
        self.past.act(holding.hold, row.visit_id, who, at=since)
        return self._standing() or here

    def _silent(self, here: Standing) -> bool:
        """Whether this is the request that nobody answers: the first one, if it is long ago."""
        if not self.bent.silent or self.end - self.at < RECENT:
            return False
        stage = here.workflow.stage_by_key[here.row.stage]
        if self._unanswered is None and any(one.by == By.EVIDENCE for one in stage.decisions):
            self._unanswered = here.row.visit_id
        return bool(self._unanswered == here.row.visit_id)

    def _outside(self, here: Standing) -> None:
        """Somebody sends goods back or looks at them, else does what is done at every wait."""
        decisions = here.workflow.stage_by_key[here.row.stage].decisions
        theirs = [one for one in decisions if one.by in (By.BUYER, By.MERCHANT)]
        if theirs:
            one = theirs[0 if self.chance.random() < CONTENT else -1]
            told = {f.key: f"SF{self.chance.randrange(10**9):012}" for f in one.fields}
            if all(field.kind == FieldKind.TYPED for field in one.fields):
                self._act(party_acts.act, self.dispute, str(one.by), one.key, told)
                return
        history.moved(self.past, here, self.dispute, self.plain, self.at, self.chance)

    def _happen(self, here: Standing) -> None:
        """What is odd about this life happens where it belongs, once each."""
        row, first = here.row, here.row.stage == here.workflow.first
        if row.kind == Kind.WAIT and self.bent.withdrawn and self._once("withdrawn"):
            self._withdraw(here)
        if row.kind != Kind.WORK:
            return
        who = history.whose(self.past, here, self.chance)
        if first and _urgent(here) and self._once("called"):  # whoever did not answer before
            history.reach(self.past, self.dispute, who, self.at, self.chance)
        if self.bent.noted and self._once("noted"):
            words = self.chance.choice(NOTES)
            self._act(notes.write, row.visit_id, words, who, self.past.vault)
        if first and self.bent.no_fit and self._once("no_fit"):
            self._park(here, who)
        elif row.holder_id and self.bent.snoozed and self._once("snoozed"):
            reason = self.chance.choice(("call_back", "colleague_answers", "settling"))
            self._act(snoozing.snooze, row.visit_id, reason, "half_hour", who)
            self.at += 31 * MINUTE
            self._act(snoozing.wake)

    def _withdraw(self, here: Standing) -> None:
        for one in here.workflow.decisions_by_stage[here.row.stage].values():
            if one.by == By.BUYER and one.meaning == Meaning.WITHDRAWN:
                self._act(party_acts.act, self.dispute, str(By.BUYER), one.key, {})

    def _park(self, here: Standing, who: Actor) -> None:
        """No option fits the reason; after a while a supervisor says what to do."""
        fits = {key: self.plain[key] for key in ("category", "state") if key in self.plain}
        self._act(parking.park, here.row.visit_id, fits, who)
        self.at += MINUTE * self.chance.randint(12, 110)
        lead = agent(self.past.people[self.chance.choice(("U0SUN", "U0GRACE"))])
        hint = self.chance.choice(("closest", "closest_for_now", "as_evidence_shows"))
        self._act(parking.hand_back, here.row.visit_id, hint, lead)
        self.at += 5 * MINUTE

    def _take_back(self, here: Standing) -> None:
        """Whoever has just decided takes it back at once; they decide again next time."""
        left = self.past.database.read(lambda c, now: standing.at_visit(c, here.row.visit_id))
        if left is not None and left.row.holder_id:
            self.at += dt.timedelta(seconds=25)
            self._act(undo.undo, here.row.visit_id, agent(left.row.holder_id))


def _urgent(here: Standing) -> bool:
    return here.facts.get(GRADE) == GRADES[0]
