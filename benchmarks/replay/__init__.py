"""`replay/disputes`, `replay/wrong`, `replay/speed`: a real log, lived through by the desk.

What became of what is in docs/decisions; who plays is in `director`, who counts again in `recount`.
"""

from benchmarks.replay.run import main

__all__ = ["main"]
