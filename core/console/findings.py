"""How findings are told in a shell: by area, what is wrong first, each with its fix."""

import json

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from core.doctor.findings import Area, Finding, Level, Report
from core.i18n import say

LOOKS = {Level.ERROR: ("✗", "red"), Level.WARNING: ("!", "yellow")}


def tell(report: Report, locale: str, out: Console) -> None:
    """Prints the report for people; meaning never rests on colour alone."""
    for area in Area:
        found = report.of(area)
        name = say(f"doctor.area.{area}", locale)
        if not found:
            looked = area in report.looked_at
            told = say("doctor.well" if looked else "doctor.not_looked", locale, area=name)
            sign, style = ("✓", "green") if looked else ("–", "dim")
            out.print(Text(f"{sign} {told}", style=style))
            continue
        out.print(Text(name, style="bold"))
        for finding in found:
            _tell_one(finding, locale, out)
    out.print(Text(_end(report, locale), style="bold"))


def as_json(report: Report, locale: str) -> str:
    """The report for programs."""
    rows = [
        {
            "level": finding.level,
            "area": finding.area,
            "key": finding.key,
            "what": finding.what(locale),
            "fix": finding.fix(locale),
        }
        for area in Area
        for finding in report.of(area)
    ]
    looked_at = [area for area in Area if area in report.looked_at]
    whole = {"well": report.well, "looked_at": looked_at, "findings": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _tell_one(finding: Finding, locale: str, out: Console) -> None:
    sign, style = LOOKS[finding.level]
    level = say(f"doctor.level.{finding.level}", locale)
    what = Text.assemble((f"{sign} {level}", style), finding.what(locale))
    out.print(Padding(what, (0, 0, 0, 2), expand=False))
    out.print(Padding(Text(f"→ {finding.fix(locale)}"), (0, 0, 0, 4), expand=False))


def _end(report: Report, locale: str) -> str:
    errors = sum(finding.level is Level.ERROR for finding in report.findings)
    counts = {"errors": errors, "warnings": len(report.findings) - errors}
    return say("doctor.end.well" if report.well else "doctor.end.wrong", locale, **counts)
