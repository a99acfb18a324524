"""App Home: my queue. What comes next, what is mine, what is overdue, and my team's work."""

from collections.abc import Sequence

from bot import ids
from bot.cards.facts import shown_number
from bot.cards.parts import Block, button, context, cut, escaped, plain, quoted, section, when
from core.desk.home import (
    FEW,
    MINE,
    OVERDUE,
    STAGE,
    TEAM,
    WAITING,
    Home,
    Item,
    Place,
    Shelf,
    topic_fields,
)
from core.i18n import money, say
from core.wording import field_of, refusal_text, stage_label, value_label
from core.workflow.model import Document

Documents = dict[int, Document]
NAMED = 25  # colleagues whose load is told one by one
TEXT = 300  # characters of an item


def home(found: Home, document: Document, documents: Documents, locale: str) -> dict[str, object]:
    """The view of a member's home; `documents` are those of the visits shown, by id."""
    blocks: list[Block] = [
        {"type": "header", "text": plain(say("home.title", locale), 150)},
        context(_counts(found, document, locale)),
        *map(context, _own(found, locale)),
        {"type": "actions", "block_id": "home", "elements": _doing(found, document, locale)},
    ]
    for name, shelf in found.shelves.items():
        if not _needless(found, name):
            blocks.append({"type": "divider"})
            blocks += shelf_blocks(found, name, shelf, documents, document, locale)
    if found.team is not None and not found.place.list:
        blocks += _team(found, document, locale)
    blocks.append(context(say("home.help", locale)))
    return {"type": "home", "blocks": blocks}


def _own(found: Home, locale: str) -> list[str]:
    """What holds for the reader alone: that they are away, and what waits for an exam of theirs."""
    told = []
    if found.away is not None:
        key = "home.away.until" if found.away.until else "home.away"
        until = when(found.away.until) if found.away.until else ""
        since = when(found.away.since) if found.away.since else "–"
        told.append(say(key, locale, since=since, until=until))
    if found.locked is not None:
        told.append(escaped(refusal_text(found.locked, None, locale)))
    return told


def stranger(slack_id: str, locale: str) -> dict[str, object]:
    """What somebody sees who is not a member of the desk."""
    text = say("home.stranger", locale, slack_id=slack_id)
    return {"type": "home", "blocks": [section(text)]}


def _counts(found: Home, document: Document, locale: str) -> str:
    """How much waits at each stage, and how much of it is late."""
    told = []
    for stage, count in found.waiting.items():
        late = found.late.get(stage, 0)
        key = "home.waiting.late" if late else "home.waiting"
        label = escaped(stage_label(document, stage, locale))
        told.append(say(key, locale, stage=label, count=count, late=late))
    return cut(" · ".join(told), 2000) if told else say("home.no_stage", locale)


def _doing(found: Home, document: Document, locale: str) -> list[Block]:
    """What can be done from here: get the next one, open a new one, look again, see a stage."""
    place = ids.home_value(found.place)
    elements = []
    if found.stages:
        elements.append(button(say("home.get_next", locale), ids.HOME_NEXT, place, style="primary"))
    at_stage = found.place.list == STAGE
    if at_stage or sum(found.waiting[stage] for stage in found.stages) > 1:
        several = ids.home_value(Place(STAGE, 0, found.place.stage) if at_stage else Place(WAITING))
        elements.append(button(say("home.several", locale), ids.BULK, several))
    elements.append(button(say("home.new", locale), ids.HOME_NEW, place))
    elements.append(button(say("home.refresh", locale), ids.HOME_SHOW, place))
    elements.append(button(say("home.settings", locale), ids.HOME_SETTINGS, place))
    if found.place.list:
        back = ids.home_value(Place())
        elements.append(button(say("home.back", locale), f"{ids.HOME_SHOW}.back", back))
    if len(found.waiting) > 1:
        options = [
            {
                "text": plain(stage_label(document, stage, locale), 75),
                "value": ids.home_value(Place(STAGE, 0, stage)),
            }
            for stage in found.waiting
        ]
        elements.append(
            {
                "type": "static_select",
                "action_id": ids.HOME_STAGE,
                "placeholder": plain(say("home.choose_stage", locale), 150),
                "options": options[:100],
            }
        )
    return elements


def _needless(found: Home, name: str) -> bool:
    """Whether a list says nothing here: the queue of whoever serves no stage."""
    return name == WAITING and not found.stages and found.team is not None


