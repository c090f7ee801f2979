"""Where in a workbook each part of a document came from, so that refusals name the cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.errors import Problem

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A sheet, and the row and column of it where one is known."""

    sheet: str
    row: int | None = None
    column: str | None = None

    def problem(self, sentence: str, rule: str) -> Problem:
        """Return a problem at this place."""
        where = f"sheet {self.sheet}" + (f", column {self.column}" if self.column else "")
        return Problem(sentence, rule, column=self.column, row=self.row, place=where)


@dataclass(frozen=True, slots=True)
class Origins:
    """The places of a document by the cells that they were read from."""

    held: dict[Path, Origin] = field(default_factory=dict)

    def note(self, path: Sequence[str | int], origin: Origin) -> None:
        """Keep where a part of the document came from."""
        self.held[tuple(map(str, path))] = origin

    def named(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return problems of a document with the sheet, row and column in place of its path."""
        return [self._named(problem) for problem in problems]

    def _named(self, problem: Problem) -> Problem:
        # A rule that bears the name of a word, such as source, is about that word.
        path = (*(problem.place or "").split("."), problem.rule)
        for length in range(len(path), 0, -1):
            origin = self.held.get(path[:length])
            if origin is not None:
                return origin.problem(problem.sentence, problem.rule)
        return problem
