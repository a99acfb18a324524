"""Layout blocks."""

from typing import Final

from blockkit.checks import (
    Check,
    Rule,
    Shape,
    array,
    at_least_one,
    boolean,
    by_type,
    exactly_one,
    one_of,
    or_null,
    string,
)
from blockkit.elements import IMAGE
from blockkit.limits import LIMITS
from blockkit.objects import BLOCK_ID, MRKDWN, PLAIN, SLACK_FILE, any_text, plain_text
from blockkit.placement import IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from blockkit.rich_text import RICH_TEXT_ELEMENTS, RICH_TEXT_VALUE


def _block(
    kind: str,
    fields: dict[str, Check],
    required: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
) -> Shape:
    own: dict[str, Check] = {"type": one_of(kind), "block_id": BLOCK_ID}
    return Shape({**own, **fields}, ("type", *required), rules)


SECTION: Final = _block(
    "section",
    {
        "text": any_text(LIMITS["section.text.max_length"]),
        "fields": array(
            any_text(LIMITS["section.fields.item_max_length"]),
            LIMITS["section.fields.max_items"],
            1,
        ),
        "accessory": by_type(IN_SECTION),
        "expand": boolean,
    },
    (),
    (at_least_one("text", "fields"),),
)
ACTIONS: Final = _block(
    "actions",
    {"elements": array(by_type(IN_ACTIONS), LIMITS["actions.elements.max_items"], 1)},
    ("elements",),
)
CONTEXT: Final = _block(
    "context",
    {
        "elements": array(
            by_type({"image": IMAGE, "mrkdwn": MRKDWN, "plain_text": PLAIN}),
            LIMITS["context.elements.max_items"],
            1,
        )
    },
    ("elements",),
)
CONTEXT_ACTIONS: Final = _block(
    "context_actions",
    {
        "elements": array(
            by_type(IN_CONTEXT_ACTIONS), LIMITS["context_actions.elements.max_items"], 1
        )
    },
    ("elements",),
)
DIVIDER: Final = _block("divider", {})
HEADER: Final = _block("header", {"text": plain_text(LIMITS["header.text.max_length"])}, ("text",))
IMAGE_BLOCK: Final = _block(
    "image",
    {
        "image_url": string(LIMITS["image.image_url.max_length"], 1),
        "slack_file": SLACK_FILE,
        "alt_text": string(LIMITS["image.alt_text.max_length"], 1),
        "title": plain_text(LIMITS["image.title.max_length"]),
    },
    ("alt_text",),
    (exactly_one("image_url", "slack_file"),),
)
INPUT: Final = _block(
    "input",
    {
        "label": plain_text(LIMITS["input.label.max_length"]),
        "element": by_type(IN_INPUT),
        "hint": plain_text(LIMITS["input.hint.max_length"]),
        "optional": boolean,
        "dispatch_action": boolean,
    },
    ("label", "element"),
)
RICH_TEXT: Final = _block("rich_text", {"elements": RICH_TEXT_ELEMENTS}, ("elements",))
MARKDOWN: Final = _block(
    "markdown", {"text": string(LIMITS["markdown.text.max_length"], 1)}, ("text",)
)
FILE: Final = _block(
    "file", {"external_id": string(least=1), "source": one_of("remote")}, ("external_id", "source")
)
VIDEO: Final = _block(
    "video",
    {
        "alt_text": string(LIMITS["video.alt_text.max_length"], 1),
        "author_name": string(LIMITS["video.author_name.max_length"]),
        "description": plain_text(LIMITS["video.description.max_length"]),
        "provider_icon_url": string(LIMITS["video.provider_icon_url.max_length"]),
        "provider_name": string(LIMITS["video.provider_name.max_length"]),
        "title": plain_text(LIMITS["video.title.max_length"]),
        "title_url": string(
            LIMITS["video.title_url.max_length"], 1, r"https://.*", "an https address"
        ),
        "thumbnail_url": string(LIMITS["video.thumbnail_url.max_length"], 1),
        "video_url": string(
            LIMITS["video.video_url.max_length"], 1, r"https://.*", "an https address"
        ),
    },
    ("alt_text", "title", "thumbnail_url", "video_url"),
)

_CELL: Final = by_type(
    {
        "raw_text": Shape({"type": one_of("raw_text"), "text": string(least=1)}, ("type", "text")),
        "rich_text": RICH_TEXT_VALUE,
    }
)
TABLE: Final = _block(
    "table",
    {
        "rows": array(
            array(_CELL, LIMITS["table.columns.max_items"], 1), LIMITS["table.rows.max_items"], 1
        ),
        "column_settings": array(
            or_null(Shape({"align": one_of("left", "center", "right"), "is_wrapped": boolean})),
            LIMITS["table.column_settings.max_items"],
        ),
    },
    ("rows",),
)

_EVERYWHERE: Final[dict[str, Check]] = {
    "section": SECTION,
    "actions": ACTIONS,
    "context": CONTEXT,
    "divider": DIVIDER,
    "header": HEADER,
    "image": IMAGE_BLOCK,
    "input": INPUT,
    "rich_text": RICH_TEXT,
    "video": VIDEO,
}
# What calls.add gives an app to post; Slack draws the rest itself.
CALL: Final = _block(
    "call", {"call_id": string(255, 1), "api_decoration_available": boolean}, ("call_id",)
)
# Which blocks each surface takes.
BLOCKS: Final[dict[str, dict[str, Check]]] = {
    "message": {
        **_EVERYWHERE,
        "markdown": MARKDOWN,
        "file": FILE,
        "table": TABLE,
        "context_actions": CONTEXT_ACTIONS,
        "call": CALL,
    },
    "modal": _EVERYWHERE,
    "home": _EVERYWHERE,
}
