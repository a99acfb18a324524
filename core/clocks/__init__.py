"""The arithmetic of promises about time: calendars, running clocks, ladders of moments (row G7)."""
