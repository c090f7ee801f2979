"""Cut-offs of a rule document: the ends of ranges in conditions and steps, and what else ends there.

Where one row ends at 19 and the next starts at 20, the document has one cut-off, said twice. It
is tried as one: both rows move, and so do all others that meet there.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine.money import number
from engine.rules.grid import Interval, intervals
from engine.rules.inputs import CODES, SCALES, Input

FROM, TO = "from", "to"
Ranges = Mapping[str, Sequence[str]]
"""The choices of each input of one row, codes and ranges as the document spells them."""


class End(NamedTuple):
    """One end of a range: the row, the input, the place of the range among its choices, ``from`` or ``to``."""

    row: int
    input: str
    choice: int
    side: str


def is_number(name: str) -> bool:
    """Return whether an input measures something, and so has cut-offs; the number of a school does not."""
    return name not in CODES and name not in {Input.band, Input.urn, Input.la}


def ends_of(name: str, choice: str) -> tuple[str, ...]:
    """Return which ends a choice has: ``90+`` has no upper one, a code none at all."""
    if not is_number(name):
        return ()
    return (FROM,) if choice.endswith("+") else (FROM, TO)


def cut_of(row: Ranges, end: End, bands: Sequence[str]) -> int:
    """Return where an end cuts, as the first number above it, in the parts that its input is counted in."""
    first, last = _range(row, end, bands)
    return first if end.side == FROM else last + 1


def ends_at_cut(rows: Sequence[Ranges], end: End, bands: Sequence[str]) -> list[End]:
    """Return every end at the cut-off of one, itself first: rows that end there, and rows that start there.

    A row belongs to it where some pupil could be on either side of the cut: a row for special
    schools does not end where one for mainstream schools starts.
    """
    cut = cut_of(rows[end.row], end, bands)
    ends = [
        one
        for at, row in enumerate(rows)
        for place, choice in enumerate(row.get(end.input, ()))
        for one in (End(at, end.input, place, side) for side in ends_of(end.input, choice))
        if cut_of(row, one, bands) == cut
    ]
    found = [end]
    for one in found:
        found += [
            other
            for other in ends
            if other not in found
            and other.side != one.side
            and _overlap(rows[one.row], rows[other.row], end.input, bands)
        ]
    return found


def range_with_cuts(
    row: Ranges, name: str, choice: int, cuts: Mapping[str, int], bands: Sequence[str]
) -> str | None:
    """Return the text of a range with other cut-offs at its sides; None where nothing is left of it."""
    here = End(0, name, choice, FROM)
    first, last = _range(row, here, bands)
    first, last = cuts.get(FROM, first), cuts.get(TO, last + 1) - 1
    if first > last:
        return None
    if row[name][choice].endswith("+"):
        return f"{_text(name, first)}+"
    return "-".join(_text(name, one) for one in dict.fromkeys((first, last)))


def cut_at(name: str, side: str, value: str) -> int:
    """Return where a value cuts, as the first number above it; ``ValueError`` says what is wrong with it."""
    try:
        [(first, last)] = intervals(name, [value], ())
    except ValueError:
        first, last = 0, -1
    if first != last:
        message = f"must be one number that {name.replace('_', ' ')} may be, such as 20"
        raise ValueError(message)
    return first if side == FROM else first + 1


def value_of(name: str, side: str, cut: int) -> str:
    """Return the number that a cut-off is said with on one of its sides."""
    return _text(name, cut if side == FROM else cut - 1)


def _range(row: Ranges, end: End, bands: Sequence[str]) -> Interval:
    return intervals(end.input, row[end.input], bands)[end.choice]


def _text(name: str, value: int) -> str:
    scale = SCALES.get(name, 1)
    return str(value) if scale == 1 else number(value, scale)


def _overlap(one: Ranges, other: Ranges, apart_from: str, bands: Sequence[str]) -> bool:
    """Return whether two rows can hold for one pupil, but for one of their inputs."""
    shared = one.keys() & other.keys() - {apart_from}
    return all(
        any(
            first <= end and start <= last
            for first, last in intervals(name, one[name], bands)
            for start, end in intervals(name, other[name], bands)
        )
        for name in shared
    )
