"""Programs beside this one: started, waited for, stopped by their own id."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

PATIENCE = 30.0  # seconds for a program to begin answering
ENDING = 10.0  # seconds for a program to end once it was asked to


@contextmanager
def beside(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    folder: Path | None = None,
    log: Path | None = None,
    patience: float = ENDING,
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs Python with these words beside this process, in `folder`, its errors in `log`.

    Without one they go where this process's go. Afterwards it is asked to stop, and killed where it
    has not after `patience` seconds.
    """
    errors = None if log is None else log.open("wb")
    process = subprocess.Popen(  # noqa: S603  the words are the caller's own
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=errors,
    )
    if errors is not None:
        errors.close()  # the program has its own
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()


def answers(url: str, process: subprocess.Popen[bytes], *, patience: float = PATIENCE) -> None:
    """Waits until a program beside this one answers, for at most `patience` seconds.

    Raises RuntimeError where it ends before, TimeoutError where it does not answer in time.
    """
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the program behind {url} ended with {process.returncode}")
        try:
            httpx.get(url, trust_env=False, timeout=2)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing answers at {url}")
