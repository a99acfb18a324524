"""People and channels in the shape Slack shows them to apps."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox import clock
from sandbox.state.model import Channel, Json, Person, Workspace

_EPOCH = 1_700_000_000
_COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c")


def person_shape(
    workspace: Workspace, person: Person, *, with_email: bool, with_locale: bool = False
) -> Json:
    """A member as in users.info; the e-mail only where the app may read it."""
    is_bot = person.app_id is not None
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": "" if is_bot else person.name,
        "display_name_normalized": "" if is_bot else person.name,
        "fields": None,
        "status_text": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": "",
        "status_text_canonical": "",
        "team": workspace.team["id"],
    }
    for size in (24, 32, 48, 72, 192, 512):
        profile[f"image_{size}"] = f"{workspace.public_url}/sandbox/static/person.svg"
    if is_bot:
        profile.update(
            api_app_id=person.app_id, always_active=True, bot_id=_bot_id(workspace, person)
        )
    elif with_email and person.email:
        profile["email"] = person.email
    profile.update(person.profile)
    shape: Json = {
        "id": person.id,
        "team_id": workspace.team["id"],
        "name": person.name,
        "deleted": person.deleted,
        "color": _COLORS[sum(person.id.encode()) % len(_COLORS)],
        "real_name": person.real_name,
        **_zone(workspace, person.tz),
        "profile": profile,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": is_bot,
        "is_app_user": False,
        "updated": _EPOCH,
        "is_email_confirmed": not is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if with_locale:
        shape["locale"] = person.locale
    return shape


def _bot_id(workspace: Workspace, person: Person) -> str:
    app = workspace.apps.get(person.app_id or "")
    return app.bot_id if app else ""


def _zone(workspace: Workspace, name: str) -> Json:
    moment = datetime.fromtimestamp(clock.now(workspace.clock), UTC).astimezone(ZoneInfo(name))
    offset = moment.utcoffset()
    return {
        "tz": name,
        "tz_label": moment.tzname() or name,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def channel_shape(workspace: Workspace, channel: Channel, actor_id: str) -> Json:
    """A conversation as in conversations.info, as this member sees it."""
    if channel.kind == "im":
        return _direct_shape(workspace, channel, actor_id)
    shape: Json = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "created": channel.created,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": workspace.team["id"],
        "updated": channel.created * 1000,
        "parent_conversation": None,
        "creator": channel.creator,
        "is_ext_shared": False,
        "shared_team_ids": [workspace.team["id"]],
        "pending_connected_team_ids": [],
        "is_member": actor_id in channel.members,
        "topic": channel.topic,
        "purpose": channel.purpose,
        "previous_names": channel.previous_names,
    }
    if channel.kind == "mpim":
        shape["is_open"] = True
    return shape


def _direct_shape(workspace: Workspace, channel: Channel, actor_id: str) -> Json:
    others = [person for person in channel.members if person != actor_id]
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": workspace.team["id"],
        "updated": channel.created * 1000,
        "user": others[0] if others else actor_id,
        "is_user_deleted": bool(others and workspace.people[others[0]].deleted),
        "priority": 0,
    }
