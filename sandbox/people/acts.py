"""Everything a person can do, by name."""

from collections.abc import Awaitable, Callable
from typing import Final

from sandbox.people import clicking, modals, talking
from sandbox.running import Running
from sandbox.state.model import Json, Person

Act = Callable[[Running, Person, Json], Awaitable[Json]]
ACTS: Final[dict[str, Act]] = {
    "click": clicking.click,
    "input": clicking.put,
    "options": clicking.load_options,
    "submit": modals.submit,
    "close": modals.close,
    "post": talking.post,
    "command": talking.run_command,
    "shortcut": talking.use_shortcut,
    "home": talking.open_home,
    "react": talking.react,
    "read": talking.mark_read,
    "join": talking.join,
    "direct": talking.open_direct,
}
