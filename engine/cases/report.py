"""What came of a table of cases: each expectation beside what was found, counted, and as rows of a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.cases.expectation import Expectation, Found, Refused, text_of
from engine.explain import Working
from engine.rows import Rows, Shape


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
    """The results of a table of cases, row by row; ``what`` its rows are, ``notices`` what is to be noted of it.

    Of the ``set_apart`` rows, of another authority than the rules', there are no results.
    """

    what: str
    cases: int
    results: tuple[CaseResult, ...]
    notices: tuple[str, ...] = ()
    set_apart: int = 0

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
        return self.cases - len({one.row for one in self.results}) - self.set_apart

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows there are, and of these as expected, different, without an expectation, and set apart."""
        return {
            "cases": self.cases,
            "as_expected": self.cases_as_expected,
            "different": self.cases_different,
            "nothing_expected": self.cases_without,
            "set_apart": self.set_apart,
        }

    @property
    def summary(self) -> str:
        """Return the counts in a sentence; they add to the number of rows."""
        without = f", {self.cases_without:,} expect nothing" if self.cases_without else ""
        apart = f", {self.set_apart:,} set apart" if self.set_apart else ""
        return (
            f"{self.cases:,} {self.what}: {self.cases_as_expected:,} as expected, "
            f"{self.cases_different:,} different{without}{apart}"
        )


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
