"""Reading a request's JSON: bounded in size and depth, its texts fit to be stored (fault 39)."""

import json
import re
from collections.abc import Iterator
from typing import Any

import flask
from flask import abort

from portal.problems import Wrong, pointer, problem

DEPTH = 16  # levels of lists and objects; the API itself needs five
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class Request(flask.Request):
    """A request whose JSON is read once, within bounds; what is wrong with it becomes a problem."""

    def get_json(self, *_args: Any, **_kwargs: Any) -> Any:
        """The body's object. Ends the request with 400 or 415 where it is none."""
        if not self.is_json:
            abort(problem(415, "not_json"))
        return read_object(self.get_data())


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object out of bytes. Ends the request with a problem that names the place."""
    try:
        data = json.loads(body, parse_constant=_no_constant)
    except RecursionError:
        abort(problem(400, "too_deep", depth=DEPTH))
    except json.JSONDecodeError as error:
        abort(problem(400, "broken_json", line=error.lineno, column=error.colno))
    except ValueError:  # bytes of no encoding, NaN, a number of thousands of digits
        abort(problem(400, "broken_json", line=1, column=1))
    wrong = list(unfit(data))
    if any(w.key == "too_deep" for w in wrong):
        abort(problem(400, "too_deep", depth=DEPTH))
    if wrong:
        abort(problem(422, "invalid", wrong))
    if not isinstance(data, dict):
        abort(problem(422, "invalid", [Wrong("", "object")]))
    return data


def unfit(value: object, place: str = "", depth: int = 1) -> Iterator[Wrong]:
    """What no column can hold, wherever it stands: NUL, half a character, endless nesting."""
    if depth > DEPTH:
        yield Wrong(place, "too_deep")
    elif isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield Wrong(place, "unreadable")
    elif isinstance(value, dict):
        for name, item in value.items():
            if _UNSTORABLE.search(name):
                yield Wrong(place, "unreadable")
            else:
                yield from unfit(item, place + pointer(name), depth + 1)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from unfit(item, place + pointer(position), depth + 1)


def _no_constant(name: str) -> float:
    raise ValueError(name)
