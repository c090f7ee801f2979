"""A statement that was copied as text, read row by row: which line each is of, what its figures are, what was not read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.letters.figure_meanings import (
    Figure,
    LineFacts,
    Meaning,
    Meanings,
    Reason,
    by_itself,
    by_products,
    fits_sign,
)
from engine.letters.label_words import LabelKind, label_words, named, plain_words
from engine.letters.pasted_cells import Cell, CellRow, is_cut, pasted_rows
from engine.letters.statement_lines import (
    PART_OF_IT,
    SUBTOTAL,
    TWICE,
    LineName,
    Section,
    StatementLabels,
)
from engine.rules.compiled import CompiledFormula
from engine.vocabulary import SchoolPhase

LEFT_OUT = "none"
"""The choice of a person that a row is of no line."""

CHOSEN_OUT = "You chose to leave it out."
LEAST_HEADINGS = 2
_COUNTED = (Meaning.units, Meaning.share)
Place = tuple[int, int]
"""A column of comparable rows: the form of the rows, and the column."""

Columns = Mapping[Place, Meaning]
Choices = Mapping[str, str]
"""What a person settled: ``{"row_3": "fsm_primary"}`` for the line of a row, ``{"figure_3_1": "units"}`` for a figure
by its row and column."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row of a statement: its line or total with its figures, or why it is neither.

    ``total`` is ``notional`` or ``formula``; ``why_not`` the reason for which the row is not read, None where it is.
    """

    row: CellRow
    line: LineName | None = None
    total: str | None = None
    figures: tuple[Figure, ...] = ()
    why_not: str | None = None

    @property
    def number(self) -> int:
        """Return the row's number in the text, from 1."""
        return self.row.number

    @property
    def label(self) -> str:
        """Return the words of the row."""
        return self.row.label or self.row.text

    @property
    def is_subtotal(self) -> bool:
        """Return whether the row is not read because it is a total of other rows."""
        return self.why_not == SUBTOTAL

    def value(self, meaning: Meaning) -> Decimal | None:
        """Return a figure of the row, None where it prints none, or prints it twice otherwise."""
        found = {one.value for one in self.figures if one.meaning is meaning}
        return found.pop() if len(found) == 1 else None

    @property
    def doubts(self) -> tuple[Figure, ...]:
        """Return the figures that a person is asked about."""
        return tuple(one for one in self.figures if one.is_doubtful)


@dataclass(frozen=True, slots=True)
class Statement:
    """What was read of a statement: rows of lines and totals, rows that are not read, and headings.

    ``is_cut`` where the text had more rows than are read.
    """

    rows: tuple[StatementRow, ...]
    headings: tuple[CellRow, ...]
    is_cut: bool

    @property
    def lines(self) -> tuple[StatementRow, ...]:
        """Return the rows that are of a line or an adjustment."""
        return tuple(one for one in self.rows if one.line is not None and one.why_not is None)

    @property
    def not_read(self) -> tuple[StatementRow, ...]:
        """Return the rows with figures of which nothing is used, each with the reason."""
        return tuple(one for one in self.rows if one.why_not is not None)

    @property
    def doubts(self) -> tuple[StatementRow, ...]:
        """Return the rows that a person is asked about."""
        return tuple(one for one in self.lines if one.doubts)

    def total(self, name: str) -> Decimal | None:
        """Return a total that the statement prints: ``notional`` or ``formula``, in pounds; None where it prints none.

        A row of its own comes before the column of notional pounds in the row of the formula's total.
        """
        places = [(name, Meaning.pounds)]
        places += [("formula", Meaning.notional)] if name == "notional" else []
        for row, meaning in places:
            found = {
                value
                for one in self.rows
                if one.total == row and (value := one.value(meaning)) is not None
            }
            if found:
                return found.pop() if len(found) == 1 else None
        return None


def read_statement(
    text: str, formula: CompiledFormula, phase: SchoolPhase, choices: Choices | None = None
) -> Statement:
    """Return what a text that was copied from a statement says of a school of a phase.

    Every row with a figure is among the rows: one that is not read says why, and none is dropped. ``choices`` are what a
    person settled of rows and figures; they come before anything that is worked out.
    """
    reader = _Reader(StatementLabels(formula, phase), choices or {})
    rows = pasted_rows(text)
    found = tuple(reader.rows(rows))
    return Statement(found, tuple(reader.headings), is_cut(text))


