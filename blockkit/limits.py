"""The limits of Block Kit, by path.

limits.json is from PyPI slackblocks 3.0.0 (spec/limits.json, MIT), cross-checked with the models of
slack_sdk 3.47 and Slack's documentation. What stands below it here is Slack's documentation too,
but for the rendered text of a message: that limit is undocumented and was found by trying.
"""

import json
from importlib.resources import files
from typing import Final

LIMITS: Final[dict[str, int]] = json.loads(
    files("blockkit").joinpath("limits.json").read_text(encoding="utf-8")
)["limits"]

RENDERED_CHARACTERS: Final = 13_200
"""Over this many characters of shown text, a message is refused: msg_blocks_too_long."""

UPDATE_TEXT_BYTES: Final = 4_000
"""chat.update refuses longer text, counted in UTF-8; chat.postMessage cuts it at 40,000."""

VIEW_BYTES: Final = 250_000
"""The most a view's JSON may have."""

METADATA_BYTES: Final = 16_000
"""The most a message's metadata may have, as JSON."""
