"""Amounts given for all phases of a factor, or all bands of a family, together (``amount_idaci``).

Published budget statements (the Authority Proforma Tool's "new ISB" sheet, for one) often print one figure for
several lines. It can be used where the lines that apply share one notional percentage, because then its notional
part is the same; otherwise it is refused.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX
from engine.errors import Problem
from engine.rules.compile_reads import family
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import LineKey, LinePhase
from engine.tables import SchoolTable
from engine.vocabulary import Presence, SchoolPhase

SINGLE = {
    SchoolPhase.primary: {LinePhase.primary, LinePhase.all},
    SchoolPhase.secondary: {LinePhase.ks3, LinePhase.ks4, LinePhase.secondary, LinePhase.all},
}

Combined = list[tuple[CompiledLine, str]]
Covered = dict[str, NDArray[np.bool_]]


def combined_stems(formula: CompiledFormula, schools: SchoolTable) -> frozenset[str]:
    """Return the factors and families of which a table gives the amounts of several lines together."""
    names = {line.name for line in formula.lines}
    stems = (
        one.removeprefix(AMOUNT_PREFIX) for one in schools.values if one.startswith(AMOUNT_PREFIX)
    )
    return frozenset(stems) - names


def combined_lines(
    formula: CompiledFormula, schools: SchoolTable
) -> tuple[Combined, Covered, list[Problem]]:
    """Return a line for each combined column, and for each line the schools (schools, bool) where one covers it.

    A line counts as covered, with no amount, where the column is "not applicable". The problems are those of covered
    lines that have different notional percentages, or have a column of their own as well.
    """
    names = {line.name for line in formula.lines}
    combined: Combined = []
    covered: Covered = {}
    problems: list[Problem] = []
    for column in sorted(schools.values):
        stem = column.removeprefix(AMOUNT_PREFIX)
        if stem == column or stem in names:
            continue
        members = [
            line for line in formula.lines if stem in (line.key.factor, family(line.key.factor))
        ]
        if not members:
            continue
        given = schools.has_value(column)
        problems += _clashes(column, members, schools, given)
        combined.append((_line(stem, _applying(members, schools, given)), column))
        problems += _unequal(column, _applying(members, schools, given))
        settled = given | (schools.presence[column] == Presence.not_applicable)
        for member in members:
            covered[member.name] = covered.get(member.name, np.zeros(len(schools), bool)) | settled
    return combined, covered, problems


def _applying(
    members: list[CompiledLine], schools: SchoolTable, given: NDArray[np.bool_]
) -> list[CompiledLine]:
    """Return the members that can apply: those of one phase where all the schools are of it."""
    phases = set(schools.columns["phase"][given].tolist())
    if len(phases) == 1 and (only := SINGLE.get(SchoolPhase(phases.pop()))) is not None:
        return [line for line in members if line.key.phase in only] or members
    return members


def _line(stem: str, members: list[CompiledLine]) -> CompiledLine:
    first = members[0]
    factor = (
        first.factor.model_copy(update={"label": stem.replace("_", " ")})
        if stem != first.key.factor
        else first.factor
    )
    return replace(
        first,
        key=LineKey(stem, LinePhase.all),
        name=stem,
        factor=factor,
        rate=None,
        value=None,
        later=tuple(replace(one, rate=None, value=None) for one in first.later),
    )


def _unequal(column: str, members: list[CompiledLine]) -> list[Problem]:
    alike = {
        (
            tuple(one.pays[1] for one in line.segments),
            line.factor.in_minimum_base,
            line.factor.in_guarantee,
        )
        for line in members
    }
    if len(alike) == 1:
        return []
    sentence = "combines lines with different notional percentages; give each line's amount in its own column"
    return [Problem(sentence, "unequal-percentages", column=column)]


def _clashes(
    column: str, members: list[CompiledLine], schools: SchoolTable, given: NDArray[np.bool_]
) -> list[Problem]:
    problems = []
    for member in members:
        for name in (f"{UNITS_PREFIX}{member.name}", f"{AMOUNT_PREFIX}{member.name}"):
            if name in schools.values:
                rows = schools.rows[given & schools.has_value(name)]
                sentence = f"duplicate: {name} is given too, and is part of it; keep one of them"
                problems += [
                    Problem(sentence, "given-twice", column=column, row=int(row))
                    for row in rows[:1]
                ]
    return problems
