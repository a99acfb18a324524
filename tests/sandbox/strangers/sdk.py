"""slack_sdk's own integration tests, pointed at a sandbox by base URL.

``SLACK_SDK_TESTS`` is a checkout of slackapi/python-slack-sdk. Run all of them with
``python -m tests.sandbox.strangers.sdk``.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from sandbox.serve import Server
from sandbox.state.model import Json

HERE = Path(__file__).parent
LIMITED = "issue_1143"
BOT, PERSON = "xoxb-strangers", "xoxp-strangers"
# Files and tests that do not apply, each by Slack's own document.
NOT_OURS = {
    "admin": "admin.*: Enterprise organizations only (docs.slack.dev/admins)",
    "issue_1305": "admin.conversations.search: Enterprise organizations only",
    "canvases": "canvases.*: a product of its own, not among an app's messages",
    "slack_lists": "slackLists.*: a product of its own, paid plans only",
    "conversations_connect": "Slack Connect: two workspaces (docs.slack.dev/apis/slack-connect)",
}


def workspace() -> Json:
    """What the suite expects of a workspace: channels, people, a bot with all scopes, a person."""
    return {
        "team": {"id": "T0SDK", "name": "sdk", "domain": "sdk", "legacy_files_upload": True},
        "people": [
            {"id": "U0DEV", "name": "dev", "real_name": "Dev Eloper", "is_admin": True},
            {"id": "U0TWO", "name": "two", "real_name": "Two"},
        ],
        "channels": [
            {"id": "C0SDK", "name": "sdk-tests", "members": ["U0DEV", "U0BOT"]},
            {"id": "C0GENERAL", "name": "general", "members": ["U0DEV", "U0TWO", "U0BOT"]},
            {"id": "C014KLZN9M0", "name": "theirs", "members": ["U0DEV", "U0BOT"]},
            {"id": "C0RANDOM", "name": "random", "members": ["U0DEV", "U0BOT"]},
        ],
        "apps": [
            {
                "id": "A0SDK", "name": "sdk", "bot_user_id": "U0BOT", "bot_id": "B0BOT",
                "bot_token": BOT, "app_token": "xapp-strangers", "signing_secret": "s",
                "user_tokens": [{"token": PERSON, "user": "U0DEV"}],
                "webhooks": [{"secret": "hook", "channel": "C0SDK"}],
            }
        ],
        "configuration_tokens": [{"token": "xoxe.xoxp-strangers", "user": "U0DEV"}],
    }  # fmt: skip


def files(checkout: Path) -> list[str]:
    """The suite's files for the Web API and webhooks, without those that do not apply."""
    found = [
        *sorted((checkout / "integration_tests" / "web").glob("test_*.py")),
        *sorted((checkout / "integration_tests" / "webhook").glob("test_*.py")),
    ]
    return [
        str(path.relative_to(checkout))
        for path in found
        if not any(word in path.name for word in NOT_OURS)
    ]


def environment(url: str) -> dict[str, str]:
    """The suite's own settings."""
    bare = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return {
        **bare,
        "SANDBOX_URL": url,
        "PYTHONPATH": str(HERE / "plugin"),
        "SLACK_SDK_TEST_BOT_TOKEN": BOT,
        "SLACK_SDK_TEST_USER_TOKEN": PERSON,
        "SLACK_SDK_TEST_WEB_TEST_CHANNEL_ID": "C0SDK",
        "SLACK_SDK_TEST_WEB_TEST_USER_ID": "U0DEV",
        "SLACK_SDK_TEST_INCOMING_WEBHOOK_URL": f"{url}/services/T0SDK/B0BOT/hook",
        "SLACK_SDK_TEST_INCOMING_WEBHOOK_CHANNEL_NAME": "sdk-tests",
        "SLACK_SDK_TEST_TOOLING_TOKEN": "xoxe.xoxp-strangers",
    }


def run(checkout: Path, *more: str) -> tuple[int, str]:
    """Run the suite; the exit code, and what pytest said.

    One file calls until it is limited: it runs by itself, with limits on.
    """
    limited = [name for name in files(checkout) if LIMITED in name]
    others = [name for name in files(checkout) if LIMITED not in name]
    first, said = _run(checkout, others, "off", more)
    second, also = _run(checkout, limited, "all", more)
    return max(first, second), said + also


def _run(checkout: Path, names: list[str], rates: str, more: tuple[str, ...]) -> tuple[int, str]:
    with Server(workspace(), rates=rates) as server:
        command = [
            sys.executable, "-m", "pytest", "-q", "-p", "sandbox_sdk", "-p", "no:cacheprovider",
            "-p", "no:xdist", "-W", "default", "-rfE", "--tb=short", "--timeout=90", *names, *more,
        ]  # fmt: skip
        done = subprocess.run(
            command, cwd=checkout, env=environment(server.url), capture_output=True, text=True,
            check=False, timeout=600,
        )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def score(said: str) -> dict[str, int]:
    """How many passed, failed and were skipped, from pytest's last lines."""
    found: dict[str, int] = {}
    for line in said.splitlines():
        if re.search(r"\d+ (passed|failed).* in [\d.]+s", line):
            for n, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)", line):
                found[word] = found.get(word, 0) + int(n)
    return found


if __name__ == "__main__":
    code, text = run(Path(os.environ["SLACK_SDK_TESTS"]), *sys.argv[1:])
    sys.stdout.write(text)
    sys.exit(code)
