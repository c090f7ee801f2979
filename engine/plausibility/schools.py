"""Figures of schools that may be wrong: compared with the school's own pupils, the rules, and authorities' shares."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from engine.columns import AMOUNT_PREFIX, PRIOR_AMOUNT_PREFIX, UNITS_PREFIX, Int
from engine.days import MONTHS
from engine.expected_calls import threshold_of
from engine.limits import Limit, limits
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import (
    budget_known,
    mainstream,
    pupil_numbers,
)
from engine.money import HUNDREDTHS, MILLION, half_away, number, percent_of, pounds, scaled
from engine.plausibility.school_figures import PupilsOfPhase, SchoolFigures
from engine.plausibility.warning import Check, Correction, Doubt, Words, found
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Counts, LinePhase
from engine.vocabulary import SchoolPhase

OF = "school"
SUPPORT, FIGURE, PLANS = "sen_support_pupils", "sen_support_figure", "ehc_plans"
BUDGET, PUPILS = "prior_budget", "prior_pupils"


def school_checks(outcome: NotionalOutcome, cost: int | None = None) -> tuple[Check, ...]:
    """Return what may be wrong with the figures of schools; ``cost`` is pence for a pupil on SEN support."""
    schools = SchoolFigures(outcome, cost)
    checks = (
        _shares, _parts, _deprivation, _needs, _share_of_formula, _last_year,
        _last_years_amounts, _support,
        _not_funded,
        _amounts_of_pupils, _other_amounts,
    )  # fmt: skip
    return found(one for check in checks for one in check(schools))


def _shares(schools: SchoolFigures) -> Iterator[Check]:
    """Yield counts of pupils between 0 and 1: older statements print shares in their place."""
    every = schools.every_units
    wrong = (every > 0) & (every < MILLION) & (schools.outcome.absent == 0)
    for at in np.flatnonzero(wrong.any(axis=0)).tolist():
        line = schools.outcome.lines[at]
        if line.counts is Counts.pupils:
            some = schools.pupils(line) if line.name not in schools.whole_lines else None
            say = partial(_share_words, line, schools.units(at), some)
            yield Check(OF, Doubt.share, (_units(line),), np.flatnonzero(wrong[:, at]), say)


def _share_words(line: CompiledLine, units: Int, of: PupilsOfPhase | None, school: int) -> Words:
    """Return the question about a count between 0 and 1, with the count that its share of the pupils is."""
    typed = int(units[school])
    sentence = f"{line.label}: {number(typed)} is less than one pupil"
    if of is None or not of.known[school]:
        return f"{sentence}: is it a share of the pupils?", None
    whole = int(of.number[school])
    meant, percent = number(half_away(typed * whole, MILLION)), number(typed, MILLION // HUNDREDTHS)
    said = f"{sentence}. {percent}% of {number(whole)} is {meant}: did you mean that?"
    return said, Correction(_units(line), meant)


def _parts(schools: SchoolFigures) -> Iterator[Check]:
    """Yield lines that count more pupils than the school has."""
    for at, line in schools.part_lines():
        units, of = schools.units(at), schools.pupils(line)
        wrong = of.known & (units > of.number)
        if not any(one.decimal > 1 for one in line.year_weights.values()):
            say = partial(_part_words, line, units, of)
            yield Check(OF, Doubt.more_than_all, (_units(line),), np.flatnonzero(wrong), say)


def _part_words(line: CompiledLine, units: Int, of: PupilsOfPhase, school: int) -> Words:
    counted, whole = number(int(units[school])), of.words(school, line.key.phase)
    return f"{line.label}: {counted} is more than the school's {whole}.", None


def _deprivation(schools: SchoolFigures) -> Iterator[Check]:
    """Yield bands of income deprivation that together count more pupils than the school has, where none does alone."""
    phases: dict[LinePhase, list[tuple[int, CompiledLine]]] = {}
    for at, line in schools.part_lines():
        if line.factor.where is not None and line.factor.where.idaci is not None:
            phases.setdefault(line.key.phase, []).append((at, line))
    for phase, lines in phases.items():
        each, of = [schools.units(at) for at, _ in lines], schools.pupils(lines[0][1])
        together: Int = np.add.reduce(each)
        alone = np.logical_or.reduce([units > of.number for units in each])
        wrong = of.known & (together > of.number) & ~alone
        columns = tuple(_units(line) for _, line in lines)
        say = partial(_deprivation_words, phase, together, of)
        yield Check(OF, Doubt.deprivation, columns, np.flatnonzero(wrong), say)


def _deprivation_words(phase: LinePhase, together: Int, of: PupilsOfPhase, school: int) -> Words:
    counted, whole = number(int(together[school])), of.words(school, phase)
    sentence = f"Income deprivation bands together count {counted}, more than the school's {whole}."
    return sentence, None


def _needs(schools: SchoolFigures) -> Iterator[Check]:
    """Yield schools whose pupils with plans and on SEN support are more than all their pupils."""
    support, plans = schools.column(SUPPORT), schools.column(PLANS)
    together, of = np.maximum(support, 0) + np.maximum(plans, 0), schools.every
    wrong = of.known & (together * MILLION > of.number)

    def say(school: int) -> Words:
        both = ((support, "pupils on SEN support"), (plans, "with plans"))
        parts = [f"{int(held[school]):,} {words}" for held, words in both if held[school] > 0]
        together = " and ".join(parts)
        whole = of.words(school, LinePhase.all)
        return f"{together} are more than the school's {whole}.", None

    yield Check(OF, Doubt.needs, (SUPPORT, PLANS), np.flatnonzero(wrong), say)


def _share_of_formula(schools: SchoolFigures) -> Iterator[Check]:
    """Yield schools whose notional SEN is a share of formula funding as no authority's is."""
    outcome, limit = schools.outcome, limits()["share_of_formula"]
    if outcome.rules.formula is None or not outcome.rules.formula.is_notional:
        return
    known = mainstream(outcome) & budget_known(outcome) & (outcome.absent_total == 0)
    notional, formula = outcome.notional_total, outcome.formula_total
    least, most = (scaled(one, HUNDREDTHS) for one in (limit.lower, limit.upper))
    parts = notional * HUNDREDTHS**2
    wrong = known & (formula > 0) & ((parts < formula * least) | (parts > formula * most))

    def say(school: int) -> Words:
        share = percent_of(int(notional[school]), int(formula[school]))
        return (
            f"Notional SEN is {share}% of formula funding. Authorities' own were {limit.words}."
            " Check the figures, though a school can differ from its authority."
        ), None

    columns = ("notional_sen", "formula_total")
    yield Check(OF, Doubt.share_of_formula, columns, np.flatnonzero(wrong), say)


