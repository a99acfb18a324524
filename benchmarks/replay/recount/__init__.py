"""The replay counted again, from the log and from rows, by arithmetic of its own.

Nothing here imports the core, nor what played the log: the log is read a second time, the rows by
plain SQL, open minutes are counted one by one.
"""
