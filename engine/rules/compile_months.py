"""Lines of a schools formula that change within the year: by whole months, as statements and place funding do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from engine.errors import Problem, RuleRefused
from engine.rules.compiled import CompiledLine
from engine.rules.formula import SchoolsFormula
from engine.rules.in_force import InForce
from engine.rules.line_steps import FORMULA

MONTHS = 12
Lines = tuple[CompiledLine, ...]


def compile_months(
    formula: SchoolsFormula, segments: Sequence[tuple[InForce, Lines]]
) -> tuple[Lines, tuple[int, ...]]:
    """Return the lines of a formula, and the months of each segment in which none of them changes.

    ``segments`` are the lines in force over some days; neighbours that pay the same are one. A year
    in which nothing changes is one segment, whatever its days. Raises ``RuleRefused`` for a change
    within a month, and for one that the minimum level, the guarantee, the cap or sparsity depends on.
    """
    changing = [segments[0]]
    for now, lines in segments[1:]:
        if any(_pays(one) != _pays(same) for one, same in zip(lines, changing[-1][1], strict=True)):
            changing.append((now, lines))
    first = changing[0][1]
    if len(changing) == 1:
        return first, (MONTHS,)
    following = segments[-1][0].last + timedelta(days=1)
    months = _months([*(now.first for now, _ in changing), following])
    lines = tuple(
        replace(line, later=tuple(of[at] for _, of in changing[1:]))
        for at, line in enumerate(first)
    )
    _refuse_dependent(formula, lines)
    return lines, months


def _pays(line: CompiledLine) -> tuple[int | None, int | None]:
    return line.rate, line.percent


def _months(days: Sequence[date]) -> tuple[int, ...]:
    """Return the months between some days, each the first of one, which must be twelve in all."""
    months = tuple(
        (after.year - before.year) * MONTHS + after.month - before.month
        for before, after in pairwise(days)
    )
    if any(day.day != 1 for day in days) or sum(months) != MONTHS:
        begins = ", ".join(day.isoformat() for day in days[1:-1])
        sentence = (
            f"changes within the year, from {begins}: lines of a formula are paid by whole months,"
            " so the rule set must be for twelve of them and a value must begin with one"
        )
        raise RuleRefused([Problem(sentence, "months", place=f"{FORMULA}.factors")])
    return months


def _refuse_dependent(formula: SchoolsFormula, lines: Lines) -> None:
    """Refuse lines that change where something compares or shares a whole year's money."""
    sentence = "changes within the year; {} is worked out for a whole year, so it must be the same all year"
    dependents = [
        ("the minimum level", formula.minimum_per_pupil is not None),
        ("the guarantee or the cap", formula.protection is not None),
    ]
    whole = next((words for words, is_there in dependents if is_there), None)
    problems = [
        Problem(sentence.format(whole or "sparsity"), "changes", place=line.place)
        for line in lines
        if line.changes and (whole or _changes_sparsity(line))
    ]
    if problems:
        raise RuleRefused(problems)


def _changes_sparsity(line: CompiledLine) -> bool:
    return line.line.sparsity is not None and len({one.rate for one in line.segments}) > 1