def shelf_blocks(
    found: Home, name: str, shelf: Shelf, documents: Documents, document: Document, locale: str
) -> list[Block]:
    """A list under its heading, or why it is empty."""
    title = say(f"home.list.{name}", locale, stage=stage_label(document, found.place.stage, locale))
    heading = say("home.heading", locale, title=escaped(title), count=shelf.count)
    blocks = [section(heading)]
    blocks += [
        item_block(item, documents[item.queued.document_id], name, locale) for item in shelf.items
    ]
    if not shelf.items:
        return [*blocks, context(say(_empty(found, name), locale))]
    turning = _turning(found.place, name, shelf, locale)
    if turning:
        blocks.append({"type": "actions", "block_id": f"turn.{name}", "elements": turning})
    return blocks


def _empty(found: Home, name: str) -> str:
    """Why a list is empty, and what to do then."""
    if not found.stages and name in (MINE, WAITING) and found.team is None:
        return "home.no_stage"
    return f"home.{name}.none"


def _turning(place: Place, name: str, shelf: Shelf, locale: str) -> list[Block]:
    """The buttons that lead to the whole list, or to its pages before and after."""
    if not place.list:
        if shelf.count <= FEW:
            return []
        whole = ids.home_value(Place(name))
        text = say("home.all", locale, count=shelf.count)
        return [button(text, f"{ids.HOME_SHOW}.{name}", whole)]
    turns = (
        ("home.previous", shelf.page - 1, shelf.page > 0),
        ("home.following", shelf.page + 1, shelf.page + 1 < shelf.pages),
    )
    return [
        button(
            say(key, locale, page=page + 1, pages=shelf.pages),
            f"{ids.HOME_SHOW}.{page}",
            ids.home_value(Place(name, page, place.stage)),
        )
        for key, page, there in turns
        if there
    ]


def item_block(
    item: Item, document: Document, name: str, locale: str, doing: Block | None = None
) -> Block:
    """A visit in a list; `doing` is its button, by default the one that opens the details."""
    queued = item.queued
    text = say(
        "home.item",
        locale,
        number=shown_number(queued.number),
        stage=escaped(stage_label(document, queued.stage, locale)),
        about=escaped(about(item, document, locale)),
    )
    told = []
    if queued.due_at is not None:
        told.append(say("card.due", locale, when=when(queued.due_at, left=True)))
    if item.holder and name in (STAGE, OVERDUE, TEAM):
        told.append(say("card.held", locale, who=cut(quoted(item.holder), 80)))
    opening = button(say("card.open", locale), ids.OPEN, ids.button_value(queued.visit_id))
    body = "\n".join([cut(text, TEXT), " · ".join(told)]).rstrip()
    return section(body, block_id=f"{name}.{queued.visit_id}", accessory=doing or opening)


def about(item: Item, document: Document, locale: str) -> str:
    """What a dispute is about, and its amount, in a few words."""
    topic = say("card.no_reason", locale)
    if item.topic is not None:
        topic = next(
            (
                value_label(document, field, item.topic, locale)
                for key in sorted(topic_fields(document))
                if (field := field_of(document, key)) is not None
            ),
            topic,
        )
    if not item.currency:
        return topic
    return f"{topic} · {money(item.paid, item.currency, locale)}"


def _team(found: Home, document: Document, locale: str) -> list[Block]:
    """Who of the team holds how much, and the way to all of it."""
    blocks: list[Block] = [{"type": "divider"}, section(f"*{say('home.list.team', locale)}*")]
    lines = [
        say(
            "home.colleague.late" if one.overdue else "home.colleague",
            locale,
            name=cut(quoted(one.name), 80),
            stage=escaped(stage_label(document, one.stage, locale)) or "–",
            held=one.held,
            late=one.overdue,
        )
        for one in (found.team or [])[:NAMED]
    ]
    if not lines:
        return [*blocks, context(say("home.team.none", locale))]
    blocks.append(section("\n".join(lines)))
    if any(one.held for one in found.team or ()):
        whole = ids.home_value(Place(TEAM))
        text = say("home.team.all", locale)
        blocks.append(
            {
                "type": "actions",
                "block_id": "turn.team",
                "elements": [button(text, f"{ids.HOME_SHOW}.team", whole)],
            }
        )
    return blocks


def documents_of(found: Home) -> Sequence[int]:
    """The documents whose labels the shown visits need."""
    return sorted({i.queued.document_id for shelf in found.shelves.values() for i in shelf.items})
