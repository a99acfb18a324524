"""How much text a message shows: Slack refuses too much of it with msg_blocks_too_long."""

from collections.abc import Iterable
from typing import Any


def rendered_length(blocks: Iterable[dict[str, Any]]) -> int:
    """The characters shown by valid blocks; what hides in menus and dialogs does not count."""
    return sum(_block(block) for block in blocks)


def _block(block: dict[str, Any]) -> int:
    kind = block["type"]
    if kind == "markdown":
        return len(block["text"])
    if kind == "rich_text":
        return sum(_rich(element) for element in block["elements"])
    if kind == "table":
        return sum(_rich(cell) for row in block["rows"] for cell in row)
    parts = [block.get(name) for name in ("text", "title", "label", "hint", "description")]
    parts += block.get("fields", ())
    shown = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
    return sum(_text(part) for part in parts) + sum(_element(part) for part in shown)


def _element(element: Any) -> int:
    if not isinstance(element, dict):
        return 0
    if element["type"] in {"plain_text", "mrkdwn"}:
        return _text(element)
    return _text(element.get("text")) + _text(element.get("placeholder"))


def _text(part: Any) -> int:
    return len(part["text"]) if isinstance(part, dict) else 0


def _rich(element: dict[str, Any]) -> int:
    own = element.get("text", "")
    return len(own) + sum(_rich(inner) for inner in element.get("elements", ()))
