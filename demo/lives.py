"""How disputes of earlier weeks lived: who acted after how long, and what was odd about some (T1).

A life is told moment by moment, so that all lives, and the clocks, go on side by side.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from core.desk import holding, notes, parking, party_acts, snoozing, standing, undo
from core.desk.actor import agent
from core.desk.standing import Standing
from core.workflow.facts import GRADE, GRADES
from core.workflow.terms import By, FieldKind, Kind, Meaning
from demo import history
from demo.history import Past

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MOST_ACTS = 60
LONGEST = 14 * MINUTE  # for which somebody has a dispute open before they decide
MOST_SILENT = dt.timedelta(days=3)
HASTE = 0.12  # of the time left until the present: nothing earlier is still open then
ODD_AT = ("triage", "adjudication", "adjudication", "verification", "verification")
HURRIED = 0.85  # of acts on what is urgent
CONTENT = 0.85  # of merchants with the goods that came back
# Half of the acts come within so many minutes; the second figure is how far they scatter.
PACE = {"intake": (16, 0.85), "triage": (32, 0.8), "wait": (500, 0.7), "later": (280, 0.75)}
URGENT = {Kind.INTAKE: (2, 0.6), Kind.WORK: (9, 0.7)}  # of an emergency
NOTES = {
    "zh": (
        "已打电话核对，买家同意配合。",
        "商家说仓库有监控，明天发来。",
        "金额按实付计算，运费另议。",
    ),
    "en": (
        "Called to check; the buyer will help.",
        "The shop says there is a video of the packing; it comes tomorrow.",
        "The amount follows what was paid; freight is another question.",
    ),
}


@dataclass(frozen=True, slots=True)
class Bent:
    """What is odd about a life; most have nothing of it."""

    forgotten: bool = False  # nobody takes it for more than a day
    no_fit: bool = False  # no option fits at triage
    silent: bool = False  # nobody answers a request
    withdrawn: bool = False  # the buyer gives up at the first wait
    odd: bool = False  # sent back, not accepted, settled
    undone: bool = False  # the first ruling was a wrong click
    snoozed: bool = False
    noted: bool = False


def bent(chance: random.Random) -> Bent:
    """What is odd about the next life."""
    shares = (0.015, 0.06, 0.1, 0.05, 0.14, 0.05, 0.06, 0.12)
    return Bent(*(chance.random() < share for share in shares))


def life(
    past: Past, dispute: int, plain: dict[str, str], at: dt.datetime, end: dt.datetime, seed: str
) -> Iterator[dt.datetime]:
    """Lives a dispute opened at `at` until it is over, by `end`; gives each next act's moment.

    Whoever calls comes back at that moment, when whatever is due until then has been done.
    """
    chance = random.Random(seed)  # noqa: S311  a story, no secret
    how, done, silent = bent(chance), set[str](), set[int]()
    odd_at = chance.choice(ODD_AT) if how.odd else ""
    for _ in range(MOST_ACTS):
        here = _standing(past, dispute)
        if here is None:
            return
        at += min(_pause(here, how, chance), (end - at) * HASTE)
        yield at
        if here.row.kind == Kind.WAIT:  # time may have ended it
            here = _standing(past, dispute)
            if here is None:
                return
        before, kept = at, len(done)
        at += _special(past, here, how, done, plain, at, chance)
        if len(done) > kept:
            here = _standing(past, dispute)
            if here is None:
                return
        if at != before:
            yield at
        if here.row.kind == Kind.WAIT:
            if not (how.silent and end - at > MOST_SILENT and _unanswered(here, silent)):
                _outside(past, here, dispute, plain, at, chance)
        else:
            here = _at_work(past, here, at, chance)
            odd = here.row.stage == odd_at and odd_at not in done
            history.moved(past, here, dispute, plain, at, chance, odd=odd)
            if odd:
                done.add(odd_at)
            if how.undone and "undone" not in done and here.row.kind == Kind.WORK:
                at += _taken_back(past, here, done, at)


def _at_work(past: Past, here: Standing, at: dt.datetime, chance: random.Random) -> Standing:
    """Somebody at home at the stage has had the dispute open for some minutes."""
    row = here.row
    if row.kind != Kind.WORK or row.holder_id:
        return here
    since = at - min(MINUTE * 6 * chance.lognormvariate(0, 0.6), LONGEST, at - row.opened_at)
    past.act(holding.hold, row.visit_id, history.whose(past, here, chance), at=since)
    return _standing(past, row.dispute_id) or here


def _unanswered(here: Standing, silent: set[int]) -> bool:
    """Whether this is the request that nobody answers: the first one."""
    if any(one.by == By.EVIDENCE for one in here.workflow.stage_by_key[here.row.stage].decisions):
        silent.add(here.row.visit_id)
    return silent == {here.row.visit_id}


def _outside(
    past: Past,
    here: Standing,
    dispute: int,
    plain: dict[str, str],
    at: dt.datetime,
    chance: random.Random,
) -> None:
    """Somebody outside sends goods back or looks at them, else does what is done at every wait."""
    decisions = here.workflow.stage_by_key[here.row.stage].decisions
    theirs = [one for one in decisions if one.by in (By.BUYER, By.MERCHANT)]
    if theirs:
        one = theirs[0 if chance.random() < CONTENT else -1]
        told = {field.key: f"SF{chance.randrange(10**9):012}" for field in one.fields}
        if all(field.kind == FieldKind.TYPED for field in one.fields):
            past.act(party_acts.act, dispute, str(one.by), one.key, told, at=at)
            return
    history.moved(past, here, dispute, plain, at, chance)


def _standing(past: Past, dispute: int) -> Standing | None:
    """Where a dispute stands; None once it has ended."""
    here = past.database.read(lambda c, now: standing.of_dispute(c, dispute, lock=False))
    return None if here is None or here.row.kind == Kind.FINAL else here


def _pause(here: Standing, how: Bent, chance: random.Random) -> dt.timedelta:
    """How long until somebody acts on a dispute where it stands."""
    row = here.row
    if row.kind == Kind.INTAKE and how.forgotten:
        return 26 * HOUR + chance.random() * 9 * HOUR
    first = row.stage == here.workflow.first
    key = row.kind if row.kind in PACE else "triage" if first else "later"
    middle, scatter = PACE[key]
    if here.workflow.key != "dispute" or (_urgent(here) and chance.random() < HURRIED):
        middle, scatter = URGENT.get(Kind(row.kind), (middle, scatter))
    return MINUTE * middle * chance.lognormvariate(0, scatter)


def _urgent(here: Standing) -> bool:
    return here.facts.get(GRADE) == GRADES[0]


def _special(
    past: Past,
    here: Standing,
    how: Bent,
    done: set[str],
    plain: dict[str, str],
    at: dt.datetime,
    chance: random.Random,
) -> dt.timedelta:
    """What is odd here and now, once each; gives how long it took."""
    row = here.row
    if row.kind == Kind.WAIT:
        if how.withdrawn and "withdrawn" not in done:
            done.add("withdrawn")
            ends = here.workflow.decisions_by_stage[row.stage].values()
            for one in ends:
                if one.by == By.BUYER and one.meaning == Meaning.WITHDRAWN:
                    past.act(party_acts.act, row.dispute_id, "buyer", one.key, {}, at=at)
        return dt.timedelta()
    if row.kind != Kind.WORK:
        return dt.timedelta()
    who = history.whose(past, here, chance)
    if _urgent(here) and "called" not in done and row.stage == here.workflow.first:
        done.add("called")  # whoever did not answer before
        history.reach(past, row.dispute_id, who, at, chance)
    if how.noted and "noted" not in done:
        done.add("noted")
        words = NOTES["zh" if chance.random() < 0.6 else "en"]
        past.act(notes.write, row.visit_id, chance.choice(words), who, past.vault, at=at)
    if how.no_fit and "no_fit" not in done and row.stage == here.workflow.first:
        done.add("no_fit")
        fits = {key: plain[key] for key in ("category", "state") if key in plain}
        past.act(parking.park, row.visit_id, fits, who, at=at)
        answered = MINUTE * chance.randint(12, 110)
        lead = agent(past.people[chance.choice(("U0SUN", "U0GRACE"))])
        hint = chance.choice(("closest", "closest_for_now", "as_evidence_shows"))
        past.act(parking.hand_back, row.visit_id, hint, lead, at=at + answered)
        return answered + 5 * MINUTE
    if how.snoozed and "snoozed" not in done and row.holder_id:
        done.add("snoozed")
        reason = chance.choice(("call_back", "colleague_answers", "settling"))
        past.act(snoozing.snooze, row.visit_id, reason, "half_hour", who, at=at)
        later = 31 * MINUTE
        past.act(snoozing.wake, at=at + later)
        return later
    return dt.timedelta()


def _taken_back(past: Past, here: Standing, done: set[str], at: dt.datetime) -> dt.timedelta:
    """Whoever has just decided takes it back at once; they decide again next time."""
    done.add("undone")
    left = past.database.read(lambda c, now: standing.at_visit(c, here.row.visit_id))
    if left is not None and left.row.holder_id:
        seconds = dt.timedelta(seconds=25)
        past.act(undo.undo, here.row.visit_id, agent(left.row.holder_id), at=at + seconds)
        return seconds
    return dt.timedelta()
