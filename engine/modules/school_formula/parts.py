"""What is decided of the parts of every school's outcome: which apply, which are not known, and why.

Answers about one school and files of all of them ask here, so that they say the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.rules.compile_school_tables import MINIMUM, NOTIONAL, OF_PROTECTION, PROTECTION
from engine.rules.compiled import CompiledFormula
from engine.rules.formula import Counts
from engine.rules.in_force import lacks_row
from engine.rules.phases_paid import APPLIES, MAINSTREAM
from engine.steps import DocumentValue
from engine.vocabulary import Missing

FRINGE = "fringe"
LABELS = {
    FRINGE: "London fringe",
    MINIMUM: "Minimum per-pupil level",
    PROTECTION: "Minimum funding guarantee, cap and scaling",
}
"""The adjustments of a formula by their names, in the order in which they are made."""

BY_YEAR_GROUPS = frozenset({Counts.school, Counts.sparsity})
"""What a line counts that a school's year groups decide."""

PRIOR = ("prior_budget", "prior_pupils")
EVERY = slice(None)
REASONS, KNOWN = tuple(Missing), -1
"""Why a part is not known, by place; ``KNOWN`` where it is."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An adjustment of the whole formula; arrays are (schools): pence, and 1 where it is not known.

    percent             of it that is notional SEN, None where there is none, or it differs from school to school
    unprinted_notional  the schools whose adjustment is known and not its notional part, which is not printed
    """

    name: str
    label: str
    amount: Int
    notional: Int
    absent: Int
    unprinted_notional: NDArray[np.bool_]
    percent: DocumentValue | None = None

    @classmethod
    def of(
        cls, name: str, amount: Int, notional: Int, absent: Int, percent: DocumentValue | None
    ) -> "Adjustment":
        """Return an adjustment of which a percentage is notional SEN, or that of what it raises."""
        unprinted = percent is not None and not percent.dated.is_printed
        found: NDArray[np.bool_] = (amount != 0) & (absent == 0) & unprinted
        return cls(name, LABELS[name], amount, notional, absent, found, percent)


def formula_of(outcome: NotionalOutcome) -> CompiledFormula:
    """Return the formula that valued schools."""
    formula = outcome.rules.formula
    if formula is None:
        message = "schools were valued by rules without a schools formula"
        raise RuntimeError(message)
    return formula


def adjustments(outcome: NotionalOutcome) -> tuple[Adjustment, ...]:
    """Return the fringe, the minimum per-pupil level and the guarantee, where the rules have them."""
    if outcome.groups:
        return tuple(_together(outcome))
    formula = formula_of(outcome)
    has = {
        FRINGE: formula.fringe,
        MINIMUM: formula.levels is not None,
        PROTECTION: formula.guarantee is not None or formula.cap is not None,
    }
    return tuple(
        Adjustment.of(name, *_arrays(outcome, name), formula.values.get(f"{name}.{NOTIONAL}"))
        for name, there in has.items()
        if there
    )


def _arrays(outcome: NotionalOutcome, name: str) -> tuple[Int, Int, Int]:
    """Return what an adjustment adds to each school, its notional part, and where it is not known."""
    if name == FRINGE:
        return outcome.fringe, outcome.fringe_notional, outcome.fringe_absent
    if name == MINIMUM:
        return outcome.uplift, outcome.uplift_notional, outcome.minimum_absent
    return outcome.protection, outcome.protection_notional, outcome.protection_absent


def _together(outcome: NotionalOutcome) -> Iterator[Adjustment]:
    """Yield each adjustment that the rules of some schools have."""
    for name, label in LABELS.items():
        if any(_named(group.outcome, name) for group in outcome.groups):
            unprinted = outcome.by_group(partial(_unprinted_notional, name=name))
            yield Adjustment(name, label, *_arrays(outcome, name), unprinted)


def _named(outcome: NotionalOutcome, name: str) -> Adjustment | None:
    """Return the adjustment of a name, None where the rules have none."""
    return next((one for one in adjustments(outcome) if one.name == name), None)


def _unprinted_notional(outcome: NotionalOutcome, name: str) -> NDArray[np.bool_]:
    one = _named(outcome, name)
    return np.zeros(len(outcome.schools), np.bool_) if one is None else one.unprinted_notional


