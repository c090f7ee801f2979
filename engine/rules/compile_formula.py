"""The schools formula of a document to arrays: the values in force on a day."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.columns import SCHOOL_COLUMNS, UNITS_PREFIX, ColumnSelection
from engine.days import MONTHS
from engine.errors import Problem, RuleRefused
from engine.money import PENCE, PERCENT_TO_MILLIONTHS, scaled
from engine.rules.compile_counting import compile_counting
from engine.rules.compile_months import compile_months
from engine.rules.compile_reads import school_reads
from engine.rules.compile_school_tables import (
    AREA,
    LEVELS,
    MINIMUM,
    THRESHOLD,
    CompiledSchoolTable,
    begun_rows,
    compile_school_tables,
    refuse_units_not_begun,
    school_tables,
    school_value_fields,
)
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.document import RuleSet
from engine.rules.formula import Factor, Line, LineKey, MinimumPerPupil, SchoolsFormula
from engine.rules.in_force import Fitting, InForce
from engine.rules.line_steps import FORMULA, rate_steps
from engine.rules.months import MonthlyValue, monthly, months_of
from engine.rules.reads import needed
from engine.rules.value_tables import ValueTable
from engine.rules.values import is_printed
from engine.steps import Conditions, DocumentValue, SourcedValue, Unit, whole, work_known


def share(given: SourcedValue | None) -> int | None:
    """Return millionths for a percentage; 0 where it is not printed."""
    if given is None:
        return None
    if not given.is_printed:
        return 0
    return scaled(given.decimal, PERCENT_TO_MILLIONTHS)


def compile_formula(document: RuleSet, over: Sequence[InForce]) -> CompiledFormula | None:
    """Return the schools formula, or None where the document has none.

    ``over`` are the values in force in each segment of the year. Of a formula with tables of values what is compiled
    is that of the first row of each. Raises ``RuleRefused`` where a price
    that has not begun is needed, and where lines change other than by whole months.
    """
    formula = document.schools_formula
    if formula is None:
        return None
    tables = school_tables(formula)
    for now in over:
        refuse_units_not_begun(tables, now)
    first, compiled = begun_rows(tables, over[0]), compile_school_tables(formula)
    whole = compile_fitting(document, formula, over, first, compiled)
    return replace(whole, tables=compiled)


def compile_fitting(
    document: RuleSet,
    formula: SchoolsFormula,
    over: Sequence[InForce],
    fitting: Fitting,
    tables: tuple[CompiledSchoolTable, ...],
) -> CompiledFormula:
    """Return a formula by the rows of its ``tables`` that fit a school, as one without tables; raises ``RuleRefused`` as ``compile_formula`` does."""
    fitted = [now._replace(fitting=fitting) for now in over]
    now, months = fitted[0], months_of(*document.days_in_force)
    _refuse_days_of_part(formula, months)
    lines, each = compile_months([(one, _lines(formula, one)) for one in fitted], months)
    levels = _levels(formula.minimum_per_pupil, now)
    pupil_lines = tuple(line.name for line in lines if line.key.factor == formula.pupils_counted_by)
    values = _values(formula, now)
    days = over[0] if len(over) == 1 else document.in_force()
    thresholds, threshold_row = _thresholds(formula, days._replace(fitting=fitting), months)
    compares = any(name.endswith((".guarantee_percent", ".cap_percent")) for name in values) or any(
        one.path.endswith((".guarantee_percent", ".cap_percent")) for one in tables
    )
    return CompiledFormula(
        over=tuple(over),
        tables=(),
        lines=lines,
        counted=compile_counting(lines, pupil_lines),
        pupil_lines=pupil_lines,
        values=values,
        levels=_level_pence(levels),
        level_values=levels,
        thresholds=thresholds,
        threshold_row=threshold_row,
        reads=school_reads(
            formula, lines, compares=compares, by_authority=any(one.by_authority for one in tables)
        ),
        fringe=formula.fringe,
        reception_uplift=formula.reception_uplift,
        year_days=formula.year_days or 0,
        months=each,
    )


def _values(formula: SchoolsFormula, now: InForce) -> dict[str, DocumentValue]:
    """Return the values of the whole formula that are in force, by their places below it."""
    units = {AREA: Unit.multiplier}
    named = {
        path: held
        for path, held in school_value_fields(formula)
        if path != THRESHOLD and ".factors." not in path and path.split(".")[-1] not in LEVELS
    }
    found = {}
    for path, held in named.items():
        name = path.removeprefix(f"{FORMULA}.")
        value = now.perhaps(held, path, units.get(name, Unit.percent))
        if value is not None:
            found[name] = value
    return found


def _thresholds(
    formula: SchoolsFormula, days: InForce, months: int
) -> tuple[tuple[MonthlyValue, ...], tuple[str, Conditions]]:
    """Return the thresholds of plans over all the days with their months, and the row of a table that they are in."""
    if formula.expected_calls is None:
        return (), (THRESHOLD, ())
    series, place, of = days.row_of(formula.expected_calls.high_needs_threshold, THRESHOLD)
    return monthly(series, days, months, place), (place, of)


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
    area = now.perhaps(formula.area_cost_adjustment, f"{FORMULA}.{AREA}", Unit.multiplier)
    return tuple(_line(key, factor, line, area, now) for key, factor, line in formula.lines())


def _line(
    key: LineKey, factor: Factor, line: Line, area: DocumentValue | None, now: InForce
) -> CompiledLine:
    place = f"{FORMULA}.factors.{key.factor}.{key.phase.value}"
    value = now.value(line.unit_value, f"{place}.unit_value", Unit.pounds)
    percent = now.value(line.notional_percent, f"{place}.notional_percent", Unit.percent)
    raised = area if factor.area_adjusted else None
    return CompiledLine(
        key=key,
        name=key.name,
        factor=factor,
        line=line,
        place=place,
        rate=None if value is None else _rate(value, raised),
        percent=share(None if percent is None else percent.dated),
        value=value,
        share=percent,
        area=raised,
        only_above=now.latest(factor.only_above_percent),
        blend_weight=None if line.blend is None else now.latest(line.blend.weight),
        year_weights={
            name: weight
            for name, series in line.year_weights.items()
            if (weight := now.latest(series)) is not None
        },
    )


def _rate(value: DocumentValue, area: DocumentValue | None) -> int:
    """Return what the steps of a unit value come to: pence, rounded once where an area adjusts it; 0 where not printed."""
    steps = rate_steps("Unit value", value, area)
    exact = work_known(steps, {})
    return 0 if exact is None else whole(exact, "Unit value")


def _levels(minimum: MinimumPerPupil | None, now: InForce) -> tuple[DocumentValue | None, ...]:
    """Return the level of each key stage; nothing where there is no minimum, or tables say that there is none of any."""
    if minimum is None:
        return ()
    fields = {name: getattr(minimum, name) for name in LEVELS}
    held = {
        name: now.perhaps(of, f"{FORMULA}.{MINIMUM}.{name}", Unit.pounds)
        for name, of in fields.items()
    }
    if not any(held.values()) and any(isinstance(of, ValueTable) for of in fields.values()):
        return ()
    primary, ks3, ks4, secondary = (held[name] for name in LEVELS)
    return primary, ks3 or secondary, ks4 or secondary


def _level_pence(
    levels_given: tuple[DocumentValue | None, ...],
) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    if not levels_given:
        return None
    given = [None if one is None else one.dated for one in levels_given]
    levels = np.asarray(
        [scaled(one.decimal, PENCE) if is_printed(one) else 0 for one in given], np.int64
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
