"""`python -m benchmarks NAME [options]`: one JSON line per figure."""

import importlib
import sys

NAMES = ("decide", "click", "import", "sandbox")
MODULES = {"import": "importing"}  # where a name is none for a module


def main() -> None:
    """Runs one benchmark, or all of them with their defaults."""
    given = sys.argv[1] if len(sys.argv) > 1 else ""
    name, _, part = given.partition("/") if given.startswith("sandbox/") else (given, "", "")
    if name not in (*NAMES, "all"):
        sys.exit(f"usage: python -m benchmarks {{{'|'.join(NAMES)}|all}} [options]")
    for wanted in NAMES if name == "all" else (name,):
        module = importlib.import_module(f"benchmarks.{MODULES.get(wanted, wanted)}")
        module.main([] if name == "all" else [*([part] if part else []), *sys.argv[2:]])


if __name__ == "__main__":
    main()
