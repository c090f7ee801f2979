"""The first row of a file: the names of its columns."""

from collections.abc import Sequence

from engine.errors import Problem, TableRefused
from engine.reading.limits import Limits
from engine.reading.report import refusal


def column_names(cells: Sequence[str], limits: Limits) -> list[str]:
    """Return the names that a header spells, or raise ``TableRefused``.

    A refusal gives positions, not names: without a header, the first row holds a pupil's data.
    """
    if len(cells) > limits.columns:
        raise refusal(
            "too-many-columns", f"a table may have at most {limits.columns} columns", row=1
        )
    names = [cell.strip() for cell in cells]
    problems = []
    for place, name in enumerate(names, start=1):
        if not name:
            problems.append(Problem(f"column {place} has no name", "no-name", row=1))
        elif not name.isprintable():
            problems.append(
                Problem(
                    f"the name of column {place} must be one line of plain text", "no-name", row=1
                )
            )
        elif (first := names.index(name) + 1) < place:
            sentence = f"columns {first} and {place} have the same name; keep one"
            problems.append(Problem(sentence, "repeated-column", row=1))
    if problems:
        raise TableRefused(problems)
    return names
