"""The supervisors' door: Flask-Admin over the desk's use cases."""

from admin.app import MOUNT, create, sign_in_url, way_back
from admin.disputes import FILE
from admin.practised import Slack

__all__ = ["FILE", "MOUNT", "Slack", "create", "sign_in_url", "way_back"]
