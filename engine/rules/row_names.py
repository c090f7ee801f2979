"""Rows of a list in a rule document by name: a price by its band and conditions, a step by its band.

``row:`` with a row's number from 0 always names it, and the number alone where no other has it as its name.
Beside it, a row may be named by what tells it from the others, in any order and with dots between: ``A1``,
``A1.special``, ``band:A1.setting:special``.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.money import is_digits
from engine.vocabulary import NOT_PRINTED

IDENTITY = ("label", "role", "name", "band", "consumed_percent")
"""Fields that name a row, apart from its conditions."""

WHEN = "when"
NUMBERED = "row:"
"""Before the number of a row, from 0."""

LONGEST = 120
"""Characters of the choices of a condition that are spelled in a name."""


class Selector(NamedTuple):
    """A field or condition of a row, and its choices, of which each alone names it too."""

    key: str
    choices: tuple[str, ...]

    @property
    def whole(self) -> str:
        """Return all choices as they are spelled in a name."""
        return ",".join(self.choices)

    @property
    def short(self) -> str:
        """Return all choices, or the first where they are too many for a name that people type."""
        return self.whole if len(self.whole) <= LONGEST else self.choices[0]

    def spellings(self) -> Iterator[tuple[str, bool]]:
        """Yield every spelling, and whether it says the key and all choices."""
        for words in dict.fromkeys((self.whole, *self.choices)):
            yield f"{self.key}:{words}", words == self.whole
            yield words, False


class RowMatch(NamedTuple):
    """A row that the start of a text names, and the rest of the text.

    ``by_number`` where it is named by its number; ``exact`` where that is said, or every field and condition
    with its key.
    """

    at: int
    rest: str
    by_number: bool
    exact: bool


def selectors_of(row: object) -> tuple[Selector, ...]:
    """Return what names a row of a plain document."""
    if not isinstance(row, Mapping):
        return ()
    # What is not printed tells no row from another.
    own = [
        Selector(key, (str(row[key]),))
        for key in IDENTITY
        if key in row and row[key] != NOT_PRINTED
    ]
    when = row.get(WHEN, {})
    return (*own, *(Selector(str(key), tuple(map(str, of))) for key, of in when.items()))


class RowNames:
    """The names of the rows of one list."""

    def __init__(self, rows: Sequence[object]) -> None:
        """Keep what names each row, and the rows of each spelling."""
        self._selectors = [selectors_of(row) for row in rows]
        self._rows: dict[str, set[int]] = defaultdict(set)
        for at, selectors in enumerate(self._selectors):
            for one in selectors:
                for words, _ in one.spellings():
                    self._rows[words].add(at)

    def matches(self, text: str) -> Iterator[RowMatch]:
        """Yield every reading of a text that starts with the name of a row and a dot."""
        head, _, rest = text.partition(".")
        number = head.removeprefix(NUMBERED)
        if is_digits(number) and int(number) < len(self._selectors):
            yield RowMatch(int(number), rest, by_number=True, exact=number != head)
        dots = (at for at, letter in enumerate(text) if letter == ".")
        named = {row for at in dots for row in self._rows.get(text[:at], ())}
        for row in sorted(named):
            for after, exact, left in _after(text, self._selectors[row], exact=True):
                yield RowMatch(row, after, by_number=False, exact=exact and not left)

    def name(self, at: int) -> str:
        """Return the shortest name that only one row has; its number where there is none."""
        for name in _names(self._selectors[at]):
            # A name of digits alone would look like the number of a row.
            rows = (
                [] if is_digits(name) else [one for one in self.matches(f"{name}.") if not one.rest]
            )
            if {at} in ({one.at for one in rows}, {one.at for one in rows if one.exact}):
                return name
        return f"{NUMBERED}{at}" if str(at) in self._rows else str(at)


def _names(selectors: Sequence[Selector]) -> Iterator[str]:
    """Yield the names of a row from the shortest to the one that says everything."""
    if not selectors:
        return
    first, *others = selectors
    yield first.short
    yield from (f"{first.short}.{other.short}" for other in others)
    yield ".".join(one.short for one in selectors)
    yield ".".join(f"{one.key}:{one.whole}" for one in selectors)


def _after(
    text: str, selectors: Sequence[Selector], *, exact: bool
) -> Iterator[tuple[str, bool, int]]:
    """Yield the text after each run of a row's fields, whether each is said whole, and how many are left."""
    for at, one in enumerate(selectors):
        others = [*selectors[:at], *selectors[at + 1 :]]
        for words, whole in one.spellings():
            if text.startswith(f"{words}."):
                rest = text[len(words) + 1 :]
                yield rest, exact and whole, len(others)
                yield from _after(rest, others, exact=exact and whole)
