"""Two schools formulas over the same schools, mixed: each ingredient of the one or of the other, valued as any formula is.

A formula that has last year's unit values and this year's pupils was never in force; what schools would have come
to by it says what a change of one ingredient brings.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.columns import PRIOR_AMOUNT_PREFIX, UNITS_PREFIX
from engine.errors import PairRefused, Problem
from engine.kernels.notional import (
    GIVEN_AMOUNT,
    GIVEN_UNITS,
    NOT_KNOWN,
    SHARED_AMOUNT,
    YEARS_AMOUNT,
    LineUnits,
)
from engine.modules.school_formula.fringe import MULTIPLIER
from engine.modules.school_formula.guarantee import is_compared
from engine.modules.school_formula.line_inputs import school_inputs
from engine.modules.school_formula.lump_sums import shared_amounts
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.modules.school_formula.sparsity import sparsity_amounts
from engine.modules.school_formula.valuation import value_inputs
from engine.row_chunks import ONE_THREAD
from engine.rules.compile_reads import family
from engine.rules.compile_school_tables import MINIMUM, NOTIONAL, PROTECTION
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.formula import Counts
from engine.steps import DocumentValue
from engine.tables import SchoolTable, frozen

LAST_YEAR = ("prior_budget", "prior_pupils")
MOST_LINES = 1_000
Array = NDArray[Any]


class Ingredient(StrEnum):
    """What a school's answer follows from, each of which may be of either formula.

    A line's ingredients, and the percentage of an adjustment, are named by it; the others are one for the whole formula.
    """

    counts = "counts"
    line = "line"
    unit_value = "unit_value"
    percentage = "percentage"
    fringe = "fringe"
    levels = "levels"
    guarantee = "guarantee_percent"
    cap = "cap_percent"
    scaling = "scaling_percent"
    last_year = "last_year"


OF_PROTECTION = (Ingredient.guarantee, Ingredient.cap, Ingredient.scaling)
Choice = Callable[[Ingredient, str], bool]
"""Says of an ingredient, by the name of what it is of, whether it is that of the second formula."""


@dataclass(frozen=True, slots=True)
class FormulaSide:
    """One of two formulas, without tables of values, and what some schools have of its lines.

    What a unit value that is not printed made unknown is known here: it may meet a printed one.
    """

    rules: CompiledRules
    formula: CompiledFormula
    inputs: SchoolInputs

    @classmethod
    def of(cls, rules: CompiledRules, schools: SchoolTable) -> "FormulaSide":
        """Return a side whose schools say the units or amounts of every line; raises ``PairRefused`` where they do not."""
        if rules.formula is None:
            message = "rules without a schools formula have none to mix"
            raise ValueError(message)
        inputs = school_inputs(rules.formula, schools, None, ONE_THREAD)
        return cls(rules, rules.formula, _unmarked(inputs))

    @property
    def by_name(self) -> dict[str, int]:
        """Return the position of each line by its name."""
        return {line.name: at for at, line in enumerate(self.inputs.lines)}


def _unmarked(inputs: SchoolInputs) -> SchoolInputs:
    """Return inputs in which units are known whose unit value is not printed."""
    form, given = inputs.units.form.copy(), inputs.units.given.copy()
    absent = inputs.absent.copy()
    for at, line in enumerate(inputs.lines):
        if line.year_is_printed:
            continue
        counted = (form[at] == NOT_KNOWN) & (inputs.units.units[at] != 0)
        form[at][counted], absent[at][counted] = GIVEN_UNITS, 0
        if line.counts is Counts.sparsity and not _has_cells(inputs.schools, line):
            earned = sparsity_amounts(line, inputs.schools, inputs.pupils, inputs.pupils_known)
            if earned is not None:
                form[at][earned[1]], absent[at][earned[1]] = YEARS_AMOUNT, 0
                np.copyto(given[:, at], earned[0], where=earned[1])
    units = LineUnits(frozen(form), inputs.units.units, frozen(given))
    return replace(inputs, units=units, absent=frozen(absent))


def _has_cells(schools: SchoolTable, line: CompiledLine) -> bool:
    names = (f"{UNITS_PREFIX}{line.name}", f"amount_{line.name}")
    return any(name in schools.values for name in names)


class Mixtures:
    """Two sides over the same schools, of which any mixture can be valued."""

    def __init__(self, before: FormulaSide, after: FormulaSide) -> None:
        """Raise ``PairRefused`` where one is for a part of a year that the other is not for."""
        self.sides = (before, after)
        self.months = tuple(_months(before.formula.months, after.formula.months))
        self.positions = (before.by_name, after.by_name)
        in_formula = dict.fromkeys(line.name for side in self.sides for line in side.formula.lines)
        both = dict.fromkeys(name for held in self.positions for name in held)
        self.names = (*in_formula, *(name for name in both if name not in in_formula))
        self.in_formula = frozenset(in_formula)
        self.covered = self._covered()
        # Mixtures share most of their lines.
        self.cache = Cache(MOST_LINES)

    def lines(self, name: str) -> tuple[CompiledLine | None, CompiledLine | None]:
        """Return a line on both sides, None on one that does not have it."""
        before, after = (
            side.inputs.lines[held[name]] if name in held else None
            for side, held in zip(self.sides, self.positions, strict=True)
        )
        return before, after

    def segments_of(self, line: CompiledLine, *, second: bool) -> list[CompiledLine]:
        """Return a line of a side in each run of months in which neither side changes."""
        return [line.segments[at[second]] for _, *at in self.months]

    def _covered(self) -> frozenset[str]:
        """Return the lines of which a side has the amount together with that of others."""
        stems = set(self.names) - self.in_formula
        every = (line for side in self.sides for line in side.formula.lines)
        return frozenset(
            line.name for line in every if {line.key.factor, family(line.key.factor)} & stems
        )

    def value(self, choice: Choice) -> NotionalOutcome:
        """Return what the schools come to by a mixture."""
        mixed = {name: line for name in self.names if (line := self._line(name, choice))}
        lines = tuple(mixed.values())
        formula = self._formula(
            choice, tuple(mixed[name] for name in mixed if name in self.in_formula)
        )
        form, units, absent, given = self._arrays(lines, choice)
        pupils = self.sides[choice(Ingredient.counts, "")].inputs
        for at, line in enumerate(lines):
            self._derive(line, formula, pupils, form[at], given[:, at])
            _mark_unprinted(line, form[at], units[at], absent[at], given[:, at])
        inputs = SchoolInputs(
            self._schools(choice), lines, LineUnits(frozen(form), frozen(units), frozen(given)),
            formula.weights, frozen(absent), pupils.pupils, pupils.pupils_known,
            frozenset(np.flatnonzero(given.any(axis=(0, 2))).tolist()),
        )  # fmt: skip
        rules = self.sides[choice(Ingredient.line, "")].rules
        rules = replace(rules, parts={**rules.parts, CompiledFormula: formula})
        return value_inputs(rules, formula, inputs, ONE_THREAD)

    def _line(self, name: str, choice: Choice) -> CompiledLine | None:
        """Return a line of a mixture, None where the side that it is taken from does not have it."""
        both, second = self.lines(name), choice(Ingredient.line, name)
        own, (before, after) = both[second], both
        if own is None:
            return None
        if before is None or after is None:
            sides = (second,) * 3
        else:
            sides = (
                second, choice(Ingredient.unit_value, name), choice(Ingredient.percentage, name),
            )  # fmt: skip
        value, share = both[sides[1]] or own, both[sides[2]] or own
        return self.cache.get((name, sides), self._in_months, own, value, share, sides)

    def _in_months(
        self, own: CompiledLine, value: CompiledLine, share: CompiledLine, sides: tuple[bool, ...]
    ) -> CompiledLine:
        """Return a line with the unit value of another and the percentage of a third, in each segment of the year."""
        segments = []
        each = zip((own, value, share), sides, strict=True)
        for form, paid, part in zip(
            *(self.segments_of(line, second=side) for line, side in each), strict=True
        ):
            segments.append(
                replace(
                    form, rate=paid.rate, value=paid.value, area=paid.area,
                    percent=part.percent, share=part.share, later=(),
                )
            )  # fmt: skip
        whole: CompiledLine = replace(segments[0], later=tuple(segments[1:]))
        return whole

    def _arrays(
        self, lines: tuple[CompiledLine, ...], choice: Choice
    ) -> tuple[Array, Array, Array, Array]:
        """Return form, units, absent (lines, schools) and what is given (segments, lines, schools)."""
        shape = (len(lines), len(self.sides[0].inputs.schools))
        form, units = np.full(shape, NOT_KNOWN, np.int8), np.zeros(shape, np.int64)
        absent, given = np.zeros(shape, np.int64), np.zeros((len(self.months), *shape), np.int64)
        for at, line in enumerate(lines):
            places = [held.get(line.name) for held in self.positions]
            whole = choice(Ingredient.line, line.name)
            counted = choice(Ingredient.counts, line.name)
            if None in places:
                counted = whole
            forms = [
                side.inputs.units.form[place]
                for side, place in zip(self.sides, places, strict=True)
                if place is not None
            ]
            amount = np.any([one == GIVEN_AMOUNT for one in forms], axis=0)
            amount |= line.name in self.covered
            for of, second in ((~amount, counted), (amount, whole)):
                inputs, place = self.sides[second].inputs, places[second]
                np.copyto(form[at], inputs.units.form[place], where=of)
                np.copyto(units[at], inputs.units.units[place], where=of)
                np.copyto(absent[at], inputs.absent[place], where=of)
                for to, months in enumerate(self.months):
                    held = inputs.units.given[months[1 + second], place]
                    np.copyto(given[to, at], held, where=of)
        return form, units, absent, given

    def _derive(
        self,
        line: CompiledLine,
        formula: CompiledFormula,
        inputs: SchoolInputs,
        form: Array,
        given: Array,
    ) -> None:
        """Work out again what a line earns by its own unit value: a share of a lump sum, or sparsity."""
        shared, earned = form == SHARED_AMOUNT, form == YEARS_AMOUNT
        if shared.any():
            amounts = shared_amounts(line, formula.lines, inputs.schools)
            if amounts is None:
                form[shared] = GIVEN_UNITS
            else:
                np.copyto(given, amounts[0], where=shared & amounts[1])
        if earned.any():
            amounts = sparsity_amounts(line, inputs.schools, inputs.pupils, inputs.pupils_known)
            if amounts is not None:
                np.copyto(given, amounts[0], where=earned & amounts[1])

    def _schools(self, choice: Choice) -> SchoolTable:
        """Return the schools of a side, with last year's figures and the multiplier of those that are chosen."""
        own = self.sides[choice(Ingredient.counts, "")].inputs.schools
        last = self.sides[choice(Ingredient.last_year, "")].inputs.schools
        fringe = self.sides[choice(Ingredient.fringe, "")].inputs.schools

        def mixed(held: Mapping[str, Array], others: Mapping[str, Array]) -> dict[str, Array]:
            rest = {name: one for name, one in held.items() if not is_last_years(name)}
            return rest | {name: one for name, one in others.items() if is_last_years(name)}

        columns = {name: one for name, one in own.columns.items() if name != MULTIPLIER}
        columns |= {name: one for name, one in fringe.columns.items() if name == MULTIPLIER}
        return replace(
            own, columns=mixed(columns, last.columns), values=mixed(own.values, last.values),
            presence=mixed(own.presence, last.presence),
        )  # fmt: skip

    def _formula(self, choice: Choice, lines: tuple[CompiledLine, ...]) -> CompiledFormula:
        formulas = [side.formula for side in self.sides]
        levels = formulas[choice(Ingredient.levels, "")]
        others = formulas[choice(Ingredient.line, "")]
        values = {
            name: value
            for name, value in others.values.items()
            if not name.startswith((f"{MINIMUM}.", f"{PROTECTION}."))
        }
        for one in OF_PROTECTION:
            name = f"{PROTECTION}.{one.value}"
            found = formulas[choice(one, "")].values.get(name)
            values |= {} if found is None else {name: found}
        has = {
            MINIMUM: [one.levels is not None for one in formulas],
            PROTECTION: [is_compared(one) for one in formulas],
        }
        for name, there in has.items():
            # A percentage that one side alone has is of what that side alone has.
            second = choice(Ingredient.percentage, name) if all(there) else there[1]
            values |= _value(formulas[second], f"{name}.{NOTIONAL}")
        return replace(
            others, lines=lines, values=values, levels=levels.levels,
            level_values=levels.level_values, tables=(),
            fringe=formulas[choice(Ingredient.fringe, "")].fringe,
            year_days=formulas[choice(Ingredient.counts, "")].year_days,
            months=tuple(number for number, *_ in self.months),
        )  # fmt: skip


