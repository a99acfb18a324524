"""Workers of a benchmark: threads of this process, or processes that are warm before they count."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

Workers = Callable[[Callable[..., None], Sequence[tuple[Any, ...]]], None]


@contextmanager
def threads(count: int) -> Iterator[Workers]:
    """So many threads; raises what one of them raises."""
    with ThreadPoolExecutor(count) as pool:
        yield _all(pool)


@contextmanager
def processes(count: int) -> Iterator[Workers]:
    """So many processes, started fresh; raises what one of them raises."""
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        yield _all(pool)


def _all(pool: Executor) -> Workers:
    def run(work: Callable[..., None], parts: Sequence[tuple[Any, ...]]) -> None:
        for future in [pool.submit(work, *part) for part in parts]:
            future.result()

    return run
