"""What the form asks of a school, made from the lines of its rule set and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.pages.words import PHASES, day_words, money, tag_of, value_words
from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX
from engine.expected_calls import PlanThreshold, formula_threshold
from engine.letters import figure_place
from engine.modules import (
    lines_of_phase,
    phases_counted,
    prior_lines,
    rules_of_school,
    sparsity_lines,
    years_matter,
)
from engine.money import is_digits
from engine.rules import (
    PHASE_WORDS,
    CompiledFormula,
    CompiledLine,
    CompiledRules,
    Counts,
    LinePhase,
    PriorAmount,
    unplaced_rules,
)
from engine.vocabulary import NOT_PRINTED, YEARS_OF_PHASE, Missing, SchoolPhase, weakest

SEN_SUPPORT, SEN_SUPPORT_COST, PLANS = "sen_support_pupils", "sen_support_cost", "ehc_plans"
SEN_SUPPORT_FIGURE, ASSISTANT_HOUR = "sen_support_figure", "assistant_hour"
NOTIONAL, PUPILS = "notional_sen", "pupils"
PRIOR = ("prior_budget", "prior_pupils")
SCHOOL_DISTANCE, DAYS_OPEN = "sparsity_distance", "days_open"
RECEPTION, FRINGE = "reception_difference", "london_fringe"


LA, LETTERS_OF_A_CODE = "la", 3
BY_SCHOOL = "depends on the authority and phase of the school"


class Asks(StrEnum):
    """What a field takes."""

    pupils = "pupils"
    """a number of pupils, with decimals where the school's count has them"""
    units = "units"
    """a number of whatever the line counts"""
    whole = "whole"
    """a whole number"""
    miles = "miles"
    multiplier = "multiplier"
    pounds = "pounds"
    percent = "percent"


class Part(StrEnum):
    """The part of the form that has a field."""

    years = "years"
    pupils = "pupils"
    amounts = "amounts"
    school = "school"
    percentages = "percentages"
    last_year = "last_year"
    budget = "budget"
    calls = "calls"


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form; ``name`` is the column of the school table that it fills."""

    name: str
    label: str
    asks: Asks
    part: Part
    hints: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


STAGES = {
    "primary_years": LinePhase.primary,
    "ks3_years": LinePhase.ks3,
    "ks4_years": LinePhase.ks4,
}
"""The column of the year groups of each stage."""

IS_NOTIONAL = " notional SEN."
"""How a hint ends that says what of a line's amount counts."""

YEARS_USED = "Used for amounts that a whole school is paid, and for the minimum per-pupil level."

COUNTED = {Counts.pupils: (Asks.pupils, Part.pupils), Counts.units: (Asks.units, Part.amounts)}
"""What a line that is priced by count asks for, and where."""


def formula_of(rules: CompiledRules) -> CompiledFormula | None:
    """Return a rule set's formula where some of it is notional SEN, otherwise None.

    What differs from school to school is not known in it: ``own_formula`` has that of a school.
    """
    formula = unplaced_rules(rules).formula
    return formula if formula is not None and formula.is_notional else None


def own_formula(rules: CompiledRules, la: str, phase: SchoolPhase) -> CompiledFormula | None:
    """Return the formula by the values of a school's authority, as a text that may be none, and its phase."""
    code = int(la) if is_digits(la) and len(la) == LETTERS_OF_A_CODE else 0
    return rules_of_school(rules, code, phase).formula


def fields_of(formula: CompiledFormula, phase: SchoolPhase) -> tuple[Field, ...]:
    """Return the questions for a school of a phase, in the order of a statement; worked out once for a formula."""
    return formula.cache.get((fields_of, phase), _fields, formula, phase)


