"""Reading a call's arguments as Slack does: query, form, multipart or JSON."""

import json
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sandbox.api.errors import RefusedError, invalid_arguments

Arguments = dict[str, Any]
Uploads = dict[str, tuple[str, bytes]]  # by field: the file's name and its bytes
_FORM = "application/x-www-form-urlencoded"


async def read_arguments(
    query: bytes, content_type: str, body: bytes, *, takes_json: bool
) -> tuple[Arguments, Uploads]:
    """The arguments of one call, and the files of a multipart one.

    A JSON body is only looked into where the method takes JSON; elsewhere it is as if nothing had
    been sent, which is what Slack does. Raises RefusedError (``invalid_json``, ``json_not_object``,
    ``invalid_form_data``, ``invalid_post_type``).
    """
    args: Arguments = _form(query) if query else {}
    uploads: Uploads = {}
    if not body:
        return args, uploads
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        given = _json_object(body)
        if takes_json:
            args.update(given)
    elif kind == _FORM:
        args.update(_form(body))
    elif kind == "multipart/form-data":
        args.update(await _multipart(content_type, body, uploads))
    else:
        raise RefusedError("invalid_post_type" if kind else "missing_post_type")
    return args, uploads


def _json_object(body: bytes) -> Arguments:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusedError("invalid_json") from error
    if not isinstance(given, dict):
        raise RefusedError("json_not_object")
    return given


def _form(body: bytes) -> Arguments:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except (UnicodeDecodeError, ValueError) as error:
        raise RefusedError("invalid_form_data") from error


async def _multipart(content_type: str, body: bytes, uploads: Uploads) -> Arguments:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(Headers({"content-type": content_type}), stream()).parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise RefusedError("invalid_form_data") from error
    args: Arguments = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            uploads[name] = (value.filename or name, await value.read())
        else:
            args[name] = value
    return args


def text(args: Arguments, name: str) -> str | None:
    """A text argument, or None where it is missing or empty."""
    value = args.get(name)
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value)


def required(args: Arguments, name: str) -> str:
    """A text argument that must be there; refuses with ``invalid_arguments`` and its name."""
    value = text(args, name)
    if value is None:
        raise invalid_arguments(f"missing required field: {name}")
    return value


def flag(args: Arguments, name: str, *, default: bool = False) -> bool:
    """A yes or no in any of the forms that clients send."""
    value = args.get(name)
    if value is None or value == "":
        return default
    return str(value).lower() in {"1", "true", "t", "yes", "on"}


def number(args: Arguments, name: str, default: int, code: str = "invalid_arguments") -> int:
    """A whole number, or `default`; refuses with `code` when it is none."""
    value = args.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise RefusedError(code) from error


def structure(args: Arguments, name: str, code: str) -> Any:
    """A list or object, as JSON text or (in a JSON body) as it is; None where it is missing.

    Refuses with `code` when it is no valid JSON.
    """
    value = args.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise RefusedError(code) from error


def names(args: Arguments, name: str) -> list[str]:
    """A list given as ``a,b,c`` or as JSON; empty where it is missing."""
    value = args.get(name)
    if not value:
        return []
    if isinstance(value, list):
        return [str(item) for item in value]
    if str(value).startswith("["):
        listed = structure(args, name, "invalid_arguments")
        return [str(item) for item in listed] if isinstance(listed, list) else []
    return [part.strip() for part in str(value).split(",") if part.strip()]
