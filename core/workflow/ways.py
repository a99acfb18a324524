"""Every way to fill a card, and in which effects turn out, as far as conditions tell them apart."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from core.workflow.choices import usable
from core.workflow.facts import DESK_FACTS, INSTRUCTED, OWED, PAYMENT, SILENT
from core.workflow.model import Decision, Document, Field, Option, Value
from core.workflow.terms import EffectKind, FieldKind

ANYTHING = "anything"  # stands for whatever no condition names
MOST_NAMED = 8  # options that conditions may tell apart where several can be chosen

Named = frozenset[str | int]


class TooManyWays(Exception):
    """Conditions tell more ways apart than can be explored."""


def choices(
    document: Document, field: Field, named: Named, currency: str, *, lined: bool
) -> Sequence[Value]:
    """The values of a field that conditions tell apart (`named`), and one that they do not.

    Raises TooManyWays.
    """
    if field.kind == FieldKind.TYPED:
        return (ANYTHING, *sorted(value for value in named if isinstance(value, str)))
    if field.kind == FieldKind.FILE:
        return (1,)
    if field.kind == FieldKind.ITEMS:
        return ((ANYTHING,),) if lined else ()
    leaves: Iterable[Option] = document.leaves_by_set[field.options].values()
    if field.kind == FieldKind.MANY:
        return _sets(leaves, named)
    if field.kind == FieldKind.SHARE:
        leaves = [option for option in leaves if usable(option.share, currency)]
    return _distinct(leaves, named)


def _distinct(leaves: Iterable[Option], named: Named) -> list[str]:
    """The options that conditions name, and one that they do not."""
    keys = [option.key for option in leaves]
    others = [key for key in keys if key not in named]
    return [key for key in keys if key in named] + others[:1]


def _sets(leaves: Iterable[Option], named: Named) -> Sequence[Value]:
    """Every set of options that conditions tell apart; exclusive ones stand alone."""
    options = list(leaves)
    together = _distinct((option for option in options if not option.exclusive), named)
    if len(together) > MOST_NAMED:
        raise TooManyWays
    alone = _distinct((option for option in options if option.exclusive), named)
    sizes = range(1, len(together) + 1)
    return [*((key,) for key in alone), *(s for n in sizes for s in combinations(together, n))]


def turns_out(decision: Decision) -> list[dict[str, Value]]:
    """The facts that a decision's effects record, in every way they may turn out."""
    ways: list[dict[str, Value]] = [{}]
    for effect in sorted(decision.effects, key=lambda effect: _ORDER[effect.kind]):
        if effect.kind == EffectKind.SET:
            ways = [{**way, effect.fact: effect.value} for way in ways]
        elif effect.kind in (EffectKind.PAY, EffectKind.ASK_PAYMENT):
            ways = [{**way, PAYMENT: INSTRUCTED} for way in ways]
        elif effect.kind == EffectKind.OWE:
            ways = [{**way, PAYMENT: OWED} for way in ways]
        elif effect.kind == EffectKind.SILENCE:
            parties = DESK_FACTS[SILENT].values
            silent = [*((party,) for party in parties), parties]
            ways += [{**way, SILENT: who} for way in ways for who in silent]
    return ways


_ORDER = {kind.value: position for position, kind in enumerate(EffectKind)}
