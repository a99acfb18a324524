"""The strangers' suites: run where they are found, and never green where they are not."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sandbox.serve import Server
from tests.sandbox.strangers import bolt, payloads, sdk

SDK, BOLT, JS = (
    os.environ.get(name) for name in ("SLACK_SDK_TESTS", "SLACK_BOLT_TESTS", "SLACK_JS_MODULES")
)


@pytest.mark.skipif(not SDK, reason="not run: SLACK_SDK_TESTS names no checkout")
def test_the_integration_tests_of_slack_sdk_pass() -> None:
    code, said = sdk.run(Path(str(SDK)))
    assert code == 0, said[-4000:]
    assert sdk.score(said)["passed"] >= 90


@pytest.mark.skipif(not BOLT, reason="not run: SLACK_BOLT_TESTS names no checkout")
def test_the_scenario_tests_of_bolt_pass() -> None:
    code, said = bolt.run(Path(str(BOLT)))
    assert code == 0, said[-4000:]


@pytest.mark.skipif(not BOLT, reason="not run: SLACK_BOLT_TESTS names no checkout")
def test_payloads_have_every_key_that_bolts_own_examples_have() -> None:
    compared, missing = payloads.compare(Path(str(BOLT)))
    assert len(compared) >= 6
    assert missing == {}


@pytest.mark.skipif(
    not JS or shutil.which("node") is None,
    reason="not run: no node, or SLACK_JS_MODULES names no folder with the SDKs",
)
def test_the_sdks_for_javascript_work(workspace: dict[str, Any]) -> None:
    with Server(workspace, rates="off") as server:
        suite = Path(__file__).parent / "js" / "suite.cjs"
        done = subprocess.run(
            ["node", str(suite)], capture_output=True, text=True, check=False, timeout=120,
            env={**os.environ, "SANDBOX_URL": server.url},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"^passed ", done.stdout, re.MULTILINE)) == 8
