"""What engineers adjust while the workspace runs: faults, rates, and the log of the traffic."""

from dataclasses import dataclass, field

from sandbox.api.rates import Rates
from sandbox.faults import Fault
from sandbox.traffic import Traffic


@dataclass(slots=True)
class Bench:
    """The adjustable parts, apart from the workspace that apps and people see."""

    rates: Rates = field(default_factory=Rates)
    faults: list[Fault] = field(default_factory=list)
    traffic: Traffic = field(default_factory=Traffic)
