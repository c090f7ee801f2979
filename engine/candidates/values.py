"""Candidates as data: one array of whole numbers for each path that varies, and no document each."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.money import decimal_of, is_number, number, scaled
from engine.rules.document import RuleSet
from engine.tables import frozen

Some = slice | Int
"""Places of candidates: from one to before another, or one by one."""

MOST_DIGITS = 18
"""Digits of a value with its decimals that fit in a whole number of 63 bits."""


def how_many(some: Some) -> int:
    """Return how many candidates some places are.

    >>> how_many(slice(2, 5)), how_many(np.array([7, 9]))
    (3, 2)
    """
    return int(some.stop - some.start) if isinstance(some, slice) else len(some)


@dataclass(frozen=True, slots=True, eq=False)
class PathValues:
    """What the candidates have at one path.

    place     the path as it is written, with its ``@``
    held      (candidates) whole numbers of 10 to the power of ``decimals``, or places in ``words``
    words     the texts of values that are no decimal numbers, such as 2/3; none where all are
    """

    place: str
    held: Int
    decimals: int = 0
    words: tuple[str, ...] = ()

    @classmethod
    def of_texts(cls, place: str, texts: Sequence[str]) -> "PathValues":
        """Return the values that texts spell, one a candidate."""
        names = list(dict.fromkeys(texts))
        known = [decimal_of(text) for text in names if is_number(text)]
        decimals = max((_decimals(one) for one in known), default=0)
        fits = all(len(str(scaled(abs(one), 10**decimals))) <= MOST_DIGITS for one in known)
        if len(known) == len(names) and fits:
            whole = dict(zip(names, (scaled(one, 10**decimals) for one in known), strict=True))
            return cls(place, frozen(np.asarray([whole[one] for one in texts], np.int64)), decimals)
        places = {text: at for at, text in enumerate(names)}
        held = np.asarray([places[text] for text in texts], np.int64)
        return cls(place, frozen(held), 0, tuple(names))

    @property
    def scale(self) -> int:
        """Return how many of the whole numbers make one."""
        return int(10**self.decimals)

    def text(self, at: int) -> str:
        """Return the value of a candidate as a document has it."""
        return self.text_of(int(self.held[at]))

    def text_of(self, held: int) -> str:
        """Return what a whole number of these values is as a document has it."""
        return self.words[held] if self.words else number(held, self.scale)

    def of(self, which: NDArray[np.signedinteger]) -> "PathValues":
        """Return the values of some candidates; of all in their order they are these."""
        if len(which) == len(self.held) and not (np.diff(which) != 1).any():
            return self
        return PathValues(self.place, frozen(self.held[which]), self.decimals, self.words)


def _decimals(one: Decimal) -> int:
    exponent = one.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Candidates:
    """Numbers to try in one rule set, a row a candidate; or whole rule documents in their place.

    numbers    (candidates) which of those drawn or written each is, from 1
    names      the names of all that were drawn or written; none where their numbers name them
    documents  the rule set of each candidate, where they are documents
    """

    numbers: Int
    values: tuple[PathValues, ...]
    names: tuple[str, ...] = ()
    documents: tuple[RuleSet, ...] = ()

    @classmethod
    def of(
        cls,
        values: Sequence[PathValues],
        names: Sequence[str] = (),
        documents: Sequence[RuleSet] = (),
    ) -> "Candidates":
        """Return candidates that are numbered in their order."""
        length = len(values[0].held) if values else len(documents)
        numbers = frozen(np.arange(1, length + 1, dtype=np.int64))
        return cls(numbers, tuple(values), tuple(names), tuple(documents))

    def __len__(self) -> int:
        """Return how many candidates there are."""
        return len(self.numbers)

    def name(self, at: int) -> str:
        """Return the name of a candidate, or its number."""
        number_ = int(self.numbers[at])
        return self.names[number_ - 1] if self.names else str(number_)

    def overrides(self, at: int) -> tuple[tuple[str, str], ...]:
        """Return what a candidate tries: each path with its value."""
        return tuple((one.place, one.text(at)) for one in self.values)

    def some(self, which: NDArray[np.signedinteger]) -> "Candidates":
        """Return some of the candidates, which keep their numbers."""
        documents = tuple(self.documents[at] for at in which.tolist()) if self.documents else ()
        values = tuple(one.of(which) for one in self.values)
        return Candidates(frozen(self.numbers[which]), values, self.names, documents)

    def __repr__(self) -> str:
        """Return how many candidates there are, and of how many paths."""
        return f"<Candidates: {len(self)} of {len(self.values)} paths>"
