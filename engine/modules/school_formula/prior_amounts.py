"""What is taken off last year's budget before this year is compared with it: last year's amounts, or this year's.

Sources: the minimum funding guarantee of the schools operational guide (this year's lump sum and sparsity are
taken off both years) and the Authority Proforma Tool (last year's rates are taken off last year).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import Problem
from engine.kernels.notional import NOT_KNOWN
from engine.modules.school_formula.exact_amounts import exact_amount
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.money import MILLION
from engine.rules.compile_reads import family, prior_amounts
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import PriorAmount
from engine.steps.ratios import Whole
from engine.tables import SchoolTable
from engine.vocabulary import Presence

LAST, THIS = "last year's amount", "this year's amount"


@dataclass(frozen=True, slots=True)
class Deduction:
    """One amount that is taken off last year's budget, by school.

    amount  (schools) as ``exact_amounts`` has it
    of      (schools) where it is taken off
    """

    label: str
    amount: Whole
    of: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Deductions:
    """All that is taken off last year's budget.

    not_given  (schools) where last year's amount of a line is wanted, and the table does not give it
    unknown    (schools) where any part of it is not known
    without    lines that last year's budget is taken to be given without, as no amount of them is: by school
    """

    parts: tuple[Deduction, ...]
    not_given: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    without: tuple[tuple[str, NDArray[np.bool_]], ...] = ()

    @property
    def total(self) -> Whole:
        """Return what is taken off in all, in the parts of ``Deduction``."""
        none: Whole = np.zeros(len(self.unknown), object)
        return sum((np.where(one.of, one.amount, 0) for one in self.parts), none)


def deductions(formula: CompiledFormula, inputs: SchoolInputs) -> Deductions:
    """Return what is taken off last year's budget of each school.

    Last year's amount of a line counts where the table gives it; elsewhere this year's does, unless the rules
    want last year's. A line that a school gives in two columns was refused before: ``repeated_amounts``.
    """
    schools = inputs.schools
    not_given, unknown = (np.zeros(len(schools), np.bool_) for _ in range(2))
    settled: dict[str, NDArray[np.bool_]] = {}
    parts = [*_of_last_year(formula, schools, settled, not_given)]
    without = []
    for at, line in enumerate(inputs.lines):
        if line.factor.in_guarantee and not line.factor.removed_from_prior:
            continue
        held = inputs.units.form[at] != NOT_KNOWN
        rest = (held | (inputs.absent[at] > 0)) & ~_has_amount(formula, schools, line, settled)
        if not line.factor.removed_from_prior:
            without.append((line.label, rest))
            continue
        if line.factor.prior_amount is PriorAmount.last_year:
            not_given |= rest
            continue
        unknown |= rest & (inputs.absent[at] > 0)
        parts.append(Deduction(f"{line.label}, {THIS}", exact_amount(inputs, at), rest & held))
    not_given &= inputs.mainstream
    unknown = not_given | (unknown & inputs.mainstream)
    return Deductions(tuple(parts), not_given, unknown, tuple(without))


def _of_last_year(
    formula: CompiledFormula,
    schools: SchoolTable,
    settled: dict[str, NDArray[np.bool_]],
    not_given: NDArray[np.bool_],
) -> Iterator[Deduction]:
    """Yield the amounts of last year that the table gives, and note which lines they settle, and which not."""
    for column, lines in prior_amounts(formula.lines).items():
        if column not in schools.values:
            continue
        presence, given = schools.presence[column], schools.has_value(column)
        not_given |= presence == Presence.suppressed
        for line in lines:
            nowhere = np.zeros(len(schools), np.bool_)
            settled[line.name] = (
                settled.get(line.name, nowhere) | given | (presence == Presence.not_applicable)
            )
        one = lines[0]
        label = one.label if len(lines) == 1 else one.factor.label
        amount: Whole = schools.values[column].astype(object) * (MILLION * formula.scale)
        yield Deduction(f"{label}, {LAST}", amount, given)


def repeated_amounts(formula: CompiledFormula, schools: SchoolTable) -> list[Problem]:
    """Return the problem of each column of last year's amounts of which a line is in another column too, at the first such school."""
    problems: dict[Problem, None] = {}
    amounts: dict[str, NDArray[np.bool_]] = {}
    for column, lines in prior_amounts(formula.lines).items():
        if column not in schools.values:
            continue
        given = schools.has_value(column)
        for line in lines:
            before = amounts.get(line.name, np.zeros(len(schools), np.bool_))
            for row in schools.rows[before & given][:1]:
                problems[_twice(column, int(row))] = None
            amounts[line.name] = before | given
    return list(problems)


def _has_amount(
    formula: CompiledFormula,
    schools: SchoolTable,
    line: CompiledLine,
    settled: dict[str, NDArray[np.bool_]],
) -> NDArray[np.bool_]:
    """Return where last year's amount of a line is given; of lines given together, where that of any is."""
    found = np.zeros(len(schools), np.bool_)
    for one in formula.lines:
        if one.name in settled and line.name in {one.name, one.key.factor, family(one.key.factor)}:
            found |= settled[one.name]
    return found


def _twice(column: str, row: int) -> Problem:
    sentence = "duplicate: last year's amount of one of its lines is in another column too; keep one of them"
    return Problem(sentence, "given-twice", column=column, row=row)
