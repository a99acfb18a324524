"""Suites of strangers, run against the sandbox: they decide whether it is like Slack."""
