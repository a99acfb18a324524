"""Slack's Web API: ``/api/METHOD``."""
