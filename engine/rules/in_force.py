"""The values in force over some days: the one place where a day decides which value of a document counts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple, Protocol, runtime_checkable

from engine.errors import Problem, RuleRefused
from engine.rules.unprinted import must_be_printed
from engine.rules.value_tables import SeriesOrTable, ValueTable
from engine.rules.values import DatedValue, Series, dated_values
from engine.rules.yaml_source import path_of
from engine.steps import Conditions, DocumentValue, SourcedValue, Unit
from engine.vocabulary import NOT_PRINTED, Standing

Later = tuple[Problem, ...]
"""Problems of values that begin later than the day: a part may have some, and is then refused when it is used."""


class Compiled(Protocol):
    """What a section of a document compiles to by itself."""

    @property
    def later(self) -> Later:
        """Return the problems for which it cannot be used: a rate that has not begun is not a rate of nothing."""


@runtime_checkable
class Compilable(Protocol):
    """A section of a document that needs no other to compile."""

    def compile(self, now: "InForce") -> Compiled:
        """Return the section's values in force."""


def refuse_later(later: Later) -> None:
    """Raise ``RuleRefused`` where values are needed of which none is in force yet."""
    if later:
        raise RuleRefused(list(later))


Fitting = tuple[tuple[str, int], ...]
"""The paths of tables of values, each with the row of it that fits a pupil, or ``NO_ROW``.

A table that is not among them has no value for the pupil, and needs none.
"""

NO_ROW = -1
"""In the place of the row of a table that has none for a pupil, and whose value the amount depends on."""

NO_ROW_FITS = "no row of the table fits"


class InForce(NamedTuple):
    """The values of a document that are in force from ``first`` to ``last``; ``RuleSet.over`` makes them.

    A value is looked up on the first day: where a part of a document changes on another, its days
    are cut there. ``fitting`` says which row of each table of values counts.
    """

    first: date
    last: date
    fitting: Fitting = ()

    def row_of(
        self, held: SeriesOrTable | None, path: str
    ) -> tuple[Series | None, str, Conditions]:
        """Return the dated values at a path and their own path: those of the fitting row, where it has a table.

        The conditions are those of the row.
        """
        if not isinstance(held, ValueTable):
            return held, path, ()
        row = dict(self.fitting).get(path)
        if row == NO_ROW:
            return (_no_value(self.first),), path, ()
        if row is None:
            return None, path, ()
        one = held.rows[row]
        when = tuple((str(name), choices) for name, choices in one.when.items())
        return one.value, held.place(path, row), when

    def latest(self, series: Series | None) -> DatedValue | None:
        """Return the latest value that is in force, or None where none is yet."""
        held = [given for given in series or () if self.has_begun(given)]
        return held[-1] if held else None

    def values(self, series: Series | None) -> list[DatedValue]:
        """Return each value that is in force on some of the days, in their order."""
        first = self.latest(series)
        later = [one for one in series or () if begins_within(one, self.first, self.last)]
        return [*([] if first is None else [first]), *later]

    def required(self, series: Series | None, path: str) -> DatedValue | None:
        """Return the value in force, or None where the document names none at all.

        Raises ``RuleRefused`` where it names values and none is in force yet: a price that
        has not begun is not a price of nothing.
        """
        problems = self.not_begun(series, path)
        if problems:
            raise RuleRefused(problems)
        return self.latest(series)

    def not_begun(self, series: Series | None, path: str) -> list[Problem]:
        """Return the problem of values of which none is in force yet; none where the document names none."""
        if not series or self.latest(series) is not None:
            return []
        day, first = self.first.isoformat(), series[0].from_.isoformat()
        nothing = '"0" where there is nothing before'
        unknown = (
            "" if must_be_printed((*path_of(path), 0)) else f", {NOT_PRINTED} where it is not known"
        )
        sentence = f"has no value on {day}; the first is from {first}: add one from {day} before it ({nothing}{unknown})"
        return [Problem(sentence, "not-in-force", place=path)]

    def later(self, series: Mapping[str, Series | None]) -> Later:
        """Return the problems of all values, by their paths, of which none is in force yet."""
        return tuple(one for path, held in series.items() for one in self.not_begun(held, path))

    def value(self, held: SeriesOrTable | None, path: str, unit: Unit) -> DocumentValue | None:
        """Return the value in force, or None where the document names none; refuse one not yet begun."""
        series, path, when = self.row_of(held, path)
        given = self.required(series, path)
        return None if given is None else DocumentValue(given, path, unit, when)

    def perhaps(self, held: SeriesOrTable | None, path: str, unit: Unit) -> DocumentValue | None:
        """Return the value in force, or None where none is yet."""
        series, path, when = self.row_of(held, path)
        given = self.latest(series)
        return None if given is None else DocumentValue(given, path, unit, when)

    def begun(
        self, held: SeriesOrTable | None, path: str, unit: Unit, since: DocumentValue
    ) -> list[DocumentValue]:
        """Return every value that has come into force, from the first day of another on, in their order."""
        series, path, when = self.row_of(held, path)
        return [
            DocumentValue(given, path, unit, when)
            for given in series or ()
            if (since.dated.from_ <= given.from_ or not given.source) and self.has_begun(given)
        ]

    def has_begun(self, given: DatedValue) -> bool:
        """Return whether a value has come into force."""
        return given.from_ <= self.first

    def is_past(self, last: date) -> bool:
        """Return whether something that has a last day is over."""
        return self.first > last


def lacks_row(value: SourcedValue) -> bool:
    """Return whether a value is in the place of one that a table does not have: it has no source."""
    return not value.is_printed and not value.source


def _no_value(day: date) -> DatedValue:
    """Return what is in the place of a value that a table does not have for a pupil: it is not known."""
    return DatedValue.model_construct(
        from_=day, value=NOT_PRINTED, source="", standing=Standing.proposed, note=NO_ROW_FITS
    )


def changes(parts: Iterable[object], first: date, last: date) -> list[date]:
    """Return the first day, and every later one to ``last`` on which a value of some parts of a document begins."""
    if first == last:
        return [first]
    values = (one for part in parts for _, one in dated_values(part))
    return [first, *sorted({one.from_ for one in values if begins_within(one, first, last)})]


def one_value(changes_on: date) -> str:
    """Return the sentence that refuses a change of a value that must be the same all year, with the way out."""
    return (
        f"changes within the year, on {changes_on.isoformat()}; it must be the same all year,"
        " unless the values of one day are asked for (on)"
    )


def begins_within(given: DatedValue, first: date, last: date) -> bool:
    """Return whether a value follows another one while a rule set applies, from ``first`` to ``last``."""
    return first < given.from_ <= last


def begins_after(given: DatedValue, last: date) -> bool:
    """Return whether a value begins only after the last day on which a rule set applies."""
    return given.from_ > last
