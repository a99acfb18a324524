"""The facts that the desk itself provides, beside the fields and effects of the document.

Conditions may name these, the fields' keys, facts that an effect sets, `stage` and `left.<limit>`.
What says `rules` is known as early as it can be: the rules that choose a workflow, a grade or a
person, and service levels, ask for it from the first moment on (A1).
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
LANGUAGE = "language"
HOUR = "hour"
PAID = "paid"
BUYER_TAG = "buyer_tag"
STANDING = "standing"
GRADE = "grade"
RAISED = "raised"  # the grade that a ladder raised it to: it is less urgent no more (G8)
LEFT = "left."

YES = "yes"
INSTRUCTED, OWED = "instructed", "owed"
CONFIRMED, FAILED, MISMATCHED = "confirmed", "failed", "mismatched"
OVERDUE, UNCONFIRMED, VOUCHERED = "overdue", "unconfirmed", "vouchered"
COVER, SHORT = "cover", "short"
# The ways by which disputes come in (I1).
CHANNELS = ("app", "web", "hotline", "social", "government", "desk", "import")
BUYER_TAGS = ("high_value", "after_sales_sensitive")  # what a source may say of a buyer (P5)
STANDINGS = ("good", "watched", "poor")  # what a source may say of a merchant (A5)
GRADES = ("A", "B", "C")  # urgent, normal, a suggestion (G2)


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
    several: bool = False  # holds several of its values
    rules: bool = False  # rules may ask for it before anything is decided
    shifts: bool = False  # becomes known, or another one, without any decision


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
        DeskFact(SILENT, ("buyer", "merchant"), several=True),
        DeskFact(JUDGEABLE, (YES,), derived=True),
        DeskFact(
            ENTERED, ("unsettled", "buyer_timeout", "merchant_timeout"), given=True, rules=True
        ),
        DeskFact(AMOUNT, number=True, derived=True, chosen=True),
        DeskFact(MOVED, number=True, derived=True),  # what the dispute has moved, in minor units
        DeskFact(NOTHING_LEFT, (YES,), derived=True),  # all that was due went back already
        DeskFact(CHANNEL, CHANNELS, given=True, rules=True),
        DeskFact(SOURCE, given=True, rules=True),
        DeskFact(LANGUAGE, given=True, rules=True),  # the buyer's, as ISO 639 says it: zh, en, pt
        DeskFact(HOUR, tuple(map(str, range(24))), given=True, rules=True),  # when it came in
        DeskFact(PAID, number=True, rules=True, shifts=True),  # for the order, in minor units
        DeskFact(BUYER_TAG, BUYER_TAGS, several=True, rules=True),
        DeskFact(STANDING, STANDINGS, rules=True),  # the merchant's
        DeskFact(GRADE, GRADES, rules=True, shifts=True),
    )
}

# No field may be called like what the desk itself provides.
RESERVED = frozenset({*DESK_FACTS, STAGE, CURRENCY, LINES, RAISED})
RULE_FACTS = tuple(key for key, fact in DESK_FACTS.items() if fact.rules)
CHOSEN_FACTS = frozenset(key for key, fact in DESK_FACTS.items() if fact.chosen)
