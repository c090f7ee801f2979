"""Row blocks on threads: a kernel's rows are divided, its answer is not changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


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
        with ThreadPoolExecutor(self.threads) as pool:
            for finished in [
                pool.submit(kernel, start, stop, *arguments) for start, stop in bounds
            ]:
                finished.result()


ONE_THREAD = Blocks()
