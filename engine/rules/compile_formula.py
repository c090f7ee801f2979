"""The schools formula of a document to arrays: the values in force on a day."""

from collections.abc import Sequence

import numpy as np

from engine.columns import SCHOOL_COLUMNS, UNITS_PREFIX, ColumnSelection
from engine.days import MONTHS
from engine.errors import Problem, RuleRefused
from engine.money import PENCE, PERCENT_TO_MILLIONTHS, scaled
from engine.rules.compile_counting import compile_counting
from engine.rules.compile_months import compile_months
from engine.rules.compile_reads import school_reads
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.document import RuleSet
from engine.rules.formula import Factor, Line, LineKey, MinimumPerPupil, SchoolsFormula
from engine.rules.in_force import InForce
from engine.rules.line_steps import FORMULA, rate_steps
from engine.rules.months import MonthlyValue, monthly, months_of
from engine.rules.reads import needed
from engine.rules.values import DatedValue, is_printed
from engine.steps import DocumentValue, Unit, whole, work_known

THRESHOLD = f"{FORMULA}.expected_calls.high_needs_threshold"
"""Where the first part of a plan is in a document."""


def share(given: DatedValue | None) -> int | None:
    """Return millionths for a percentage; 0 where it is not printed."""
    if given is None:
        return None
    if not given.is_printed:
        return 0
    return scaled(given.decimal, PERCENT_TO_MILLIONTHS)


def compile_formula(document: RuleSet, over: Sequence[InForce]) -> CompiledFormula | None:
    """Return the schools formula, or None where the document has none.

    ``over`` are the values in force in each segment of the year. Raises ``RuleRefused`` where a price
    that has not begun is needed, and where lines change other than by whole months.
    """
    formula = document.schools_formula
    if formula is None:
        return None
    now = over[0]
    months = months_of(*document.days_in_force)
    _refuse_days_of_part(formula, months)
    lines, each = compile_months([(one, _lines(formula, one)) for one in over], months)
    minimum, protection = formula.minimum_per_pupil, formula.protection
    givens = _levels(minimum, now)
    pupil_lines = tuple(line.name for line in lines if line.key.factor == formula.pupils_counted_by)
    guarantee = now.latest(protection.guarantee_percent) if protection else None
    cap = now.latest(protection.cap_percent) if protection else None
    return CompiledFormula(
        lines=lines,
        counted=compile_counting(lines, pupil_lines),
        pupil_lines=pupil_lines,
        area=now.latest(formula.area_cost_adjustment),
        levels=_level_pence(givens),
        level_givens=givens,
        minimum_percent=now.latest(minimum.notional_percent) if minimum else None,
        guarantee=guarantee,
        cap=cap,
        scaling=now.latest(protection.scaling_percent) if protection else None,
        protection_percent=now.latest(protection.notional_percent) if protection else None,
        thresholds=_thresholds(formula, over[0] if len(over) == 1 else document.in_force(), months),
        reads=school_reads(formula, lines, compares=bool(guarantee or cap)),
        fringe=formula.fringe,
        reception_uplift=formula.reception_uplift,
        year_days=formula.year_days or 0,
        months=each,
    )


def _thresholds(formula: SchoolsFormula, days: InForce, months: int) -> tuple[MonthlyValue, ...]:
    """Return the thresholds of plans over all the days, with their months."""
    if formula.expected_calls is None:
        return ()
    return monthly(formula.expected_calls.high_needs_threshold, days, months, THRESHOLD)


def _refuse_days_of_part(formula: SchoolsFormula, months: int) -> None:
    """Refuse schools open for part of the year in rules for part of it: the two parts may be one, or not."""
    if formula.year_days is not None and months < MONTHS:
        sentence = (
            "must be left out of rules for part of a year, which pay each school its months' part; where"
            " schools are open for part of it, write one document for the year, whose values change with"
            " the first of a month"
        )
        raise RuleRefused([Problem(sentence, "months", place=f"{FORMULA}.year_days")])


def _lines(formula: SchoolsFormula, now: InForce) -> tuple[CompiledLine, ...]:
    area = now.latest(formula.area_cost_adjustment)
    return tuple(_line(key, factor, line, area, now) for key, factor, line in formula.lines())


def _line(
    key: LineKey, factor: Factor, line: Line, area: DatedValue | None, now: InForce
) -> CompiledLine:
    place = f"{FORMULA}.factors.{key.factor}.{key.phase.value}"
    value = now.required(line.unit_value, f"{place}.unit_value")
    percent = now.required(line.notional_percent, f"{place}.notional_percent")
    raised = None
    if area is not None and factor.area_adjusted:
        raised = DocumentValue(area, f"{FORMULA}.area_cost_adjustment", Unit.multiplier)
    return CompiledLine(
        key=key,
        name=key.name,
        factor=factor,
        line=line,
        place=place,
        rate=None if value is None else _rate(value, raised),
        percent=share(percent),
        unit_value=value,
        notional_percent=percent,
        area=raised,
        only_above=now.latest(factor.only_above_percent),
        blend_weight=None if line.blend is None else now.latest(line.blend.weight),
        year_weights={
            name: weight
            for name, series in line.year_weights.items()
            if (weight := now.latest(series)) is not None
        },
    )


def _rate(value: DatedValue, area: DocumentValue | None) -> int:
    """Return what the steps of a unit value come to: pence, rounded once where an area adjusts it; 0 where not printed."""
    steps = rate_steps("Unit value", DocumentValue(value, FORMULA, Unit.pounds), area)
    exact = work_known(steps, {})
    return 0 if exact is None else whole(exact, "Unit value")


def _levels(minimum: MinimumPerPupil | None, now: InForce) -> tuple[DatedValue | None, ...]:
    if minimum is None:
        return ()
    secondary = now.latest(minimum.secondary)
    return (
        now.latest(minimum.primary),
        now.latest(minimum.ks3) or secondary,
        now.latest(minimum.ks4) or secondary,
    )


def _level_pence(
    givens: tuple[DatedValue | None, ...],
) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    if not givens:
        return None
    levels = np.asarray(
        [scaled(one.decimal, PENCE) if is_printed(one) else 0 for one in givens], np.int64
    )
    levels.flags.writeable = False
    return levels


def formula_columns(
    formula: SchoolsFormula, compiled: CompiledFormula, blank_means_none: Sequence[str]
) -> ColumnSelection:
    """Return the columns that school tables must and may hold for a formula, with those of which a blank means none."""
    known = {*SCHOOL_COLUMNS, *(one.column for one in compiled.reads)}
    pupils = {
        phase.value: tuple(f"{UNITS_PREFIX}{name}" for name in names)
        for phase, names in formula.pupil_lines().items()
    }
    stated = frozenset(blank_means_none)
    return ColumnSelection(
        needed(compiled.reads), frozenset(known), phase_pupils=pupils, blank_means_none=stated
    )
