"""A table of cases valued: each expectation met or not, to the penny, with the working of what differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from engine.cases.expectation import Expectation, Found, Refused, expectation
from engine.cases.files import CaseTable
from engine.cases.headings import NOT_VALUED, headings_of, is_expectation, is_pair
from engine.cases.report import CaseReport, CaseResult
from engine.cases.subject import Choices, Subject, ValuedRow
from engine.errors import PairRefused, Problem, TableRefused
from engine.plausibility import Warnings
from engine.reading import unused_statements
from engine.reading.column_names import plain_spelling
from engine.reading.commissioners import ANYONE, LA, NO_ROW, unused_mappings
from engine.reading.report import refuse
from engine.reading.table_text import Unread
from engine.reading.text import as_text, is_textual
from engine.rows import Shape
from engine.rules import CompiledRules
from engine.tables.rows_apart import RowCounts

CASE = "case"
ABOUT = (CASE, "title", "source", "status", "note")
"""The columns of a table of cases that only readers use; the first names a case."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of cases taken apart: its inputs, what is expected by result, and the name of each row.

    ``problems`` are those of its columns and of the cells that could not be read, ``untyped`` the inputs that have
    some as a whole.
    """

    subject: Subject
    inputs: pl.DataFrame
    expected: Mapping[str, tuple[str, Sequence[str | None]]]
    names: Sequence[str | None]
    first_row: int
    problems: Sequence[Problem]
    untyped: Collection[str]
    unread: Collection[Unread]


@dataclass(frozen=True, slots=True)
class _Tried:
    """What rows come to, and the problems of those that are refused, by their position in the table.

    ``places`` are the positions of the rows that were valued together, by which ``warnings`` number them. Rows that
    are neither valued nor refused are set apart.
    """

    valued: Mapping[int, ValuedRow]
    refused: Mapping[int, Sequence[Problem]]
    places: Sequence[int] = ()
    notes: tuple[str, ...] = ()
    warnings: Warnings | None = None
    counts: RowCounts | None = None


def case_results(
    rules: CompiledRules, table: CaseTable, choices: Choices | None = None
) -> CaseReport:
    """Return what each row of a table of cases comes to under rules, beside what it expects.

    Raises ``TableRefused`` where no column says what is expected, for one that expects no result of the
    rules, and for cells that cannot be read as an expectation, with all that is wrong with the inputs;
    ``PairRefused`` where the rules do not value what the table is about. A row that cannot be valued is a result:
    it is refused.
    """
    parts = _parts(rules, table)
    choices = choices or Choices()
    shapes = parts.subject.shapes(rules)
    expected, problems = _expectations(parts, shapes)
    completed = parts.subject.completed(rules, parts.inputs, table.frame.height)
    unused = [
        *unused_statements(choices.habits, table.frame.columns),
        *unused_mappings(choices.commissioners, _codes(parts)),
    ]
    if not any(plain_spelling(one) == LA for one in parts.inputs.columns):
        choices = replace(choices, commissioners=ANYONE)
    try:
        tried = _valued(parts.subject, rules, completed, choices)
    except (TableRefused, PairRefused) as refusal:
        every = _every_problem(parts, expected, problems, refusal.problems)
        more = refusal.total - len(refusal.problems)
        is_of_table = any(one.rule != NOT_VALUED for one in problems)
        raise (TableRefused if is_of_table else type(refusal))(every, len(every) + more) from None
    if problems:
        of_rows = [one for held in tried.refused.values() for one in held]
        every = _every_problem(parts, expected, problems, of_rows)
        if is_pair(every):
            raise PairRefused(every)
        refuse(every)
    apart = table.frame.height - len(tried.valued) - len(tried.refused)
    results = [
        _result(parts, at, heading, name, one, tried.valued.get(at), tried.refused.get(at))
        for at, of_row in enumerate(expected)
        for heading, (name, one) in of_row.items()
        if at in tried.valued or at in tried.refused
    ]
    said = (*tried.notes, *_to_check(tried, table.first_row))
    notices = (*_additions(parts.inputs, completed), *said, *map(str, unused))
    what = parts.subject.one if table.frame.height == 1 else parts.subject.many
    return CaseReport(what, table.frame.height, tuple(results), notices, apart)


def table_reports(
    rules: CompiledRules, tables: Sequence[CaseTable], choices: Choices | None = None
) -> tuple[CaseReport, ...]:
    """Return the reports of the tables of a file; of several, those that expect nothing are counted and left out.

    Raises as ``case_results`` does, and so where no table expects anything.
    """
    named = [one for one in tables if any(is_expectation(name) for name in one.frame.columns)]
    reports: list[CaseReport] = []
    refusals: list[TableRefused | PairRefused] = []
    for one in named or tables[:1]:
        try:
            reports.append(case_results(rules, one, choices))
        except (TableRefused, PairRefused) as refusal:
            refusals.append(refusal)
    if refusals:
        raise _of_tables(refusals)
    left = len(tables) - len(reports)
    if left:
        said = f"{left} table{'' if left == 1 else 's'} of the file without an expected result left out"
        reports[0] = replace(reports[0], notices=(said, *reports[0].notices))
    return tuple(reports)


def _of_tables(refusals: Sequence[TableRefused | PairRefused]) -> TableRefused | PairRefused:
    """Return one refusal with the problems of all: their rows are those of one file."""
    if len(refusals) == 1:
        return refusals[0]
    problems = [one for refusal in refusals for one in refusal.problems]
    kind = next((type(one) for one in refusals if isinstance(one, TableRefused)), PairRefused)
    return kind(problems, sum(one.total for one in refusals))


def _parts(rules: CompiledRules, table: CaseTable) -> _Table:
    frame, problems = as_text(table.frame)
    untyped = {name for name, held in table.frame.schema.items() if not is_textual(held)}
    untyped |= table.untyped
    headings = headings_of(rules, frame.columns)
    subject = headings.subject
    expected = {one: (name, frame[one].to_list()) for one, name in headings.results.items()}
    problems = [*table.problems, *problems, *headings.problems]
    about = {*ABOUT} - subject.inputs(rules)
    plain = {one: one.strip().casefold() for one in frame.columns}
    inputs = frame.select(
        # A column without a type that can be read is one of bytes, of which no cell is looked at.
        pl.lit(None, pl.Binary).alias(one) if one in untyped else one
        for one in plain
        if one not in {*expected, *headings.wrong} and plain[one] not in about
    )
    names = next(
        (frame[one].to_list() for one in plain if plain[one] == CASE), [None] * frame.height
    )
    if not frame.height:
        raise TableRefused([*problems, Problem("has no rows below the column names", "no-rows")])
    expected = {one: held for one, held in expected.items() if one not in untyped}
    return _Table(
        subject, inputs, expected, names, table.first_row, problems, untyped, table.unread
    )


def _codes(parts: _Table) -> Collection[str]:
    """Return the codes of authorities that rows of a table have."""
    if LA not in parts.inputs.columns or LA in parts.untyped:
        return ()
    return {cell.strip() for cell in parts.inputs[LA] if cell is not None}


def _expectations(
    parts: _Table, shapes: Mapping[str, Shape]
) -> tuple[list[dict[str, tuple[str, Expectation]]], list[Problem]]:
    """Return what each row expects by heading, and the table's problems with every cell that cannot be read."""
    found: list[dict[str, tuple[str, Expectation]]] = [{} for _ in parts.names]
    problems = list(parts.problems)
    for heading, (name, cells) in parts.expected.items():
        for at, cell in enumerate(cells):
            if cell is None or not cell.strip() or _is_aside(parts, parts.first_row + at, heading):
                continue
            try:
                found[at][heading] = name, expectation(cell, shapes[name])
            except ValueError as error:
                row = parts.first_row + at
                problems.append(Problem(str(error), "expectation", column=heading, row=row))
    return found, problems


