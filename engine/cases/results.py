"""A table of cases valued: each expectation met or not, to the penny, with the working of what differs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from engine.cases.expectation import Expectation, Found, Refused, expectation, text_of
from engine.cases.files import CaseTable
from engine.cases.subject import PREFIX, Choices, Subject, ValuedRow
from engine.cases.subjects import SUBJECTS
from engine.errors import PairRefused, Problem, TableRefused
from engine.explain import Working
from engine.reading import unused_statements
from engine.reading.report import refuse
from engine.reading.text import as_text
from engine.rows import Rows, Shape
from engine.rules import CompiledRules
from engine.table_checks import heading as shown_heading
from engine.table_checks import plain_name
from engine.wording import nearest

CASE = "case"
ABOUT = (CASE, "title", "source", "status", "note")
"""The columns of a table of cases that only readers use; the first names a case."""

_FORMS = (
    "no column says what is expected; head one paid, budget, notional_sen, extra, deduction or block, "
    "or expected_ and the name of a result, such as expected_band"
)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One expectation of one row: what is expected, what was found, and the working where they differ.

    ``case`` is the name that the table gives, ``heading`` that of the column. ``difference`` is what
    was found above what is expected, where both are figures.
    """

    row: int
    case: str | None
    heading: str
    shape: Shape
    expectation: Expectation
    found: Found | Refused
    workings: tuple[Working, ...] = ()

    @property
    def is_as_expected(self) -> bool:
        """Return whether the result is the one that is expected."""
        return self.expectation.is_met_by(self.found)

    @property
    def expected_text(self) -> str:
        """Return what is expected, as results are written."""
        return str(self.expectation)

    @property
    def found_text(self) -> str:
        """Return what was found, as results are written."""
        return text_of(self.found, self.shape)

    @property
    def difference_text(self) -> str | None:
        """Return how much more was found than is expected, None where one of them is no figure."""
        difference = self.expectation.difference(self.found)
        return None if difference is None else text_of(difference, self.shape)

    @property
    def sentence(self) -> str:
        """Return the result in a sentence that names the case by its row."""
        name = f"row {self.row}" + (f", {self.case}" if self.case else "")
        said = f"{name}: {self.heading} is {self.found_text}"
        if self.is_as_expected:
            return f"{said}, as expected"
        return f"{said}; {self.expected_text} is expected" + self._by_how_much

    @property
    def _by_how_much(self) -> str:
        difference = self.expectation.difference(self.found)
        if not difference:
            return ""
        side = "more" if difference > 0 else "less"
        return f" ({text_of(abs(difference), self.shape)} {side})"


@dataclass(frozen=True, slots=True)
class CaseReport:
    """The results of a table of cases, row by row; ``what`` its rows are, ``notices`` what was read into it."""

    what: str
    cases: int
    results: tuple[CaseResult, ...]
    notices: tuple[str, ...] = ()

    @property
    def different(self) -> tuple[CaseResult, ...]:
        """Return the results that are not as expected."""
        return tuple(one for one in self.results if not one.is_as_expected)

    @property
    def cases_different(self) -> int:
        """Return how many rows have a result that is not as expected."""
        return len({one.row for one in self.different})

    @property
    def cases_as_expected(self) -> int:
        """Return how many rows expect something and come to all of it."""
        return len({one.row for one in self.results}) - self.cases_different

    @property
    def cases_without(self) -> int:
        """Return how many rows expect nothing."""
        return self.cases - len({one.row for one in self.results})

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows there are, and of these as expected, different, and without an expectation."""
        return {
            "cases": self.cases,
            "as_expected": self.cases_as_expected,
            "different": self.cases_different,
            "nothing_expected": self.cases_without,
        }

    @property
    def summary(self) -> str:
        """Return the counts in a sentence; they add to the number of rows."""
        without = f", {self.cases_without:,} expect nothing" if self.cases_without else ""
        return (
            f"{self.cases:,} {self.what}: {self.cases_as_expected:,} as expected, "
            f"{self.cases_different:,} different{without}"
        )


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of cases taken apart: its inputs, what is expected by result, and the name of each row."""

    subject: Subject
    inputs: pl.DataFrame
    expected: Mapping[str, tuple[str, Sequence[str | None]]]
    names: Sequence[str | None]
    first_row: int


