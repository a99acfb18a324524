"""api.test, auth.*, team.*, bots.info, emoji.list and blocks.validate."""

from typing import Any

from blockkit import validate_blocks, validate_message, validate_view
from sandbox import clock
from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.state import tokens
from sandbox.state.model import Json


def api_test(call: Call) -> Json:
    """api.test: what was sent comes back; ``error`` makes it fail."""
    given = {name: value for name, value in call.args.items() if name != "token"}
    error = arguments.text(given, "error")
    if error is not None:
        raise RefusedError(error, args=given)
    return {"args": given} if given else {}


def auth_test(call: Call) -> Json:
    """auth.test: whose token this is."""
    app, team, token = call.app, call.workspace.team, call.token
    answer: Json = {
        "url": f"{call.workspace.public_url}/",
        "team": team["name"],
        "user": call.actor.name,
        "team_id": team["id"],
        "user_id": call.actor_id,
        "is_enterprise_install": False,
    }
    if token.kind != "user":
        answer["bot_id"] = app.bot_id
    if token.kind == "app":
        answer.update(app_name=app.name, app_id=app.id)
    if token.expires_at is not None:
        answer["expires_in"] = int(token.expires_at - clock.now(call.workspace.clock))
    return answer


def auth_revoke(call: Call) -> Json:
    """auth.revoke: ends this token; with ``test`` it only says that it could."""
    if arguments.flag(call.args, "test"):
        return {"revoked": False}
    tokens.revoke(call.workspace, call.token)
    return {"revoked": True}


def auth_teams(call: Call) -> Json:
    """auth.teams.list: the one workspace there is."""
    team = call.workspace.team
    return {
        "teams": [{"id": team["id"], "name": team["name"]}],
        "response_metadata": {"next_cursor": ""},
    }


def team_info(call: Call) -> Json:
    """team.info."""
    team = call.workspace.team
    wanted = arguments.text(call.args, "team")
    domain = arguments.text(call.args, "domain")
    if wanted not in {None, team["id"]} or domain not in {None, team["domain"]}:
        raise RefusedError("team_not_found")
    return {
        "team": {
            "id": team["id"],
            "name": team["name"],
            "url": f"{call.workspace.public_url}/",
            "domain": team["domain"],
            "email_domain": "",
            "icon": {"image_default": True},
            "avatar_base_url": f"{call.workspace.public_url}/",
            "is_verified": False,
            "lob_sales_home_enabled": False,
        }
    }


def team_billing(_call: Call) -> Json:
    """team.billing.info."""
    return {"plan": "plus"}


def team_preferences(call: Call) -> Json:
    """team.preferences.list."""
    minutes = call.workspace.team.get("edit_window_minutes")
    return {
        "msg_edit_window_mins": -1 if minutes is None else minutes,
        "allow_message_deletion": True,
        "display_real_names": True,
        "disable_file_uploads": "allow_all",
        "who_can_post_general": "everyone",
    }


def bots_info(call: Call) -> Json:
    """bots.info."""
    bot_id = arguments.text(call.args, "bot") or call.app.bot_id
    for app in call.workspace.apps.values():
        if app.bot_id == bot_id and app.profile:
            profile = app.profile
            names = ("id", "deleted", "name", "updated", "app_id", "user_id", "icons")
            return {"bot": {name: profile[name] for name in names}}
    raise RefusedError("bot_not_found")


def emoji_list(call: Call) -> Json:
    """emoji.list: the workspace's own."""
    answer: Json = {
        "emoji": call.workspace.emoji,
        "cache_ts": f"{clock.now(call.workspace.clock):.6f}",
    }
    if arguments.flag(call.args, "include_categories"):
        answer.update(categories=[], categories_version="5")
    return answer


_KINDS: dict[str, tuple[str, Any]] = {
    "blocks": ("invalid_blocks", validate_blocks),
    "message": ("invalid_message", validate_message),
    "view": ("invalid_view", validate_view),
}


def blocks_validate(call: Call) -> Json:
    """blocks.validate: exactly one of blocks, message or view."""
    given = [name for name in _KINDS if call.args.get(name) not in (None, "")]
    if len(given) != 1:
        raise RefusedError(
            "invalid_arguments",
            response_metadata={
                "messages": ["must provide exactly one of `blocks`, `view`, or `message`"]
            },
        )
    code, validate = _KINDS[given[0]]
    problems: Any = validate(arguments.structure(call.args, given[0], "invalid_arguments"))
    if problems:
        raise RefusedError(code, errors=problems)
    return {}


HANDLERS = {
    "api.test": api_test,
    "auth.test": auth_test,
    "auth.revoke": auth_revoke,
    "auth.teams.list": auth_teams,
    "team.info": team_info,
    "team.billing.info": team_billing,
    "team.preferences.list": team_preferences,
    "bots.info": bots_info,
    "emoji.list": emoji_list,
    "blocks.validate": blocks_validate,
}
