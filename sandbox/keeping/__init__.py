"""Keeping a workspace: as one JSON document (a snapshot), or in a SQLite file as it goes."""