def case_results(
    rules: CompiledRules, table: CaseTable, choices: Choices | None = None
) -> CaseReport:
    """Return what each row of a table of cases comes to under rules, beside what it expects.

    Raises ``TableRefused`` where no column says what is expected, for one that expects no result of the
    rules, and for cells that cannot be read as an expectation; ``PairRefused`` where the rules do not value
    what the table is about. A row that cannot be valued is a result: it is refused.
    """
    parts = _parts(rules, table)
    choices = choices or Choices()
    shapes = parts.subject.shapes(rules)
    expected = _expectations(parts, shapes)
    completed = parts.subject.completed(rules, parts.inputs, table.frame.height)
    valued, refused, notes = _valued(parts.subject, rules, completed, choices)
    results = [
        _result(parts, at, heading, name, one, valued.get(at), refused.get(at))
        for at, of_row in enumerate(expected)
        for heading, (name, one) in of_row.items()
    ]
    unused = map(str, unused_statements(choices.habits, table.frame.columns))
    notices = (*_additions(parts.inputs, completed), *notes, *unused)
    what = parts.subject.one if table.frame.height == 1 else parts.subject.many
    return CaseReport(what, table.frame.height, tuple(results), notices)


def table_reports(
    rules: CompiledRules, tables: Sequence[CaseTable], choices: Choices | None = None
) -> tuple[CaseReport, ...]:
    """Return the reports of the tables of a file; of several, those that expect nothing are counted and left out.

    Raises as ``case_results`` does, and so where no table expects anything.
    """
    named = [one for one in tables if any(_is_expectation(name) for name in one.frame.columns)]
    reports = [case_results(rules, one, choices) for one in named or tables[:1]]
    left = len(tables) - len(reports)
    if left:
        said = f"{left} table{'' if left == 1 else 's'} of the file without an expected result left out"
        reports[0] = replace(reports[0], notices=(said, *reports[0].notices))
    return tuple(reports)


def _is_expectation(heading: str) -> bool:
    return heading.startswith(PREFIX) or any(heading in one.short for one in SUBJECTS)


def _subject(rules: CompiledRules, headings: Sequence[str]) -> Subject | None:
    """Return what a table is about: of all whose results are what it expects, the one that most of its columns belong to."""
    fitting: list[Subject] = []
    for subject in SUBJECTS:
        if not subject.is_of(rules):
            continue
        found = {heading: subject.result(rules, heading) for heading in headings}
        names = [name for name in found.values() if name is not None]
        others = {short for one in SUBJECTS for short in one.short} - {*subject.short}
        left = (others & {*headings}) - subject.inputs(rules)
        if names and not left and set(names) <= subject.shapes(rules).keys():
            fitting.append(subject)
    return max(fitting, key=lambda one: len({*headings} & one.inputs(rules)), default=None)


def _parts(rules: CompiledRules, table: CaseTable) -> _Table:
    frame, problems = as_text(table.frame)
    refuse(problems)
    subject = _subject(rules, frame.columns)
    if subject is None:
        raise _no_subject(rules, frame.columns)
    expected = {
        heading: (name, frame[heading].to_list())
        for heading in frame.columns
        if (name := subject.result(rules, heading)) is not None
    }
    wrong = _misspelt(frame.columns, _expected_names(rules, [subject]))
    refuse(wrong)
    about = {*ABOUT} - subject.inputs(rules)
    plain = {one: one.strip().casefold() for one in frame.columns}
    inputs = frame.select(one for one in plain if one not in expected and plain[one] not in about)
    names = next(
        (frame[one].to_list() for one in plain if plain[one] == CASE), [None] * frame.height
    )
    if not frame.height:
        raise TableRefused([Problem("has no rows below the column names", "no-rows")])
    return _Table(subject, inputs, expected, names, table.first_row)


