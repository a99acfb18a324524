"""Installing over OAuth v2, and Sign in with Slack by OpenID Connect: pages, keys, claims."""
