"""What is decided of the parts of every school's outcome: which apply, which are not known, and why.

Answers about one school and files of all of them ask here, so that they say the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.school_inputs import APPLIES, MAINSTREAM
from engine.rules.compiled import CompiledFormula
from engine.rules.formula import Counts
from engine.rules.values import DatedValue
from engine.vocabulary import Missing

FRINGE, MINIMUM = "London fringe", "Minimum per-pupil level"
PROTECTION = "Minimum funding guarantee, cap and scaling"
BY_YEAR_GROUPS = frozenset({Counts.school, Counts.sparsity})
"""What a line counts that a school's year groups decide."""

PRIOR = ("prior_budget", "prior_pupils")
EVERY = slice(None)
REASONS, KNOWN = tuple(Missing), -1
"""Why a part is not known, by place; ``KNOWN`` where it is."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An adjustment of the whole formula; arrays are (schools): pence, and 1 where it is not known."""

    name: str
    label: str
    amount: Int
    notional: Int
    absent: Int
    percent: DatedValue | None = None

    @property
    def unprinted_notional(self) -> NDArray[np.bool_]:
        """Return the schools whose adjustment is known and not its notional part, which is not printed."""
        unprinted = self.percent is not None and not self.percent.is_printed
        found: NDArray[np.bool_] = (self.amount != 0) & (self.absent == 0) & unprinted
        return found


def formula_of(outcome: NotionalOutcome) -> CompiledFormula:
    """Return the formula that valued schools."""
    formula = outcome.rules.formula
    if formula is None:
        message = "schools were valued by rules without a schools formula"
        raise RuntimeError(message)
    return formula


def adjustments(outcome: NotionalOutcome) -> tuple[Adjustment, ...]:
    """Return the fringe, the minimum per-pupil level and the guarantee, where the rules have them."""
    formula, found = formula_of(outcome), []
    if formula.fringe:
        parts = (outcome.fringe, outcome.fringe_notional, outcome.fringe_absent)
        found.append(Adjustment("fringe", FRINGE, *parts))
    if formula.levels is not None:
        parts = (outcome.uplift, outcome.uplift_notional, outcome.minimum_absent)
        found.append(
            Adjustment("minimum_per_pupil", MINIMUM, *parts, percent=formula.minimum_percent)
        )
    if formula.guarantee is not None or formula.cap is not None:
        parts = (outcome.protection, outcome.protection_notional, outcome.protection_absent)
        found.append(
            Adjustment("protection", PROTECTION, *parts, percent=formula.protection_percent)
        )
    return tuple(found)


