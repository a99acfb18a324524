"""The heartbeat: a word to a monitor outside, once a minute, as long as all is well (G10).

It is no message of the outbox: told late it would say what is no longer so.
"""

import logging

import httpx

TIMEOUT = 10.0  # seconds
log = logging.getLogger("redress.heartbeat")


def beat(url: str) -> bool:
    """Asks the monitor's address; False where it did not take it. The address may hold a secret."""
    try:
        answer = httpx.get(url, timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        log.warning("the heartbeat's monitor was not reached: %s", type(error).__name__)
        return False
    if not answer.is_success:
        log.warning("the heartbeat's monitor answered %s", answer.status_code)
    return answer.is_success
