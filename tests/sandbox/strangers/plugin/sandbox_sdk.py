"""A pytest plugin for slack_sdk's own integration tests: every client talks to the sandbox.

Nothing else is changed: the default of `base_url` is another address.
"""

import os

from slack_sdk.web.async_base_client import AsyncBaseClient
from slack_sdk.web.base_client import BaseClient
from slack_sdk.web.legacy_base_client import LegacyBaseClient

SLACK = "https://slack.com/api/"
for client in (BaseClient, AsyncBaseClient, LegacyBaseClient):
    start = client.__init__
    here = os.environ["SANDBOX_URL"] + "/api/"
    start.__defaults__ = tuple(
        here if value == SLACK else value for value in start.__defaults__ or ()
    )
