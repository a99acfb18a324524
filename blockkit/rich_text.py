"""Rich text: sections, lists, quotes and preformatted text, and what stands in them."""

from typing import Final

from blockkit.checks import Check, Shape, array, boolean, by_type, integer, one_of, string
from blockkit.limits import LIMITS

_STYLES: Final = (
    "bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink",
)  # fmt: skip
_STYLE: Final = Shape(dict.fromkeys(_STYLES, boolean))


def _inline(kind: str, required: tuple[str, ...], **fields: Check) -> Shape:
    return Shape({"type": one_of(kind), "style": _STYLE, **fields}, ("type", *required))


_TEXT: Final = _inline("text", ("text",), text=string(least=1))
_LINK: Final = _inline("link", ("url",), url=string(least=1), text=string(), unsafe=boolean)
INLINE: Final = by_type(
    {
        "text": _TEXT,
        "link": _LINK,
        "emoji": _inline(
            "emoji", ("name",), name=string(least=1), unicode=string(), skin_tone=integer(2, 6)
        ),
        "user": _inline("user", ("user_id",), user_id=string(least=1)),
        "usergroup": _inline("usergroup", ("usergroup_id",), usergroup_id=string(least=1)),
        "channel": _inline("channel", ("channel_id",), channel_id=string(least=1)),
        "team": _inline("team", ("team_id",), team_id=string(least=1)),
        "broadcast": _inline("broadcast", ("range",), range=one_of("here", "channel", "everyone")),
        "date": _inline(
            "date",
            ("timestamp", "format"),
            timestamp=integer(),
            format=string(least=1),
            url=string(),
            fallback=string(),
        ),
        "color": _inline("color", ("value",), value=string(least=1)),
    }
)

_SECTION: Final = Shape(
    {"type": one_of("rich_text_section"), "elements": array(INLINE)}, ("type", "elements")
)


def _border(kind: str) -> Check:
    return integer(LIMITS[f"{kind}.border.min"], LIMITS[f"{kind}.border.max"])


_PARTS: Final[dict[str, Check]] = {
    "rich_text_section": _SECTION,
    "rich_text_list": Shape(
        {
            "type": one_of("rich_text_list"),
            "style": one_of("bullet", "ordered"),
            "elements": array(by_type({"rich_text_section": _SECTION})),
            "indent": integer(
                LIMITS["rich_text_list.indent.min"], LIMITS["rich_text_list.indent.max"]
            ),
            "offset": integer(LIMITS["rich_text_list.offset.min"]),
            "border": _border("rich_text_list"),
        },
        ("type", "style", "elements"),
    ),
    "rich_text_quote": Shape(
        {
            "type": one_of("rich_text_quote"),
            "elements": array(INLINE),
            "border": _border("rich_text_quote"),
        },
        ("type", "elements"),
    ),
    "rich_text_preformatted": Shape(
        {
            "type": one_of("rich_text_preformatted"),
            "elements": array(by_type({"text": _TEXT, "link": _LINK})),
            "border": _border("rich_text_preformatted"),
            "language": string(),
        },
        ("type", "elements"),
    ),
}
RICH_TEXT_ELEMENTS: Final = array(by_type(_PARTS))
RICH_TEXT_VALUE: Final = Shape(
    {"type": one_of("rich_text"), "elements": RICH_TEXT_ELEMENTS, "block_id": string()},
    ("type", "elements"),
)
