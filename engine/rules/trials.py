"""Values that a what-if tries: which value of a document each replaces, and what that was."""

import re
from datetime import date
from typing import NamedTuple

from engine.money import decimal_of
from engine.vocabulary import Standing

STANDING = Standing.proposed
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
"""A number that may be written in several ways, with more or fewer zeros; a share such as 1/2 is text."""


class Replaced(NamedTuple):
    """A number of a document that a trial replaces.

    ``path`` has rows by name. ``published`` is None where the document has nothing there. ``first``
    is the value's first day, which stays; None for a number without dates.
    """

    path: str
    published: str | None
    first: date | None
    value: str

    @property
    def words(self) -> str:
        """Return what is replaced, in a few words."""
        since = "" if self.first is None else f" from {self.first.isoformat()}"
        if self.published is None:
            return f"{self.path}{since}: {self.value}, a new value"
        return f"{self.path}{since}: {self.value} in place of {self.published}"

    @property
    def is_published(self) -> bool:
        """Return whether the number tried is the published one, however it is written."""
        written = (self.published or "", self.value)
        before, after = (decimal_of(one) if _NUMBER.fullmatch(one) else one for one in written)
        return before == after

    def record(self) -> dict[str, str | None]:
        """Return plain values."""
        first = None if self.first is None else self.first.isoformat()
        return {"path": self.path, "published": self.published, "from": first, "value": self.value}


class Trial(NamedTuple):
    """One value that is tried: the place and the value as they were typed, and all that it replaces.

    A cut-off is replaced on both its sides. ``note`` says what a reader may not expect.
    """

    place: str
    value: str
    replaced: tuple[Replaced, ...]
    note: str | None = None

    @property
    def standing(self) -> str:
        """Return how far the value was checked: it is proposed."""
        return STANDING.value

    @property
    def is_published(self) -> bool:
        """Return whether all that is tried is as published, so that nothing can change."""
        return all(one.is_published for one in self.replaced)

    @property
    def sentence(self) -> str:
        """Return what is tried, in one line."""
        notes = [] if self.note is None else [self.note]
        return f"{'; '.join([*(one.words for one in self.replaced), *notes])} ({STANDING.value})"

    def record(self) -> dict[str, object]:
        """Return plain values: what was typed, and what it replaces."""
        replaced = [one.record() for one in self.replaced]
        note = {} if self.note is None else {"note": self.note}
        return {"place": self.place, "standing": STANDING.value, "replaces": replaced, **note}
