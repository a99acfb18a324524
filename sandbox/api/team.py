"""api.test, auth.test, team.info, bots.info and blocks.validate."""

from typing import Any

from blockkit import validate_blocks, validate_message, validate_view
from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
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
    app, team = call.app, call.workspace.team
    answer: Json = {
        "url": f"{call.workspace.public_url}/",
        "team": team["name"],
        "user": call.workspace.people[app.bot_user_id].name,
        "team_id": team["id"],
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }
    if call.on_app_token:
        answer.update(app_name=app.name, app_id=app.id)
    return answer


def team_info(call: Call) -> Json:
    """team.info."""
    team = call.workspace.team
    wanted = arguments.text(call.args, "team")
    if wanted not in {None, team["id"]}:
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


def bots_info(call: Call) -> Json:
    """bots.info."""
    bot_id = arguments.text(call.args, "bot") or call.app.bot_id
    for app in call.workspace.apps.values():
        if app.bot_id == bot_id:
            profile = app.profile
            names = ("id", "deleted", "name", "updated", "app_id", "user_id", "icons")
            return {"bot": {name: profile[name] for name in names}}
    raise RefusedError("bot_not_found")


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
    "team.info": team_info,
    "bots.info": bots_info,
    "blocks.validate": blocks_validate,
}
