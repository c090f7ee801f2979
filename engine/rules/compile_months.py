"""Lines of a schools formula that change within the year: by whole months, as statements and place funding do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from engine.days import MONTHS
from engine.errors import Problem, RuleRefused
from engine.rules.compiled import CompiledLine
from engine.rules.in_force import InForce
from engine.rules.line_steps import FORMULA
from engine.rules.months import months_between

Lines = tuple[CompiledLine, ...]
OF_LINES = f"{FORMULA}.factors"


def compile_months(
    segments: Sequence[tuple[InForce, Lines]], months: int
) -> tuple[Lines, tuple[int, ...]]:
    """Return the lines of a formula, and the months of each segment in which none of them changes.

    ``segments`` are the lines in force over some days, and ``months`` those that the rules are for;
    neighbours that pay the same are one. Raises ``RuleRefused`` for a change within a month, and in rules
    for more than a year.
    """
    changing = [segments[0]]
    for now, lines in segments[1:]:
        if any(one.pays != same.pays for one, same in zip(lines, changing[-1][1], strict=True)):
            changing.append((now, lines))
    first = changing[0][1]
    if len(changing) == 1:
        return first, (months,)
    _refuse_within_months(changing)
    begins = [now.first for now, _ in changing]
    following = segments[-1][0].last + timedelta(days=1)
    each = months_between([*begins, following], OF_LINES)
    if sum(each) > MONTHS:
        raise _longer_than_a_year(begins[1:])
    lines = tuple(
        replace(line, later=tuple(of[at] for _, of in changing[1:]))
        for at, line in enumerate(first)
    )
    return lines, each


def _refuse_within_months(changing: Sequence[tuple[InForce, Lines]]) -> None:
    """Refuse every line that changes on another day than the first of a month."""
    problems = [
        Problem(
            f"changes on {now.first.isoformat()}: a line counts by whole months, so it must change on the first"
            " day of one",
            "months",
            place=line.place,
        )
        for (_, before), (now, after) in pairwise(changing)
        if now.first.day != 1
        for same, line in zip(before, after, strict=True)
        if same.pays != line.pays
    ]
    if problems:
        raise RuleRefused(problems)


def _longer_than_a_year(days: Sequence[date]) -> RuleRefused:
    begins = ", ".join(day.isoformat() for day in days)
    sentence = f"changes from {begins}, in rules for more than twelve months; write one document for each year"
    return RuleRefused([Problem(sentence, "months", place=OF_LINES)])
