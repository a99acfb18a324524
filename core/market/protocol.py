"""What the desk asks of a marketplace's systems: orders, funds, payments, messages (I3, W13).

Every call may be made again: `pay` is known by its reference, `notify` by the notice's id. How a
call went wrong decides what follows, so adapters tell the ways apart by exception.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from core.desk.intake import OrderInfo
from core.workflow.model import Label


class NotSupported(RuntimeError):
    """This adapter can never do that: nothing was done, and trying again is pointless."""


class Rejected(RuntimeError):
    """The marketplace understood and declined for good: nothing was done."""


class NotDone(RuntimeError):
    """Certainly nothing was done, and later it may be.

    `away` where the whole marketplace cannot be reached or asks for quiet: everything waits then,
    for `wait` where it named a time.
    """

    def __init__(self, reason: str, *, away: bool = False, wait: dt.timedelta | None = None):
        super().__init__(reason)
        self.away = away
        self.wait = wait


class MayBeDone(RuntimeError):
    """The call left and no answer came back: it may have been carried out. Asking again is safe."""


@dataclass(frozen=True, slots=True)
class Funds:
    """What could be taken from an order's merchant, in minor units of the order's currency."""

    held: int  # this order's payment, not yet paid out
    balance: int
    deposit: int  # the security deposit


@dataclass(frozen=True, slots=True)
class Payment:
    """An instruction to move money to the buyer; amount in minor units.

    `sources` in the order in which they are drawn on: held, balance, deposit, or fund (goodwill).
    """

    reference: str
    order: str
    amount: int
    currency: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """What an act needs: a typed text (`typed`) or the id of a piece of evidence (`file`) ..."""

    key: str
    kind: str
    label: Label
    required: bool


@dataclass(frozen=True, slots=True)
class Act:
    """What a party may do now, as an event of the API; `end` may be done at any stage."""

    decision: str
    label: Label
    inputs: tuple[Input, ...]
    end: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one party: kinds of evidence, acts, or money to pay by itself."""

    party: str
    kinds: dict[str, Label]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What the merchant has to pay by itself; amount in minor units."""

    reference: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Where a dispute stands now, and what is asked of whom by when. The same id is the same one.

    It holds what every party may know: no note, no agent, no other party's words (X5).
    """

    id: str
    number: str
    external_id: str  # the marketplace's own, or one that the desk gave what was split off
    split_from: str  # the number of the dispute from which it was split off, or empty
    order: str
    stage: str
    label: Label
    finished: bool
    continues_in: str  # the number of the dispute into which it was merged, or empty
    turn: int  # how many stays in stages the dispute has had, this one included
    since: dt.datetime
    due_at: dt.datetime | None
    otherwise: Label | None  # what happens when the time runs out (E2)
    because: Label | None  # why it was not accepted (D1)
    goods_to: str  # the party whose address the goods are returned to; the marketplace knows it
    asked: tuple[Asked, ...]
    owed: Owed | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a dispute came in, for its buyer (I5). The same number is the same receipt."""

    number: str
    external_id: str  # the marketplace's own, or one that the desk gave what was split off
    order: str
    locale: str  # the buyer's language, as the intake said it
    opened_at: dt.datetime


class Market(Protocol):
    """A marketplace. Methods block for seconds at most, and raise what stands above."""

    def order(self, number: str) -> OrderInfo | None:
        """What is known of an order; None where the marketplace does not know it."""
        ...

    def funds(self, order: str) -> Funds | None:
        """What could be taken from the order's merchant; None for an unknown order."""
        ...

    def pay(self, payment: Payment) -> None:
        """Instructs a payment. What became of it is reported to the API later (W14)."""
        ...

    def receipt(self, receipt: Receipt) -> None:
        """Tells the marketplace that a dispute came in; accepting it, it tells the buyer."""
        ...

    def notify(self, notice: Notice) -> None:
        """Tells the marketplace, which tells the parties."""
        ...
