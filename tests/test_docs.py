"""What the documents say of the code is true."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_row_that_is_called_done_names_a_test_that_exists() -> None:
    told, missing, file = 0, [], ""
    for row in (ROOT / "docs" / "mission.md").read_text().splitlines()[4:]:
        for reference in re.findall(r"`([^`]+)`", row):
            path, _, name = reference.partition("::")
            file = path or file  # `::name` is another test of the same file
            told += 1
            if not (ROOT / file).exists() or f"def {name}" not in (ROOT / file).read_text():
                missing.append(f"{row.split('|')[1].strip()}: {reference}")
    assert told
    assert missing == []
