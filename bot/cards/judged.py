"""What the judged agent is told, what supervisors are asked, and what came of it (W6)."""

from dataclasses import dataclass

from bot import ids
from bot.cards import facts
from bot.cards.card import Message
from bot.cards.parts import Block, button, escaped, fallback, plain, quoted, section
from bot.cards.told import preset
from core.desk.views import CardView
from core.i18n import say
from core.wording import decision_label
from core.workflow.terms import Meaning


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgment with the names that telling it needs."""

    id: int
    option: str
    judge: str
    judged: str
    contest: str = ""
    upheld: bool | None = None


def told(view: CardView, verdict: Verdict, locale: str) -> Message:
    """To the judged agent: what was found, and the one click and choice that contest it."""
    text = say("judged.told", locale, **_names(view, verdict, locale))
    reasons = [
        {"text": plain(o.label.text(locale), 75), "value": o.key}
        for o in view.document.choices_of(Meaning.CONTEST).values()
    ]
    blocks: list[Block] = [section(text)]
    if reasons:
        choose = {
            "type": "static_select",
            "action_id": ids.CONTEST_REASON,
            "placeholder": plain(say("judged.why", locale), 150),
            "options": reasons[:100],
        }
        press = button(say("judged.contest", locale), ids.CONTEST, str(verdict.id))
        blocks.append({"type": "actions", "block_id": "contest", "elements": [choose, press]})
    return fallback(text), blocks


def asked(view: CardView, verdict: Verdict, locale: str) -> Message:
    """To supervisors: who contests what and why, to be upheld or withdrawn."""
    names = _names(view, verdict, locale)
    reason = preset(view, Meaning.CONTEST, verdict.contest, locale)
    text = say("judged.contested", locale, **names, reason=reason)
    buttons = [
        button(say("judged.uphold", locale), ids.UPHOLD, str(verdict.id)),
        button(say("judged.withdraw", locale), ids.ANNUL, str(verdict.id)),
    ]
    actions: Block = {"type": "actions", "block_id": "contested", "elements": buttons}
    return fallback(text), [section(text), actions]


def settled(view: CardView, verdict: Verdict, locale: str) -> Message:
    """To the judged agent: what a supervisor decided."""
    key = "judged.upheld" if verdict.upheld else "judged.withdrawn"
    text = say(key, locale, **_names(view, verdict, locale))
    return fallback(text), [section(text)]


def _names(view: CardView, verdict: Verdict, locale: str) -> dict[str, str]:
    document = view.document
    options = (options.get(verdict.option) for options in document.options_by_set.values())
    option = next((o for o in options if o is not None), None)
    return {
        "number": facts.shown_number(view.number),
        "stage": escaped(view.stage.label.text(locale)),
        "decision": escaped(decision_label(document, view.decision, locale)),
        "verdict": escaped(option.label.text(locale) if option else verdict.option),
        "judge": quoted(verdict.judge),
        "judged": quoted(verdict.judged),
    }
