"""What a call of the Web API is refused with."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


def error_of(call: Any, *args: Any, **kwargs: Any) -> str:
    """The error code with which a call is refused."""
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    code: str = caught.value.response["error"]
    return code