class _Reader:
    """Reads rows from the first to the last: what a heading says holds for the rows below it."""

    def __init__(self, labels: StatementLabels, choices: Choices) -> None:
        self.labels, self.choices = labels, choices
        self.headings: list[CellRow] = []
        self._section = Section()
        self._sections: dict[int, Section] = {}
        self._columns: Columns = {}
        self._proved: Columns = {}
        self._met: dict[str, set[Meaning]] = {}

    def rows(self, rows: Sequence[CellRow]) -> Iterator[StatementRow]:
        """Yield the rows with figures, and those of lines that print none."""
        begun = [(row, dict(self._columns)) for row in rows for _ in self._take(row)]
        named_rows = [(self._name(row), columns) for row, columns in begun]
        first = [self._with_figures(one, columns, {}) for one, columns in named_rows]
        of_pupils = [one for one in first if one.line is not None and not _facts(one).is_amount]
        sure = [[figure for figure in one.figures if not figure.is_doubtful] for one in of_pupils]
        votes = _column_votes(zip(of_pupils, sure, strict=True))
        multiplied = [[one for one in those if one.reason is Reason.product] for those in sure]
        self._proved = _column_votes(zip(of_pupils, multiplied, strict=True))
        for one, columns in named_rows:
            yield self._once(self._with_figures(one, columns, votes))

    def _take(self, row: CellRow) -> Iterator[None]:
        """Yield once for a row that is to be read; keep what a heading says."""
        if row.figures:
            self._sections[row.number] = self._section
            yield
            return
        self.headings.append(row)
        columns = _heading(row)
        if columns:
            self._columns = columns
        first = CellRow(row.number, row.words[:1])
        if not columns or row.words[0].column not in {column for _, column in columns}:
            self._section = self.labels.section(first if columns else row, self._section)

    def _name(self, row: CellRow) -> StatementRow:
        """Return a row with its line or its total, as a person chose or as its label says."""
        choice = self.choices.get(f"row_{row.number}")
        if choice == LEFT_OUT:
            return StatementRow(row, why_not=CHOSEN_OUT)
        if choice in {"notional", "formula"}:
            return StatementRow(row, total=choice)
        if choice and (chosen := self.labels.by_name(choice)) is not None:
            return StatementRow(row, chosen)
        total = self.labels.total(row)
        if total == "subtotal":
            return StatementRow(row, why_not=SUBTOTAL)
        if total is not None:
            return StatementRow(row, total=total)
        line = self.labels.line_of(row, self._sections.get(row.number, Section()))
        return StatementRow(row, why_not=line) if isinstance(line, str) else StatementRow(row, line)

    def _with_figures(self, one: StatementRow, columns: Columns, votes: Columns) -> StatementRow:
        if one.why_not is not None:
            return one
        cells = one.row.figures
        if one.total is not None:
            return replace(one, figures=tuple(self._total_figures(one, cells, columns)))
        products = by_products(cells, _facts(one))
        by_heading, by_column = _headed(one.row, columns), _headed(one.row, votes)
        figures = (self._figure(one, cell, products, by_heading, by_column) for cell in cells)
        found = replace(one, figures=tuple(figures))
        return replace(found, figures=tuple(_within_row(found)))

    def _figure(
        self,
        one: StatementRow,
        cell: Cell,
        products: Meanings,
        by_heading: Mapping[int, Meaning],
        by_column: Mapping[int, Meaning],
    ) -> Figure:
        """Return what a figure is: as a person said, by products, its heading, its column, or by itself."""
        chosen = self.choices.get(f"figure_{one.number}_{cell.column}", "")
        if chosen in Meaning.__members__:
            return Figure(cell, Meaning(chosen), Reason.person)
        if cell.column in products:
            return Figure(cell, *products[cell.column])
        facts = _facts(one)
        if cell.column in by_heading:
            meaning = by_heading[cell.column]
            # A lump sum is one unit, and the column of pupils has all pupils.
            is_of_others = facts.is_amount and meaning in {Meaning.units, Meaning.share}
            return Figure(cell, Meaning.aside if is_of_others else meaning, Reason.heading)
        proved = self._proved.get((one.row.form, cell.column))
        is_counted = any(meaning in _COUNTED for meaning, _ in products.values())
        has_none = not is_counted and any(not each.number for each in one.row.figures)
        if has_none and proved is not None and fits_sign(proved, cell):
            # A row of no pupils proves nothing: its figures are what those of their columns are that multiply.
            return Figure(cell, proved, Reason.column)
        alone, reason = by_itself(cell, facts)
        if is_counted and not cell.sign:
            # The figures that are read multiply to each other, and this one has no part in it.
            return Figure(cell, Meaning.aside, Reason.product)
        if reason is not Reason.guess:
            return Figure(cell, alone, reason)
        if cell.column in by_column and not facts.is_amount:
            return Figure(cell, by_column[cell.column], Reason.column)
        return Figure(cell, alone, reason)

    def _total_figures(
        self, one: StatementRow, cells: Sequence[Cell], columns: Columns
    ) -> Iterator[Figure]:
        """Yield the pounds of a total: those under their heading, else the last figure that is no percentage.

        The row of the formula's total may print the notional SEN too, under its own heading.
        """
        headed = _headed(one.row, columns)
        wanted = Meaning.notional if one.total == "notional" else Meaning.pounds
        under = [cell for cell in cells if headed.get(cell.column) is wanted]
        pounds = [cell for cell in cells if cell.sign != "%"]
        for cell in cells:
            is_it = cell in (under or pounds)[-1:]
            meaning = Meaning.pounds if is_it else Meaning.aside
            if under and not is_it and headed.get(cell.column) is Meaning.notional:
                meaning = Meaning.notional
            yield Figure(cell, meaning, Reason.heading)

    def _once(self, one: StatementRow) -> StatementRow:
        """Return a row, or that an earlier one says the same of its line already."""
        if one.line is None or one.why_not is not None:
            return one
        says = {figure.meaning for figure in one.figures} - {Meaning.aside}
        # A row of several lines together says again what rows of one of them say.
        names = {one.line.name, *(line.name for line in one.line.members)}
        if any(self._met.get(name, set()) & says for name in names):
            return replace(one, why_not=TWICE if one.line.name in self._met else PART_OF_IT)
        for name in names:
            self._met.setdefault(name, set()).update(says)
        return one


