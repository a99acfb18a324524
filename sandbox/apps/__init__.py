"""What Slack sends to apps: interactions, commands and events, signed."""
