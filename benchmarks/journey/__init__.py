"""`journey`: real complaints through every door of the product, and a recount of what came of them.

The doors, two workers, two schedulers, a Slack workspace and a marketplace run as programs of
their own on PostgreSQL; robots press buttons and parties answer over HTTP; desk time leaps.
"""

from benchmarks.journey.run import main

__all__ = ["main"]
