"""What a level of a ladder does, in words that every door shares."""

from collections.abc import Callable

from core.desk.alerting import Next
from core.desk.hearing import Outcome
from core.fact_words import either
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
        rota = following.rota.text(locale) if following.rota is not None else ""
        return level_text(following.level, locale, safe(called), decided, safe(rota))
    if following.decision is not None:
        decided = _label(following.decision, locale, safe)
        return say("ladder.end.decides", locale, decision=decided)
    return say("ladder.end", locale)


def level_text(
    level: LadderLevel, locale: str, named: str = "", decision: str = "", rota: str = ""
) -> str:
    """What a level does: whom it tells, by name where it names somebody, and what it does then."""
    told = []
    if level.hears:
        told.append(say(f"ladder.tells.{level.hears}", locale, whom=named or level.whom))
    if level.act:
        told.append(act_text(level, locale, decision, rota))
    return say("word.comma", locale).join(told)


def act_text(
    level: LadderLevel,
    locale: str,
    decision: str = "",
    rota: str = "",
    outcome: Outcome | None = None,
    safe: Callable[[str], str] = str,
) -> str:
    """What a level does by itself, as a clause; with what comes of it, where that is foretold.

    `decision` and `rota` are the labels of what it decides, and of whose next shift it gives to.
    """
    if level.act == Act.DECIDE:
        return say("ladder.does.decide", locale, decision=decision or level.decision)
    if level.act == Act.RAISE and outcome is not None:
        return _raised(outcome, locale, safe)
    if level.shift:
        return _given(rota or level.shift, outcome, locale, safe)
    return say(f"ladder.does.{level.act}", locale)


def _raised(outcome: Outcome, locale: str, safe: Callable[[str], str]) -> str:
    kind = "highest" if outcome.highest else "again" if outcome.again else "to"
    grade = say(f"panel.value.grade.{outcome.grade}", locale)
    told = say(f"ladder.does.raise.{kind}", locale, grade=grade)
    for what, labels in (("starts", outcome.starts), ("over", outcome.over)):
        if labels:
            names = say("word.comma", locale).join(safe(label.text(locale)) for label in labels)
            told += say(f"ladder.does.raise.{what}", locale, levels=names)
    return told


def _given(rota: str, outcome: Outcome | None, locale: str, safe: Callable[[str], str]) -> str:
    if outcome is None:
        return say("ladder.does.shift", locale, rota=rota)
    if not outcome.who:
        return say("ladder.does.shift.nobody", locale, rota=rota)
    who = either([safe(name) for name in outcome.who], locale)
    return say("ladder.does.shift.to", locale, rota=rota, who=who)


def _label(decision: Decision | None, locale: str, safe: Callable[[str], str]) -> str:
    return safe(decision.label.text(locale)) if decision is not None else ""