def _fields(formula: CompiledFormula, phase: SchoolPhase) -> tuple[Field, ...]:
    questions = [line for line in lines_of_phase(formula, phase) if not _needs_no_answer(line)]
    lines = [_line_field(line) for line in questions]
    return (
        *_years(formula, phase),
        *(field for field in lines if field.part is Part.pupils),
        *(field for field in lines if field.part is Part.amounts),
        *_authority(formula),
        *_school(formula, phase),
        *_last_year(formula, phase),
        *calls_fields(formula_threshold(formula, Missing.threshold)),
    )


def fields_of_any(formula: CompiledFormula) -> tuple[Field, ...]:
    """Return the questions for schools of any phase that the formula counts, each once, part by part."""
    return formula.cache.get(fields_of_any, _fields_of_any, formula)


def _fields_of_any(formula: CompiledFormula) -> tuple[Field, ...]:
    questions = [field for phase in phases_counted(formula) for field in fields_of(formula, phase)]
    by_part = {field.name: field for part in Part for field in questions if field.part is part}
    return tuple(by_part.values())


def counted_by_itself(formula: CompiledFormula, phase: SchoolPhase) -> tuple[CompiledLine, ...]:
    """Return the lines that are added without a question, such as the lump sum."""
    return tuple(line for line in lines_of_phase(formula, phase) if _counts_itself(line))


def _counts_itself(line: CompiledLine) -> bool:
    return line.counts is Counts.school and line.rate is not None


def _needs_no_answer(line: CompiledLine) -> bool:
    """Return whether a line depends on the school itself: a lump sum, or sparsity by distance."""
    return line.rate is not None and line.counts in {Counts.school, Counts.sparsity}


def _line_field(line: CompiledLine) -> Field:
    counted = None if line.rate is None else COUNTED.get(line.counts)
    prefix, asks, part = (
        (AMOUNT_PREFIX, Asks.pounds, Part.amounts) if counted is None else (UNITS_PREFIX, *counted)
    )
    values = [
        value
        for one in line.segments
        for value in (one.unit_value, one.notional_percent)
        if value is not None
    ]
    tags = dict.fromkeys(tag for one in values if (tag := tag_of(one.standing)))
    place = figure_place(line.key.factor)
    hints = (
        *_price(line),
        _share(line),
        *_counted(line),
        # A note is for who writes rules; where a figure is found is for who answers.
        *([place] if place else _note(line)),
    )
    return Field(f"{prefix}{line.name}", line.label, asks, part, hints, tuple(tags))


def _price(line: CompiledLine) -> tuple[str, ...]:
    if line.rate is not None:
        each = f"a {'unit' if line.counts is Counts.units else 'pupil'}"
        if line.lacks_value:
            return (f"The unit value {BY_SCHOOL}.",)
        first, *later = ((one.pays[0], one.unit_value) for one in line.segments)
        changes = [
            f", {_money(rate)} from {day_words(value.from_)}"
            for (rate, value), (before, _) in zip(later, [first, *later], strict=False)
            if rate != before and value is not None
        ]
        return (f"{_money(first[0])} {each}{''.join(changes)}.",)
    if line.counts is Counts.amount:
        return ()
    return ("These rules give no unit value: enter the amount.",)


def added_words(line: CompiledLine, months: Sequence[int], *, share: bool = True) -> str:
    """Return what is added without a question: its unit value, its share, and for which months where it changes."""
    parts = zip(line.segments, months, strict=True) if line.changes else ((line, None),)
    if line.lacks_value:
        return f"a unit value that {BY_SCHOOL}"
    return ", then ".join(
        f"{_money(one.pays[0])}{_of_which(one) if share else ''}{'' if number is None else f', for {number} months'}"
        for one, number in parts
    )


def _of_which(line: CompiledLine) -> str:
    """Return what of an amount is notional SEN, within a sentence."""
    if line.notional_percent is None or (line.pays[1] != NOT_PRINTED and not line.percent):
        return ", none of which counts as notional SEN"
    return f", of which {_percentage(line).lower()} is notional SEN"


