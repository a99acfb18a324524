"""The closed lists of the workflow: kinds, actors, operators, meanings, effects.

Inventing a member is a release; combining them is configuration.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a stage is for."""

    INTAKE = "intake"  # waits to be taken; the one stage with a take button
    WORK = "work"  # an agent decides here
    WAIT = "wait"  # hidden: somebody outside the desk must act, or time runs out
    FINAL = "final"  # left by nobody


class By(StrEnum):
    """Who may make a decision."""

    AGENT = "agent"
    BUYER = "buyer"
    MERCHANT = "merchant"
    CARRIER = "carrier"
    TIMEOUT = "timeout"
    EVIDENCE = "evidence"
    PAYMENT = "payment"
    DESK = "desk"  # an act of the desk that ends a dispute besides deciding it: merging (K2)


class FieldKind(StrEnum):
    """How a field is filled."""

    ONE = "one"
    MANY = "many"
    SHARE = "share"  # a preset share or step of the dispute's money
    ITEMS = "items"  # lines of the order, with quantity
    TYPED = "typed"  # facts such as a tracking number (W4); never a decision
    FILE = "file"  # the number of a stored piece of evidence


class Operator(StrEnum):
    """How a condition compares a fact with its values."""

    IN = "in"
    NOT_IN = "not_in"
    KNOWN = "known"
    UNKNOWN = "unknown"
    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"


class Assignee(StrEnum):
    """Who holds the visit that a route opens."""

    NOBODY = "nobody"
    SAME = "same"
    EARLIER = "earlier"  # whoever decided the dispute's last visit at that stage


class Strategy(StrEnum):
    """How an assignment rule chooses a person (A2)."""

    FIRST_COME = "first_come"  # nobody: whoever takes it first
    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"
    NAMED = "named"


class Happening(StrEnum):
    """What starts and stops service levels; a mark may name its stage or meaning."""

    OPENED = "opened"  # the dispute came in
    ENTERED = "entered"  # a stage
    LEFT = "left"  # a stage
    DECIDED = "decided"  # a decision, or what it records, of a meaning
    RECEIVED = "received"  # the buyer was told that the dispute came in
    CONTACTED = "contacted"  # the buyer was reached by an agent
    CARRIER_ASKED = "carrier_asked"  # an agent has asked the carrier
    CARRIER_ANSWERED = "carrier_answered"
    ENDED = "ended"  # the dispute, whichever way: this stops every level


class Point(StrEnum):
    """From where the moment of a ladder's level is counted."""

    PERCENT = "percent"  # of the length
    BEFORE = "before"  # minutes before the end
    AFTER = "after"  # minutes after the end


class Hears(StrEnum):
    """Who is told when a level of a ladder fires."""

    THREAD = "thread"  # whoever follows the dispute's card
    CHANNEL = "channel"
    PERSON = "person"
    HOLDER = "holder"  # whoever holds the visit
    SUPERVISORS = "supervisors"  # of the holder's team; all of them where it has none
    GROUP = "group"  # a user group of Slack's, mentioned where alerts appear
    ROTA = "rota"  # whoever is on duty


# Of these a level says which one.
NAMED_HEARS = frozenset({Hears.CHANNEL, Hears.PERSON, Hears.GROUP, Hears.ROTA})


class Act(StrEnum):
    """What a level of a ladder does by itself; none sets liability or moves money (rule 9)."""

    REASSIGN = "reassign"  # to whoever is able and has the least to do, or comes on duty next
    RAISE = "raise"  # to the next more urgent grade, below which the dispute does not fall again
    DECIDE = "decide"  # a harmless decision of the stage that time alone makes


class Meaning(StrEnum):
    """The closed list of meanings that code understands in options, fields and decisions."""

    LIABILITY = "liability"
    LIABILITY_MERCHANT = "liability.merchant"
    LIABILITY_BUYER = "liability.buyer"
    LIABILITY_SHARED = "liability.shared"
    LIABILITY_NONE = "liability.none"
    REMEDY_REFUND = "remedy.refund"
    REMEDY_RETURN = "remedy.return"
    REMEDY_NOTHING = "remedy.nothing"
    REMEDY_LAPSED = "remedy.lapsed"
    REMEDY_GOODWILL = "remedy.goodwill"
    MONEY = "money"
    SETTLED = "settled"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # it was a second telling of another dispute, in which its story goes on
    REQUEST = "request"
    GIVEN_BUYER = "given.buyer"
    GIVEN_MERCHANT = "given.merchant"
    SEND_BACK = "send_back"
    RULING_BACK = "ruling_back"
    GOODS_CONTESTED = "goods_contested"
    VERIFIED = "verified"
    ENTERED = "entered"  # the field that says how things stand: known from why it came to the desk
    TOPIC = "topic"  # the field that says in a word what the dispute is about
    QUALITY = "quality"
    QUALITY_SOUND = "quality.sound"
    QUALITY_DEFECT = "quality.defect"
    REMARK = "remark"  # the field that tells the next stage something in preset phrases
    # Option sets that acts of the desk draw on.
    HINT = "hint"  # what a supervisor answers where no option fits
    HANDOVER = "handover"
    SNOOZE = "snooze"
    SNOOZE_FOR = "snooze_for"
    CONTEST = "contest"
    CORRECTION = "correction"
    LINK = "link"  # how two disputes belong together
    CONTACT = "contact"  # what came of a contact outside the desk
    CONTACT_REACHED = "contact.reached"  # with the buyer
    CONTACT_CARRIER = "contact.carrier"  # the carrier was asked
    CONTACT_ANSWER = "contact.answer"  # and has answered
    NOISE = "noise"  # why an alert need not have been
    PAGE = "page"  # why somebody is called to a dispute at once


SET_MEANINGS = (
    Meaning.HINT,
    Meaning.HANDOVER,
    Meaning.SNOOZE,
    Meaning.SNOOZE_FOR,
    Meaning.CONTEST,
    Meaning.CORRECTION,
    Meaning.LINK,
    Meaning.CONTACT,
    Meaning.NOISE,
    Meaning.PAGE,
)


class EffectKind(StrEnum):
    """The closed list of effects, in the order in which they are applied."""

    SET = "set"  # fact, value: records a fact
    SILENCE = "silence"  # records who stayed silent in the round that timed out
    CLOSE_ROUND = "close_round"
    REQUEST = "request"  # parties: opens a round with one request per party
    ASK_FUNDS = "ask_funds"  # asks the payment system what would cover the amount
    OWE = "owe"  # records that the merchant must pay by itself
    PAY = "pay"  # sources: instructs the payment system
    ASK_PAYMENT = "ask_payment"  # repeats the last instruction under its own reference


MOVES_MONEY = frozenset({EffectKind.OWE, EffectKind.PAY})

# What a contact brings about, by the meaning of the option that tells of it.
ACHIEVED = {
    Meaning.CONTACT_REACHED: Happening.CONTACTED,
    Meaning.CONTACT_CARRIER: Happening.CARRIER_ASKED,
    Meaning.CONTACT_ANSWER: Happening.CARRIER_ANSWERED,
}
