"""Rows are divided without gap or overlap, and a fault in a block is not lost."""

import threading

import numpy as np
import pytest

from engine.row_chunks import Blocks


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("rows", [1, 3, 7, 100])
@pytest.mark.parametrize("length", [0, 1, 6, 7, 8, 50])
def test_every_row_is_worked_out_once(threads, rows, length):
    seen = np.zeros(length, np.int64)

    def kernel(start: int, stop: int, out_seen: np.ndarray) -> None:
        out_seen[start:stop] += 1

    Blocks(threads=threads, rows=rows).run(kernel, length, seen)
    assert (seen == 1).all()


def test_a_fault_in_any_block_stops_the_run():
    def kernel(start: int, stop: int) -> None:
        if start == 4:
            message = "a block failed"
            raise ArithmeticError(message)

    with pytest.raises(ArithmeticError, match="a block failed"):
        Blocks(threads=2, rows=2).run(kernel, 10)


def test_blocks_run_beside_each_other():
    together = threading.Barrier(2, timeout=30)

    def kernel(start: int, stop: int) -> None:
        together.wait()

    Blocks(threads=2, rows=1).run(kernel, 2)
