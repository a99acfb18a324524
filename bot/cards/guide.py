"""What a stage channel says of itself: counts in its topic, and the guide that is pinned there."""

import datetime as dt

from bot.cards.card import Message
from bot.cards.parts import Block, context, cut, escaped, fallback, plain, section
from core.desk.signs import Counts
from core.i18n import say, span
from core.workflow.model import Document, Stage, Workflow
from core.workflow.terms import MOVES_MONEY, By, Kind, Meaning

LISTED = 600  # characters of a list of labels


def topic(counts: Counts, locale: str) -> str:
    """The counts in a few words; those that are nothing are left out, waiting never is."""
    told = [say("topic.waiting", locale, count=counts.waiting)]
    for name, count in (("held", counts.held), ("overdue", counts.overdue)):
        if count:
            told.append(say(f"topic.{name}", locale, count=count))
    if counts.oldest_hours:
        days, hours = divmod(counts.oldest_hours, 24)
        length = dt.timedelta(days=days) if days else dt.timedelta(hours=hours)
        told.append(say("topic.oldest", locale, span=span(length, locale)))
    return " · ".join(told)


def guide(document: Document, channel: str, places: dict[str, str], locale: str) -> Message:
    """What a channel's stages are for, what to press, where to look; `places` are Slack ids."""
    heading = say("guide.title", locale)
    blocks: list[Block] = [{"type": "header", "text": plain(heading, 150)}]
    escalation, labels = "", []
    for workflow in document.workflows:
        for stage in workflow.stages:
            if stage.channel == channel and stage.kind in (Kind.INTAKE, Kind.WORK):
                blocks.append(section(_stage(workflow, stage, locale)))
                labels.append(stage.label.text(locale))
                escalation = places.get(workflow.escalation, "") or escalation
    blocks.append(section(say("guide.where", locale)))
    if escalation:
        blocks.append(context(say("guide.late", locale, channel=f"<#{escalation}>")))
    return fallback(say("guide.text", locale, stages=_listed(labels, locale))), blocks


def _stage(workflow: Workflow, stage: Stage, locale: str) -> str:
    """One stage in a few lines, by what the document says of it."""
    lines = [f"*{escaped(stage.label.text(locale))}*"]
    if stage.kind == Kind.INTAKE:
        lines.append(taking(workflow, locale))
    else:
        told = purpose(workflow, stage)
        if told:
            lines.append(say(told, locale))
        lines.append(holding(stage, locale))
        lines += choosing(stage, locale)
        lines += mending(workflow, locale)
        if stage.separation:
            lines.append(say("guide.separation", locale))
    lines += limits(workflow, stage, locale)
    return "\n• ".join(lines)


def purpose(workflow: Workflow, stage: Stage) -> str:
    """The sentence that says what a work stage is for, by what is decided there; or none."""
    own = [decision for decision in stage.decisions if decision.by == By.AGENT]
    if any(decision.meaning.startswith(f"{Meaning.LIABILITY}.") for decision in own):
        return "guide.purpose.ruling"
    if stage.key == workflow.first:
        return "guide.purpose.first"
    if any(effect.kind in MOVES_MONEY for decision in own for effect in decision.effects):
        return "guide.purpose.remedy"
    if any(decision.meaning == Meaning.REQUEST for decision in own):
        return "guide.purpose.evidence"
    return ""


def taking(workflow: Workflow, locale: str) -> str:
    """How a dispute is taken at intake."""
    first = workflow.stage_by_key[workflow.first].label.text(locale)
    return say("guide.intake", locale, first=escaped(first))


def holding(stage: Stage, locale: str) -> str:
    """How long whoever opens a dispute holds it."""
    return say("guide.hold", locale, minutes=stage.hold_minutes)


def choosing(stage: Stage, locale: str) -> list[str]:
    """What is chosen at a stage, and what can then be pressed."""
    fields = _listed([f.label.text(locale) for f in stage.fields if f.required], locale)
    own = [d.label.text(locale) for d in stage.decisions if d.by == By.AGENT]
    told = [say("guide.fields", locale, fields=fields)] if fields else []
    return [*told, say("guide.decide", locale, decisions=_listed(own, locale))]


def mending(workflow: Workflow, locale: str) -> list[str]:
    """Where to go when nothing fits, and for how long a decision can be undone."""
    told = [say("guide.menu", locale)]
    if workflow.undo_seconds:
        told.append(say("guide.undo", locale, seconds=workflow.undo_seconds))
    return told


def limits(workflow: Workflow, stage: Stage, locale: str) -> list[str]:
    """How much time a stage has; where it hangs on what the dispute is, each time it may have."""
    return [
        say(
            "guide.time",
            locale,
            level=escaped(level.label.text(locale)),
            span=span(dt.timedelta(minutes=level.minutes), locale),
        )
        for level in workflow.levels_by_stage.get(stage.key, ())
    ]


def _listed(labels: list[str], locale: str) -> str:
    return escaped(cut(say("word.comma", locale).join(labels), LISTED))
