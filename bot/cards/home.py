"""App Home: my queue. What is mine, what is overdue, what comes next (plain, for now)."""

from bot import ids
from bot.cards.facts import shown_number
from bot.cards.parts import Block, button, context, escaped, plain, section, when
from core.desk.queues import Home, Queued
from core.i18n import say
from core.wording import stage_label
from core.workflow.model import Document

MOST_ITEMS = 20


def home(found: Home, document: Document, locale: str) -> dict[str, object]:
    """The view of a member's home."""
    counts = [
        say("home.waiting", locale, stage=escaped(stage_label(document, stage, locale)), count=n)
        for stage, n in found.waiting.items()
    ]
    blocks: list[Block] = [
        {"type": "header", "text": plain(say("home.title", locale), 150)},
        context(" · ".join(counts) if counts else say("home.no_stage", locale)),
    ]
    mine = {item.visit_id for item in found.mine}
    overdue = [item for item in found.overdue if item.visit_id not in mine]
    above = mine | {item.visit_id for item in overdue}
    following = [item for item in found.following if item.visit_id not in above]
    for key, items in (("mine", found.mine), ("overdue", overdue), ("next", following)):
        blocks.append({"type": "divider"})
        blocks.append(section(f"*{say(f'home.{key}', locale)}*"))
        blocks += [_item(item, document, key, locale) for item in items[:MOST_ITEMS]]
        if not items:
            blocks.append(context(say("home.none", locale)))
    blocks.append(context(say("home.help", locale)))
    return {"type": "home", "blocks": blocks}


def stranger(slack_id: str, locale: str) -> dict[str, object]:
    """What somebody sees who is not a member of the desk."""
    text = say("home.stranger", locale, slack_id=slack_id)
    return {"type": "home", "blocks": [section(text)]}


def _item(item: Queued, document: Document, group: str, locale: str) -> Block:
    text = say(
        "home.item",
        locale,
        number=shown_number(item.number),
        stage=escaped(stage_label(document, item.stage, locale)),
    )
    if item.due_at is not None:
        text += "\n" + say("card.due", locale, when=when(item.due_at))
    visit = ids.button_value(item.visit_id)
    opening = button(say("card.open", locale), ids.OPEN, visit)
    return section(text, block_id=f"{group}.{item.visit_id}", accessory=opening)
