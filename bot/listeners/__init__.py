"""What the bot does when somebody presses, submits, types or looks."""

from slack_bolt import App

from bot.context import Bot
from bot.listeners import (
    alerts,
    bulk,
    commands,
    duty,
    handing,
    home,
    links,
    modals,
    paging,
    presses,
    quality,
    rest,
    settings,
    shortcuts,
    why,
)


def register(app: App, bot: Bot) -> None:
    """Registers every listener; the catch-all comes last."""
    presses.register(app, bot)
    modals.register(app, bot)
    handing.register(app, bot)
    why.register(app, bot)
    quality.register(app, bot)
    alerts.register(app, bot)
    paging.register(app, bot)
    duty.register(app, bot)
    commands.register(app, bot)
    home.register(app, bot)
    bulk.register(app, bot)
    shortcuts.register(app, bot)
    settings.register(app, bot)
    links.register(app, bot)
    rest.register(app)
