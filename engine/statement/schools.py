"""A school's whole answer: lines, adjustments, totals, expected calls, and what is not known of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.expected_calls import CallsStatement, Pence, calls_statement, needs_of, threshold_of
from engine.kernels.notional import BY_UNITS, NOT_KNOWN
from engine.modules.school_formula import parts as school_parts
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.targeted import TargetedStatement, targeted_statements
from engine.money import percent_of
from engine.plausibility import Warnings, school_warnings
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Counts
from engine.vocabulary import Missing, SchoolPhase, Standing, weakest

UNPRINTED = (Missing.not_printed, Missing.no_value)
"""Why the notional part of an amount that is known is not."""


@dataclass(frozen=True, slots=True)
class MonthsStatement:
    """What a line pays in some months of a year in which it changes: pence a unit, and millionths of the whole.

    None where there is none, or it is not printed.
    """

    months: int
    unit_value: Pence
    percent: int | None


@dataclass(frozen=True, slots=True)
class LineStatement:
    """One line of the formula at a school; pence, and millionths of units and of the whole.

    ``not_known`` counts the parts that are not known, ``missing`` says why. A unit value or percentage that
    changes within the year is None, and ``by_months`` has each; nothing where none of them changes.
    """

    name: str
    label: str
    units: int | None
    unit_value: Pence
    amount: Pence
    percent: int | None
    notional: Pence
    not_known: int
    missing: Missing | None
    standing: Standing | None
    by_months: tuple[MonthsStatement, ...] = ()

    @property
    def is_notional(self) -> bool:
        """Return whether any of it is notional SEN in any part of the year."""
        unprinted = self.amount is not None and self.missing in UNPRINTED
        return bool(self.percent) or any(one.percent for one in self.by_months) or unprinted


@dataclass(frozen=True, slots=True)
class AdjustmentStatement:
    """An adjustment of the whole formula at a school, pence; ``missing`` says why it, or its notional part, is not known.

    last_year_without  labels of lines that last year's budget is read as given without, as no amount of them is
    """

    name: str
    label: str
    amount: Pence
    notional: Pence
    missing: Missing | None
    last_year_without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolTotals:
    """A school's formula and notional SEN in all, of what is known, pence; None is not known.

    ``not_known`` counts the parts that are left out, ``budget_not_known`` those of them that the
    notional SEN budget depends on: ``calls.expected.budget`` is the budget where there are none.
    """

    row: int
    urn: int
    name: str
    phase: SchoolPhase
    formula: Pence
    notional: Pence
    not_known: int
    budget_not_known: int | None
    calls: CallsStatement

    @property
    def budget(self) -> Pence:
        """Return the notional SEN budget, where no part of it is missing."""
        return self.calls.expected.budget

    @property
    def percent_of_formula(self) -> str | None:
        """Return notional SEN in percent of formula funding, to two decimals, where both are known."""
        if self.not_known or self.notional is None or self.formula is None:
            return None
        return percent_of(self.notional, self.formula)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolStatement(SchoolTotals):
    """A school's whole answer; ``lines`` are those that it is paid by, or could be."""

    lines: tuple[LineStatement, ...]
    adjustments: tuple[AdjustmentStatement, ...]
    targeted: TargetedStatement | None

    @property
    def parts(self) -> tuple[LineStatement | AdjustmentStatement, ...]:
        """Return the lines and the adjustments, which add to the totals."""
        return (*self.lines, *self.adjustments)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return each part that is not known, by its label, and why."""
        return tuple(f"{one.label}: {one.missing}" for one in self.parts if one.missing is not None)

    @property
    def not_notional(self) -> tuple[str, ...]:
        """Return the labels of the lines that are paid and of which nothing is notional SEN."""
        return tuple(one.label for one in self.lines if one.amount and not one.is_notional)


class Statements:
    """The statements of the schools of one outcome, by their position in its table."""

    def __init__(self, outcome: NotionalOutcome, sen_support_cost: Pence = None) -> None:
        """Find what is decided for all schools at once; the cost is pence for a pupil on SEN support."""
        self.outcome = outcome
        self.cost = sen_support_cost
        self._groups = [Statements(one.outcome, sen_support_cost) for one in outcome.groups]
        self.threshold = threshold_of(outcome.rules)
        self.is_notional = school_parts.formula_of(outcome).is_notional
        self.of_formula = school_parts.of_formula(outcome).tolist()
        self.mainstream = school_parts.mainstream(outcome).tolist()
        self.funded = school_parts.funded(outcome).tolist()
        self.budget_absent = school_parts.budget_absent(outcome).tolist()
        self.adjustments = school_parts.adjustments(outcome)
        self.pupils = school_parts.pupil_numbers(outcome)

    @cached_property
    def _applying(self) -> list[list[bool]]:
        """Return for each line the schools that it is a part of."""
        lines = range(len(self.outcome.lines))
        return [school_parts.applies(self.outcome, at).tolist() for at in lines]

    @cached_property
    def _missing(self) -> list[list[int]]:
        """Return for each line why it is not known at each school, and then for each adjustment."""
        lines = range(len(self.outcome.lines))
        return [
            *(school_parts.missing_figures(self.outcome, at).tolist() for at in lines),
            *(
                school_parts.missing_adjustments(self.outcome, one).tolist()
                for one in self.adjustments
            ),
        ]

    @cached_property
    def warnings(self) -> Warnings:
        """Return what may be wrong with the schools' figures and their rules."""
        return school_warnings(self.outcome, self.cost)

    def _own(self, school: int) -> tuple["Statements", int]:
        """Return the statements that have the values of a school's own rules, and its position among them."""
        if self.outcome.places is None:
            return self, school
        group, at = self.outcome.places[school].tolist()
        return self._groups[group], at

    def in_order(self) -> list[int]:
        """Return the positions of the schools in the order in which they were sent."""
        order: list[int] = np.argsort(self.outcome.schools.rows).tolist()
        return order

    def totals(self, school: int) -> SchoolTotals:
        """Return a school's totals and the calls on its budget."""
        own, at = self._own(school)
        if own is not self:
            return own.totals(at)
        outcome, is_notional = self.outcome, self.is_notional
        absent = self.budget_absent[school] if is_notional else None
        notional = int(outcome.notional_total[school]) if is_notional else None
        known = notional if self.funded[school] and absent == 0 else None
        return SchoolTotals(
            row=int(outcome.schools.rows[school]),
            urn=int(outcome.schools.urn[school]),
            name=outcome.schools.names[school],
            phase=SchoolPhase(int(outcome.schools.columns["phase"][school])),
            formula=int(outcome.formula_total[school]) if self.funded[school] else None,
            notional=None
            if self._budget_unprinted[school] or not self.funded[school]
            else notional,
            not_known=int(outcome.absent_total[school]),
            budget_not_known=absent,
            calls=calls_statement(
                known,
                needs_of(outcome.schools, school, self.cost),
                self.threshold,
                no_budget=Missing.budget if self.of_formula[school] else Missing.not_funded,
            ),
        )

    def whole(self, school: int) -> SchoolStatement:
        """Return a school's whole answer."""
        return next(self.wholes([school]))

    def wholes(self, schools: Sequence[int]) -> Iterator[SchoolStatement]:
        """Yield the whole answers of some schools."""
        for school, (one, targeted) in zip(schools, self.budgets(schools), strict=True):
            yield SchoolStatement(
                **{name: getattr(one, name) for name in SchoolTotals.__slots__},
                lines=tuple(self.lines_of(school)),
                adjustments=tuple(self.adjustments_of(school)),
                targeted=targeted,
            )

    def budgets(
        self, schools: Sequence[int]
    ) -> tuple[tuple[SchoolTotals, TargetedStatement | None], ...]:
        """Return some schools' totals and extra funding, which is worked out for all of them at once.

        Extra funding is None for a school that is not mainstream: it does not apply.
        """
        totals = [self.totals(school) for school in schools]
        figures = [
            (one.calls, self.pupils[school])
            for school, one in zip(schools, totals, strict=True)
            if self.mainstream[school]
        ]
        extra = iter(targeted_statements(self.outcome.rules, figures))
        due = [next(extra) if self.mainstream[school] else None for school in schools]
        return tuple(zip(totals, due, strict=True))

    def lines_of(self, school: int) -> Iterator[LineStatement]:
        """Yield the lines that a school is paid by, or could be."""
        own, at = self._own(school)
        if own is not self:
            yield from own.lines_of(at)
            return
        outcome = self.outcome
        arrays = (outcome.form, outcome.units, outcome.amount, outcome.notional, outcome.absent)
        figures = zip(*(one[school].tolist() for one in arrays), strict=True)
        for at, (form, units, amount, notional, absent) in enumerate(figures):
            if not self._applying[at][school]:
                continue
            line, known, by_units = outcome.lines[at], form != NOT_KNOWN, form in BY_UNITS
            yield LineStatement(
                name=line.name,
                label=line.label,
                units=units if by_units else None,
                unit_value=line.year_rate,
                amount=amount if known else None,
                percent=line.year_percent,
                notional=notional
                if known and self.is_notional and not self._unprinted[at][school]
                else None,
                not_known=absent,
                missing=school_parts.reason_of(self._missing[at][school]),
                standing=self._standings[at][by_units or not known],
                by_months=self._by_months[at],
            )

    @cached_property
    def _standings(self) -> list[tuple[Standing | None, Standing | None]]:
        """Return for each line the standing of its values, without its unit value and with it."""
        return [
            (_standing(line, by_value=False), _standing(line, by_value=True))
            for line in self.outcome.lines
        ]

    @cached_property
    def _unprinted(self) -> list[list[bool]]:
        """Return for each line the schools of which its notional part is not printed."""
        outcome = self.outcome
        return [outcome.unprinted_notional(at).tolist() for at in range(len(outcome.lines))]

    @cached_property
    def _budget_unprinted(self) -> list[bool]:
        """Return the schools whose notional SEN is not known, as a percentage that counts is not printed."""
        found: list[bool] = school_parts.notional_unprinted(self.outcome).tolist()
        return found

    @cached_property
    def _by_months(self) -> list[tuple[MonthsStatement, ...]]:
        """Return for each line what it pays by months, nothing where it does not change."""
        months = school_parts.formula_of(self.outcome).months
        return [
            tuple(
                MonthsStatement(number, *(of if isinstance(of, int) else None for of in one.pays))
                for one, number in zip(line.segments, months, strict=True)
            )
            if line.changes
            else ()
            for line in self.outcome.lines
        ]

    def adjustments_of(self, school: int) -> Iterator[AdjustmentStatement]:
        """Yield the adjustments that are a part of a school's answer."""
        own, at = self._own(school)
        if own is not self:
            yield from own.adjustments_of(at)
            return
        missing_of_each = self._missing[len(self.outcome.lines) :]
        for one, reasons in zip(self.adjustments, missing_of_each, strict=True):
            missing = school_parts.reason_of(reasons[school])
            if (
                missing is None
                and not school_parts.adjusts(self.outcome, one, slice(school, school + 1))[0]
            ):
                continue
            known = not one.absent[school]
            shared = known and self.is_notional and not one.unprinted_notional[school]
            notional = int(one.notional[school]) if shared else None
            amount = int(one.amount[school]) if known else None
            without = school_parts.without_last_year(self.outcome, one, school)
            yield AdjustmentStatement(one.name, one.label, amount, notional, missing, without)


def _standing(line: CompiledLine, *, by_value: bool) -> Standing | None:
    """Return the standing of the values that a line's amount and notional part follow from."""
    priced = by_value or line.counts is Counts.sparsity
    return weakest(
        value
        for one in line.segments
        for value in (one.notional_percent, one.unit_value if priced else None)
    )