def _is_aside(parts: _Table, row: int | None, column: str | None) -> bool:
    """Return whether a cell, its row or its column has a problem already, of which it may have others."""
    if column in parts.untyped:
        return True
    return row is not None and not {(row, None), (row, column)}.isdisjoint(parts.unread)


def _every_problem(
    parts: _Table,
    expected: Sequence[Mapping[str, tuple[str, Expectation]]],
    problems: Sequence[Problem],
    of_inputs: Sequence[Problem],
) -> list[Problem]:
    """Return the problems of a table with those of its inputs, each once, by row.

    ``of_inputs`` number rows by their position. A row that expects a refusal has no problem by being refused.
    """
    expects = [any(one.rule is not None for _, one in held.values()) for held in expected]
    found = [
        one if one.row is None else replace(one, row=parts.first_row + one.row)
        for one in of_inputs
        if one.row is None or not expects[one.row]
    ]
    more = [one for one in found if not _is_aside(parts, one.row, one.column)]
    return sorted([*problems, *more], key=lambda one: one.row or 0)


def _to_check(tried: _Tried, first_row: int) -> tuple[str, ...]:
    """Return whose rows are set apart, and what may be wrong with the figures of the others, by row of the table."""
    counts, warnings = tried.counts, tried.warnings
    apart = [] if counts is None or not counts.apart else [counts.sentence]
    if warnings is None:
        return tuple(apart)
    rows = np.array([first_row + tried.places[at] for at in warnings.rows.tolist()], np.int64)
    return (*apart, *(f"check: {one}" for one in replace(warnings, rows=rows).lines()))