def _no_subject(rules: CompiledRules, headings: Sequence[str]) -> TableRefused | PairRefused:
    """Return why a table is about nothing that the rules value."""
    valued = [one for one in SUBJECTS if one.is_of(rules)]
    short = {heading for one in SUBJECTS for heading in one.short}
    known = _expected_names(rules, valued)
    ours = {name for one in valued for name in one.completed(rules, pl.DataFrame(), 0).columns}
    named = [one for one in headings if one in short or one.startswith(PREFIX)]
    if not named:
        return TableRefused(
            _misspelt(headings, short | known | ours) or [Problem(_FORMS, "nothing-expected")]
        )
    problems = [
        Problem(
            "is no result of these rules" + _hint(heading, known),
            "unknown-result",
            column=plain_name(heading),
        )
        for heading in named
        if heading.startswith(PREFIX) and heading not in known
    ]
    if problems:
        return TableRefused(problems)
    kinds = " and ".join(one.many for one in valued) or "nothing"
    sentence = f"these rules value {kinds}, and no table of them expects {', '.join(named)}"
    return PairRefused([Problem(sentence, "not-valued")])


def _misspelt(headings: Sequence[str], known: set[str]) -> list[Problem]:
    """Return the headings that differ from an expectation in capitals, blanks and hyphens alone, with what is meant."""
    plain = {one: "_".join(re.findall(r"[^\W_]+", one.casefold())) for one in headings}
    return [
        Problem(
            f"unknown column; did you mean {name}?", "column-spelling", column=shown_heading(one)
        )
        for one, name in plain.items()
        if name in known and one != name
    ]


def _expected_names(rules: CompiledRules, subjects: Sequence[Subject]) -> set[str]:
    """Return the headings of all results that a table about any of the subjects may expect."""
    short = {heading for one in subjects for heading in one.short}
    return short | {f"{PREFIX}{name}" for one in subjects for name in one.shapes(rules)}


def _hint(heading: str, known: set[str]) -> str:
    near = nearest(heading, sorted(known))
    return f"; did you mean {near}?" if near else ""


def _expectations(
    parts: _Table, shapes: Mapping[str, Shape]
) -> list[dict[str, tuple[str, Expectation]]]:
    """Return what each row expects by heading; raises ``TableRefused`` with every cell that cannot be read."""
    found: list[dict[str, tuple[str, Expectation]]] = [{} for _ in parts.names]
    problems: list[Problem] = []
    for heading, (name, cells) in parts.expected.items():
        for at, cell in enumerate(cells):
            if cell is None or not cell.strip():
                continue
            try:
                found[at][heading] = name, expectation(cell, shapes[name])
            except ValueError as error:
                row = parts.first_row + at
                problems.append(Problem(str(error), "expectation", column=heading, row=row))
    refuse(sorted(problems, key=lambda one: one.row or 0))
    return found


def _valued(
    subject: Subject, rules: CompiledRules, frame: pl.DataFrame, choices: Choices
) -> tuple[dict[int, ValuedRow], dict[int, list[Problem]], tuple[str, ...]]:
    """Return what rows come to, the problems of those that are refused, by their position, and notes.

    All are valued together; where some are refused, the others are valued again without them.
    """
    refused: dict[int, list[Problem]] = {}
    left = list(range(frame.height))
    while left:
        try:
            valued = subject.value(rules, frame[left], choices)
        except (TableRefused, PairRefused) as refusal:
            if any(one.row is None for one in refusal.problems):
                raise
            for one in refusal.problems:
                refused.setdefault(left[one.row or 0], []).append(one)
            left = [at for at in left if at not in refused]
        else:
            return dict(zip(left, valued.rows, strict=True)), refused, valued.notes
    return {}, refused, ()


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


def result_rows(reports: Mapping[str, Sequence[CaseReport]]) -> Rows:
    """Return one row an expectation, with the name of the file of its case."""
    shapes = {
        "file": Shape.text, "row": Shape.whole, "case": Shape.text, "column": Shape.text,
        "expected": Shape.figure, "found": Shape.figure, "difference": Shape.figure,
        "as_expected": Shape.text, "why": Shape.text,
    }  # fmt: skip
    return Rows.of_records("cases", shapes, list(_records(reports)))


def _records(
    reports: Mapping[str, Sequence[CaseReport]],
) -> Iterator[dict[str, str | int | None]]:
    for file, of_file in reports.items():
        for one in (result for report in of_file for result in report.results):
            why = one.found.sentences if isinstance(one.found, Refused) else ()
            yield {
                "file": file,
                "row": one.row,
                "case": one.case,
                "column": one.heading,
                "expected": one.expected_text,
                "found": one.found_text,
                "difference": one.difference_text,
                "as_expected": "yes" if one.is_as_expected else "no",
                "why": "; ".join(why) or None,
            }
