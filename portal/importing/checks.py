"""What a mapping must hold, by itself and against the active document."""

from core.currency import known
from core.desk.intake import TAGS
from core.workflow.choices import Invalid, check
from core.workflow.facts import CHANNELS, DESK_FACTS, ENTERED, STANDINGS
from core.workflow.model import Document
from core.workflow.terms import FieldKind
from portal.importing.mapping import NEEDED, SEVERAL, BadMapping, Mapping, Take

_COLUMN = Take(columns=("",))  # says nothing by itself


def check_mapping(mapping: Mapping, document: Document) -> None:
    """Raises BadMapping where the mapping lacks something or says what the document forbids."""
    _complete(mapping)
    _agrees(mapping)
    _facts(mapping, document)
    for name, known_values in (
        ("entered", DESK_FACTS[ENTERED].values),
        ("channel", CHANNELS),
        ("buyer_tags", TAGS),
        ("merchant_standing", STANDINGS),
        ("workflow", tuple(document.workflow_by_key)),
    ):
        for place, value in mapping.fields.get(name, _COLUMN).possible():
            if value not in known_values:
                raise BadMapping(
                    f"fields.{name}.{place}", "not_one_of", choices=", ".join(known_values)
                )


def _facts(mapping: Mapping, document: Document) -> None:
    workflow = mapping.workflow(document)
    fields = workflow.stage_by_key[workflow.first].field_by_key
    for key, take in mapping.facts.items():
        if key not in fields:
            raise BadMapping(f"facts.{key}", "unknown_fact", choices=", ".join(fields))
        several = fields[key].kind in (FieldKind.MANY, FieldKind.ITEMS)
        for place, value in take.possible():
            choice = [value] if several else value
            if isinstance(check(document, fields[key], choice, {}, ""), Invalid):
                raise BadMapping(f"facts.{key}.{place}", "unknown_option", value=value)


def _complete(mapping: Mapping) -> None:
    """What must be there."""
    needed: list[tuple[str, dict[str, Take], tuple[str, ...]]] = [
        ("fields", mapping.fields, NEEDED)
    ]
    if mapping.order or mapping.line:
        needed.append(("order", mapping.order, ("currency", "paid")))
    if mapping.line:
        needed.append(("order.line", mapping.line, ("title", "unit_price")))
    for part, takes, names in needed:
        for name in names:
            if name not in takes:
                raise BadMapping(f"{part}.{name}", "missing")


def _agrees(mapping: Mapping) -> None:
    """What excludes what, and what a take of its kind may hold."""
    if mapping.line and "lines" in mapping.order:
        raise BadMapping("order.line", "lines_twice")
    for place, value in mapping.order.get("currency", _COLUMN).possible():
        if value not in known():
            raise BadMapping(f"order.currency.{place}", "unknown_currency", value=value)
    for place, take in mapping.takes():
        if (take.format or take.zone) and place != "order.purchased_at":
            raise BadMapping(place, "no_moment")
        if take.split and not place.startswith(("facts.", *(f"fields.{name}" for name in SEVERAL))):
            raise BadMapping(place, "no_list")
        if not take.columns and not take.constant:
            raise BadMapping(place, "empty_constant")
