"""Modals: a decision's own fields, the details of a dispute, a new dispute."""

from collections.abc import Sequence
from typing import Any

from bot import ids
from bot.cards import facts
from bot.cards.asked import input_block
from bot.cards.background import missing
from bot.cards.card import closed_names, details, not_now, not_yours
from bot.cards.origin import Origin
from bot.cards.parts import Block, button, context, escaped, link, plain, quoted, section, when
from core.desk.locked import Locked
from core.desk.notes import LIMIT as NOTE_LIMIT
from core.desk.notes import Noted
from core.desk.views import CardView, masked
from core.i18n import say
from core.wording import stage_label
from core.workflow.facts import DESK_FACTS, ENTERED
from core.workflow.model import Decision, Document
from core.workflow.terms import FieldKind, Kind, Meaning

View = dict[str, Any]
STORY_TYPED = 3_000  # characters; Slack's limit of a text field


def decide(
    view: CardView,
    decision: Decision,
    chosen: dict[str, Any],
    locale: str,
    reply_to: bytes | None = None,
) -> View:
    """What a decision asks by itself, before it is made; the card's choices travel along."""
    blocks: list[Block] = [
        section(f"*{escaped(decision.label.text(locale))}*"),
        context(f"{facts.shown_number(view.number)} · {escaped(view.stage.label.text(locale))}"),
        *(input_block(view, field, locale) for field in decision.fields),
    ]
    if decision.confirm is not None:
        blocks.insert(1, section(escaped(decision.confirm.text(locale))))
    return {
        "type": "modal",
        "callback_id": ids.DECIDE_VIEW,
        "private_metadata": ids.view_metadata(view.visit_id, decision.key, chosen, reply_to),
        "title": plain(say("modal.title", locale, stage=view.stage.label.text(locale)), 24),
        "submit": plain(say("modal.decide", locale), 24),
        "close": plain(say("modal.cancel", locale), 24),
        "blocks": blocks,
    }


def note(visit_id: int, number: str, locale: str) -> View:
    """The form of an internal note (D8)."""
    text = {"type": "plain_text_input", "multiline": True, "max_length": NOTE_LIMIT}
    return {
        "type": "modal",
        "callback_id": ids.NOTE_VIEW,
        "private_metadata": ids.view_metadata(visit_id, ids.NOTE, {}),
        "title": plain(say("note.title", locale), 24),
        "submit": plain(say("note.submit", locale), 24),
        "close": plain(say("modal.cancel", locale), 24),
        "blocks": [
            context(say("note.about", locale, number=facts.shown_number(number))),
            _input("note", say("note.text", locale), text),
        ],
    }


def noted(notes: Sequence[Noted], locale: str) -> list[Block]:
    """Internal notes as members read them: masked, and nothing in them takes effect (X1)."""
    blocks: list[Block] = [section(f"*{say('note.list', locale)}*")] if notes else []
    for one in notes:
        head = say("note.by", locale, who=quoted(one.who), when=when(one.at))
        text = {"type": "plain_text", "text": masked(one.text.for_members(), NOTE_LIMIT)}
        blocks += [context(head), {"type": "section", "text": {**text, "emoji": False}}]
    return blocks


