"""A scene with everything in it: people, channels, cards, threads, a modal and a Home.

The tests of accessibility look at it, and ``python -m tests.sandbox.pictures`` takes its pictures.
"""

import time

from slack_sdk import WebClient

from sandbox.client import Sandbox
from tests.blockkit.samples import (
    Json,
    actions,
    button,
    confirm,
    input_block,
    modal,
    mrkdwn,
    option,
    plain,
    section,
)
from tests.sandbox.apps import BOT_TOKEN, SECRET
from tests.sandbox.blocks import CHINESE, GERMAN, samples

WORKSPACE: Json = {
    "team": {"id": "T0TEST", "name": "Testers", "domain": "testers"},
    "people": [
        {"id": "U1LI", "name": "li", "real_name": "Li Na", "tz": "Asia/Shanghai"},
        {"id": "U2ANN", "name": "ann", "real_name": "Ann Ray", "tz": "Europe/Berlin"},
        {"id": "U3BO", "name": "bo", "real_name": "Bo Out"},
        {"id": "U4WANG", "name": "wang", "real_name": "王晓燕", "locale": "zh-CN"},
    ],
    "channels": [
        {"id": "C1DESK", "name": "desk", "members": ["U1LI", "U2ANN", "U4WANG", "UBOT"],
         "topic": "Disputes of the shoe department, the day shift"},
        {"id": "C2OPEN", "name": "open", "members": ["U2ANN"]},
        {"id": "C3SAFE", "name": "judges", "private": True, "members": ["U1LI", "U2ANN", "UBOT"]},
        {"id": "C4PAST", "name": "past", "archived": True, "members": ["U1LI", "UBOT"]},
        {"id": "C5ALL", "name": "elements", "members": ["U1LI", "U2ANN", "UBOT"]},
        {"id": "C6NONE", "name": "empty-一个名字很长的中文频道-kundenreklamationsabteilung",
         "members": ["U1LI", "UBOT"]},
    ],
    "usergroups": [{"id": "S1", "handle": "agents", "name": "Agents", "users": ["U1LI", "U2ANN"]}],
    "apps": [{
        "id": "A1APP", "name": "Desk", "bot_user_id": "UBOT", "bot_id": "BBOT",
        "bot_token": BOT_TOKEN, "app_token": "xapp-test", "signing_secret": SECRET,
        "commands": [
            {"name": "/dispute", "description": "Open, find or take a dispute",
             "usage_hint": "new | NUMBER | next"},
            {"name": "/next", "description": "Take the most urgent one"},
            {"name": "/duty", "description": "Who is on duty", "usage_hint": "[team]"},
        ],
        "shortcuts": [
            {"name": "Open a dispute about this", "callback_id": "open", "kind": "message"},
            {"name": "Find a dispute", "callback_id": "find", "kind": "global",
             "description": "By number, order or merchant"},
        ],
        "events": {"subscribed": ["app_home_opened", "message.channels", "message.im"]},
    }],
}  # fmt: skip


# One block of every kind that carries no element of its own.


def card(number: str, words: str, amount: str, status: str) -> list[Json]:
    """A dispute's card as people like them."""
    due = f"<!date^{int(time.time()) + 7200}^{{date_pretty}} {{time}}|soon>"
    return [
        {"type": "header", "text": plain(f"{number} · {amount} · {status}")},
        section(
            text=mrkdwn(f"*Not as described*\n{words}"),
            accessory={"type": "overflow", "action_id": "more", "options": [
                option("assign", "Assign to somebody else"), option("release", "Release"),
                option("history", "Show the whole history")]},
        ),
        {"type": "section", "fields": [
            mrkdwn("*Buyer*\nBella Buyer"), mrkdwn("*Merchant*\nSneaker House 运动旗舰店"),
            mrkdwn("*Order*\n`4200-8817`"), mrkdwn(f"*Due*\n{due}"),
        ]},
        {"type": "context", "elements": [mrkdwn("Held by <@U1LI> · 3 pictures · <#C1DESK>")]},
        {
            **actions(
                {"type": "static_select", "action_id": "liability",
                 "placeholder": plain("Liability"), "options": [
                     option("m", "Merchant"), option("b", "Buyer"), option("s", "Shared")]},
                button("decide", text=plain("Decide"), style="primary"),
                button("back", text=plain("Send back")),
                button("refund", text=plain("Refund now"), style="danger", confirm=confirm()),
            ),
            "block_id": f"do-{number}",
        },
    ]  # fmt: skip


