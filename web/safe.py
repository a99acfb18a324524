"""Where a page may send people: to addresses of this door, nowhere else (fault 36)."""

import re

from flask import request

# A path of this host: one slash first, and nothing that a browser reads as another host.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def local_path(target: object) -> str | None:
    """`target` where it is a path below this door's own, else None."""
    if not isinstance(target, str) or not _LOCAL.fullmatch(target) or "/../" in target:
        return None
    return target if target.startswith(f"{request.script_root}/") else None
