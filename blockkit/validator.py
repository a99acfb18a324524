"""The validator: would Slack take these blocks, this message, this view?

It catches what slack_sdk.models lets through: 51 blocks, action_ids that repeat, empty texts, too
many radio buttons, long descriptions, long fields, and more. Problems have the shape of the errors
of blocks.validate. Serves mission rows S4 and T1.
"""

import json
from collections.abc import Iterable
from typing import Any

from blockkit.blocks import BLOCKS
from blockkit.checks import Check, Shape, array, boolean, by_type, one_of, string
from blockkit.limits import (
    LIMITS,
    METADATA_BYTES,
    RENDERED_CHARACTERS,
    UPDATE_TEXT_BYTES,
    VIEW_BYTES,
)
from blockkit.objects import plain_text
from blockkit.placement import SURFACES
from blockkit.problems import Problem, failed, refused
from blockkit.rendered import rendered_length
from blockkit.walk import elements

_BLOCK_CHECKS: dict[str, Check] = {
    surface: array(by_type(shapes)) for surface, shapes in BLOCKS.items()
}
_MOST_BLOCKS = {
    "message": LIMITS["message.blocks.max_items"],
    "modal": LIMITS["view.blocks.max_items"],
    "home": LIMITS["view.blocks.max_items"],
}


def validate_blocks(blocks: Any, surface: str = "message") -> list[Problem]:
    """What is wrong with `blocks` on a `surface` (``message``, ``modal`` or ``home``)."""
    problems: list[Problem] = []
    _check_blocks(blocks, surface, "", problems)
    return problems


def validate_message(payload: Any, *, update: bool = False) -> list[Problem]:
    """What is wrong with a message: text, blocks, attachments and metadata as chat.* take them.

    `update` holds it to chat.update, which refuses text over 4,000 bytes. Other fields of the call
    (channel, thread_ts ...) may be there and are not looked at.
    """
    if not isinstance(payload, dict):
        return [failed("", "must provide an object", "type", expected="object")]
    problems: list[Problem] = []
    blocks = payload.get("blocks") or []
    attachments = payload.get("attachments") or []
    text = payload.get("text") or ""
    _check_blocks(blocks, "message", "/blocks", problems)
    _check_attachments(attachments, problems)
    if not isinstance(text, str):
        problems.append(failed("/text", "must provide a string", "type", expected="string"))
    elif not text and not blocks and not attachments and not payload.get("files"):
        problems.append(refused("no_text", "", "no text, blocks or attachments", "at_least_one"))
    elif update and len(text.encode("utf-8", "replace")) > UPDATE_TEXT_BYTES:
        message = f"must be less than {UPDATE_TEXT_BYTES + 1} bytes"
        problems.append(
            refused("msg_too_long", "/text", message, "max_bytes", expected=UPDATE_TEXT_BYTES)
        )
    _check_metadata(payload.get("metadata"), problems)
    if not problems:
        _check_rendered(blocks, attachments, problems)
    return problems


def validate_view(view: Any, kinds: Iterable[str] = ("modal", "home")) -> list[Problem]:
    """What is wrong with a modal or Home; `kinds` are the types that the call takes."""
    problems: list[Problem] = []
    by_type({kind: _VIEWS[kind] for kind in kinds})(_without_nulls(view), "", problems)
    surface = view.get("type") if isinstance(view, dict) else None
    if not isinstance(surface, str) or surface not in _VIEWS:
        return problems
    blocks = view.get("blocks")
    _check_blocks(blocks, surface, "/blocks", problems)
    if problems:
        return problems
    if surface == "modal" and not view.get("submit"):
        _check_submit(blocks, problems)
    _check_focus(blocks, problems)
    size = len(json.dumps(view, ensure_ascii=False).encode("utf-8", "replace"))
    if size > VIEW_BYTES:
        message = f"must be less than {VIEW_BYTES + 1} bytes"
        problems.append(
            refused("view_too_large", "", message, "max_bytes", expected=VIEW_BYTES, got=size)
        )
    return problems


_SHARED: dict[str, Check] = {
    "blocks": lambda _value, _at, _problems: None,
    "private_metadata": string(LIMITS["view.private_metadata.max_length"]),
    "callback_id": string(LIMITS["view.callback_id.max_length"]),
    "external_id": string(LIMITS["view.external_id.max_length"]),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
    "title": plain_text(LIMITS["view.title.max_length"]),
    "submit": plain_text(LIMITS["view.submit.max_length"]),
    "close": plain_text(LIMITS["view.close.max_length"]),
}
_VIEWS: dict[str, Check] = {
    "modal": Shape({"type": one_of("modal"), **_SHARED}, ("type", "title", "blocks")),
    "home": Shape({"type": one_of("home"), **_SHARED}, ("type", "blocks")),
}


def _without_nulls(view: Any) -> Any:
    """Slack takes null for a field of the view that is left out, though nowhere deeper."""
    if not isinstance(view, dict):
        return view
    return {name: value for name, value in view.items() if value is not None}


