"""What else helps to judge whether a budget covers its calls: examples of what support costs, and hours that money buys."""

from dataclasses import dataclass, replace

from engine.expected_calls import CallsStatement, ExpectedCalls, School, calls_statement
from engine.limits import limits
from engine.money import half_away
from engine.vocabulary import Missing

EXAMPLE_COSTS = (1_000_00, 2_000_00, 4_000_00)
"""Pence a year for a pupil on SEN support: invented, to show how much the answer turns on it."""

EXAMPLE_HOUR = 17_20
"""Pence for an hour of a teaching assistant: two authorities' tariffs have £653.60 a year for one hour a week over 38 weeks."""

LOWEST_HOUR, HIGHEST_HOUR = 1_00, 1_000_00
"""Pence that an hour of a teaching assistant may be said to cost."""

SCHOOL_WEEKS = 38
HOUR = 100
"""Hours are whole numbers of hundredths."""


@dataclass(frozen=True, slots=True)
class SupportExample:
    """What is expected, and what is left, where a pupil on SEN support costs so much, pence."""

    cost: int
    expected: ExpectedCalls


def support_examples(calls: CallsStatement) -> tuple[SupportExample, ...]:
    """Return the calls with each example cost; none where a school gives its own cost, or no pupils on SEN support."""
    school = calls.school
    own = school.sen_support_cost is not None or school.sen_support_figure is not None
    if own or not school.sen_support_pupils:
        return ()
    return tuple(SupportExample(cost, _at(calls, cost).expected) for cost in EXAMPLE_COSTS)


def with_one_more_plan(calls: CallsStatement) -> ExpectedCalls | None:
    """Return the calls with one more plan; None where the plans, or what the school pays of each, are not known."""
    needs = calls.school
    if needs.plans is None or not calls.met:
        return None
    school = replace(needs, plans=needs.plans + 1)
    return calls_statement(calls.expected.budget, school, calls.threshold, Missing.budget).expected


def _at(calls: CallsStatement, cost: int) -> CallsStatement:
    needs = calls.school
    school = School(needs.sen_support_pupils, cost, None, needs.plans)
    return calls_statement(calls.expected.budget, school, calls.threshold, Missing.budget)


def weekly_hours(pence: int, hourly: int, weeks: int = SCHOOL_WEEKS) -> int:
    """Return hundredths of hours a week that pence buy over the weeks of a school year, at pence for an hour.

    >>> weekly_hours(6_000_00, 17_20), weekly_hours(6_000_00, 653_60, 1)
    (918, 918)
    """
    return half_away(pence * HOUR, hourly * weeks)


@dataclass(frozen=True, slots=True)
class FirstPartHours:
    """What the first part of a plan buys: its pence, pence for an hour, and hundredths of hours a week."""

    first_part: int
    hourly: int
    is_example: bool
    hundredths: int
    weeks: int = SCHOOL_WEEKS


def first_part_hours(calls: CallsStatement, hourly: int | None = None) -> FirstPartHours | None:
    """Return the hours that the first part buys at a school's own pence for an hour, or at the example where it says none.

    None where the rules have no first part, or it is not known.
    """
    pence = calls.met
    if not pence:
        return None
    each = EXAMPLE_HOUR if hourly is None else hourly
    return FirstPartHours(pence, each, hourly is None, weekly_hours(pence, each))


def usual_share_words() -> str:
    """Return what share of formula funding authorities' notional SEN has been: ``from 1.99% to 21.7% in 2017-18``."""
    return limits()["share_of_formula"].words
