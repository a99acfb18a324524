"""The supervisors' door: Flask-Admin over the desk's use cases."""

from admin.app import MOUNT, create, sign_in_url

__all__ = ["MOUNT", "create", "sign_in_url"]