def _check_blocks(blocks: Any, surface: str, at: str, problems: list[Problem]) -> None:
    before = len(problems)
    _BLOCK_CHECKS[surface](blocks, at, problems)
    if isinstance(blocks, list) and len(blocks) > _MOST_BLOCKS[surface]:
        most = _MOST_BLOCKS[surface]
        message = f"no more than {most} items allowed"
        problems.append(failed(at, message, "max_items", expected=most, got=len(blocks)))
    if len(problems) == before:
        _check_ids(blocks, at, problems)
        _check_surfaces(blocks, surface, at, problems)


def _check_ids(blocks: list[dict[str, Any]], at: str, problems: list[Problem]) -> None:
    """Block ids are unique in a message or view, action ids within their block."""
    seen: set[str] = set()
    for n, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id:
            if block_id in seen:
                message = f"`block_id` already exists: {block_id}"
                problems.append(failed(f"{at}/{n}/block_id", message, "unique", got=block_id))
            seen.add(block_id)
        inner = block.get("elements")
        if inner is not None and len(inner) > 1 and block["type"] != "rich_text":
            _check_action_ids(inner, f"{at}/{n}/elements", problems)


def _check_action_ids(inner: list[dict[str, Any]], at: str, problems: list[Problem]) -> None:
    seen: set[str] = set()
    for n, element in enumerate(inner):
        action_id = element.get("action_id")
        if action_id is None:
            continue
        if action_id in seen:
            message = f"`action_id` already exists in this block: {action_id}"
            problems.append(failed(f"{at}/{n}/action_id", message, "unique", got=action_id))
        seen.add(action_id)


def _check_surfaces(
    blocks: list[dict[str, Any]], surface: str, at: str, problems: list[Problem]
) -> None:
    """Some elements are at home in modals only, and so on."""
    for block, element in elements(blocks):
        allowed = SURFACES.get(element["type"])
        if allowed is not None and surface not in allowed:
            n = next(n for n, one in enumerate(blocks) if one is block)
            message = f"unsupported type: {element['type']}"
            problems.append(
                failed(f"{at}/{n}", message, "surface", expected=sorted(allowed), got=surface)
            )


def _check_attachments(attachments: Any, problems: list[Problem]) -> None:
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        message = "must provide an array of objects"
        problems.append(
            refused("invalid_attachments", "/attachments", message, "type", expected="array")
        )
        return
    most = LIMITS["message.attachments.max_items"]
    if len(attachments) > most:
        message = f"no more than {most} items allowed"
        problems.append(
            refused(
                "too_many_attachments", "/attachments", message, "max_items", expected=most,
                got=len(attachments),
            )
        )  # fmt: skip
    for n, attachment in enumerate(attachments):
        if "blocks" in attachment:
            _check_blocks(attachment["blocks"], "message", f"/attachments/{n}/blocks", problems)


def _check_metadata(metadata: Any, problems: list[Problem]) -> None:
    if metadata is None:
        return
    fine = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and bool(metadata["event_type"])
        and isinstance(metadata.get("event_payload"), dict)
    )
    if not fine and not (isinstance(metadata, dict) and "entities" in metadata):
        message = "must define `event_type` and `event_payload`"
        problems.append(refused("invalid_metadata_format", "/metadata", message, "required"))
    elif len(json.dumps(metadata).encode()) > METADATA_BYTES:
        message = f"must be less than {METADATA_BYTES + 1} bytes"
        problems.append(
            refused("metadata_too_large", "/metadata", message, "max_bytes",
                    expected=METADATA_BYTES)
        )  # fmt: skip


def _check_rendered(
    blocks: list[dict[str, Any]], attachments: list[dict[str, Any]], problems: list[Problem]
) -> None:
    shown = rendered_length(blocks)
    shown += sum(rendered_length(a.get("blocks") or ()) for a in attachments)
    if shown > RENDERED_CHARACTERS:
        message = f"must be less than {RENDERED_CHARACTERS + 1} characters of shown text"
        problems.append(
            refused("msg_blocks_too_long", "/blocks", message, "max_rendered_length",
                    expected=RENDERED_CHARACTERS, got=shown)
        )  # fmt: skip


def _check_submit(blocks: Iterable[dict[str, Any]], problems: list[Problem]) -> None:
    for n, block in enumerate(blocks):
        if block["type"] == "input":
            message = "must define `submit` to use `input` block"
            problems.append(failed(f"/blocks/{n}/input", message, "required", expected="submit"))


def _check_focus(blocks: Iterable[dict[str, Any]], problems: list[Problem]) -> None:
    focused = [element for _, element in elements(blocks) if element.get("focus_on_load")]
    if len(focused) > 1:
        message = "only one element may have `focus_on_load`"
        problems.append(failed("/blocks", message, "unique", got=len(focused)))