def _share(line: CompiledLine) -> str:
    if line.notional_percent is None or not line.is_notional:
        return f"None of this counts as{IS_NOTIONAL}"
    if line.lacks_share:
        return f"How much of this is notional SEN {BY_SCHOOL}."
    changes = [
        f", {_percentage(after)} from {day_words(after.notional_percent.from_)}"
        for before, after in pairwise(line.segments)
        if after.notional_percent is not None and after.pays[1] != before.pays[1]
    ]
    return f"{_percentage(line)}{''.join(changes)} is{IS_NOTIONAL}"


def _money(rate: int | str | None) -> str:
    return f"A unit value that is {rate}, for" if isinstance(rate, str) else money(rate)


def _percentage(line: CompiledLine) -> str:
    """Return the notional percentage of a line; that it is not known where it has none that is printed."""
    if line.share is not None and line.pays[1] != NOT_PRINTED:
        return f"{line.share.dated.value}%"
    return "A share that is not printed"


def _counted(line: CompiledLine) -> tuple[str, ...]:
    above = line.only_above
    if above is None:
        return ()
    words = PHASE_WORDS[line.key.phase]
    whose = f"{words} pupils" if words else "pupils"
    return (f"Enter only the pupils above {above.value}% of {whose}.",)


def _note(line: CompiledLine) -> tuple[str, ...]:
    return () if line.factor.note is None else (line.factor.note,)


def _authority(formula: CompiledFormula) -> tuple[Field, ...]:
    """Return the question about a school's authority, where values of the formula differ by it."""
    if not any(one.column == LA and one.needed for one in formula.reads):
        return ()
    hint = "Three digits. Some values of these rules differ by authority."
    return (Field(LA, "Code of the local authority", Asks.whole, Part.school, (hint,)),)


def _years(formula: CompiledFormula, phase: SchoolPhase) -> tuple[Field, ...]:
    """Return the questions about year groups, where the formula reads them."""
    if not years_matter(formula, phase):
        return ()
    usual = YEARS_OF_PHASE.get(phase, (None, None, 0))
    return tuple(
        Field(
            name,
            f"Year groups of {PHASE_WORDS[stage]} age",
            Asks.whole,
            Part.years,
            (YEARS_USED, *_usual(phase, number)),
        )
        for (name, stage), number in zip(STAGES.items(), usual, strict=True)
        if number != 0
    )


def _usual(phase: SchoolPhase, number: int | None) -> tuple[str, ...]:
    """Return the sentence on the years that a school of a phase has unless it says, where there are any."""
    if number is None:
        return ()
    words = PHASES[phase].lower()
    return (f"Leave it empty if the school has the {number} of most {words} schools.",)


def _school(formula: CompiledFormula, phase: SchoolPhase) -> tuple[Field, ...]:
    """Return the questions about the school itself, each only where the formula uses it."""
    fields = []
    lines = lines_of_phase(formula, phase)
    remote = sparsity_lines(formula, phase)
    if any(line.line.sparsity and line.line.sparsity.miles for line in remote):
        hints = tuple(hint for line in remote for hint in _remote(line))
        label = "Average distance to the next school, in miles"
        fields.append(Field(SCHOOL_DISTANCE, label, Asks.miles, Part.school, hints))
    if formula.year_days:
        hint = f"Of {formula.year_days}. Leave it empty if the school is open all year."
        fields.append(
            Field(DAYS_OPEN, "Days of the year that the school is open", Asks.whole, Part.school, (hint,))
        )  # fmt: skip
    counted = {line.key.phase for line in lines if line.name in formula.pupil_lines}
    if formula.reception_uplift and LinePhase.primary in counted:
        hint = "Reception pupils who joined after the count. Leave it empty if there are none."
        fields.append(
            Field(RECEPTION, "Reception uplift", Asks.pupils, Part.school, (hint,))
        )  # fmt: skip
    if formula.fringe:
        hint = "From your authority's formula: 1 if nothing is added."
        fields.append(
            Field(FRINGE, "London fringe multiplier", Asks.multiplier, Part.school, (hint,))
        )  # fmt: skip
    return tuple(fields)