def mainstream(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools that the schools formula funds."""
    return outcome.schools.of(MAINSTREAM)


def funded(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the mainstream schools of which any line is known, and any other that has an amount."""
    known = mainstream(outcome) & outcome.known().any(axis=1)
    either: NDArray[np.bool_] = known | (outcome.formula_total != 0)
    return either


def of_formula(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools that can have a budget at all: mainstream ones, and any other that has an amount."""
    either: NDArray[np.bool_] = mainstream(outcome) | (outcome.formula_total != 0)
    return either


def applies(outcome: NotionalOutcome, at: int, schools: slice = EVERY) -> NDArray[np.bool_]:
    """Return the schools that a line is a part of: of its phase, or with an amount or a part not known."""
    amount, absent = outcome.amount[schools, at] != 0, outcome.absent[schools, at] > 0
    of_phase = outcome.schools.of(APPLIES[outcome.lines[at].key.phase])[schools]
    either: NDArray[np.bool_] = (outcome.form[schools, at] != NOT_KNOWN) & of_phase
    either |= amount | absent
    return either


def adjusts(outcome: NotionalOutcome, one: Adjustment, schools: slice = EVERY) -> NDArray[np.bool_]:
    """Return the schools that an adjustment is a part of: mainstream ones, and any other with an amount."""
    either: NDArray[np.bool_] = mainstream(outcome)[schools] | (one.amount[schools] != 0)
    return either


def lines_of(outcome: NotionalOutcome, school: int) -> list[int]:
    """Return the positions of the lines that a school is paid by, or could be."""
    one = slice(school, school + 1)
    return [at for at in range(len(outcome.lines)) if applies(outcome, at, one)[0]]


def missing_figures(outcome: NotionalOutcome, at: int, schools: slice = EVERY) -> NDArray[np.intp]:
    """Return why a line of each school is not known, as a place among ``REASONS``; ``KNOWN`` where it is."""
    by_years = outcome.lines[at].counts in BY_YEAR_GROUPS
    why = np.where(
        by_years & without_years(outcome, schools),
        _place(Missing.year_groups),
        _place(Missing.figure),
    )
    if not outcome.lines[at].year_is_printed:
        of_units = outcome.units[schools, at] != 0
        earned = outcome.lines[at].counts is Counts.sparsity
        why = np.where(of_units | earned, _place(Missing.not_printed), why)
    unknown = (outcome.absent[schools, at] > 0) | outcome.unprinted_notional(at)[schools]
    part = np.where(outcome.absent[schools, at] > 0, why, _place(Missing.not_printed))
    return np.where(unknown, part, KNOWN)


def missing_adjustments(
    outcome: NotionalOutcome, one: Adjustment, schools: slice = EVERY
) -> NDArray[np.intp]:
    """Return why an adjustment of each school is not known, as ``missing_figures`` does."""
    if one.name == "fringe":
        return np.where(one.absent[schools] > 0, _place(Missing.fringe), KNOWN)
    reasons = [(Missing.year_groups, without_years(outcome, schools))]
    if one.name == "protection":
        reasons += _of_last_year(outcome, schools)
        reasons.append((Missing.not_printed, outcome.protection_unprinted[schools]))
    if one.name == "minimum_per_pupil":
        reasons.append((Missing.level, _without_level(outcome, schools)))
        reasons.append((Missing.not_printed, outcome.minimum_unprinted[schools]))
    why = np.full(len(one.absent[schools]), _place(Missing.parts))
    for reason, of in reasons:
        why[of] = _place(reason)
    part = np.where(one.unprinted_notional[schools], _place(Missing.not_printed), KNOWN)
    return np.where(one.absent[schools] > 0, why, part)


def without_last_year(outcome: NotionalOutcome, one: Adjustment, school: int) -> tuple[str, ...]:
    """Return the labels of lines that last year's budget of a school is read as given without.

    No amount of last year is given of them, and the adjustment compares with that budget; none of another adjustment,
    of a school that had no last year or has no pupils, or where the result is not known.
    """
    compared = outcome.compare
    if one.name != "protection" or compared is None or not mainstream(outcome)[school]:
        return ()
    if one.absent[school] or compared.first_year[school] or not outcome.pupils[school]:
        return ()
    return tuple(compared.without(school))


def _of_last_year(
    outcome: NotionalOutcome, schools: slice
) -> Iterator[tuple[Missing, NDArray[np.bool_]]]:
    """Yield why schools cannot be compared with last year; the last that is true of one is its reason."""
    compared, columns = outcome.compare, outcome.schools.columns
    if compared is not None:
        yield Missing.prior_amounts, compared.deductions.not_given[schools]
        yield Missing.prior_budget, np.less_equal(compared.prior[schools], 0).astype(np.bool_)
        yield Missing.prior_pupils, compared.prior_pupils[schools] == 0
    everyone = np.ones(len(outcome.schools), np.bool_)
    for name in PRIOR:
        yield Missing.last_year, (columns[name] < 0 if name in columns else everyone)[schools]


def _without_level(outcome: NotionalOutcome, schools: slice) -> NDArray[np.bool_]:
    """Return the schools with a key stage for which the rules name no minimum level."""
    stages = [at for at, level in enumerate(formula_of(outcome).level_givens) if level is None]
    without: NDArray[np.bool_] = np.any(outcome.years[schools][:, stages] > 0, axis=1)
    return without


def reason_of(place: int) -> Missing | None:
    """Return the reason at a place among ``REASONS``, None for ``KNOWN``."""
    return None if place == KNOWN else REASONS[place]


def without_years(outcome: NotionalOutcome, schools: slice = EVERY) -> NDArray[np.bool_]:
    """Return the schools whose year groups are not known."""
    without: NDArray[np.bool_] = np.equal(outcome.years[schools].sum(axis=1), 0)
    return without


def _place(why: Missing) -> int:
    return REASONS.index(why)


def budget_absent(outcome: NotionalOutcome) -> Int:
    """Return how many parts of each school are not known that its notional SEN may depend on.

    A line counts by its own percentage, or by the minimum per-pupil level where some of that is
    notional SEN.
    """
    formula = formula_of(outcome)
    raised = formula.levels is not None and formula.minimum_percent is not None
    shared = [line.is_notional for line in outcome.lines]
    based = [raised and line.factor.in_minimum_base for line in outcome.lines]
    open_to = np.asarray(shared) | np.asarray(based)
    missing = outcome.absent[:, open_to].sum(axis=1)
    for at in range(len(outcome.lines)):
        missing = missing + outcome.unprinted_notional(at)
    for one in adjustments(outcome):
        missing = missing + one.unprinted_notional
    missing = missing + outcome.fringe_absent * any(shared)
    missing = missing + outcome.protection_absent * (formula.protection_percent is not None)
    absent: Int = missing + outcome.minimum_absent * raised
    return absent


def notional_unprinted(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools whose notional SEN is not known, as a percentage that counts is not printed."""
    found = np.zeros(len(outcome.amount), np.bool_)
    for at in range(len(outcome.lines)):
        found |= outcome.unprinted_notional(at)
    for one in adjustments(outcome):
        found |= one.unprinted_notional
    return found


def budget_known(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools that have a notional SEN budget of which no part is missing; none under rules without notional SEN."""
    known: NDArray[np.bool_] = (budget_absent(outcome) == 0) & formula_of(outcome).is_notional
    known &= funded(outcome)
    return known


def pupils_known(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools all of whose pupils are known: counted or given by a line, and no line absent or in pounds.

    A school that the formula does not fund has none that it counts, unless some are given.
    """
    names = formula_of(outcome).pupil_lines
    counting = [at for at, line in enumerate(outcome.lines) if line.name in names]
    form, absent = outcome.form[:, counting], outcome.absent[:, counting]
    # A unit value that is not printed leaves its pupils known.
    unprinted = [not outcome.lines[at].year_is_printed for at in counting]
    counted_all = np.asarray(unprinted, np.bool_) & (outcome.units[:, counting] != 0)
    absent = np.where(counted_all, 0, absent)
    by_units = (form == GIVEN_UNITS) | counted_all
    whole = (absent == 0) & (by_units | (form == NOT_KNOWN))
    known: NDArray[np.bool_] = whole.all(axis=1) & by_units.any(axis=1)
    counted: NDArray[np.bool_] = known & (mainstream(outcome) | (outcome.pupils > 0))
    return counted


def pupil_numbers(outcome: NotionalOutcome) -> list[int | None]:
    """Return each school's pupils, millionths; None where not all of them are known."""
    both = zip(outcome.pupils.tolist(), pupils_known(outcome).tolist(), strict=True)
    return [number if known else None for number, known in both]
