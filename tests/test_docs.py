"""What the documents say of the code is true."""

import re
from pathlib import Path

from core.settings import Settings

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


def test_every_link_of_the_documents_leads_somewhere() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in documents
        for link in re.findall(r"\]\(([^)#]+)", document.read_text())
        if "://" not in link and not (document.parent / link).exists()
    ]
    assert broken == []


def test_every_setting_and_process_is_told_to_operators_in_both_languages() -> None:
    names = [f"REDRESS_{name.upper()}" for name in Settings.model_fields]
    roles = [line.partition(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()]
    for guide in ("docs/operator.md", "docs/zh_CN/operator.md"):
        text = (ROOT / guide).read_text(encoding="utf-8")
        assert [name for name in (*names, *roles) if f"`{name}`" not in text] == [], guide
