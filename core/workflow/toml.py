"""Writes a tree as TOML: rows that people edit as blocks, small ones on a line each.

The standard library reads TOML and does not write it; this layout is the document's own.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

# Arrays of these names become [[blocks]]; all others are written on the line, one row per line.
BLOCKS = frozenset(
    {
        "option_sets",
        "workflows",
        "stages",
        "fields",
        "decisions",
        "macros",
        "ends",
        "assignments",
        "workflow_rules",
        "grade_rules",
        "ladders",
    }
)


def emit(tree: Mapping[str, Any]) -> str:
    """The tree as TOML text. It holds dicts, lists, texts, whole numbers and booleans only."""
    return "\n".join(_lines(tree, "")).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    blocks = [name for name in table if name in BLOCKS]
    for name, value in table.items():
        if name not in blocks:
            yield f"{name} = {_value(value, top=True)}"
    for name in blocks:
        below = f"{path}.{name}" if path else name
        for row in table[name]:
            yield ""
            yield f"[[{below}]]"
            yield from _lines(row, below)


def _value(value: Any, *, top: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_value(item)}" for name, item in value.items()) + " }"
    if top and value and isinstance(value[0], Mapping):
        return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]"
    return "[" + ", ".join(_value(item) for item in value) + "]"
