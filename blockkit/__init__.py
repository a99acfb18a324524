"""Block Kit: its limits, a validator, and a renderer for browsers.

A leaf: it imports nothing but the standard library. The sandbox validates and shows what apps send,
the admin panel previews cards, and the bot's tests hold its cards to the same limits (mission rows
S4 and T1).
"""

from pathlib import Path

from blockkit.problems import Problem, as_messages
from blockkit.validator import validate_blocks, validate_message, validate_view

STATIC = Path(__file__).parent / "static"  # the renderer: pages import index.js and blockkit.css

__all__ = [
    "STATIC",
    "Problem",
    "as_messages",
    "validate_blocks",
    "validate_message",
    "validate_view",
]
