"""Alerts: what is late and by how much, who holds it, what happens next, and what to press (G5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import ids
from bot.cards import facts
from bot.cards.card import Message
from bot.cards.parts import (
    Block,
    button,
    context,
    cut,
    escaped,
    fallback,
    link,
    plain,
    quoted,
    section,
    when,
)
from core.desk.alerting import Alerted
from core.desk.views import CardView
from core.i18n import say
from core.ladder_words import next_text
from core.workflow.terms import Kind, Meaning

MOST_OPTIONS = 100
NAME, CLAUSE = 80, 160  # characters


@dataclass(frozen=True, slots=True)
class Alert:
    """A message that alerts: the visit as it is now, the promise, and why it reached this reader.

    `group` is Slack's user group that is called by it, `missing` whom it was meant for where none
    of them is there; `reminds` its reader that what they took on lapses soon.
    """

    view: CardView
    told: Alerted
    place: int | None  # of the level that fired, which can be called noise
    late: bool
    permalink: str | None
    group: str = ""
    missing: str = ""
    reminds: bool = False


def alert(one: Alert, locale: str) -> Message:
    """An overdue dispute, or one that soon will be, with everything that can be done now."""
    heading, body = _heading(one, locale), _body(one, locale)
    text = f"*{link(one.permalink, heading)}*\n{body}"
    if one.group:
        text += f"\n<!subteam^{one.group}>"
    blocks: list[Block] = [section(text), *(context(line) for line in _notes(one, locale))]
    elements = _elements(one, locale)
    if elements:
        blocks.append({"type": "actions", "block_id": "alert", "elements": elements})
    return fallback(f"{heading}. {body}"), blocks


def several(items: Sequence[Alert], count: int, locale: str) -> Message:
    """Alerts that piled up for one person, in one message; `items` are the worst of `count`."""
    heading = say("alert.several", locale, count=count)
    blocks: list[Block] = [section(f"*{heading}*")]
    for number, one in enumerate(items):
        visit = ids.button_value(one.view.visit_id)
        opening = button(say("card.open", locale), ids.OPEN, visit)
        told = f"*{link(one.permalink, _heading(one, locale))}*\n{_body(one, locale)}"
        blocks.append(section(told, block_id=f"alert.{number}", accessory=opening))
    return fallback(f"{heading} {_heading(items[0], locale)}"), blocks


def _heading(one: Alert, locale: str) -> str:
    number = facts.shown_number(one.view.number)
    key = "alert.title" if one.late else "alert.title.soon"
    return say(key, locale, number=number, stage=cut(one.view.stage.label.text(locale), NAME))


def _body(one: Alert, locale: str) -> str:
    told = one.told
    level = escaped(cut(told.service_level.label.text(locale), NAME))
    due = when(told.due_at, left=True) if told.due_at is not None else ""
    status = cut(facts.status(one.view, locale).split(" · ")[0], CLAUSE)
    key = "alert.body" if one.late else "alert.body.soon"
    lines = [say(key, locale, level=level, when=due, status=status)]
    if told.following is not None:
        what = cut(next_text(told.following, locale, quoted), CLAUSE)
        lines.append(say("alert.next", locale, when=when(told.following.at), what=what))
    return "\n".join(lines)


def _notes(one: Alert, locale: str) -> list[str]:
    """Who is on it, who called it noise, and why it came here."""
    told, lines = one.told, []
    until = when(told.on_it_until) if told.on_it_until is not None else ""
    if one.reminds and until:
        lines.append(say("alert.reminds", locale, when=until))
    elif told.on_it:
        lines.append(say("alert.on_it", locale, who=quoted(told.on_it), when=until))
    if told.noise:
        options = told.document.choices_of(Meaning.NOISE)
        option = options.get(told.noise)
        reason = escaped(option.label.text(locale) if option else told.noise)
        lines.append(say("alert.noise", locale, who=quoted(told.noise_by), reason=reason))
    if one.missing:
        lines.append(say("alert.missing", locale, whom=say(f"panel.hears.{one.missing}", locale)))
    return lines


def _elements(one: Alert, locale: str) -> list[Block]:
    view, told = one.view, one.told
    visit = ids.button_value(view.visit_id)
    elements: list[Block] = []
    if view.open and view.stage.kind in (Kind.INTAKE, Kind.WORK):
        taking = say("card.take_over", locale)
        elements.append(button(taking, ids.TAKE_OVER, visit, style="primary"))
    if view.open:
        elements.append(button(say("card.open", locale), ids.OPEN, visit))
    if told.ack_minutes and (one.reminds or not told.on_it):
        aim = ids.button_value(told.deadline_id)
        on_it = say("alert.acknowledge", locale, minutes=told.ack_minutes)
        elements.append(button(on_it, ids.ACKNOWLEDGE, aim))
    reasons = told.document.choices_of(Meaning.NOISE).values()
    if reasons and one.place is not None and not told.noise:
        elements.append(
            {
                "type": "static_select",
                "action_id": ids.NOISE,
                "placeholder": plain(say("alert.noise.choose", locale), 150),
                "options": [
                    {
                        "text": plain(reason.label.text(locale), 75),
                        "value": ids.noise_value(told.deadline_id, one.place, reason.key),
                    }
                    for reason in reasons
                ][:MOST_OPTIONS],
            }
        )
    return elements
