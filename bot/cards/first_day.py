"""A new agent's first day in Home: the stage, how the desk works, practice, then the real queue.

What is said of the stage is what its channel's pinned guide says.
"""

from collections.abc import Mapping

from bot import ids
from bot.cards import guide
from bot.cards.home import Documents, item_block, shelf_blocks
from bot.cards.parts import Block, button, escaped, plain, section
from core.desk.first_day import DISPUTES, FirstDay
from core.desk.home import MINE, Home, Item
from core.desk.people import Member
from core.i18n import say
from core.workflow.model import Document, Stage, Workflow

Here = tuple[Workflow, Stage]
_NO_LINKS: Mapping[int, str | None] = {}


def view(
    begun: FirstDay,
    member: Member,
    here: Here,
    found: Home,
    document: Document,
    documents: Documents,
    way: str,
    links: Mapping[int, str | None] = _NO_LINKS,
    *,
    own: bool = False,
) -> dict[str, object]:
    """The Home of somebody new; `way` leads to the practice desk, or back once all are decided.

    It is empty where there is none. `links` lead to the cards of practice disputes,
    by visit, as far as they are in Slack; `own`: they work at this very desk, and may stop here.
    """
    locale = member.locale
    mine = found.shelves.get(MINE)
    held: list[Block] = []
    if mine is not None and mine.items:  # whatever somebody holds already is never out of sight
        held = [{"type": "divider"}, *shelf_blocks(found, MINE, mine, documents, document, locale)]
    if begun.practises_for is None:
        blocks = [*_welcome(member, here, way, locale), *held]
    elif begun.practised:
        blocks = [*_well_done(begun, member, here, way, locale), *held]
    else:
        items = mine.items if mine else []
        left = [_practice(item, documents, links, locale) for item in items]
        blocks = [
            *_practising(begun, here, locale),
            *left,
            *(_more(way, locale) if way and begun.lacking else []),
            *_meanwhile(here, locale),
            *(
                [_actions([_over(say("first_day.skip", locale), first=False)], locale)]
                if own
                else []
            ),
        ]
    return {"type": "home", "blocks": blocks}


def _welcome(member: Member, here: Here, way: str, locale: str) -> list[Block]:
    """The first look: who one is here, what the stage is for, how the desk works, what comes."""
    title = say("first_day.title", locale, name=member.name)
    blocks: list[Block] = [
        {"type": "header", "text": plain(title, 150)},
        section(say("first_day.stage", locale, stage=_label(here, locale))),
        section(_stage(here, locale)),
        {"type": "divider"},
        section(_points(here, locale)),
        {"type": "divider"},
    ]
    if way:
        heading = f"*{say('first_day.heading', locale)}*"
        blocks.append(section(f"{heading}\n{say('first_day.practice', locale)}"))
        links = [_link(say("first_day.practise", locale), way)]
        after = "first_day.skip"
    else:
        blocks.append(section(say("first_day.ready", locale)))
        links, after = [], "first_day.queue"
    blocks.append(_actions([*links, _over(say(after, locale), first=not way)], locale))
    return blocks


def _practising(begun: FirstDay, here: Here, locale: str) -> list[Block]:
    """At the practice desk, above the practice disputes."""
    title = say("first_day.practising", locale, count=begun.decided, all=DISPUTES)
    told = say("first_day.virtual", locale, stage=_label(here, locale))
    return [
        {"type": "header", "text": plain(title, 150)},
        section(told),
        section(say("first_day.steps", locale)),
        {"type": "divider"},
    ]


def _practice(
    item: Item, documents: Documents, links: Mapping[int, str | None], locale: str
) -> Block:
    """A practice dispute with the way to its card; to its details until the card is in Slack."""
    visit, doing = item.queued.visit_id, None
    url = links.get(visit)
    if url:
        name, text = f"{ids.PRACTISE}.{visit}", say("first_day.card", locale)
        doing = button(text, name, ids.button_value(visit), url=url)
    return item_block(item, documents[item.queued.document_id], MINE, locale, doing)


def _more(way: str, locale: str) -> list[Block]:
    """Where one was released, handed over or parked undecided: the way to another in its place."""
    link = _link(say("first_day.another", locale), way)
    return [
        section(say("first_day.gone", locale)),
        {"type": "actions", "block_id": "another", "elements": [link]},
    ]


def _meanwhile(here: Here, locale: str) -> list[Block]:
    """At the practice desk, below them: what can be read once more."""
    return [{"type": "divider"}, section(_stage(here, locale)), section(_points(here, locale))]


def _well_done(begun: FirstDay, member: Member, here: Here, way: str, locale: str) -> list[Block]:
    """At the practice desk, when all are decided: the way back."""
    title = say("first_day.well_done", locale, name=member.name)
    told = say("first_day.learnt", locale, stage=_label(here, locale))
    blocks: list[Block] = [
        {"type": "header", "text": plain(title, 150)},
        section(f"{_counted(begun.decided, locale)}\n{told}"),
    ]
    if way:
        link = _link(say("first_day.back", locale), way)
        blocks.append({"type": "actions", "block_id": "first_day", "elements": [link]})
    return blocks


def _stage(here: Here, locale: str) -> str:
    """What the stage is for, and what is chosen and pressed there."""
    workflow, stage = here
    told = []
    if stage.key == workflow.first:
        intake = workflow.stage_by_key[workflow.start].label.text(locale)
        names = {"intake": escaped(intake), "stage": _label(here, locale)}
        told.append(say("first_day.take", locale, **names))
    told += [*guide.choosing(stage, locale), *guide.limits(workflow, stage, locale)]
    lines = "\n• ".join(["", *filter(None, told)])
    purpose = guide.purpose(workflow, stage)
    return f"{say(purpose, locale) if purpose else ''}{lines}".strip()


def _points(here: Here, locale: str) -> str:
    """How the desk works, in three points."""
    workflow, stage = here
    points = [
        guide.holding(stage, locale),
        say("first_day.evidence", locale),
        _mending(workflow, locale),
    ]
    numbered = [f"{n}. {point}" for n, point in enumerate(points, 1)]
    return "\n".join([f"*{say('first_day.how', locale)}*", *numbered])


def _mending(workflow: Workflow, locale: str) -> str:
    """What can be undone, and where to go when nothing fits."""
    menu, *undo = guide.mending(workflow, locale)
    return say("first_day.mend", locale, undo=undo[0], menu=menu) if undo else menu


def _label(here: Here, locale: str) -> str:
    return escaped(here[1].label.text(locale))


def _counted(count: int, locale: str) -> str:
    return f"*{say('first_day.practising', locale, count=count, all=DISPUTES)}*"


def _link(text: str, url: str) -> Block:
    return button(text, ids.PRACTISE, "first_day", url=url, style="primary")


def _over(text: str, *, first: bool) -> Block:
    return button(text, ids.FIRST_DAY_OVER, "first_day", style="primary" if first else "")


def _actions(elements: list[Block], locale: str) -> Block:
    settings = button(say("home.settings", locale), ids.HOME_SETTINGS, "first_day")
    return {"type": "actions", "block_id": "first_day", "elements": [*elements, settings]}
