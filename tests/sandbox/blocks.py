"""Blocks to look at: every block and element, long words, a table, what is typed."""

from typing import Any

from tests.blockkit.samples import (
    INPUTS,
    OTHERS,
    SELECTS,
    Json,
    actions,
    button,
    confirm,
    element,
    input_block,
    modal,
    mrkdwn,
    plain,
    section,
)

GERMAN = "Rechtsschutzversicherungsgesellschaftenangestelltenkündigungsschreiben"


CHINESE = (
    "买家称收到的球鞋与商品页面描述严重不符，左脚鞋底开胶并有明显使用痕迹，"
    "要求全额退款并承担往返运费"
)


def text(words: str, **style: bool) -> Json:
    """A rich text's words."""
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def rich(*parts: Json) -> Json:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(parts)}


def line(*elements: Json) -> Json:
    """A rich text's section."""
    return {"type": "rich_text_section", "elements": list(elements)}


def bullets(*lines: str, style: str = "bullet", **more: Any) -> Json:
    """A rich text's list."""
    items = [line(text(words)) for words in lines]
    return {"type": "rich_text_list", "style": style, "elements": items, **more}


RICH = rich(
    line(
        text("bold ", bold=True), text("italic ", italic=True), text("gone ", strike=True),
        text("under ", underline=True), text("code", code=True), text(" all ", bold=True,
        italic=True, strike=True), text("\nlink: "),
        {"type": "link", "url": "https://example.com/a", "text": "a page", "style": {"bold": True}},
        text(" person: "), {"type": "user", "user_id": "U2ANN"}, text(" channel: "),
        {"type": "channel", "channel_id": "C1DESK"}, text(" group: "),
        {"type": "usergroup", "usergroup_id": "S1"}, text(" all: "),
        {"type": "broadcast", "range": "here"}, text(" emoji: "),
        {"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 3}, text(" colour: "),
        {"type": "color", "value": "#c8375f"}, text(" team: "),
        {"type": "team", "team_id": "T0TEST"}, text(" date: "),
        {"type": "date", "timestamp": 1_700_000_000, "format": "{date_long} at {time}"},
    ),
    bullets("one", "two"), bullets("inside two", indent=1), bullets("deeper", indent=2),
    bullets("first", "second", style="ordered"),
    bullets("a letter", style="ordered", indent=1), bullets("third", style="ordered", offset=2),
    {"type": "rich_text_quote", "elements": [text("quoted\nover two lines")]},
    {"type": "rich_text_preformatted", "elements": [text("def f(x):\n    return x * 2")]},
)  # fmt: skip


MARKDOWN = """# Findings
Some **bold**, *italic*, ~~gone~~ and `code`, a [link](https://example.com) and <b>no markup</b>.

1. first
2. second
   - inside
- [x] done
- [ ] open

> quoted *words*

```
x = 1
```

| stage | hours |
|:--|--:|
| triage | 4 |
| 举证 | 48 |

---
The end."""


TABLE: Json = {
    "type": "table",
    "column_settings": [{"is_wrapped": True}, {"align": "right"}, None],
    "rows": [
        [{"type": "raw_text", "text": words} for words in row]
        for row in (
            ["Item", "Amount", "Stage"],
            [f"Running shoes {GERMAN}", "90.00", "triage"],
            ["二手球鞋", "1,299.00", "判责"],
        )
    ],
}


BLOCKS: dict[str, list[Json]] = {
    "header": [{"type": "header", "text": plain("A header :tada:")}],
    "section": [section(text=mrkdwn("*bold* _italic_ ~gone~ `code` <https://example.com|link>"))],
    "fields": [
        {"type": "section", "fields": [mrkdwn(f"*Field {n}*\nvalue {n}") for n in range(1, 7)]}
    ],
    "accessory": [section(accessory=button()), section(accessory=element("datepicker"))],
    "context": [
        {
            "type": "context",
            "elements": [
                {"type": "image", "image_url": "https://example.com/i.png", "alt_text": "icon"},
                mrkdwn("due <!date^1700000000^{date_short_pretty} at {time}|soon>"),
            ],
        }
    ],
    "divider": [section(), {"type": "divider"}, section()],
    "image": [
        {
            "type": "image",
            "image_url": "https://example.com/far.png",
            "alt_text": "far",
            "title": plain("Kept outside"),
        }
    ],
    "rich_text": [RICH],
    "markdown": [{"type": "markdown", "text": MARKDOWN}],
    "table": [TABLE],
    "video": [
        {
            "type": "video",
            "title": plain("How to pack shoes"),
            "title_url": "https://example.com/v",
            "alt_text": "A parcel is packed",
            "author_name": "Ann",
            "provider_name": "Example",
            "description": plain("Three minutes on boxes."),
            "thumbnail_url": "https://example.com/t.png",
            "video_url": "https://example.com/v",
        }
    ],
    "file": [{"type": "file", "external_id": "ABCD1", "source": "remote"}],
    "context_actions": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "feedback",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0"},
                },
                {
                    "type": "icon_button",
                    "action_id": "drop",
                    "icon": "trash",
                    "text": plain("Drop"),
                    "value": "1",
                },
            ],
        }
    ],
}


def samples() -> dict[str, list[Json]]:
    """Blocks by what they show: every block, and every element where it usually stands."""
    buttons = actions(
        button("a"), button("b", style="primary"), button("c", style="danger", confirm=confirm())
    )
    found = {**BLOCKS, "button": [buttons]}
    for kind in (*SELECTS, *OTHERS):
        in_input = kind.startswith("multi_")
        holder = input_block if in_input else actions
        found[kind] = [holder(element(kind))]
    kind = "plain_text_input"
    found[kind] = [input_block(element(kind), label=plain(kind), hint=plain("A hint"))]
    return found


def typed() -> Json:
    """A modal with everything that can only stand in one."""
    fields = [
        input_block(element(kind), label=plain(kind), hint=plain("A hint")) for kind in INPUTS
    ]
    return modal(*fields, title=plain("Everything to type"))