def _valued(
    subject: Subject, rules: CompiledRules, frame: pl.DataFrame, choices: Choices
) -> _Tried:
    """Return what rows come to and the problems of those that are refused, by their position.

    All are valued together; where some are refused, the others are valued again without them.
    """
    refused: dict[int, list[Problem]] = {}
    left = list(range(frame.height))
    while left:
        try:
            valued = subject.value(rules, frame[left], choices)
        except (TableRefused, PairRefused) as refusal:
            if refused and {one.rule for one in refusal.problems} == {NO_ROW}:
                return _Tried({}, refused, notes=tuple(one.sentence for one in refusal.problems))
            if any(one.row is None for one in refusal.problems):
                raise _of_table(refusal, left, refused) from None
            for one in refusal.problems:
                at = left[one.row or 0]
                refused.setdefault(at, []).append(replace(one, row=at))
            left = [at for at in left if at not in refused]
        else:
            rows = {left[at]: one for at, one in valued.rows.items()}
            return _Tried(rows, refused, left, valued.notes, valued.warnings, valued.counts)
    return _Tried({}, refused)


def _of_table(
    refusal: TableRefused | PairRefused, left: Sequence[int], refused: Mapping[int, list[Problem]]
) -> TableRefused | PairRefused:
    """Return a refusal of the rows that are left with those of the others, by their position in the table."""
    own = [one if one.row is None else replace(one, row=left[one.row]) for one in refusal.problems]
    others = [one for held in refused.values() for one in held]
    return type(refusal)([*own, *others], refusal.total + len(others))


def _result(
    parts: _Table,
    at: int,
    heading: str,
    name: str,
    expected: Expectation,
    valued: ValuedRow | None,
    problems: Sequence[Problem] | None,
) -> CaseResult:
    """Return the result of an expectation, with its working where it differs."""
    found = _refusal(problems or ()) if valued is None else _known(parts, at, name, valued)
    result = CaseResult(
        parts.first_row + at, parts.names[at] or None, heading, expected.shape, expected, found
    )
    if result.is_as_expected or valued is None:
        return result
    line = name.partition("_")[2].removeprefix("sen_")
    return replace(result, workings=valued.workings.of(line))


def _refusal(problems: Sequence[Problem]) -> Refused:
    rules = tuple(dict.fromkeys(one.rule for one in problems))
    return Refused(rules, tuple(str(replace(one, row=None)) for one in problems))


def _known(parts: _Table, at: int, name: str, valued: ValuedRow) -> Found:
    """Return a result; a sum that leaves parts out is not known unless the row expects how many they are."""
    counter = parts.subject.not_known.get(name)
    if counter is None or not valued.results.get(counter):
        return valued.results.get(name)
    expected = [held[at] for one, held in parts.expected.values() if one == counter]
    return valued.results.get(name) if any(expected) else None


def _additions(inputs: pl.DataFrame, completed: pl.DataFrame) -> tuple[str, ...]:
    """Return what was read into columns that the table leaves out."""
    added = (name for name in completed.columns if name not in {*inputs.columns, *_KEYS})
    said = [f"{name} as {completed[name][0] or 'not supplied'}" for name in added]
    return (f"not in the table, so read: {', '.join(said)}",) if said else ()


_KEYS = {"pupil_key", "urn"}
"""Columns that only tell rows apart where a table leaves them out."""