def is_notional(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools of whose rules any part is notional SEN."""
    return outcome.by_group(lambda one: np.full(len(one.schools), formula_of(one).is_notional))


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
    if outcome.groups:
        return outcome.by_group(partial(_adjusts, name=one.name))[schools]
    either: NDArray[np.bool_] = mainstream(outcome)[schools] | (one.amount[schools] != 0)
    return either


def _adjusts(outcome: NotionalOutcome, name: str) -> NDArray[np.bool_]:
    one = _named(outcome, name)
    return np.zeros(len(outcome.schools), np.bool_) if one is None else adjusts(outcome, one)


def lines_of(outcome: NotionalOutcome, school: int) -> list[int]:
    """Return the positions of the lines that a school is paid by, or could be."""
    one = slice(school, school + 1)
    return [at for at in range(len(outcome.lines)) if applies(outcome, at, one)[0]]


def missing_figures(outcome: NotionalOutcome, at: int, schools: slice = EVERY) -> NDArray[np.intp]:
    """Return why a line of each school is not known, as a place among ``REASONS``; ``KNOWN`` where it is."""
    if outcome.groups:
        return outcome.by_group(lambda one: missing_figures(one, at))[schools]
    line, absent = outcome.lines[at], outcome.absent[schools, at] > 0
    unknown = absent | outcome.unprinted_notional(at)[schools]
    if not unknown.any():
        return np.full(len(unknown), KNOWN)
    by_years = line.counts in BY_YEAR_GROUPS
    why = np.where(
        by_years & without_years(outcome, schools),
        _place(Missing.year_groups),
        _place(Missing.figure),
    )
    if not line.year_is_printed:
        of_units = outcome.units[schools, at] != 0
        earned = line.counts is Counts.sparsity
        values = [value for one in line.segments for value in (one.value, one.area)]
        why = np.where(of_units | earned, _place(why_unprinted(values)), why)
    of_part = why_unprinted([one.share for one in line.segments])
    part = np.where(absent, why, _place(of_part))
    return np.where(unknown, part, KNOWN)


def why_unprinted(values: Iterable[DocumentValue | None]) -> Missing:
    """Return why what depends on some values is not known: a table has no row for it, or one is not printed."""
    lacking = any(one is not None and lacks_row(one.dated) for one in values)
    return Missing.no_value if lacking else Missing.not_printed


def missing_adjustments(
    outcome: NotionalOutcome, one: Adjustment, schools: slice = EVERY
) -> NDArray[np.intp]:
    """Return why an adjustment of each school is not known, as ``missing_figures`` does."""
    if outcome.groups:
        return outcome.by_group(partial(_missing_of, name=one.name))[schools]
    if one.name == FRINGE:
        return np.where(one.absent[schools] > 0, _place(Missing.fringe), KNOWN)
    reasons = [(Missing.year_groups, without_years(outcome, schools))]
    formula = formula_of(outcome)
    if one.name == PROTECTION:
        reasons += _of_last_year(outcome, schools)
        values = [formula.values.get(f"{PROTECTION}.{name}") for name in OF_PROTECTION]
        reasons.append((why_unprinted(values), outcome.protection_unprinted[schools]))
    if one.name == MINIMUM:
        reasons.append((Missing.level, _without_level(outcome, schools)))
        why_level = why_unprinted(formula.level_values)
        reasons.append((why_level, outcome.minimum_unprinted[schools]))
    why = np.full(len(one.absent[schools]), _place(Missing.parts))
    for reason, of in reasons:
        why[of] = _place(reason)
    part = np.where(one.unprinted_notional[schools], _place(why_unprinted([one.percent])), KNOWN)
    return np.where(one.absent[schools] > 0, why, part)


def _missing_of(outcome: NotionalOutcome, name: str) -> NDArray[np.intp]:
    one = _named(outcome, name)
    if one is None:
        return np.full(len(outcome.schools), KNOWN)
    return missing_adjustments(outcome, one)


def without_last_year(outcome: NotionalOutcome, one: Adjustment, school: int) -> tuple[str, ...]:
    """Return the labels of lines that last year's budget of a school is read as given without.

    No amount of last year is given of them, and the adjustment compares with that budget; none of another adjustment,
    of a school that had no last year or has no pupils, or where the result is not known.
    """
    if outcome.groups:
        own, at = outcome.of(school)
        same = _named(own, one.name)
        return () if same is None else without_last_year(own, same, at)
    compared = outcome.compare
    if one.name != PROTECTION or compared is None or not mainstream(outcome)[school]:
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
    if outcome.groups:
        return outcome.by_group(budget_absent)
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
    if outcome.groups:
        return outcome.by_group(notional_unprinted)
    found = np.zeros(len(outcome.amount), np.bool_)
    for at in range(len(outcome.lines)):
        found |= outcome.unprinted_notional(at)
    for one in adjustments(outcome):
        found |= one.unprinted_notional
    return found


def why_budget_unprinted(outcome: NotionalOutcome, school: int) -> Missing:
    """Return why no figure is given for a percentage on which one school's notional SEN depends."""
    own, at = outcome.of(school)
    values = [
        segment.share
        for place, line in enumerate(own.lines)
        if own.unprinted_notional(place)[at]
        for segment in line.segments
    ]
    values += [one.percent for one in adjustments(own) if one.unprinted_notional[at]]
    return why_unprinted(values)


def budget_known(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools that have a notional SEN budget of which no part is missing; none under rules without notional SEN."""
    known: NDArray[np.bool_] = (budget_absent(outcome) == 0) & is_notional(outcome)
    known &= funded(outcome)
    return known


def pupils_known(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools all of whose pupils are known: counted or given by a line, and no line absent or in pounds.

    A school that the formula does not fund has none that it counts, unless some are given.
    """
    if outcome.groups:
        return outcome.by_group(pupils_known)
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
