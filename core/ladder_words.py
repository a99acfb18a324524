"""What a level of a ladder does, in words that every door shares."""

from collections.abc import Callable

from core.desk.alerting import Next
from core.i18n import say
from core.workflow.model import Decision, LadderLevel
from core.workflow.terms import Act


def next_text(following: Next, locale: str, safe: Callable[[str], str] = str) -> str:
    """What comes next of a ladder, as a clause: `the supervisors are told`.

    `safe` is what a door does to names and labels.
    """
    if following.level is not None:
        decided, named = _label(following.decision, locale, safe), following.named
        called = named if isinstance(named, str) else named.text(locale)
        return level_text(following.level, locale, safe(called), decided)
    if following.decision is not None:
        decided = _label(following.decision, locale, safe)
        return say("ladder.end.decides", locale, decision=decided)
    return say("ladder.end", locale)


def level_text(level: LadderLevel, locale: str, named: str = "", decision: str = "") -> str:
    """What a level does: whom it tells, by name where it names somebody, and what it does then."""
    told = []
    if level.hears:
        told.append(say(f"ladder.tells.{level.hears}", locale, whom=named or level.whom))
    if level.act:
        told.append(act_text(level, locale, decision))
    return say("word.comma", locale).join(told)


def act_text(level: LadderLevel, locale: str, decision: str = "") -> str:
    """What a level does by itself, as a clause; `decision` is the label of what it decides."""
    if level.act == Act.DECIDE:
        return say("ladder.does.decide", locale, decision=decision or level.decision)
    return say(f"ladder.does.{level.act}", locale)


def _label(decision: Decision | None, locale: str, safe: Callable[[str], str]) -> str:
    return safe(decision.label.text(locale)) if decision is not None else ""
