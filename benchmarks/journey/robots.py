"""Robot agents: each presses buttons in Slack as one person would, one card at a time."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.journey.board import Board, Card
from benchmarks.journey.people import STAGES, SUPERVISOR, Worker
from benchmarks.journey.tactics import FIELD, MORE, RELEASE, Press, choose, fill, presses
from sandbox.client import Acting, CannotActError, Sandbox

IDLE = 0.25  # seconds
LATE = "was first"  # as the desk says it in English
HEARS_FOR = 5.0  # seconds in which a refusal may still come
MODAL_SECONDS = 4.0  # how long somebody waits for a modal
SETS_FIELD, FORGETS, TWICE, WANDERS = 0.12, 0.02, 0.02, 0.015
TAKES_OVER, LOOKS = 0.15, 0.1  # what is done about an alert
Json = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """What the robots did, all together."""

    seen: Counter[str] = field(default_factory=Counter)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)  # presses by stage, decision
    odd: list[str] = field(default_factory=list)


class Robot:
    """One person's hands and eyes, and a mind made of chance."""

    def __init__(self, worker: Worker, sandbox: Sandbox, board: Board, tally: Tally) -> None:
        self.worker, self.board, self.tally = worker, board, tally
        self.acting: Acting = sandbox.act_as(worker.slack_id)
        self.chance = random.Random(f"{board.seed}:{worker.slack_id}")
        self._heard = 0
        self._last: Card | None = None
        self._until = 0.0

    def live(self, stop: threading.Event, pause: threading.Event) -> None:
        """Works until it is told to stop, and rests while it is told to pause."""
        while not stop.is_set():
            if pause.is_set():
                stop.wait(IDLE)
                continue
            try:
                busy = self.turn()
            except CannotActError as error:  # the card changed under the hand
                self.tally.seen[f"gone: {error.code}"] += 1
                busy = True
            except httpx.HTTPError as error:
                self.tally.seen[f"broken: {type(error).__name__}"] += 1
                busy = True
            if not busy:
                stop.wait(IDLE)

    def turn(self) -> bool:
        """Does one thing; False where there is nothing to do."""
        self._listen()
        if self.worker is SUPERVISOR and self._supervise():
            return True
        card = self.board.take(self._stages(), self.worker.name)
        if card is None:
            return False
        try:
            self._work(card)
        finally:
            self.board.put_back(card)
        return True

    def _stages(self) -> tuple[str, ...]:
        """Where this agent looks for cards: at home, and rarely elsewhere."""
        if self.worker is SUPERVISOR:
            return ()
        if self.chance.random() < WANDERS:
            return (self.chance.choice(STAGES),)
        return ("intake", "triage") if self.worker.home == "triage" else (self.worker.home,)

    def _work(self, card: Card) -> None:
        press = choose(card, self.tally.taken, self.chance)
        if press is None:
            return
        selects = [key for key in press.chosen if key.startswith(FIELD)]
        if selects and self.chance.random() < SETS_FIELD:
            key = self.chance.choice(selects)
            self._click(card, key, press.chosen[key])
            if self.chance.random() < FORGETS / SETS_FIELD:
                self.tally.seen["forgot what it began"] += 1
                return
        self._decide(card, press)

    def _decide(self, card: Card, press: Press) -> None:
        self.tally.taken[card.stage, press.decision] += 1
        card.presses += 1
        self._last, self._until = card, time.monotonic() + HEARS_FOR
        if press.confirms:
            self.tally.seen["confirmed"] += 1
        value = ... if press.value is None else press.value
        outcome = self._click(card, press.action, value, press.chosen)
        if outcome["ephemerals"]:
            self._refused(outcome["ephemerals"])
        elif press.asks and press.decision != RELEASE and not self._filled(press, outcome):
            self.tally.seen["no modal came"] += 1
        elif press.action != MORE and self.chance.random() < TWICE:
            self.tally.seen["pressed twice"] += 1
            self._click(card, press.action, value, press.chosen)

    def _click(self, card: Card, action: str, value: Any = ..., state: Json | None = None) -> Json:
        outcome = self.acting.click(card.channel, card.ts, action, value, state=state or None)
        self._see(outcome)
        return outcome

    def _see(self, outcome: Json) -> None:
        """Counts what came back; anything that Slack itself would complain of is odd."""
        self.tally.seen["acts"] += 1
        self._heard = max(self._heard, outcome["seen"])
        if not outcome["ok"] and outcome["failure"]:
            self.tally.seen[f"failed: {outcome['failure']}"] += 1

    def _filled(self, press: Press, outcome: Json) -> bool:
        """Fills the modal that a press opened and submits it; False where none came."""
        view = outcome["modal"] or self._modal()
        if view is None:
            return False
        if view["callback_id"] != "decide":  # an old one is in the way
            self.acting.close(everything=True)
            return False
        state = dict(fill(view["blocks"], press.decision, self.chance))
        answer = self.acting.submit(state, view["id"])
        self._see(answer)
        if answer.get("errors"):
            self.tally.seen["refused in a modal"] += 1
            self.acting.close(everything=True)
        return True

    def _modal(self) -> Json | None:
        until = time.monotonic() + MODAL_SECONDS
        while time.monotonic() < until:
            stack = self.acting.modals()
            if stack:
                return stack[-1]
            if self._listen():  # it was refused instead
                return None
            time.sleep(0.05)
        return None

    def _listen(self) -> bool:
        """Hears what only this person was told since: why something was refused."""
        if self._last is None:
            return False
        if time.monotonic() > self._until:
            self._last = None
            return False
        told = self.acting.seen(self._heard, kind="ephemeral")
        if told:
            self._heard = max(change["n"] for change in told)
            self._refused([change["message"] for change in told])
        return bool(told)

    def _refused(self, told: list[Json]) -> None:
        """Tries another way soon, unless somebody was first: then the card is about to change."""
        late = any(LATE in message["text"] for message in told)
        self.tally.seen["came too late" if late else "refused"] += 1
        if self._last is not None and not late:
            self.board.refused(self._last)
        self._last = None

    def _supervise(self) -> bool:
        """Answers an alert, or lets go of a card that others cannot get on with."""
        alert = self.board.next_alert()
        if alert is not None:
            self._answer(*alert)
            return True
        card = self.board.offended()
        if card is None:
            return False
        try:
            self._release(card)
        finally:
            self.board.put_back(card, 1.0)
        return True

    def _answer(self, channel: str, ts: str, visit: int) -> None:
        drawn = self.chance.random()
        if drawn < TAKES_OVER:
            self._see(self.acting.click(channel, ts, "take_over", str(visit)))
            self.tally.seen["took over"] += 1
        elif drawn < TAKES_OVER + LOOKS:
            self._see(self.acting.click(channel, ts, "open", str(visit)))
            self.tally.seen["looked"] += 1
            if self._modal():
                self.acting.close(everything=True)

    def _release(self, card: Card) -> None:
        for press in presses(card):
            if press.decision == RELEASE:
                self._click(card, press.action, press.value)
                self.tally.seen["released by the supervisor"] += 1
                return
