"""`python -m benchmarks NAME [options]`: one JSON line per figure."""

import importlib
import sys

# Each benchmark's module, by the first part of its figures' names or by the whole of one.
MODULES = {
    "decide": "decide",
    "click": "click",
    "click/p99": "crowd",
    "import": "importing",
    "sweep": "sweep",
    "memory": "memory",
    "messages": "messages",
    "burst": "burst",
    "journey": "journey",
    "sandbox": "sandbox",
    "panel": "panel",
    "replay": "replay",
    "lateness": "lateness",
}
PARTED = {"sandbox", "panel"}  # whose modules are told which of their figures is meant
ASKING = {"journey", "replay"}  # what cannot run without being told where its data are


def main() -> None:
    """Runs one benchmark, or all of them with their defaults."""
    given = sys.argv[1] if len(sys.argv) > 1 else ""
    name, _, part = (given, "", "") if given in MODULES else given.partition("/")
    if name == "all":
        for each in (each for each in MODULES if each not in ASKING):
            _run(each, [])
    elif name in MODULES and (not part or name in PARTED):
        _run(name, [*([part] if part else []), *sys.argv[2:]])
    else:
        sys.exit(f"usage: python -m benchmarks {{{'|'.join(MODULES)}|all}} [options]")


def _run(name: str, argv: list[str]) -> None:
    importlib.import_module(f"benchmarks.{MODULES[name]}").main(argv)


if __name__ == "__main__":
    main()
