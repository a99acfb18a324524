"""The facts that the desk itself provides, beside the fields and effects of the document.

Conditions may name these, the fields' keys, facts that an effect sets, `stage` and `left.<limit>`.
"""

from dataclasses import dataclass

PAYMENT = "payment"
FUNDS = "funds"
SILENT = "silent"
JUDGEABLE = "judgeable"
ENTERED = "entered"
AMOUNT = "amount"
MOVED = "moved"
NOTHING_LEFT = "nothing_left"
STAGE = "stage"
CURRENCY = "currency"
LINES = "lines"
SOURCE = "source"
CHANNEL = "channel"
LEFT = "left."

YES = "yes"
INSTRUCTED, OWED = "instructed", "owed"
CONFIRMED, FAILED, MISMATCHED = "confirmed", "failed", "mismatched"
OVERDUE, UNCONFIRMED, VOUCHERED = "overdue", "unconfirmed", "vouchered"
COVER, SHORT = "cover", "short"
# The ways by which disputes come in (I1).
CHANNELS = ("app", "web", "hotline", "social", "government", "desk", "import")


@dataclass(frozen=True, slots=True)
class DeskFact:
    """A fact of the desk: its values, and the values it may take without any decision.

    `moves` maps a value (empty: unknown) to what events from outside may turn it into.
    """

    key: str
    values: tuple[str, ...] = ()
    moves: tuple[tuple[str, tuple[str, ...]], ...] = ()
    number: bool = False
    given: bool = False  # known from the first moment on
    derived: bool = False  # worked out anew for every decision, never stored
    chosen: bool = False  # follows from what is chosen on the card


_WAITING = (INSTRUCTED, OWED, OVERDUE, UNCONFIRMED, VOUCHERED)
_REPORTED = (CONFIRMED, FAILED, MISMATCHED)

DESK_FACTS: dict[str, DeskFact] = {
    fact.key: fact
    for fact in (
        DeskFact(
            PAYMENT,
            (*_WAITING, *_REPORTED),
            tuple((waiting, _REPORTED) for waiting in _WAITING),
        ),
        DeskFact(FUNDS, (COVER, SHORT), derived=True, chosen=True),
        DeskFact(SILENT, ("buyer", "merchant")),
        DeskFact(JUDGEABLE, (YES,), derived=True),
        DeskFact(ENTERED, ("unsettled", "buyer_timeout", "merchant_timeout"), given=True),
        DeskFact(AMOUNT, number=True, derived=True, chosen=True),
        DeskFact(MOVED, number=True, derived=True),  # what the dispute has moved, in minor units
        DeskFact(NOTHING_LEFT, (YES,), derived=True),  # all that was due went back already
    )
}

# No field may be called like what the desk itself provides.
RESERVED = frozenset({*DESK_FACTS, STAGE, CURRENCY, LINES})
CHOSEN_FACTS = frozenset(key for key, fact in DESK_FACTS.items() if fact.chosen)
