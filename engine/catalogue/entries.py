"""One column of the catalogue with its unit in words, and the tables that columns make up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.columns import (
    AMOUNT_PREFIX,
    NO_VALUE,
    PROPORTION_PREFIX,
    UNITS_PREFIX,
    Column,
    Kind,
)
from engine.rules.compiled import CompiledRules
from engine.rules.reads import Part, Reads, needed
from engine.table_checks import spelled

UNITS = {
    Kind.key: "opaque text",
    Kind.text: "text",
    Kind.code: "code",
    Kind.label: "name that the rules give",
    Kind.pounds: "pounds",
    Kind.hours: "hours a week",
    Kind.date: "day",
    Kind.flag: "1 or 0",
    Kind.millionths: "number with up to six decimals",
    Kind.whole: "whole number",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A column as the catalogue lists it.

    ``absence`` says what a blank cell means. ``read_by`` names, for each part of rules, the
    identifiers of the published rule sets in which the part reads the column. ``required``
    columns must be in every table.
    """

    column: Column
    unit: str
    absence: str
    read_by: Mapping[str, tuple[str, ...]]
    required: bool

    @property
    def name(self) -> str:
        """Return the column's heading."""
        return self.column.name

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes or words that the column may hold, none where it holds others."""
        return tuple(code.name for code in self.column.codes or ()) or self.column.labels

    @property
    def filled(self) -> bool:
        """Return whether every row must have a value."""
        return self.column.missing is None and self.column.kind is not Kind.text

    @property
    def none(self) -> str | None:
        """Return what a word for none means, None where it has no meaning in the column."""
        column = self.column
        if column.none is None:
            return None
        if column.none == NO_VALUE:
            return "as a blank"
        return column.codes(column.none).name if column.codes else spelled(column.kind, column.none)

    @property
    def bounds(self) -> tuple[str, str] | None:
        """Return the lowest and highest value, as a file spells them; None where there is no range."""
        column = self.column
        if column.kind in {Kind.key, Kind.text, Kind.code, Kind.label, Kind.flag}:
            return None
        return spelled(column.kind, column.lowest), spelled(column.kind, column.highest)


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one kind of table; ``key`` are those that no two rows share."""

    name: str
    title: str
    about: str
    key: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Readers:
    """What some rule sets read of one kind of table, as compiling them lists it."""

    reads: Mapping[str, Reads]

    @classmethod
    def of(
        cls, sets: Iterable[CompiledRules], reads: Callable[[CompiledRules], Reads]
    ) -> "Readers":
        """Return the readers among rule sets, by identifier."""
        found: dict[str, Reads] = {}
        for one in sets:
            identifier = one.document.identifier
            found[identifier] = (*found.get(identifier, ()), *reads(one))
        return cls(found)

    def needs(self, name: str) -> bool:
        """Return whether any of the rule sets refuses a table without a column."""
        return any(
            one.column == name and one.needed for reads in self.reads.values() for one in reads
        )

    def all_need(self, name: str) -> bool:
        """Return whether every rule set that reads such a table refuses one without a column."""
        needing = [needed(reads) for reads in self.reads.values() if reads]
        return bool(needing) and all(name in one for one in needing)

    def read_by(self, name: str) -> dict[str, tuple[str, ...]]:
        """Return the rule sets in which each part reads a column, parts that read it nowhere left out."""
        pairs = {
            (one.part, identifier)
            for identifier, reads in self.reads.items()
            for one in reads
            if one.column == name
        }
        named = {
            str(part): tuple(identifier for identifier in self.reads if (part, identifier) in pairs)
            for part in (*Part, *(part for part, _ in sorted(pairs)))
        }
        return {part: identifiers for part, identifiers in named.items() if identifiers}

    def absence(self, name: str) -> str:
        """Return what a blank means to the rule sets; nothing where they only group by the column."""
        blanks = dict.fromkeys(
            str(one.blank)
            for reads in self.reads.values()
            for one in reads
            if one.column == name and one.part is not Part.groups
        )
        return "; ".join(blanks)


def words_of(
    sets: Sequence[CompiledRules], labels: Callable[[CompiledRules], Iterable[str]]
) -> tuple[str, ...]:
    """Return the words of a column whose list rule sets give, in their order, once each."""
    return tuple(dict.fromkeys(word for one in sets for word in labels(one)))


SPECIAL_UNITS = {
    "level": "levels, with up to six decimals",
    "sparsity_distance": "miles",
    "london_fringe": "multiplier",
    "reception_difference": "pupils",
    "prior_pupils": "pupils",
    "sen_support_pupils": "pupils",
    "ehc_plans": "pupils",
    "group_size": "pupils",
    "days_open": "days",
    "score": "points of a score",
    "points": "points",
}


def unit_of(column: Column) -> str:
    """Return what a column's numbers count, in words, or its kind of content without a unit."""
    if column.name in SPECIAL_UNITS:
        return SPECIAL_UNITS[column.name]
    if column.name.startswith(UNITS_PREFIX):
        return "pupils or other units"
    if column.name.startswith(PROPORTION_PREFIX):
        return "share of the phase's pupils, 0 to 1"
    if column.name.startswith(AMOUNT_PREFIX):
        return "pounds"
    return UNITS[column.kind]
