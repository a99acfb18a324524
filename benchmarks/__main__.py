"""`python -m benchmarks NAME [options]`: one JSON line per figure."""

import importlib
import sys

NAMES = ("decide", "click", "import", "sweep", "journey")
MODULES = {"import": "importing"}  # where a name is none for a module
ASKING = {"journey"}  # what cannot run without being told where its data are


def main() -> None:
    """Runs one benchmark, or all of them with their defaults."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in (*NAMES, "all"):
        sys.exit(f"usage: python -m benchmarks {{{'|'.join(NAMES)}|all}} [options]")
    for wanted in (n for n in NAMES if n not in ASKING) if name == "all" else (name,):
        module = importlib.import_module(f"benchmarks.{MODULES.get(wanted, wanted)}")
        module.main([] if name == "all" else sys.argv[2:])


if __name__ == "__main__":
    main()
