"""Targeted funding school by school: what is paid, and each school's budget less its expected costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from engine.block.asked import targeted_of, too_large
from engine.block.columns import NAME, URN, money, number, whole
from engine.block.targeted import SchoolCalls, TargetedAmount, value_targeted
from engine.columns import Column
from engine.errors import PairRefused, Problem
from engine.expected_calls import ExpectedCalls, School, expected_calls
from engine.export.rows import Rows, Shape
from engine.money import MILLION, PENCE, scaled
from engine.reading.aliases import OF_TARGETED_FUNDING, as_headed, one_name
from engine.reading.listed import Listed, listed
from engine.rules.compiled import CompiledRules
from engine.rules.targeted import Pattern, TargetedFunding

NOTIONAL, PLANS, PUPILS = "notional_sen", "ehc_plans", "pupils"
CALLS, SUPPORT = "expected_calls", "sen_support_pupils"


@dataclass(frozen=True, slots=True)
class SchoolTargeted:
    """What a school is paid, and its calls where a cost of SEN support was chosen (pence)."""

    row: int
    urn: int
    name: str
    notional: int | None
    plans: int
    paid: TargetedAmount
    calls: ExpectedCalls | None

    @property
    def pence(self) -> int:
        """Return all that the school is paid."""
        return self.paid.amount

    @property
    def left(self) -> int | None:
        """Return what calls leave of the budget before extra funding; negative where it falls short."""
        return None if self.calls is None else self.calls.left

    @property
    def left_after(self) -> int | None:
        """Return what is left once the extra funding is paid."""
        return None if self.left is None else self.left + self.paid.amount


def targeted_amounts(
    rules: CompiledRules,
    frame: pl.DataFrame,
    *,
    sen_support_cost: int | None = None,
    first_row: int = 2,
) -> tuple[SchoolTargeted, ...]:
    """Return what each school is paid in the order given, or refuse with every problem.

    ``sen_support_cost`` is pence for a pupil on SEN support: with it, calls are worked out
    where they are not given. The order of rows changes no penny.
    """
    with as_headed(frame.columns, OF_TARGETED_FUNDING):
        return _amounts(rules, one_name(frame, OF_TARGETED_FUNDING), sen_support_cost, first_row)


def _amounts(
    rules: CompiledRules, frame: pl.DataFrame, sen_support_cost: int | None, first_row: int
) -> tuple[SchoolTargeted, ...]:
    compiled = targeted_of(rules)
    targeted, threshold = compiled.rule, compiled.threshold
    cells = _cells(targeted, frame, first_row, costed=sen_support_cost is not None)
    met = 0 if threshold is None else scaled(threshold.decimal, PENCE)
    checked = [_calls(cells, at, sen_support_cost, met) for at in range(len(cells))]
    _refuse_without_calls(targeted, cells, checked)
    schools = [_school(cells, at, calls) for at, calls in enumerate(checked)]
    # A pot's odd pennies fall by the order of schools, which must not be that of the file.
    order = sorted(range(len(cells)), key=lambda at: cells.number(URN.name, at) or 0)
    paid = value_targeted(compiled, [schools[at] for at in order])
    amounts = dict(zip(order, paid, strict=True))
    problems = [
        replace(one, row=row)
        for at, row in enumerate(cells.rows)
        for one in too_large(amounts[at].amount)
    ]
    if problems:
        raise PairRefused(problems)
    return tuple(
        SchoolTargeted(
            row=row,
            urn=cells.number(URN.name, at) or 0,
            name=cells.text(NAME.name, at),
            notional=cells.number(NOTIONAL, at),
            plans=cells.number(PLANS, at) or 0,
            paid=amounts[at],
            calls=checked[at],
        )
        for at, row in enumerate(cells.rows)
    )


def targeted_columns(targeted: TargetedFunding) -> list[Column]:
    """Return the columns of a table of schools; the pattern says which every row must have."""
    by_rate = targeted.pattern is Pattern.plans_above_rate
    return [
        URN,
        NAME,
        money(NOTIONAL, "notional SEN budget", required=not by_rate),
        whole(PLANS, "plans in the mainstream part", required=True),
        number(PUPILS, "pupils", required=by_rate),
        money(CALLS, "expected calls on the budget", required=False),
        whole(SUPPORT, "pupils on SEN support", required=False),
    ]


def _cells(
    targeted: TargetedFunding, frame: pl.DataFrame, first_row: int, *, costed: bool
) -> Listed:
    """Return the checked cells; which columns every row must have depends on the pattern."""
    by_rate = targeted.pattern is Pattern.plans_above_rate
    shared = targeted.pattern is Pattern.gap_then_pot
    columns = targeted_columns(targeted)
    needed = {URN.name, PLANS, PUPILS if by_rate else NOTIONAL}
    needed |= {CALLS} if shared and not costed else set()
    return listed(frame, columns, required=frozenset(needed), key=(URN.name,), first_row=first_row)


def _calls(cells: Listed, at: int, cost: int | None, threshold: int) -> ExpectedCalls | None:
    """Return a school's calls by the chosen cost of SEN support; None where none is chosen."""
    if cost is None:
        return None
    school = School(cells.number(SUPPORT, at), cost, plans=cells.number(PLANS, at) or 0)
    return expected_calls(cells.number(NOTIONAL, at), school, threshold)


