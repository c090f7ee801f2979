"""Targeted funding school by school: the columns of a table, what is paid, and the rows of a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.columns import Column
from engine.errors import PairRefused, Problem
from engine.expected_calls import ExpectedCalls, School, calls_statement, needs_of, threshold_of
from engine.modules.allocation import WHY, Allocation, AllocationModule, Record, why_column
from engine.modules.module import NO_OPTIONS, Inputs, Options
from engine.modules.school_formula import SCHOOL_FORMULA, NotionalOutcome
from engine.modules.school_formula.parts import (
    budget_known,
    mainstream,
    pupil_numbers,
)
from engine.modules.table_columns import MOST_POUNDS, NAME, URN, money, number, whole
from engine.modules.targeted.valuation import SchoolFigures, TargetedAmount, value_known
from engine.reading.aliases import OF_TARGETED_FUNDING
from engine.reading.short_table import ShortTable
from engine.rows import Shape
from engine.rules.compiled import CompiledRules
from engine.rules.measures import (
    Cell,
    Measured,
    Topic,
    Unit,
    document_value,
    values_over_days,
    words,
)
from engine.rules.measures import money as pounds
from engine.rules.reads import Reads
from engine.rules.targeted import PATTERN_WORDS, CompiledTargeted, Pattern
from engine.steps import OwnNumbers, Steps
from engine.vocabulary import Missing

NOTIONAL, PLANS, PUPILS = "notional_sen", "ehc_plans", "pupils"
CALLS, SUPPORT = "expected_calls", "sen_support_pupils"
NO_CALLS = (
    "is needed to share the rest of the total; give it, or sen_support_pupils and a cost of "
    "SEN support"
)
UNPRINTED = frozenset({Missing.not_printed, Missing.no_value})
"""Why calls are not known that no figure of a table of schools would make known."""

NO_THRESHOLD = frozenset({Missing.threshold, Missing.formula_threshold})


@dataclass(frozen=True, slots=True)
class SchoolTargeted:
    """What a school is paid or why that is not known, and its calls where a cost of SEN support was chosen (pence)."""

    row: int
    urn: int
    name: str
    figures: SchoolFigures
    calls: ExpectedCalls | None
    needs: School
    due: TargetedAmount | Missing = Missing.other_schools

    @property
    def missing(self) -> Missing | None:
        """Return why what the school is paid is not known, None where it is."""
        return self.due if isinstance(self.due, Missing) else None

    @property
    def paid(self) -> TargetedAmount | None:
        """Return what the school is paid, None where it is not known."""
        return None if isinstance(self.due, Missing) else self.due

    @property
    def pence(self) -> int:
        """Return all that the school is paid, 0 where it is not known."""
        return 0 if self.paid is None else self.paid.amount

    @property
    def by_pattern(self) -> int | None:
        """Return what the pattern gives the school, None where it is not known."""
        return None if self.paid is None else self.paid.due

    @property
    def shared(self) -> int | None:
        """Return its part of the rest of a total, None where it is not known."""
        return None if self.paid is None else self.paid.shared

    @property
    def amount(self) -> int | None:
        """Return all that the school is paid, None where it is not known."""
        return None if self.paid is None else self.paid.amount

    @property
    def left(self) -> int | None:
        """Return what calls leave of the budget before extra funding; negative where it falls short."""
        return None if self.calls is None else self.calls.left

    @property
    def left_after(self) -> int | None:
        """Return what is left once the extra funding is paid."""
        return None if self.left is None or self.paid is None else self.left + self.pence


class TargetedModule(AllocationModule[CompiledTargeted, SchoolTargeted]):
    """Extra funding for schools with many plans, which may share one pot."""

    name = "targeted_funding"
    compiled = CompiledTargeted
    label = "targeted funding"
    table = "targeted"
    title = "Schools with many plans"
    about = (
        "One row for each school; `evenband targeted` reads it. `plans` is an older name of "
        "`ehc_plans`, and is read too."
    )
    numbers = "pupils"
    key = (URN.name,)
    money = ("due", "shared", "amount")
    row_is = "school"
    aliases = OF_TARGETED_FUNDING
    after = (SCHOOL_FORMULA,)

    def columns(self, part: CompiledTargeted) -> Sequence[Column]:
        """Return the columns of a table of schools; the pattern says which every row must have."""
        by_rate = part.rule.pattern is Pattern.plans_above_rate
        return [
            URN,
            NAME,
            money(
                NOTIONAL,
                "notional SEN budget",
                "not supplied: allowed where the rules compare with pupils alone",
                least=-MOST_POUNDS,
                required=not by_rate,
            ),
            whole(PLANS, "plans in the mainstream part", required=True),
            number(
                PUPILS,
                "pupils",
                "not supplied: allowed where the rules do not compare with them",
                required=by_rate,
            ),
            money(
                CALLS,
                "expected calls on the budget",
                "worked out from a cost of SEN support, where one is chosen",
                required=False,
            ),
            whole(
                SUPPORT,
                "pupils on SEN support",
                "not supplied: calls are not worked out",
                required=False,
            ),
        ]

    def may_lack(self, part: CompiledTargeted) -> frozenset[str]:
        """Return all but what the pattern compares: plans with a budget, pupils or calls."""
        compared = PUPILS if part.rule.pattern is Pattern.plans_above_rate else NOTIONAL
        shared = {CALLS} if part.rule.pattern is Pattern.gap_then_pot else set()
        return frozenset({NAME.name, NOTIONAL, PUPILS, CALLS, SUPPORT} - {compared} - shared)

    def reads(self, part: CompiledTargeted) -> Reads:
        """Return the columns that the pattern reads, and those that calls on budgets do."""
        unread = self.may_lack(part) - {NAME.name, SUPPORT}
        return tuple(one for one in super().reads(part) if one.column not in unread)

    def columns_by_choice(self, options: Options) -> frozenset[str]:
        """Return the calls on budgets, which a cost of SEN support gives."""
        return frozenset() if options.sen_support_cost is None else frozenset({CALLS})

    def topics(self, part: CompiledTargeted) -> Iterator[Topic]:
        """Yield how the funding is worked out."""
        rule = part.rule
        measures: list[Measured] = [
            ("what it is called", Unit.text, Cell(rule.label)),
            ("what is due", Unit.text, Cell(PATTERN_WORDS[rule.pattern])),
            (
                "threshold: what the school meets of a plan",
                Unit.pounds,
                values_over_days([one.dated for one in part.thresholds], pounds),
            ),
            ("notional SEN set against plans", Unit.percent, document_value(part.means_percent)),
            (
                "plans for a hundred pupils not paid for",
                Unit.number,
                document_value(part.plans_per_hundred),
            ),
            ("tiers", Unit.text, words("; ".join(one.words for one in rule.tiers))),
            ("pot: all there is", Unit.pounds, pounds(part.pot)),
        ]
        yield Topic(self.name, "Targeted funding", measures)

    def values(
        self, rules: CompiledRules, cells: ShortTable, options: Options
    ) -> Callable[[int], SchoolTargeted]:
        """Return what each school is paid; all at once, as they may share a pot."""
        part, cost = self.required(rules), options.sen_support_cost
        schools = [_of_row(rules, cells, at, cost) for at in range(len(cells))]
        if part.rule.pattern is Pattern.gap_then_pot:
            _refuse_without_calls(schools)
        return _funded(part, schools).__getitem__

    def value(self, inputs: Inputs) -> Allocation[CompiledTargeted, SchoolTargeted] | None:
        """Value the module's own table or, where there is none, the schools that the formula valued."""
        part, schools = self.of(inputs.rules), inputs.of(SCHOOL_FORMULA)
        if self.name in inputs.tables.frames or part is None or schools is None:
            return super().value(inputs)
        return self.of_schools(part, schools, inputs.tables.options)

    def of_schools(
        self, part: CompiledTargeted, outcome: NotionalOutcome, options: Options = NO_OPTIONS
    ) -> Allocation[CompiledTargeted, SchoolTargeted]:
        """Return what mainstream schools are paid by their notional SEN budgets and the plans of their table."""
        known, cost = budget_known(outcome), options.sen_support_cost
        pupils = pupil_numbers(outcome)
        schools = [
            _of_school(outcome, at, cost, pupils[at], budget_is_known=bool(known[at]))
            for at in np.flatnonzero(mainstream(outcome)).tolist()
        ]
        return Allocation(self, outcome.rules, part, options, tuple(_funded(part, schools)))

    def steps(self, one: SchoolTargeted) -> tuple[Steps, OwnNumbers] | None:
        """Return the steps to what a school is paid, None where it is not known."""
        return None if one.paid is None else (one.paid.steps, one.paid.own)

    def shapes(self, outcome: Allocation[CompiledTargeted, SchoolTargeted]) -> dict[str, Shape]:
        """Return the columns of rows; with calls where a cost was chosen."""
        checked = ("sen_support_calls", "plan_calls", "all_calls", "left", "left_after")
        costed = outcome.options.sen_support_cost is not None
        return {
            URN.name: Shape.whole, NAME.name: Shape.text, NOTIONAL: Shape.pounds, PLANS: Shape.whole,
            "due": Shape.pounds, "shared": Shape.pounds, "amount": Shape.pounds,
            **(dict.fromkeys(checked, Shape.pounds) if costed else {}),
            **why_column(outcome.valued),
        }  # fmt: skip

    def record(self, one: SchoolTargeted) -> Record:
        """Return one row a school."""
        paid, calls = one.paid, one.calls
        record: Record = {
            URN.name: one.urn, NAME.name: one.name or None,
            NOTIONAL: one.figures.notional, PLANS: one.figures.plans,
        }  # fmt: skip
        if paid is None:
            record[WHY] = str(one.due)
        else:
            record |= {"due": paid.due, "shared": paid.shared, "amount": paid.amount}
        if calls is not None:
            record |= {
                "sen_support_calls": calls.sen_support, "plan_calls": calls.plans,
                "all_calls": calls.total, "left": one.left, "left_after": one.left_after,
            }  # fmt: skip
        return record


