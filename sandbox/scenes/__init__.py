"""Scenes: what happens by itself in a workspace, written in a file, and right answers."""
