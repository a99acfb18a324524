"""What robots see in Slack: the cards that can be acted on, kept up to date by watching."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.journey.people import CHANNELS, WATCHER, channel_id
from sandbox.client import CannotActError, Sandbox

STAGE_OF = {channel_id(key): key for key in CHANNELS}
ESCALATION = "escalation"
PATIENCE = 40.0  # seconds until a card that did not change is pressed again
OFFENDED = 3  # refusals after which a card is shown to the supervisor
LATE, VERY_LATE = 0.06, 0.05  # shares of cards left alone until a warning, until an alert
TIDES = 4  # leaps of time after which a card that was left alone is taken up anyway
UNSEEN = 50  # topics and pins that may be set before the first message; they are not shown
_NAME = re.compile(r"\b[A-Z][A-Za-z]+-\d\b")
Json = dict[str, Any]


@dataclass(slots=True)
class Card:
    """A live card. `asleep` says what it waits for: nothing, a warning, an alert."""

    visit: int
    stage: str
    channel: str
    ts: str
    blocks: list[Json]
    holder: str
    asleep: str = ""
    tide: int = 0
    in_hand: bool = False
    ready_at: float = 0.0
    refusals: int = 0
    presses: int = 0


@dataclass(slots=True)
class Board:
    """The live cards and unanswered alerts; safe for threads."""

    seed: int
    cards: dict[tuple[str, str], Card] = field(default_factory=dict)
    alerts: list[tuple[str, str, int]] = field(default_factory=list)
    tide: int = 0
    changes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self, sandbox: Sandbox, stop: threading.Event) -> None:
        """Follows what happens in the channels until it is told to stop."""
        seen = 0
        while not stop.is_set():
            try:
                news = sandbox.get(f"as/{WATCHER.slack_id}/seen", since=seen, wait=1)
            except CannotActError:
                continue
            for change in news["changes"]:
                if change["n"] > UNSEEN and not seen:
                    raise RuntimeError("the feed forgot its beginning")
                self.learn(change)
            seen = max([seen, *(change["n"] for change in news["changes"])])
            stop.wait(0.1)

    def learn(self, change: Json) -> None:
        """Takes in one change that the watcher saw."""
        message = change.get("message") or {}
        stage = STAGE_OF.get(str(change.get("channel")))
        if change["kind"] not in ("message", "message_changed") or stage is None:
            return
        with self.lock:
            self.changes += 1
            if message.get("thread_ts") not in (None, message["ts"]):
                self._wake((change["channel"], message["thread_ts"]), "warning")
            elif stage == ESCALATION:
                self._alerted(change["channel"], message)
            else:
                self._drawn(stage, change["channel"], message)

    def take(self, stages: tuple[str, ...], name: str) -> Card | None:
        """A card for this agent: one that they hold, else a free one of these stages."""
        now = time.monotonic()
        with self.lock:
            free = [
                card
                for card in self.cards.values()
                if not card.in_hand
                and card.ready_at <= now
                and (card.holder == name or (not card.holder and card.stage in stages))
                and self._awake(card)
            ]
            if not free:
                return None
            card = min(free, key=lambda one: (one.holder != name, one.ready_at, one.visit))
            card.in_hand = True
            return card

    def put_back(self, card: Card, after: float = PATIENCE) -> None:
        """The card is out of hand; it is looked at again unless it changes before."""
        with self.lock:
            card.in_hand = False
            card.ready_at = time.monotonic() + after

    def refused(self, card: Card) -> None:
        """A press was refused: the card may be tried again soon, in another way."""
        with self.lock:
            card.refusals += 1
            card.ready_at = time.monotonic() + min(0.5 * 2**card.refusals, PATIENCE)

    def offended(self) -> Card | None:
        """A card that refused again and again, for the supervisor."""
        with self.lock:
            for card in self.cards.values():
                if card.refusals >= OFFENDED and not card.in_hand:
                    card.in_hand, card.refusals = True, 0
                    return card
        return None

    def next_alert(self) -> tuple[str, str, int] | None:
        """An alert nobody has looked at, as channel, message and visit."""
        with self.lock:
            return self.alerts.pop(0) if self.alerts else None

    def waiting(self) -> int:
        """How many cards somebody would act on now."""
        now = time.monotonic()
        with self.lock:
            return sum(self._awake(card) and card.ready_at <= now for card in self.cards.values())

    def live(self) -> int:
        """How many cards can be acted on at all."""
        with self.lock:
            return len(self.cards)

    def _awake(self, card: Card) -> bool:
        return not card.asleep or self.tide >= card.tide + TIDES

    def _wake(self, place: tuple[str, str], by: str) -> None:
        card = self.cards.get(place)
        if card is not None and by in ("alert", card.asleep):
            card.asleep = ""

    def _alerted(self, channel: str, message: Json) -> None:
        visit = _visit_of(message)
        if visit is None:
            return
        self.alerts.append((channel, message["ts"], visit))
        for place, card in self.cards.items():
            if card.visit == visit:
                self._wake(place, "alert")

    def _drawn(self, stage: str, channel: str, message: Json) -> None:
        place = channel, message["ts"]
        visit = _visit_of(message)
        known = self.cards.get(place)
        if visit is None:
            self.cards.pop(place, None)
        elif known is not None:
            known.blocks, known.holder = message["blocks"], _holder(message)
            known.ready_at = min(known.ready_at, time.monotonic() + 0.5)
        else:
            asleep = _temper(self.seed, visit)
            card = Card(
                visit, stage, channel, message["ts"], message["blocks"], _holder(message), asleep
            )
            card.tide = self.tide
            self.cards[place] = card


def _temper(seed: int, visit: int) -> str:
    drawn = random.Random(f"{seed}:temper:{visit}").random()
    return "warning" if drawn < LATE else "alert" if drawn < LATE + VERY_LATE else ""


def _visit_of(message: Json) -> int | None:
    """The visit that a message's buttons were drawn for; None where it has none."""
    for block in message.get("blocks") or ():
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            options = element.get("options") or [{}]
            value = element.get("value") or options[0].get("value") or ""
            return int(value.partition(":")[0])
    return None


def _holder(message: Json) -> str:
    """Who holds the visit, as the card's second line says."""
    second = message["blocks"][1] if len(message.get("blocks") or ()) > 1 else {}
    texts = (str(element.get("text", "")) for element in second.get("elements", ()))
    found = _NAME.search(" ".join(texts))
    return found[0] if found else ""
