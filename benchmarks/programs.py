"""How a benchmark begins the programs beside it."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import Popen

from demo import beside as programs

ROOT = Path(__file__).parents[1]
REDRESS = ("-c", "import cli; cli.main()")  # the installed command, without looking for it
PATIENCE = 180.0  # seconds for a program to begin answering, on a machine that is busy
NOWHERE = Path(os.devnull)


def beside(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    log: Path = NOWHERE,
    patience: float = programs.ENDING,
) -> AbstractContextManager[Popen[bytes]]:
    """Runs Python with these words in this tree; see demo.beside."""
    return programs.beside(command, environment, folder=ROOT, log=log, patience=patience)


def answers(url: str, process: Popen[bytes]) -> None:
    """Waits until a program beside this one answers; see demo.beside."""
    programs.answers(url, process, patience=PATIENCE)
