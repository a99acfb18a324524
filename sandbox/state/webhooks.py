"""Incoming webhooks: secret addresses that post into one channel."""

from sandbox.ids import short_id
from sandbox.state.model import App, Json, Workspace


def add(workspace: Workspace, app: App, channel_id: str, secret: str | None = None) -> Json:
    """A new address for this channel, in the shape of OAuth's answer."""
    key = f"{app.bot_id}/{secret or short_id(24)}"
    workspace.webhooks[key] = {"app": app.id, "channel": channel_id}
    channel = workspace.channels[channel_id]
    return {
        "channel": f"#{channel.name}",
        "channel_id": channel_id,
        "configuration_url": f"{workspace.public_url}/services/{app.bot_id}",
        "url": f"{workspace.public_url}/services/{workspace.team['id']}/{key}",
    }
