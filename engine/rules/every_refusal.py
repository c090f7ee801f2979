"""Every reason for which a rule document cannot be compiled, each with its line: one refused part hides no other.

Compiling stops at the first part that is refused. Only then are all parts tried, each alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from engine.errors import Problem, RuleRefused
from engine.rules.assignment import assignment_grid
from engine.rules.bands import BandProfile, HitPolicy
from engine.rules.compile_calendar import compile_calendar
from engine.rules.compile_prices import conditions_of, tariff_grid
from engine.rules.compile_segments import compile_segments, refuse_undated
from engine.rules.document import RuleSet
from engine.rules.formula import SchoolsFormula
from engine.rules.grid import build
from engine.rules.in_force import InForce
from engine.rules.line_steps import FORMULA
from engine.rules.price_steps import TARIFF
from engine.rules.prices import Price
from engine.rules.top_up_rule import TopUpRule
from engine.rules.value_tables import SeriesOrTable, ValueTable
from engine.rules.yaml_source import MOST_PROBLEMS

Part = Callable[[], object]
"""A part of a document, compiled when it is called."""


def every_refusal(
    document: RuleSet,
    first: RuleRefused,
    over: Sequence[InForce],
    others: Iterable[Part],
) -> RuleRefused:
    """Return the refusal of a document by all its parts: ``first`` and what each part that is tried alone has.

    ``over`` are the values in force in each segment of top-ups; ``others`` further parts to try.
    """
    found = list(first.problems)
    for part in [*_parts(document, over), *others]:
        try:
            part()
        except RuleRefused as refusal:
            found += refusal.problems
    found += not_begun(document, over[0])
    placed = (replace(one, line=document.line_of(one.place or "")) for one in found)
    problems = sorted(dict.fromkeys(placed), key=lambda one: one.line or 0)
    return RuleRefused(problems[:MOST_PROBLEMS], max(len(problems), first.total))


def _parts(document: RuleSet, over: Sequence[InForce]) -> Iterator[Part]:
    """Yield the parts of bands and top-ups that can be refused."""
    profile, rule = document.band_profile, document.top_up_rule
    if profile is None or rule is None:
        return
    yield lambda: assignment_grid(profile)
    yield lambda: build([rule.pays_when], profile.bands, HitPolicy.first, "top_up_rule.pays_when")
    yield lambda: tariff_grid(profile)
    for at, one in enumerate(profile.tariff.modifiers):
        when, place = [conditions_of(one.band, one.when)], f"{TARIFF}.modifiers.{at}"
        yield lambda when=when, place=place: build(when, profile.bands, HitPolicy.first, place)  # type: ignore[misc]
    yield lambda: compile_calendar(rule.calendar, document)
    yield lambda: _undated(document, profile, rule, over)


def _undated(
    document: RuleSet, profile: BandProfile, rule: TopUpRule, over: Sequence[InForce]
) -> None:
    segments = compile_segments(profile, rule, over, protects=False)[1]
    refuse_undated(compile_calendar(rule.calendar, document), segments)


def not_begun(document: RuleSet, now: InForce) -> Iterator[Problem]:
    """Yield every price and line of which no value is in force on the first day."""
    for place, held in _needed(document):
        if not isinstance(held, ValueTable):
            yield from now.not_begun(held, place)
            continue
        for at, row in enumerate(held.rows):
            yield from now.not_begun(row.value, held.place(place, at))


def _needed(document: RuleSet) -> Iterator[tuple[str, SeriesOrTable | None]]:
    """Yield the values without which a price or a line is not known, each with its place."""
    if document.band_profile is not None:
        tariff = document.band_profile.tariff
        yield f"{TARIFF}.unit_value", tariff.unit_value
        for at, price in enumerate(tariff.prices):
            yield from _of_price(price, f"{TARIFF}.prices.{at}")
    if document.top_up_rule is not None and document.top_up_rule.threshold is not None:
        yield "top_up_rule.threshold.pounds", document.top_up_rule.threshold.pounds
    if document.schools_formula is not None:
        yield from _of_formula(document.schools_formula)


def _of_price(price: Price, place: str) -> Iterator[tuple[str, SeriesOrTable | None]]:
    yield f"{place}.pounds", price.pounds
    yield f"{place}.pounds_each", price.pounds_each
    for at, adult in enumerate(price.staffing.adults if price.staffing else ()):
        yield f"{place}.staffing.adults.{at}.salary", adult.salary


def _of_formula(formula: SchoolsFormula) -> Iterator[tuple[str, SeriesOrTable | None]]:
    for key, _, line in formula.lines():
        place = f"{FORMULA}.factors.{key.factor}.{key.phase.value}"
        yield f"{place}.unit_value", line.unit_value
        yield f"{place}.notional_percent", line.notional_percent