def opened(
    view: CardView,
    locale: str,
    permalink: str | None,
    notes: Sequence[Noted] = (),
    locked: Locked | None = None,
) -> View:
    """The details of a dispute, for reading; deciding is done on its card.

    `locked` are the decisions that wait for an exam of whoever reads (K1).
    """
    title = {"type": "header", "text": plain(facts.title(view, locale), 150)}
    if not view.open:
        names = closed_names(view, locale)
        following = escaped(stage_label(view.document, view.next_stage, locale))
        state = say("card.closed", locale, **{**names, "next": following})
    elif view.stage.kind == Kind.FINAL:
        state = f"*{escaped(view.stage.label.text(locale))}* · {facts.status(view, locale)}"
    elif view.stage.kind == Kind.WAIT:
        state = say("details.hidden", locale, stage=escaped(view.stage.label.text(locale)))
    else:
        stage = escaped(view.stage.label.text(locale))
        state = f"*{stage}* · {facts.status(view, locale)}"
    blocks: list[Block] = [title, context(state), *details(view, locale)]
    lacking = missing(view, locale, choices=True) if view.open else ""
    if lacking:
        blocks.append(context(lacking))
    refused = not_now(view, locale)
    if refused:
        blocks.append(context(refused))
    if locked is not None:
        blocks.append(context(not_yours(locked, locale)))
    blocks += noted(notes, locale)
    acts = [button(say("card.why", locale), ids.WHY, ids.button_value(view.visit_id))]
    if view.open and view.stage.kind == Kind.WORK:
        visit = ids.button_value(view.visit_id, ids.NOTE)
        acts.insert(0, button(say("card.note", locale), ids.WRITE, visit))
    if view.open and view.stage.kind != Kind.FINAL and view.document.choices_of(Meaning.PAGE):
        acts.append(button(say("card.page", locale), ids.PAGE, ids.button_value(view.visit_id)))
    blocks.append({"type": "actions", "block_id": "notes", "elements": acts})
    if permalink:
        blocks.append(section(link(permalink, say("details.card", locale))))
    if view.incident is not None and view.open and view.offers:
        told = say("details.incident", locale, count=view.incident.count)
        visit = ids.button_value(view.visit_id)
        several = button(say("details.group", locale), ids.GROUP, visit)
        blocks.append(section(told, accessory=several))
    return {
        "type": "modal",
        "callback_id": "details",
        "title": plain(say("details.title", locale), 24),
        "close": plain(say("details.close", locale), 24),
        "blocks": blocks,
    }


def told(text: str, locale: str) -> View:
    """A small modal that only says something."""
    return {
        "type": "modal",
        "title": plain(say("details.title", locale), 24),
        "close": plain(say("details.close", locale), 24),
        "blocks": [section(text)],
    }


def new(document: Document, locale: str, origin: Origin | None = None) -> View:
    """The form of a new dispute (I1); `origin` is the message that it is opened from."""
    entered = [
        {"text": plain(say(f"card.entered.{value}", locale), 75), "value": value}
        for value in DESK_FACTS[ENTERED].values
    ]
    story: Block = {"type": "plain_text_input", "multiline": True, "max_length": STORY_TYPED}
    blocks = [
        *(_origin(origin, locale) if origin else ()),
        _input("order", say("new.order", locale), _text()),
        _input("buyer", say("new.buyer", locale), _text()),
        _input("merchant", say("new.merchant", locale), _text(), optional=True),
        _input(
            "entered",
            say("new.entered", locale),
            {"type": "static_select", "options": entered, "initial_option": entered[0]},
        ),
        *_known_fields(document, locale),
        _input("story", say("new.story", locale), {**story, **_told_already(origin)}),
    ]
    return {
        "type": "modal",
        "callback_id": ids.NEW_VIEW,
        "private_metadata": origin.metadata() if origin else "",
        "title": plain(say("new.title", locale), 24),
        "submit": plain(say("new.submit", locale), 24),
        "close": plain(say("new.cancel", locale), 24),
        "blocks": blocks,
    }


def _origin(origin: Origin, locale: str) -> list[Block]:
    """Where the message stands, and that it was longer than the form takes."""
    blocks = [context(say("shortcut.origin", locale, channel=f"<#{origin.channel}>"))]
    if len(origin.text) > STORY_TYPED:
        blocks.append(context(say("shortcut.cut", locale, limit=f"{STORY_TYPED:,}")))
    return blocks


def _told_already(origin: Origin | None) -> Block:
    """The message's words as the story's first draft; plain text, so nothing in it takes effect."""
    text = origin.text[:STORY_TYPED] if origin else ""
    return {"initial_value": text} if text else {}


def _known_fields(document: Document, locale: str) -> list[Block]:
    """The first stage's single choices, where they are known already."""
    workflow = document.workflows[0]
    blocks = []
    for field in workflow.stage_by_key[workflow.first].fields:
        if field.kind == FieldKind.ONE and field.meaning != Meaning.ENTERED:  # asked above already
            leaves = document.set_by_key[field.options].leaves()
            options = [{"text": plain(o.label.text(locale), 75), "value": o.key} for o in leaves]
            select = {"type": "static_select", "options": options[:100]}
            label = field.label.text(locale)
            blocks.append(_input(ids.FIELD + field.key, label, select, optional=True))
    return blocks


def _input(name: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "optional": optional,
        "element": {"action_id": name, **element},
    }


def _text() -> Block:
    return {"type": "plain_text_input", "max_length": 200}
