"""Messages that the app posts into the channel of the sandbox's tests."""

from typing import Any

from slack_sdk import WebClient

from tests.blockkit.samples import actions, button, confirm, option, plain

MENU = {
    "type": "static_select",
    "action_id": "category",
    "placeholder": plain("Category"),
    "options": [option("shoes", "Shoes"), option("food", "Food"), option("books", "Books")],
}
CARD = [
    {"type": "header", "text": plain("Dispute 7F3K")},
    {**actions(MENU, button("go"), button("pay", text=plain("Pay"), confirm=confirm())),
     "block_id": "b"},
]  # fmt: skip


def post(slack: WebClient, *blocks: dict[str, Any], text: str = "card", **more: Any) -> str:
    """Posts a message of these blocks and returns its ts."""
    content = list(blocks) or None
    answer = slack.chat_postMessage(channel="C1DESK", text=text, blocks=content, **more)
    ts: str = answer["ts"]
    return ts
