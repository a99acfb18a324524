"""Tests of the validator and the renderer."""
