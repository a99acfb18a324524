"""What each state of the log is at our desk. The words on the left are the log's own."""

from benchmarks.replay import desk

STAGES = {
    "New": desk.INTAKE,
    "Active": desk.WORK,
    "Awaiting User Info": "awaiting_buyer",
    "Awaiting Evidence": "awaiting_papers",
    "Awaiting Vendor": "awaiting_merchant",
    "Awaiting Problem": "awaiting_cause",
    "Resolved": desk.RESOLVED,
    "Closed": desk.CLOSED,
}


def stage_of(state: str) -> str | None:
    """The stage; None for a state that nobody can read (the log's -100)."""
    return STAGES.get(state)
