"""Block Kit's renderer for the panel's pages, under an address that changes with its files."""

import hashlib
import mimetypes
from functools import cache

from flask import Flask, Response, abort, url_for

import blockkit
from web import headers

ENDPOINT = "blockkit"


def serve(app: Flask) -> None:
    """Serves the renderer; templates name its files by `renderer(name)`."""
    app.add_url_rule("/blockkit/<digest>/<path:name>", ENDPOINT, _file)
    app.context_processor(lambda: {"renderer": renderer})


def renderer(name: str) -> str:
    """The address of one of the renderer's files; it changes when any of them does."""
    return url_for(ENDPOINT, digest=_digest(), name=name)


def _file(digest: str, name: str) -> Response:
    content = _files().get(name)
    if digest != _digest() or content is None:
        abort(404)
    headers.keep()
    return Response(content, mimetype=mimetypes.guess_type(name)[0])


@cache
def _files() -> dict[str, bytes]:
    """Every file by its name below the folder: a few hundred kilobytes, asked for all at once."""
    folder = blockkit.STATIC
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@cache
def _digest() -> str:
    return hashlib.sha256(b"".join(_files().values())).hexdigest()[:12]