FORM = modal(
    section(text=mrkdwn("Order *4200-8817*, 90.00 EUR")),
    input_block(
        {
            "type": "static_select", "action_id": "reason", "placeholder": plain("Choose"),
            "options": [option("nad", "Not as described"), option("late", "Late"),
                        option("fake", "Counterfeit")],
        },
        block_id="reason", label=plain("Reason"),
    ),
    input_block(
        {"type": "plain_text_input", "action_id": "words", "multiline": True, "max_length": 300},
        block_id="words", label=plain("What happened?"), hint=plain("In a sentence or two."),
    ),
    input_block({"type": "number_input", "action_id": "amount", "is_decimal_allowed": True},
                block_id="amount", label=plain("Amount"), optional=True),
    input_block({"type": "datepicker", "action_id": "day"}, block_id="day", label=plain("Since")),
    input_block({"type": "checkboxes", "action_id": "has", "options": [
        {**option("p", "Pictures"), "description": plain("of the goods and the parcel")},
        option("r", "A receipt")]}, block_id="has", label=plain("Evidence"), optional=True),
    input_block({"type": "file_input", "action_id": "files", "max_files": 3},
                block_id="files", label=plain("Files"), optional=True),
    title=plain("Open a dispute"), submit=plain("Open"), close=plain("Cancel"), block_id=None,
)  # fmt: skip
FORM.pop("block_id")

HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("My queue")},
        {"type": "context", "elements": [mrkdwn("3 mine · 1 overdue")]},
        actions(button("next", text=plain("Take the next one"), style="primary")),
        {"type": "divider"},
        *(
            section(
                text=mrkdwn(f"*{number}* · {words}"),
                accessory=button(f"open-{number}", text=plain("Open")),
            )
            for number, words in (
                ("7F3K", "not as described, 90.00 EUR"),
                ("8Q2M", CHINESE),
                ("9ZZT", GERMAN),
            )
        ),
    ],
}


def fill(slack: WebClient, control: Sandbox) -> None:
    """Let apps and people say all of this in #desk, and everything else in #elements."""
    li, ann = control.act_as("U1LI"), control.act_as("U2ANN")
    ann.post("C1DESK", "Good morning :wave: who takes the shoes?")
    li.post("C1DESK", "我来处理。<@U2ANN> 请看一下证据。")
    first = slack.chat_postMessage(
        channel="C1DESK", text="7F3K", blocks=card("7F3K", "Sole came off.", "€90.00", "in triage")
    )
    slack.chat_postMessage(channel="C1DESK", thread_ts=str(first["ts"]), text="Li Na took 7F3K.")
    li.post("C1DESK", "Looks like glue, not wear.", str(first["ts"]))
    ann.react("C1DESK", str(first["ts"]), "eyes")
    slack.chat_postMessage(
        channel="C1DESK", text="8Q2M", blocks=card("8Q2M", CHINESE, "¥1,299.00", "待判责")
    )
    slack.chat_postMessage(
        channel="C1DESK", text="9ZZT", blocks=card("9ZZT", GERMAN, "€4.20", "waiting")
    )
    slack.chat_postEphemeral(
        channel="C1DESK", user="U1LI", text="That dispute was taken by Ann a moment ago."
    )
    slack.views_publish(user_id="U1LI", view=HOME)
    for name, blocks in samples().items():
        slack.chat_postMessage(channel="C5ALL", text=name, blocks=blocks)