def _remote(line: CompiledLine) -> tuple[str, ...]:
    """Return how small and how remote a school must be for a line of sparsity."""
    rule = line.line.sparsity
    if rule is None or line.rate is None:
        return ()
    far = f" and {rule.miles} miles or more away" if rule.miles else ""
    if line.lacks_value:
        return (f"{line.label}: what is paid {BY_SCHOOL}.", _share(line))
    most = (
        f"{line.label}: up to {_money(line.pays[0])} for fewer than {rule.pupils_per_year} pupils"
    )
    return (f"{most} a year group{far}.", _share(line))


def _last_year(formula: CompiledFormula, phase: SchoolPhase) -> tuple[Field, ...]:
    if formula.guarantee is None and formula.cap is None:
        return ()
    hint = ("The minimum funding guarantee compares this year with last year.",)
    budget, pupils = PRIOR
    return (
        Field(budget, "Last year's budget share", Asks.pounds, Part.last_year, hint),
        Field(pupils, "Last year's pupils", Asks.pupils, Part.last_year, hint),
        *(
            Field(
                column,
                f"{line.label}, last year's amount",
                Asks.pounds,
                Part.last_year,
                (_prior_hint(line),),
            )
            for column, line in prior_lines(formula, phase).items()
        ),
    )


def _prior_hint(line: CompiledLine) -> str:
    """Return what last year's amount of a line is for, and what an empty box means."""
    factor = line.factor
    if not factor.removed_from_prior:
        return "Leave it empty if last year's budget share is given without it."
    if factor.prior_amount is PriorAmount.last_year:
        return "It is taken off last year's budget share. Enter 0 if there was none."
    return "It is taken off last year's budget share. Leave it empty to take this year's amount, as is usual."


def calls_fields(met: PlanThreshold) -> tuple[Field, ...]:
    """Return the questions about calls on a budget; ``met`` is what the school pays of each plan."""
    threshold = "These rules give no threshold, so the cost of plans is not worked out."
    if met.why_none is Missing.no_value:
        threshold = f"What the school pays of each plan {BY_SCHOOL}."
    tags: tuple[str, ...] = ()
    if met.values:
        first, *later = (one.dated for one in met.values)
        changes = "".join(
            f", and {value_words(met.place, one.value)} from {day_words(one.from_)}"
            for one in later
        )
        threshold = (
            "Plans in the mainstream part of the school. The school pays the first"
            f" {value_words(met.place, first.value)} of each{changes}."
        )
        if not all(one.is_printed for one in (first, *later)):
            threshold = "The source does not print what the school pays of each plan, so the cost of plans is not known."
        tag = tag_of(weakest([first, *later]) or first.standing)
        tags = (tag,) if tag else ()
    cost = ("Your own estimate of the additional cost of one pupil in the year.",)
    hour = ("What an hour of one costs you. It says how many hours the first part of a plan buys.",)
    figure = ("For all pupils on SEN support in the year. It replaces pupils × cost.",)
    return (
        Field(SEN_SUPPORT, "Pupils on SEN support", Asks.whole, Part.calls, ("Not counting pupils with a plan.",)),
        Field(SEN_SUPPORT_COST, "Assumed cost of a pupil on SEN support", Asks.pounds, Part.calls, cost),
        Field(SEN_SUPPORT_FIGURE, "Your own figure for SEN support, if you have one", Asks.pounds, Part.calls, figure),
        Field(PLANS, "Education, health and care (EHC) plans", Asks.whole, Part.calls, (threshold,), tags),
        Field(ASSISTANT_HOUR, "Cost of an hour of a teaching assistant", Asks.pounds, Part.calls, hour),
    )  # fmt: skip
