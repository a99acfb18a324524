"""Alembic migrations; run by `redress migrate`."""
