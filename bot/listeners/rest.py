"""Everything else is acknowledged: an unhandled event counts as a failed delivery at Slack."""

import re

from slack_bolt import Ack, App

ANYTHING = re.compile(".*", re.DOTALL)


def register(app: App) -> None:
    """Registers the catch-all."""

    def on_anything(ack: Ack) -> None:
        ack()

    def on_event() -> None:
        """Events are acknowledged by Bolt itself."""

    app.action(ANYTHING)(on_anything)
    app.view(ANYTHING)(on_anything)
    app.view_closed(ANYTHING)(on_anything)
    app.shortcut(ANYTHING)(on_anything)
    app.command(ANYTHING)(on_anything)
    app.options(ANYTHING)(on_anything)
    app.event(ANYTHING)(on_event)