def _last_year(schools: SchoolFigures) -> Iterator[Check]:
    """Yield schools whose budget a pupil, or whose number of pupils, is far from last year's.

    This year's budget is taken before guarantee and cap, which follow last year's and would bring a wrong one near.
    """
    limit, outcome = limits()["times_last_year"], schools.outcome
    budget, before = schools.column(BUDGET).tolist(), schools.column(PUPILS).tolist()
    months = MONTHS if outcome.rules.formula is None else outcome.rules.formula.year_months
    unprotected = outcome.formula_total - outcome.protection
    known = outcome.absent_total == outcome.protection_absent
    now = [
        half_away(total * MONTHS, months) if is_known else 0
        for total, is_known in zip(unprotected.tolist(), known.tolist(), strict=True)
    ]
    count = [one or 0 for one in pupil_numbers(outcome)]
    figures = list(zip(budget, before, now, count, strict=True))
    wrong = [
        school
        for school, (last, of_last, this, of_this) in enumerate(figures)
        if min(last, of_last, this, of_this) > 0 and _is_far(last * of_this, this * of_last, limit)
    ]

    def say(school: int) -> Words:
        last, of_last, this, of_this = figures[school]
        was, is_now = half_away(last * MILLION, of_last), half_away(this * MILLION, of_this)
        return (
            f"Last year's budget is £{pounds(was)} a pupil and this year's £{pounds(is_now)}: check {BUDGET} and"
            f" {PUPILS}."
        ), None

    yield Check(OF, Doubt.last_year, (BUDGET, PUPILS), np.array(wrong, np.int64), say)
    grown = limits()["times_last_years_pupils"]
    wrong = [
        school
        for school, (_, of_last, _, of_this) in enumerate(figures)
        if min(of_last, of_this) > 0 and _is_far(of_last, of_this, grown)
    ]

    def say_pupils(school: int) -> Words:
        _, of_last, _, of_this = figures[school]
        return (
            f"Last year the school had {number(of_last)} pupils and this year it has {number(of_this)}: check {PUPILS} and"
            " this year's."
        ), None

    yield Check(OF, Doubt.last_year, (PUPILS,), np.array(wrong, np.int64), say_pupils)


def _last_years_amounts(schools: SchoolFigures) -> Iterator[Check]:
    """Yield amounts of lines that are far from those of last year, which are taken off its budget."""
    limit = limits()["times_today"]
    for at, line in enumerate(schools.outcome.lines):
        name = f"{PRIOR_AMOUNT_PREFIX}{line.name}"
        held = schools.outcome.schools.values.get(name)
        if held is None:
            continue
        given = schools.outcome.schools.has_value(name)
        before = np.where(given, held, 0).tolist()
        pairs = list(zip(schools.amounts(at).tolist(), before, strict=True))
        wrong = [
            school
            for school, (now, was) in enumerate(pairs)
            if min(now, was) > 0 and _is_far(was, now, limit)
        ]
        say = partial(_last_year_words, line, pairs)
        yield Check(OF, Doubt.last_year, (name, _amount(line)), np.array(wrong, np.int64), say)


