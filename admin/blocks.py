"""Block Kit's renderer for the panel's pages, under an address that changes with its files."""

import hashlib
from functools import cache

from flask import Flask, abort, send_from_directory, url_for
from flask.typing import ResponseReturnValue

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


def _file(digest: str, name: str) -> ResponseReturnValue:
    if digest != _digest():
        abort(404)
    headers.keep()
    return send_from_directory(blockkit.STATIC, name)


@cache
def _digest() -> str:
    files = sorted(path for path in blockkit.STATIC.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
