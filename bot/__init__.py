"""The agents' door: Slack. Nothing here knows whether it talks to Slack or to the sandbox."""
