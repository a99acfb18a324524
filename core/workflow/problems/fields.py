"""Problems of option sets and of the fields that draw on them."""

from collections.abc import Iterator

from core.workflow.facts import RESERVED
from core.workflow.model import LOCALES, Document, Field, Option, OptionSet, Workflow
from core.workflow.problems.conditions import condition_problems
from core.workflow.problems.found import Found, blank, twice
from core.workflow.terms import SET_MEANINGS, FieldKind, Meaning

CHOSEN_KINDS = frozenset({FieldKind.ONE, FieldKind.MANY, FieldKind.SHARE})
MOST_LEAVES = 100  # what a select in Slack can hold
MOST_OPTION_MINUTES = 43_200  # thirty days


def set_problems(document: Document) -> Iterator[Found]:
    """Problems of the option sets."""
    yield from twice("option_sets", (s.key for s in document.option_sets))
    for option_set in document.option_sets:
        place = ("option_sets", option_set.key)
        yield from blank(place, option_set.label)
        yield from twice("/".join(place), (option.key for option in option_set.options))
        if option_set.meaning and option_set.meaning not in SET_MEANINGS:
            yield "unknown_meaning", place, {"name": option_set.meaning}
        if not 0 < len(option_set.leaves()) <= MOST_LEAVES:
            yield "leaves_count", place, {"count": str(len(option_set.leaves()))}
        for option in option_set.options:
            yield from _option(place, option_set, option)
        yield from _alike(place, option_set)
    meanings = [s.meaning for s in document.option_sets if s.meaning]
    for meaning in sorted({m for m in meanings if meanings.count(m) > 1}):
        yield "meaning_twice", ("option_sets",), {"name": meaning}


def _option(place: tuple[str, ...], option_set: OptionSet, option: Option) -> Iterator[Found]:
    at = (*place, option.key)
    yield from blank(at, option.label)
    if option.meaning and option.meaning not in set(Meaning):
        yield "unknown_meaning", at, {"name": option.meaning}
    if option.parent:
        trunk = next((o for o in option_set.options if o.key == option.parent), None)
        if trunk is None or trunk.parent:
            yield "bad_parent", at, {"name": option.parent}
    if option.successor:
        into = next((o for o in option_set.options if o.key == option.successor), None)
        if into is None or not option.retired or into not in option_set.leaves():
            yield "bad_successor_option", at, {"name": option.successor}
    timed = option_set.meaning == Meaning.SNOOZE_FOR and option in option_set.leaves()
    if not timed <= option.minutes <= MOST_OPTION_MINUTES:
        yield "bad_option_minutes", at, {}
    share = option.share
    if share and not (share.steps or 0 < share.percent <= 100):
        yield "bad_share", at, {}
    if share and (
        share.of not in ("goods", "freight", "paid") or any(s.minor <= 0 for s in share.steps)
    ):
        yield "bad_share", at, {}


def _alike(place: tuple[str, ...], option_set: OptionSet) -> Iterator[Found]:
    """Offered options that nobody can tell apart: they read the same, below one trunk or none."""
    read: dict[tuple[str, str, str], str] = {}
    for option in option_set.leaves():
        for locale in LOCALES:
            label = option.label.text(locale).strip()
            first = read.setdefault((option.parent, locale, label.casefold()), option.key)
            if label and first != option.key:
                yield "options_alike", (*place, option.key), {"label": label, "other": first}
                break


def field_problems(
    document: Document, workflow: Workflow, place: tuple[str, ...], field: Field
) -> Iterator[Found]:
    """Problems of one field of a stage or decision."""
    yield from blank(place, field.label)
    if field.key in RESERVED:
        yield "key_reserved", place, {"name": field.key}
    if field.kind not in set(FieldKind):
        yield "unknown_kind", place, {"name": field.kind}
    if field.meaning and field.meaning not in set(Meaning):
        yield "unknown_meaning", place, {"name": field.meaning}
    option_set = document.set_by_key.get(field.options)
    if field.kind in CHOSEN_KINDS and option_set is None:
        yield "unknown_set", place, {"name": field.options}
    if field.kind not in CHOSEN_KINDS and field.options:
        yield "options_unused", place, {"name": field.options}
    if field.kind == FieldKind.SHARE and option_set:
        for option in option_set.leaves():
            if option.share is None:
                yield "share_missing", ("option_sets", option_set.key, option.key), {}
        if all(o.share is None or o.share.steps for o in option_set.leaves()):
            yield "steps_only", ("option_sets", option_set.key), {}
    yield from condition_problems(document, workflow, place, field.when)