def _refuse_without_calls(
    targeted: TargetedFunding, cells: Listed, checked: Sequence[ExpectedCalls | None]
) -> None:
    if targeted.pattern is not Pattern.gap_then_pot:
        return
    sentence = (
        "is needed to share the rest of the total; give it, or sen_support_pupils and a cost of "
        "SEN support"
    )
    problems = [
        Problem(sentence, "calls-wanting", column=CALLS, row=row)
        for at, row in enumerate(cells.rows)
        if cells.number(CALLS, at) is None and _total(checked[at]) is None
    ]
    if problems:
        raise PairRefused(problems)


def _total(calls: ExpectedCalls | None) -> int | None:
    return None if calls is None else calls.total


def _school(cells: Listed, at: int, calls: ExpectedCalls | None) -> SchoolCalls:
    given, worked_out = cells.number(CALLS, at), _total(calls) or 0
    return SchoolCalls(
        notional=cells.number(NOTIONAL, at) or 0,
        plans=Fraction(cells.number(PLANS, at) or 0),
        pupils=Fraction(cells.number(PUPILS, at) or 0, MILLION),
        calls=worked_out if given is None else given,
    )


def targeted_rows(schools: Sequence[SchoolTargeted], *, costed: bool) -> Rows:
    """Return one row a school by reference number; with calls where a cost was chosen."""
    checked = ("sen_support_calls", "plan_calls", "all_calls", "left", "left_after")
    shapes = {
        "urn": Shape.whole, "school_name": Shape.text, NOTIONAL: Shape.pounds, PLANS: Shape.whole,
        "due": Shape.pounds, "shared": Shape.pounds, "amount": Shape.pounds,
        **(dict.fromkeys(checked, Shape.pounds) if costed else {}),
    }  # fmt: skip
    records: list[dict[str, str | int | None]] = [
        {
            "urn": one.urn, "school_name": one.name or None, NOTIONAL: one.notional, PLANS: one.plans,
            "due": one.paid.due, "shared": one.paid.shared, "amount": one.paid.amount,
            **(_checked(one) if costed else {}),
        }
        for one in sorted(schools, key=lambda one: one.urn)
    ]  # fmt: skip
    return Rows.listed("targeted_funding", shapes, records)


def _checked(one: SchoolTargeted) -> dict[str, str | int | None]:
    calls = one.calls
    return {
        "sen_support_calls": None if calls is None else calls.sen_support,
        "plan_calls": None if calls is None else calls.plans,
        "all_calls": None if calls is None else calls.total,
        "left": one.left,
        "left_after": one.left_after,
    }
