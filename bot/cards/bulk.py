"""Modals for several disputes at once: choose them, choose what, see what would happen, confirm."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import ids
from bot.cards.asked import input_block
from bot.cards.facts import shown_number
from bot.cards.home import about
from bot.cards.parts import Block, bare, context, cut, escaped, plain, section
from bot.ids import Several
from core.desk.bulk import MOST_AT_ONCE, Common, Foreseen, fields_of
from core.desk.home import Item
from core.desk.incidents import TITLE_LIMIT, Group
from core.desk.views import CardView
from core.i18n import money, say
from core.wording import decision_label, refusal_text, stage_label
from core.workflow.model import Document

View = dict[str, Any]
LINE = 250  # characters told of one dispute
TEXT = 2_800  # of one block


def choose(items: Sequence[Item], documents: dict[int, Document], locale: str) -> View:
    """Which disputes: those that may be acted on, by stage, most urgent first."""
    groups: dict[str, list[Block]] = {}
    for item in items[:100]:
        document = documents[item.queued.document_id]
        stage = stage_label(document, item.queued.stage, locale)
        text = f"{shown_number(item.queued.number)} · {about(item, document, locale)}"
        option = {"text": plain(text, 75), "value": str(item.queued.visit_id)}
        groups.setdefault(stage, []).append(option)
    blocks: list[Block] = [
        context(say("bulk.choose.help", locale, most=MOST_AT_ONCE)),
        {
            "type": "input",
            "block_id": "visits",
            "label": plain(say("bulk.disputes", locale), 2000),
            "element": {
                "type": "multi_static_select",
                "action_id": "visits",
                "placeholder": plain(say("card.choose", locale), 150),
                "option_groups": [
                    {"label": plain(stage, 75), "options": options}
                    for stage, options in groups.items()
                ],
                "max_selected_items": MOST_AT_ONCE,
            },
        },
    ]
    return _modal(ids.BULK_CHOOSE, blocks, "{}", say("bulk.go_on", locale), locale)


def decide(
    found: Common, several: Several, locale: str, groups_known: Sequence[Group] | None = None
) -> View:
    """What to do with them: a macro, a decision that all of them offer, or an incident to name.

    `groups_known` are the incidents to join, None for whoever may not group.
    """
    groups = [
        {
            "label": plain(say("bulk.decisions", locale), 75),
            "options": [
                {"text": plain(decision.label.text(locale), 75), "value": decision.key}
                for decision in found.decisions
            ],
        }
    ]
    if found.macros:
        options = [
            {"text": plain(macro.label.text(locale), 75), "value": ids.MACRO + macro.key}
            for macro in found.macros
        ]
        groups.insert(0, {"label": plain(say("bulk.macros", locale), 75), "options": options})
    if groups_known is not None:
        new = {"text": plain(say("bulk.group.new", locale), 75), "value": ids.INCIDENT + "new"}
        options = [
            {"text": plain(bare(group.title), 75), "value": f"{ids.INCIDENT}{group.id}"}
            for group in groups_known
        ]
        label = plain(say("bulk.group", locale), 75)
        groups.append({"label": label, "options": [new, *options]})
    stage = stage_label(found.document, found.stage, locale)
    blocks: list[Block] = [
        context(say("bulk.chosen", locale, count=len(several.visits), stage=escaped(stage))),
        {
            "type": "input",
            "block_id": "act",
            "label": plain(say("bulk.act", locale), 2000),
            "element": {
                "type": "static_select",
                "action_id": "act",
                "placeholder": plain(say("card.choose", locale), 150),
                "option_groups": groups,
            },
        },
    ]
    metadata = several.metadata()
    return _modal(ids.BULK_DECIDE, blocks, metadata, say("bulk.go_on", locale), locale)


def name(several: Several, locale: str) -> View:
    """What the incident is called: the desk's own words, no person's."""
    typed = {"type": "plain_text_input", "action_id": "title", "max_length": TITLE_LIMIT}
    title = {
        "type": "input",
        "block_id": "title",
        "label": plain(say("bulk.group.title", locale), 2000),
        "element": typed,
    }
    submit = say("bulk.group.submit", locale)
    return _modal(ids.BULK_NAME, [title], several.metadata(), submit, locale)


def fields(found: Common, several: Several, view: CardView, locale: str) -> View:
    """What the decision asks, once for all; what is left empty stays as each dispute knows it."""
    bare = replace(view, facts={}, again={}, number="")
    label = decision_label(found.document, several.decision, locale)
    blocks: list[Block] = [
        section(f"*{escaped(label)}*"),
        context(say("bulk.fields.help", locale)),
        *(
            input_block(bare, field, locale, many=True)
            for field in fields_of(found, several.decision)
        ),
    ]
    metadata = several.metadata()
    return _modal(ids.BULK_FIELDS, blocks, metadata, say("bulk.preview", locale), locale)


def confirm(
    foreseen: Sequence[Foreseen], label: str, several: Several, locale: str, zone: str
) -> View:
    """What would happen to each, or why nothing; one press decides all that can be decided.

    `zone` is the reader's: moments are told in it.
    """
    able = [one for one in foreseen if one.refused is None]
    lines = [_line(one, locale, zone) for one in foreseen]
    possible = "bulk.able" if len(able) < len(foreseen) else "bulk.able.all"
    blocks: list[Block] = [
        section(f"*{escaped(label)}*"),
        context(say(possible, locale, able=len(able), count=len(foreseen))),
        *_paragraphs(lines),
    ]
    carried = replace(several, visits=tuple(one.visit_id for one in able))
    submit = say("bulk.confirm", locale, count=len(able)) if able else None
    return _modal(ids.BULK_CONFIRM, blocks, carried.metadata(), submit, locale)


def done(results: Sequence[tuple[str, str]], decided: int, locale: str) -> View:
    """What became of each: its number, and a sentence."""
    lines = [_told(number, escaped(text)) for number, text in results]
    summary = say("bulk.done", locale, decided=decided, count=len(results))
    return _modal("bulk.done", [section(f"*{summary}*"), *_paragraphs(lines)], "{}", None, locale)


def _line(one: Foreseen, locale: str, zone: str) -> str:
    if one.refused is not None:
        why = refusal_text(one.refused, one.document, locale, zone)
        return _told(one.number, "✗ " + escaped(why))
    stage = stage_label(one.document, one.stage, locale) if one.document else one.stage
    text = "→ " + escaped(stage)
    if one.amount:
        text += " · " + money(one.amount, one.currency, locale)
    return _told(one.number, text)


def _told(number: str, text: str) -> str:
    return cut(f"*{shown_number(number)}*  {text}", LINE)


def _paragraphs(lines: Sequence[str]) -> list[Block]:
    """Lines in as many sections as they need."""
    blocks: list[Block] = []
    part: list[str] = []
    for line in lines:
        if part and len("\n".join([*part, line])) > TEXT:
            blocks.append(section("\n".join(part)))
            part = []
        part.append(line)
    return [*blocks, section("\n".join(part))] if part else blocks


def _modal(
    callback: str, blocks: list[Block], metadata: str, submit: str | None, locale: str
) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": plain(say("bulk.title", locale), 24),
        "close": plain(say("details.close", locale), 24),
        "blocks": blocks,
    }
    return view | ({"submit": plain(submit, 24)} if submit else {})
