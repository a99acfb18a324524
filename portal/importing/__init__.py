"""Disputes out of files: CSV or JSON Lines, plain or gzipped, by a mapping that a person writes."""

from portal.importing.mapping import BadMapping, Mapping, load
from portal.importing.run import Result, run

__all__ = ["BadMapping", "Mapping", "Result", "load", "run"]