def _value(formula: CompiledFormula, name: str) -> dict[str, DocumentValue]:
    found = formula.values.get(name)
    return {} if found is None else {name: found}


def is_last_years(name: str) -> bool:
    """Return whether a column of schools is of last year."""
    return name in LAST_YEAR or name.startswith(PRIOR_AMOUNT_PREFIX)


def _mark_unprinted(
    line: CompiledLine, form: Array, units: Array, absent: Array, given: Array
) -> None:
    """Mark as not known what has units, and a unit value that is not printed or not there."""
    priced = (form == GIVEN_UNITS) & (units != 0)
    if not line.year_is_printed:
        earned = (form == YEARS_AMOUNT) & given.any(axis=0)
        given[:, earned] = 0
        priced |= earned
    elif line.rate is not None:
        return
    form[priced], absent[priced] = NOT_KNOWN, 1


def _months(before: tuple[int, ...], after: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Yield the months of each run in which neither side changes, and which of its segments each is in."""
    if sum(before) != sum(after):
        sentence = "one of the two rule sets is for a part of a year that the other is not for"
        raise PairRefused([Problem(sentence, "other-part-of-year")])
    ends = [np.cumsum(one).tolist() for one in (before, after)]
    start = 0
    for end in sorted({*ends[0], *ends[1]}):
        first, second = (next(at for at, last in enumerate(one) if end <= last) for one in ends)
        yield end - start, first, second
        start = end
