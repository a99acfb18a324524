"""The bot as a WSGI program: the guard, then Bolt, which runs the listener before it answers."""

import logging
from collections.abc import Iterable
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request import BoltRequest

from bot import guard
from bot.context import Bot
from bot.listeners import register

log = logging.getLogger("redress.bot")


def bolt_app(bot: Bot) -> App:
    """The Bolt app with every listener; signatures are the guard's to check."""
    # Below errors its lines quote bodies; a logger of its own making takes on the root's level.
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.ERROR)

    def authorize(**_: Any) -> AuthorizeResult:
        """One workspace; asking Slack first would put it in the way of the click.

        Whatever failed here, Bolt would acknowledge the press and drop it (invariant 2).
        """
        who = bot.known()
        return AuthorizeResult(
            enterprise_id=None,
            team_id=who.get("team_id"),
            bot_token=bot.token,
            bot_id=who.get("bot_id"),
            bot_user_id=who.get("user_id"),
        )

    app = App(
        logger=quiet,
        signing_secret="checked by bot.guard",  # noqa: S106  Bolt wants one; the guard has the real one
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=True,
    )
    register(app, bot)
    return app


def wsgi(bot: Bot, signing_secret: str) -> Any:
    """The WSGI program that Slack's requests come to."""
    app = bolt_app(bot)

    def program(environ: dict[str, Any], start: guard.Start) -> Iterable[bytes]:
        try:
            body = guard.read(environ, signing_secret, bot.database.wall_seconds())
        except guard.Rejected as rejected:
            return guard.answer(rejected, start)
        try:
            # As over Socket Mode: what the guard has parsed is not parsed again.
            response = app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            # Listeners' own errors are Bolt's to answer; this is a payload that Bolt cannot read.
            log.warning("a signed request had no shape of Slack's: %s", type(error).__name__)
            return guard.answer(guard.Rejected(400), start)
        if response.status == 404:  # signed, and yet nothing that Slack sends
            return guard.answer(guard.Rejected(400), start)
        content = str(response.body or "").encode()
        sent = [(name, value) for name, values in response.headers.items() for value in values]
        sent.append(("Content-Length", str(len(content))))
        start(f"{response.status} {_WORDS.get(response.status, 'Status')}", sent)
        return [content]

    return program


_WORDS = {200: "OK", 500: "Internal Server Error"}
