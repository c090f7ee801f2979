"""Everything the engine refuses on purpose.

Refusal
├── RuleRefused    a rule document cannot be used: names the place and the line
│   ├── OverrideRefused   a value cannot be tried in it: names the path as it was typed
│   └── CandidatesRefused   a document of candidates cannot be used: names the place and the line
├── TableRefused   data cannot be used: names row, column and reason, never a pupil's value
├── FileRefused    a file cannot be read once and named by its digest
└── PairRefused    the rules and the data do not fit each other
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

MOST_LINES = 20
FEW = 3
"""Rows with one cause that have a line each; more have one line together, with the first of them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a refusal: where it is and what would be right.

    ``row`` is the row of the file as a spreadsheet numbers it (the header is row 1),
    ``line`` the line of a document, ``place`` the path of a value in a document.
    """

    sentence: str
    rule: str
    column: str | None = None
    row: int | None = None
    place: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """Return the place and the sentence as one line."""
        where = [
            f"line {self.line}" if self.line is not None else "",
            f"row {self.row}" if self.row is not None else "",
            self.place or self.column or "",
        ]
        return ": ".join([*[part for part in where if part], self.sentence])


class Refusal(Exception):
    """Something that cannot be used, with every problem found in it."""

    kind = "refused"
    title = "This cannot be used"
    parts: "tuple[Refusal | OSError, ...]" = ()
    """The refusals of which this one has all problems; none where it is a single one."""

    def __init__(
        self, problems: tuple[Problem, ...] | list[Problem], total: int | None = None
    ) -> None:
        """Keep the problems; ``total`` counts them all where only the first are listed."""
        self.problems = tuple(problems)
        self.total = len(self.problems) if total is None else total
        super().__init__(self.text())

    def text(self) -> str:
        """Return the first problems as lines, then how many more there are."""
        return "\n".join(self.lines(MOST_LINES))

    def lines(self, most: int) -> list[str]:
        """Return at most so many lines of problems, one for a cause that many rows have, and the number left out."""
        causes = causes_of(self.problems)
        shown = causes[:most]
        more = self.total - sum(map(len, shown))
        least = "at least " if self.total > len(self.problems) else ""
        return [
            *(_line(cause, least) for cause in shown),
            *([f"and {more} more"] if more > 0 else []),
        ]


def causes_of(problems: Sequence[Problem]) -> list[list[Problem]]:
    """Return problems by their cause: what differs in nothing but the row is one, where more than a few rows have it."""
    found: dict[Problem, list[Problem]] = {}
    for problem in problems:
        found.setdefault(replace(problem, row=None), []).append(problem)
    alone = [[one] for those in found.values() if len(those) <= FEW for one in those]
    many = [those for those in found.values() if len(those) > FEW]
    first = {id(problem): at for at, problem in enumerate(problems)}
    return sorted([*alone, *many], key=lambda those: first[id(those[0])])


def _line(cause: Sequence[Problem], least: str) -> str:
    """Return the line of one problem, or of a cause with its first rows and how many have it."""
    if len(cause) == 1 or cause[0].row is None:
        return str(cause[0])
    named = ", ".join(str(problem.row) for problem in cause[:FEW])
    return f"{least}{len(cause)} rows ({named}, …): {replace(cause[0], row=None)}"


class RuleRefused(Refusal):
    """A rule document cannot be used."""

    kind = "rules-refused"
    title = "The rule document cannot be used"


class OverrideRefused(RuleRefused):
    """A value cannot be tried in a rule document, which is itself as it should be."""

    kind = "override-refused"
    title = "The values cannot be tried"


class CandidatesRefused(RuleRefused):
    """A document of candidates cannot be used, or what it asks for is too much."""

    title = "The document of candidates cannot be used"


class TableRefused(Refusal):
    """A table of pupils or schools cannot be used."""

    kind = "table-refused"
    title = "The data cannot be used"


class FileRefused(Refusal):
    """A file is a pipe or a folder, is too large, or changed while it was used."""

    kind = "file-refused"
    title = "The file cannot be used"


class PairRefused(Refusal):
    """The rules and the data do not match."""

    kind = "pair-refused"
    title = "The rules and the data do not match"


class NotReconciled(AssertionError):
    """Parts do not add to their total: a fault of the engine, never of the data."""
