"""Opaque keys: a seeded permutation of the numbers from 0, spelled in nine letters and digits."""

import numpy as np
import polars as pl

from engine.synth.draws import Draws, Stream

_ALPHABET = "abcdefghjkmnpqrstuvwxyz123456789"
_LETTER_BITS, _LETTERS = 5, 3
_PARTS = 3
_BITS = _LETTER_BITS * _LETTERS * _PARTS
_MASK = np.uint64((1 << _BITS) - 1)


def opaque_keys(size: int, draws: Draws) -> pl.Series:
    """Return ``size`` keys, no two the same, that do not reveal their order."""
    factor, offset, other = draws.words(Stream.keys, 3)
    odd = np.uint64(1)
    # Each step can be undone within 45 bits, so that no two numbers meet.
    number = (np.arange(size, dtype=np.uint64) * (factor | odd) + offset) & _MASK
    number ^= number >> np.uint64(_BITS // 2)
    number = (number * (other | odd)) & _MASK
    number ^= number >> np.uint64(_BITS // 2)
    spelled = _spelled()
    parts = [
        spelled.gather((number >> np.uint64(shift)) & np.uint64(len(spelled) - 1)).alias(str(shift))
        for shift in range(0, _BITS, _LETTER_BITS * _LETTERS)
    ]
    return pl.select(pl.concat_str(parts).alias("pupil_key")).to_series()


def _spelled() -> pl.Series:
    """Return every word of three letters, in order."""
    words = [""]
    for _ in range(_LETTERS):
        words = [word + letter for word in words for letter in _ALPHABET]
    return pl.Series(words)
