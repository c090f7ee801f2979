"""Row blocks on threads: a kernel's rows are divided; its answer stays the same."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

T = TypeVar("T")


@cache
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    """Return the threads of a process: starting new ones would take longer than many kernels."""
    return ThreadPoolExecutor(threads, thread_name_prefix=f"evenband-{process}")


@dataclass(frozen=True, slots=True)
class Blocks:
    """How rows are divided: the number of threads and the rows of a block."""

    threads: int = 1
    rows: int = 65_536

    def run(self, kernel: Callable[..., None], length: int, *arguments: object) -> None:
        """Run ``kernel`` over rows 0 to ``length``; any division gives the same bytes."""
        bounds = [(start, min(start + self.rows, length)) for start in range(0, length, self.rows)]
        if self.threads == 1 or len(bounds) <= 1:
            for start, stop in bounds:
                kernel(start, stop, *arguments)
            return
        pool, left = _pool(self.threads, os.getpid()), deque(bounds)

        def work() -> None:
            while left:
                try:
                    start, stop = left.popleft()
                except IndexError:  # another thread took the last
                    return
                kernel(start, stop, *arguments)

        running = [pool.submit(work) for _ in range(min(self.threads, len(bounds)) - 1)]
        # This thread works too, where it would else only wait.
        try:
            work()
        finally:
            wait(running)
        for finished in running:
            finished.result()

    def in_order(self, work: Callable[[int], T], length: int) -> Iterator[T]:
        """Yield what ``work`` returns for 0 to ``length``, in order; threads are at most two answers ahead each.

        The threads are not those of ``run``, which ``work`` may wait for.
        """
        if self.threads == 1 or length <= 1:
            yield from map(work, range(length))
            return
        with ThreadPoolExecutor(self.threads, thread_name_prefix="evenband-blocks") as pool:
            ahead: deque[Future[T]] = deque()
            try:
                for number in range(length):
                    ahead.append(pool.submit(work, number))
                    if len(ahead) > 2 * self.threads:
                        yield ahead.popleft().result()
                while ahead:
                    yield ahead.popleft().result()
            finally:
                for one in ahead:
                    one.cancel()

    def of_groups(self, groups: int, members: int) -> "Blocks":
        """Return blocks of groups of rows; a block has about as many rows as without groups."""
        return replace(self, rows=max(self.rows * groups // max(members, 1), 1))


ONE_THREAD = Blocks()
