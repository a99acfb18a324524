"""The lock around SQLite's writers serves them in the order in which they came."""

import threading
import time

import pytest

from core.fair_lock import FairLock


def queue_up(lock: FairLock, names: range, order: list[int]) -> list[threading.Thread]:
    """Threads that wait for the lock, one behind the other."""
    threads = []
    for name in names:

        def wait(name: int = name) -> None:
            with lock:
                order.append(name)

        thread = threading.Thread(target=wait)
        thread.start()
        while len(lock._waiting) < len(threads) + 1:  # until it stands in line
            time.sleep(0.001)
        threads.append(thread)
    return threads


def test_threads_are_served_first_come_first_served() -> None:
    lock, order = FairLock(), list[int]()
    assert lock.acquire()
    threads = queue_up(lock, range(20), order)
    lock.release()
    for thread in threads:
        thread.join(10)
    assert order == list(range(20))
    assert lock.acquire(0)  # free again


def test_never_two_at_once() -> None:
    lock, inside, most = FairLock(), [0], [0]

    def work() -> None:
        for _ in range(200):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == [1]


def test_whoever_fails_inside_lets_the_next_one_in() -> None:
    lock = FairLock()
    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    assert lock.acquire(0)


def test_whoever_gives_up_leaves_the_line_and_the_others_keep_their_places() -> None:
    lock, order = FairLock(), list[int]()
    assert lock.acquire()
    first = queue_up(lock, range(1), order)
    assert not lock.acquire(0.02)
    assert len(lock._waiting) == 1
    lock.release()
    first[0].join(10)
    assert order == [0]
    assert lock.acquire(0)
