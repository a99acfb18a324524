"""The supervisors' door: Flask-Admin over the desk's use cases."""

from admin.app import MOUNT, create, sign_in_url
from admin.disputes import FILE

__all__ = ["FILE", "MOUNT", "create", "sign_in_url"]