def _last_year_words(line: CompiledLine, pairs: list[tuple[int, int]], school: int) -> Words:
    now, was = pairs[school]
    return (
        f"{line.label}: £{pounds(was)} last year and £{pounds(now)} this year: pounds or pence?",
        None,
    )


def _is_far(one: int, other: int, limit: Limit) -> bool:
    """Return whether one number is fewer or more times another than a limit says."""
    return one < other * limit.lower or one > other * limit.upper


def _not_funded(schools: SchoolFigures) -> Iterator[Check]:
    """Yield schools that the formula does not fund, and of whose lines the table has pupils or amounts all the same."""
    table = schools.outcome.schools
    outside = ~mainstream(schools.outcome)
    if not outside.any():
        return
    names = {
        f"{prefix}{line.name}"
        for line in schools.outcome.lines
        for prefix in (UNITS_PREFIX, AMOUNT_PREFIX)
    }
    columns = tuple(
        name
        for name in sorted(names & table.values.keys())
        if (outside & table.has_value(name) & (table.values[name] != 0)).any()
    )
    wrong = np.zeros(len(table), np.bool_)
    for name in columns:
        wrong |= outside & table.has_value(name) & (table.values[name] != 0)

    def say(school: int) -> Words:
        phase = SchoolPhase(int(table.columns["phase"][school])).name.replace("_", " ")
        return (
            f"A schools formula does not fund a school of phase {phase}: what the table has of its lines is left out."
            " Check the phase."
        ), None

    yield Check(OF, Doubt.not_funded, columns, np.flatnonzero(wrong), say)


def _support(schools: SchoolFigures) -> Iterator[Check]:
    """Yield schools where a pupil on SEN support costs more than a school is expected to meet of a plan."""
    met = schools.outcome.by_group(_met_of_a_plan)
    if not met.any():
        return
    cost = schools.cost or 0
    support, figure = schools.column(SUPPORT), schools.column(FIGURE)
    by_figure = (figure > 0) & (support > 0) & (figure > met * support)
    wrong = by_figure | ((figure < 0) & (support > 0) & (cost > met))
    wrong &= met > 0

    def say(school: int) -> Words:
        each = half_away(int(figure[school]), int(support[school])) if by_figure[school] else cost
        return (
            f"£{pounds(each)} for a pupil on SEN support is more than the £{pounds(int(met[school]))} of a plan that a school"
            " is expected to meet: pounds or pence?"
        ), None

    yield Check(OF, Doubt.support_cost, (SUPPORT, FIGURE), np.flatnonzero(wrong), say)


def _met_of_a_plan(outcome: NotionalOutcome) -> Int:
    """Return what each school meets of a plan, pence; 0 where the rules do not say."""
    met = max((pence or 0 for pence, _ in threshold_of(outcome.rules).pence), default=0)
    return np.full(len(outcome.schools), met)


def _rates(outcome: NotionalOutcome, at: int) -> Int:
    """Return what a unit of a line pays at each school, pence; 0 where it has no unit value."""
    return outcome.by_group(lambda one: np.full(len(one.schools), one.lines[at].rate or 0))


def _amounts_of_pupils(schools: SchoolFigures) -> Iterator[Check]:
    """Yield amounts that are more than all pupils of the school would bring."""
    for at, line in schools.part_lines():
        amount = schools.amounts(at)
        if not amount.any():
            continue
        of, rate = schools.pupils(line), _rates(schools.outcome, at)
        some = np.flatnonzero((amount > 0) & of.known & (rate > 0))
        wrong = [
            school
            for school in map(int, some)
            if int(amount[school]) * MILLION > int(of.number[school]) * int(rate[school])
        ]
        say = partial(_amount_words, line, amount, "all pupils of the school would bring")
        yield Check(OF, Doubt.amount, (_amount(line),), np.array(wrong, np.int64), say)


def _other_amounts(schools: SchoolFigures) -> Iterator[Check]:
    """Yield amounts of no pupils that are more than everything else of the formula."""
    outcome = schools.outcome
    total = np.einsum("sl->s", outcome.amount)
    for at, line in enumerate(outcome.lines):
        if line.counts is Counts.amount:
            amount = schools.amounts(at)
            wrong = (outcome.absent_total == 0) & (total > amount) & (amount > total - amount)
            say = partial(_amount_words, line, amount, "everything else of the formula together")
            yield Check(OF, Doubt.amount, (_amount(line),), np.flatnonzero(wrong), say)


def _amount_words(line: CompiledLine, amount: Int, what: str, school: int) -> Words:
    money = pounds(int(amount[school]))
    return f"{line.label}: £{money} is more than {what}: pounds or pence?", None


def _units(line: CompiledLine) -> str:
    return f"{UNITS_PREFIX}{line.name}"


def _amount(line: CompiledLine) -> str:
    return f"{AMOUNT_PREFIX}{line.name}"
