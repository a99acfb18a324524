"""Tests of the sandbox, by real HTTP: the official client, a Bolt app, and acting people."""
