"""Walking through blocks: which elements there are, and in which block each stands."""

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]


def elements(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Each (block, element) that a person can act on, in the order of reading.

    An element counts when it may carry an action_id: in an input, as an accessory, or among the
    elements of an actions or context_actions block.
    """
    for block in blocks:
        kind = block.get("type")
        if kind == "input":
            yield block, block["element"]
        elif kind in {"actions", "context_actions"}:
            for element in block["elements"]:
                yield block, element
        elif kind == "section":
            accessory = block.get("accessory")
            if accessory is not None and accessory.get("type") != "image":
                yield block, accessory


def listed_options(element: Json) -> list[Any]:
    """All options that an element lists itself, its groups opened."""
    groups: list[Json] = element.get("option_groups") or []
    return [*(element.get("options") or ()), *(o for g in groups for o in g["options"])]


def message_elements(message: Json) -> Iterator[tuple[Json, Json]]:
    """The same for a whole message, the blocks of its attachments included."""
    yield from elements(message.get("blocks") or ())
    for attachment in message.get("attachments") or ():
        yield from elements(attachment.get("blocks") or ())
