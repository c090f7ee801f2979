"""The list of what a rule set reads: each column, the part of the rules that reads it, and what a blank means.

Compiling fills the list. The reading of files, the engine's own check before it values a table,
spreadsheet cells, pages, documentation and refusals take it from there and from nowhere else.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum, unique
from typing import NamedTuple

from engine.columns import ALWAYS, PUPIL_COLUMNS
from engine.columns.pupils import COUNTS, DECIDES, PRICES

NONE_AS_STATED = "none, as the rules state (blank_means_none)"
"""What a blank means in a column that the rules name so."""


class Part(StrEnum):
    """A part of a rule set that reads columns, in the order in which documentation names them."""

    pupils = "every table of pupils"
    schools = "every table of schools"
    top_ups = "bands and top-ups"
    year = "part of the year paid"
    spells = "order of a pupil's spells"
    counts = "schools formula, counted from pupils"
    groups = "groups of totals"
    years = "year groups"
    lines = "lines of the formula"
    sparsity = "sparsity"
    fringe = "London fringe"
    open = "part of the year open"
    reception = "reception uplift"
    protection = "minimum funding guarantee and cap"
    calls = "expected calls on the budget, in the service"


@unique
class Blank(StrEnum):
    """What a blank of a pupil's column means to the part of the rules that reads it."""

    never = ALWAYS
    grouped = "not supplied: in the group of those of whom it is not known"
    decides = DECIDES
    prices = PRICES
    hours = PUPIL_COLUMNS["hours"].absence
    protects = PUPIL_COLUMNS["top_up"].absence
    protects_schools = "not supplied: what protection adds to the pupil's school is not known"
    at_any_school = "at no known school: what protection adds there is not known"
    not_late = PUPIL_COLUMNS["requested"].absence
    before = PUPIL_COLUMNS["start"].absence
    no_end = PUPIL_COLUMNS["end"].absence
    by_dates = PUPIL_COLUMNS["parts_on_roll"].absence
    parts = "not supplied: the top-up is not known, as the calendar has no dates"
    one_spell = "where the calendar has no dates: nothing, unless the pupil has several rows"
    began_before = "since before the rules, which begin within their year: a price that is paid once is not paid again"
    counts = COUNTS
    at_no_school = PUPIL_COLUMNS["urn"].absence


DECISIVE = frozenset({Blank.decides, Blank.hours, Blank.protects, Blank.parts})
"""Blanks that leave a pupil's top-up not known, whatever the pupil's price multiplies by."""


class Read(NamedTuple):
    """A column that a part of a rule set reads: a ``Part``, or a section that values a table of its own.

    ``blank`` says what an empty cell means: a ``Blank`` of pupils, and the column's own words of
    schools. A table without a ``needed`` column is refused; any other may be left out, which is
    the same as a column of blanks.
    """

    column: str
    part: str
    blank: str
    needed: bool = True


Reads = tuple[Read, ...]


def needed(reads: Iterable[Read]) -> frozenset[str]:
    """Return the columns that a table must have."""
    return frozenset(one.column for one in reads if one.needed)


def as_stated(reads: Reads, columns: Collection[str]) -> Reads:
    """Return what is read, where a blank of some columns means none."""
    return tuple(
        one._replace(blank=NONE_AS_STATED) if one.column in columns else one for one in reads
    )
