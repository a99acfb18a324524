"""The addresses of the panel, from its url map."""

import re
from collections.abc import Iterator

from admin import blocks
from tests.panel import Panel

# Nobody signs in for these: a pass opens them (tests/admin/test_practised.py).
PUBLIC = {"practised_look", "practised_note"}


def addresses(panel: Panel) -> Iterator[tuple[str, str, set[str]]]:
    """Every endpoint of the panel with an address and its methods; files that are code left out.

    The addresses lead to what there is, so that a refusal is a refusal and not a miss.
    """
    dispute = panel.desk.open()
    piece = panel.desk.give(dispute).params["evidence"]  # type: ignore[union-attr]
    there = {
        "number": panel.desk.at(dispute).row.number,
        "evidence_id": piece,
        "person_id": panel.desk.people["Eva"],
    }
    for rule in panel.app.url_map.iter_rules():
        if not rule.endpoint.startswith("web.") and rule.endpoint not in (*PUBLIC, blocks.ENDPOINT):
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(there.get(m[1], 1)), rule.rule)
            yield rule.endpoint, path, set(rule.methods or ())
