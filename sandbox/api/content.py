"""What a message or view consists of: read from a call's arguments, checked, ids filled in."""

import json
import re
from typing import Any

from blockkit import as_messages, validate_message, validate_view
from sandbox.api import arguments
from sandbox.api.arguments import Arguments
from sandbox.api.errors import RefusedError
from sandbox.ids import short_id
from sandbox.state.model import Json

_STRAY_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")
TEXT_LIMIT = 40_000
METADATA_LIMIT = 16_000


def read_message(args: Arguments, *, update: bool = False) -> Json:
    """The content of a message: text, blocks, attachments and metadata, as far as given.

    Refuses with Slack's code for whatever is wrong: ``no_text``, ``invalid_blocks`` with messages,
    ``msg_blocks_too_long``, ``msg_too_long``, ``metadata_too_large`` and the rest.
    """
    content: Json = {}
    text = args.get("markdown_text") if args.get("text") in (None, "") else args.get("text")
    if text is not None:
        content["text"] = text if isinstance(text, str) else json.dumps(text)
    for name in ("blocks", "attachments"):
        given = arguments.structure(args, name, f"invalid_{name}_format")
        if given is not None:
            content[name] = given
    metadata = arguments.structure(args, "metadata", "invalid_metadata_format")
    if metadata is not None:
        content["metadata"] = metadata
    _check(content, update=update)
    return _normal(content)


def _check(content: Json, *, update: bool) -> None:
    if len(content) == 1 and "text" in content and len(content["text"]) < 1_000:
        if content["text"]:
            return
        raise RefusedError("no_text")
    problems = validate_message(content, update=update)
    if not problems:
        return
    code = problems[0]["code"]
    if code != "failed_constraint":
        raise RefusedError(code)
    raise refused_blocks("invalid_blocks", problems)


def refused_blocks(code: str, problems: list[Any], root: str = "") -> RefusedError:
    """A refusal that says of each problem what is wrong and where."""
    messages = as_messages(problems, root)
    return RefusedError(
        code,
        errors=[message.removeprefix("[ERROR] ") for message in messages],
        response_metadata={"messages": messages},
    )


def _normal(content: Json) -> Json:
    text = content.get("text")
    if text is not None:
        content["text"] = (_STRAY_AMPERSAND.sub("&amp;", text) if "&" in text else text)[
            :TEXT_LIMIT
        ]
    fill_ids(content.get("blocks") or ())
    for at, attachment in enumerate(content.get("attachments") or (), 1):
        attachment.setdefault("id", at)
        attachment.setdefault("fallback", attachment.get("text") or "[no preview available]")
        fill_ids(attachment.get("blocks") or ())
    return content


def fill_ids(blocks: Any) -> None:
    """Give every block a block_id and every interactive element an action_id, as Slack does."""
    for block in blocks:
        block.setdefault("block_id", short_id())
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", ())):
            if isinstance(element, dict) and element.get("type") not in _INERT:
                element.setdefault("action_id", short_id())


_INERT = frozenset(
    {
        "image", "mrkdwn", "plain_text", "rich_text_section", "rich_text_list", "rich_text_quote",
        "rich_text_preformatted",
    }
)  # fmt: skip


def read_view(args: Arguments, kinds: tuple[str, ...]) -> Json:
    """The view of a views.* call; refuses with ``invalid_arguments`` and what is wrong where."""
    view = arguments.structure(args, "view", "invalid_arguments")
    check_view(view, kinds)
    fill_ids(view["blocks"])
    result: Json = view
    return result


def check_view(view: Any, kinds: tuple[str, ...]) -> None:
    """Refuse a view that Slack would refuse; `kinds` are the types this call takes."""
    problems = validate_view(view, kinds)
    if problems:
        code = problems[0]["code"]
        if code != "failed_constraint":
            raise RefusedError(code)
        raise refused_blocks("invalid_arguments", problems, "/view")