def _facts(one: StatementRow) -> LineFacts:
    return LineFacts() if one.line is None else one.line.facts


def _heading(row: CellRow) -> dict[Place, Meaning]:
    """Return what the columns below a row of headings hold; nothing where it is no such row."""
    words = label_words(LabelKind.column)
    found = {
        (row.form, cell.column): Meaning(match[1])
        for cell in row.words
        if (match := named(plain_words(cell.text), words)) is not None
    }
    return found if len(found) >= LEAST_HEADINGS else {}


def _headed(row: CellRow, columns: Columns) -> dict[int, Meaning]:
    """Return the headings of a row's figures."""
    places = {one.column: (row.form, one.column) for one in row.figures}
    return {column: columns[place] for column, place in places.items() if place in columns}


def _column_votes(rows: Iterable[tuple[StatementRow, Sequence[Figure]]]) -> Columns:
    """Return what each column holds in the rows whose figures decide it, where they agree."""
    votes: dict[Place, set[Meaning]] = {}
    for row, found in rows:
        for one in found:
            votes.setdefault((row.row.form, one.cell.column), set()).add(one.meaning)
    return {place: next(iter(meanings)) for place, meanings in votes.items() if len(meanings) == 1}


def _within_row(one: StatementRow) -> Iterator[Figure]:
    """Yield the figures of a row, each as the others of the row let it be."""
    meanings = [figure.meaning for figure in one.figures]
    facts = _facts(one)
    for figure in one.figures:
        meaning = figure.meaning
        if Meaning.share in meanings and meaning is Meaning.units:
            meaning = Meaning.units if facts.counts_all else Meaning.of_phase
        if meaning is Meaning.share and facts.counts_all and Meaning.units in meanings:
            meaning = Meaning.aside
        if facts.is_amount and meaning is Meaning.unit_value and Meaning.pounds not in meanings:
            meaning = Meaning.pounds
        yield replace(figure, meaning=meaning)