def _of_row(rules: CompiledRules, cells: ShortTable, at: int, cost: int | None) -> SchoolTargeted:
    """Return a school of the module's own table; its calls by the chosen cost of SEN support."""
    notional, plans, total = (cells.number(name, at) for name in (NOTIONAL, PLANS, CALLS))
    calls, why = None, Missing.sen_support_cost
    needs = School(cells.number(SUPPORT, at), cost, plans=plans)
    if cost is not None:
        calls = calls_statement(notional, needs, threshold_of(rules)).expected
        total = calls.total if total is None else total
        why = calls.why_plans or calls.why_support or why
    figures = SchoolFigures(notional, plans, cells.number(PUPILS, at), total, why)
    urn = cells.number(URN.name, at) or 0
    return SchoolTargeted(cells.rows[at], urn, cells.text(NAME.name, at), figures, calls, needs)


def _of_school(
    outcome: NotionalOutcome,
    at: int,
    cost: int | None,
    pupils: int | None,
    *,
    budget_is_known: bool,
) -> SchoolTargeted:
    """Return a school that the formula valued, as its table gives its needs."""
    schools, notional = outcome.schools, int(outcome.notional_total[at])
    needs = needs_of(schools, at, cost)
    budget = notional if budget_is_known else None
    calls = calls_statement(budget, needs, threshold_of(outcome.of(at)[0].rules)).expected
    why = next(iter(calls.missing), Missing.sen_support_cost)
    figures = SchoolFigures(calls.budget, needs.plans, pupils, calls.total, why)
    row, urn = int(schools.rows[at]), int(schools.urn[at])
    shown = None if cost is None else calls
    return SchoolTargeted(row, urn, schools.names[at], figures, shown, needs)


def _refuse_without_calls(schools: Sequence[SchoolTargeted]) -> None:
    problems = [
        Problem(
            _no_calls(one.figures.calls_missing),
            "calls-wanting",
            column=CALLS,
            row=one.row,
        )
        for one in schools
        if one.figures.calls is None and one.figures.calls_missing not in UNPRINTED
    ]
    if problems:
        raise PairRefused(problems)


def _no_calls(why: Missing) -> str:
    """Return what is said of a school whose calls are not given and cannot be worked out."""
    if why not in NO_THRESHOLD:
        return NO_CALLS
    return f"is needed to share the rest of the total; give it, as {why}"


def _funded(part: CompiledTargeted, schools: Sequence[SchoolTargeted]) -> list[SchoolTargeted]:
    """Return each school with what it is paid, or why that is not known.

    A pot's odd pennies fall by the order of schools, which must not be that of the file.
    """
    order = sorted(range(len(schools)), key=lambda at: schools[at].urn)
    due = dict(zip(order, value_known(part, [schools[at].figures for at in order]), strict=True))
    return [replace(one, due=due[at]) for at, one in enumerate(schools)]
