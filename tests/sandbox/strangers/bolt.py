"""Bolt's own scenario tests, with the sandbox where their mock server was.

``SLACK_BOLT_TESTS`` is a checkout of slackapi/bolt-python. Run all of them with
``python -m tests.sandbox.strangers.bolt``.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
# Tests of what only their mock does, with the reason.
_RETIRED = "workflows.updateStep: steps from apps were retired in September 2024"
_MOCK = "asserts their mock's own address, https://subarachnoid.slack.com/"
NOT_OURS: dict[str, str] = {
    "test_authorize.py::TestAuthorize::test_failure": "reaches hooks.slack.com over the network",
    "test_app_actor_user_token.py::TestApp::test_authorize_result": _MOCK,
    "test_app_actor_user_token.py::TestApp::test_authorize_result_no_user_token": _MOCK,
    "test_app_installation_store.py::TestApp::test_authorize_result": _MOCK,
    "test_workflow_steps.py::TestWorkflowSteps::test_save": _RETIRED,
    "test_workflow_steps_decorator_simple.py::TestWorkflowStepsDecorator::test_save": _RETIRED,
    "test_workflow_steps_decorator_with_args.py::TestWorkflowStepsDecorator::test_save": _RETIRED,
}


def run(checkout: Path, *more: str) -> tuple[int, str]:
    """Run the suite; the exit code, and what pytest said."""
    bare = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    deselected = [f"--deselect=tests/scenario_tests/{name}" for name in NOT_OURS]
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "sandbox_bolt", "-p", "no:cacheprovider",
        "-p", "no:xdist", "-W", "default", "-rfE", "--tb=short", "--timeout=60",
        "tests/scenario_tests", *deselected, *more,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=checkout, capture_output=True, text=True, check=False, timeout=900,
        env={**bare, "PYTHONPATH": f"{checkout}{os.pathsep}{HERE / 'plugin'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    code, text = run(Path(os.environ["SLACK_BOLT_TESTS"]), *sys.argv[1:])
    sys.stdout.write(text)
    sys.exit(code)
