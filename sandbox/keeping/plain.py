"""Records as plain JSON and back: dataclasses, sets, bytes, and dictionaries with odd keys."""

import base64
import dataclasses
from typing import Any

from sandbox.clock import Clock
from sandbox.state import model

_RECORDS: dict[str, Any] = {
    name: kind for name, kind in vars(model).items() if dataclasses.is_dataclass(kind)
}
_RECORDS["Clock"] = Clock
_MARK = "~"


def plain(value: Any) -> Any:
    """`value` as JSON can hold it; whatever JSON has no form for is marked."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith(_MARK) for key in value):
            return {key: plain(item) for key, item in value.items()}
        return {"~pairs": [[plain(key), plain(item)] for key, item in value.items()]}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return {"~bytes": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return {"~tuple": [plain(item) for item in value]}
    if isinstance(value, frozenset):
        return {"~set": sorted(value)}
    fields = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return {"~record": type(value).__name__, "~fields": fields}


def revived(value: Any) -> Any:
    """What `plain` was given. Raises KeyError, TypeError or ValueError for what it never wrote."""
    if isinstance(value, list):
        return [revived(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "~record" in value:
        fields = {name: revived(item) for name, item in value["~fields"].items()}
        return _RECORDS[value["~record"]](**fields)
    if "~pairs" in value:
        return {revived(key): revived(item) for key, item in value["~pairs"]}
    if "~bytes" in value:
        return base64.b64decode(value["~bytes"], validate=True)
    if "~tuple" in value:
        return tuple(revived(item) for item in value["~tuple"])
    if "~set" in value:
        return frozenset(value["~set"])
    return {key: revived(item) for key, item in value.items()}
