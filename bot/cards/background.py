"""What stands around a dispute, in small print: what is missing, who is behind it, used time."""

import datetime as dt

from bot.cards.asked import askable
from bot.cards.facts import asks_for
from bot.cards.parts import cut, escaped, quoted
from core.desk.time_used import percents
from core.desk.views import CardView
from core.i18n import say, span
from core.workflow.model import Field, Value
from core.workflow.terms import By, Meaning

LINE = 400  # characters of one line
_GIVEN = ((By.BUYER, Meaning.GIVEN_BUYER), (By.MERCHANT, Meaning.GIVEN_MERCHANT))


def missing(view: CardView, locale: str, *, choices: bool = False) -> str:
    """What a decision here would still lack; `choices` too, where no select stands for them."""
    items = [] if view.purchase.currency else [say("card.missing.order", locale)]
    silent = {asked.party for asked in view.asked if asked.silent}
    for party, meaning in _GIVEN:
        name = say(f"card.party.{party}", locale)
        if party in silent:
            items.append(say("card.missing.silent", locale, party=name))
        elif _gave_nothing(view, party, meaning):
            items.append(say("card.missing.evidence", locale, party=name))
    fields = [
        escaped(field.label.text(locale))
        for field in askable(view)
        if choices
        and field.required
        and not (field.prefill and field.key in view.facts)
        and field.key not in view.again
    ]
    if fields:
        comma = say("word.comma", locale)
        items.append(say("card.missing.choices", locale, fields=comma.join(fields)))
    if not items:
        return ""
    join = say("card.join", locale)
    return cut(say("card.missing", locale, list=join.join(items)), LINE)


def _gave_nothing(view: CardView, party: str, meaning: Meaning) -> bool:
    """Whether nothing of a party is here, nor said to be."""
    if any(giver == party for giver, _, _ in view.evidence):
        return False
    field = asks_for(view, meaning)
    said = view.facts.get(field.key) if field else None
    return said is None or _only_exclusive(view, field, said)


def _only_exclusive(view: CardView, field: Field | None, said: Value) -> bool:
    options = view.document.options_by_set.get(field.options, {}) if field else {}
    keys = said if isinstance(said, tuple) else (str(said),)
    return all(key in options and options[key].exclusive for key in keys)


def people(view: CardView, locale: str) -> list[str]:
    """The buyer's tags and past, the merchant's record: a line each (P5)."""
    known, comma = view.background, say("word.comma", locale)
    tags = [say(f"card.tag.{tag}", locale) for tag in known.tags]
    past = [say("card.past", locale, count=known.buyer_past)] if known.buyer_past else []
    known_before = [*_others_open(known.buyer_open, locale), *past]
    told = known_before or [say("card.buyer.first", locale)]
    lines = [say("card.buyer", locale, list=comma.join([*tags, *told]))]
    if known.merchant:
        counted = {"ruled": known.merchant_ruled, "liable": known.merchant_liable}
        rulings = say(_rulings(**counted), locale, **counted)
        record = [*_others_open(known.merchant_open, locale), rulings]
        told_record = say("card.join", locale).join(record)
        lines.append(say("card.merchant", locale, record=told_record))
    if view.incident is not None:
        title = cut(quoted(view.incident.title), 100)
        lines.append(say("card.incident", locale, title=title))
    return lines


def _others_open(count: int, locale: str) -> list[str]:
    """How many other disputes are open; nothing where there is none."""
    key = "card.others_open.one" if count == 1 else "card.others_open"
    return [say(key, locale, count=count)] if count else []


def _rulings(ruled: int, liable: int) -> str:
    """The sentence for a merchant's record of rulings, by how many there are."""
    if ruled == 0:
        return "card.merchant.unruled"
    if ruled == 1:
        return "card.merchant.once.liable" if liable else "card.merchant.once"
    return "card.merchant.ruled"


def time_used(view: CardView, locale: str) -> str:
    """Who had the dispute for how long before it came here; empty where nobody (G6)."""
    total = sum(view.used.values(), dt.timedelta())
    if total < dt.timedelta(minutes=1):
        return ""
    shares = percents(view.used)
    items = [
        say(
            "card.time.item",
            locale,
            who=say(f"used.{user}", locale),
            length=span(length, locale),
            percent=shares[user],
        )
        for user, length in view.used.items()
        if length >= dt.timedelta(minutes=1)
    ]
    return say("card.time", locale, list=say("card.join", locale).join(items))
