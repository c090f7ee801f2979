"""Thousands of pupils under every published rule set: kernels and reference agree on each."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from engine.errors import PairRefused
from engine.money import MILLION
from engine.row_chunks import Blocks
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.tables import PupilTable
from engine.vocabulary import NOT_KNOWN, Reason
from tests.builders import many_pupils, said, school_table, some_of
from tests.digests import digest_of
from tests.reference.calendars import presence
from tests.reference.notional import value_school
from tests.reference.prices import annual_rate, steps_fit
from tests.reference.top_ups import paid, priced, protected_part, read_by
from tests.reference.units import Roll
from tests.rule_library import compiled, naming
from tests.storm_size import is_whole

PUPILS, ROLL = 100_000 if is_whole() else 10_000, 100_000
"""Pupils of one rule set of bands, for whom the reference implementation is slow, and of the schools of all formulas."""
A_TENTH = 10_000
FLAGS = ("fsm", "fsm6", "eal3", "mobility", "looked_after", "low_prior_attainment", "idaci")
QUANTITIES = (
    "assessed_cost",
    "exceptional_amount",
    "group_size",
    "hours",
    "level",
    "points",
    "score",
    "support_hours",
)
CLAUSES = ("hours", "top_up")
STAYS = ("start", "end", "requested", "parts_on_roll")
PHASES = (
    "primary",
    "primary",
    "primary",
    "secondary",
    "secondary",
    "all_through",
    "middle",
    "special",
)

pytestmark = pytest.mark.slow_without_jit


BANDED = naming("band_profile")
TOGETHER = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in BANDED]
"""Tests of one rule set run in one process, where the reference works each pupil out once."""
FORMULAS = naming("schools_formula")


@cache
def pupils_for(name: str) -> PupilTable:
    """Return pupils who may hold any band and any level of a rule set, and come and go in its year."""
    top_ups = compiled(name).top_ups
    levels = {column.removeprefix("level_"): most for column, _, most in top_ups.dimensions}
    labels = top_ups.labels if top_ups.reads_labels else ()
    return many_pupils(11, PUPILS, labels, levels, top_ups.calendar.parts, compiled(name).now.first)


@cache
def roll() -> PupilTable:
    return many_pupils(12, ROLL)


@cache
def on_first_day(name: str):
    """Return a rule set with the values of its first day all year, as the reference has them."""
    return compile_rules(compiled(name).document, compiled(name).now.first)


def rows_of(table: PupilTable, names: tuple[str, ...], most: int = PUPILS):
    """Yield what a table holds in some columns, a row at a time."""
    return zip(*(table.columns[name][:most].tolist() for name in names), strict=True)


@cache
def decisions_of(name: str, most: int) -> list:
    """Return the reference price of each pupil, each different pupil worked out once."""
    table, document = pupils_for(name), compiled(name).document
    names = read_by(document)

    @cache
    def decide(held: tuple[int, ...]):
        return priced(document, compiled(name).now.first, said(names, held, table.labels))

    return [decide(held) for held in rows_of(table, names, most)]


def covered(name: str, most: int = PUPILS) -> np.ndarray:
    """Return the pupils who do not fall in a gap of the bands by the reference implementation."""
    return np.asarray([found.reason != "no_band" for found in decisions_of(name, most)])


def in_steps(name: str, most: int = PUPILS) -> np.ndarray:
    """Return the pupils whose quantity comes in whole steps of their price, or who have none."""
    table, prices = pupils_for(name), compiled(name).document.band_profile.tariff.prices

    @cache
    def fits(place: int, held: tuple[int, ...]) -> bool:
        return steps_fit(prices[place], said(QUANTITIES, held))

    pairs = zip(decisions_of(name, most), rows_of(table, QUANTITIES, most), strict=True)
    return np.asarray([bool(found.reason) or fits(found.price, held) for found, held in pairs])


def refused_rows(name: str, table: PupilTable) -> int:
    """Return how many pupils a table is refused for."""
    with pytest.raises(PairRefused) as refused:
        evaluate(compiled(name), pupils=table)
    return refused.value.total


def twin_of(name: str) -> list:
    """Return the reference amount of each pupil who falls in no gap and between no steps."""
    document, day, table = compiled(name).document, compiled(name).now.first, pupils_for(name)
    rule, tariff = document.top_up_rule, document.band_profile.tariff

    @cache
    def annual(place: int, modifiers: tuple[int, ...], held: tuple[int, ...]):
        applying = [tariff.modifiers[at] for at in modifiers]
        return annual_rate(tariff, day, tariff.prices[place], applying, said(QUANTITIES, held))

    @cache
    def part(held: tuple[int, ...]):
        stay = said(STAYS, held)
        return presence(rule.calendar, stay, rule.backdating), protected_part(rule, day, stay)

    @cache
    def due(
        found,
        rate: int | str | None,
        held: tuple[int, ...],
        shares: tuple[Fraction | None, Fraction],
    ):
        once = found.price is not None and tariff.prices[found.price].once
        return paid(rule, day, found, rate, said(CLAUSES, held), *shares, once=once)

    outcome = []
    held = (rows_of(table, names) for names in (QUANTITIES, CLAUSES, STAYS))
    for found, whole, amounts, clauses, stay in zip(
        decisions_of(name, PUPILS), in_steps(name), *held, strict=True
    ):
        if not whole:
            continue
        if found.reason in ("", "no_price"):
            rate = found.reason or annual(found.price, found.modifiers, amounts)
            one = due(found, rate, clauses, part(stay))
            outcome.append((one.amount, one.reason))
        elif found.reason != "no_band":
            outcome.append((0, found.reason))
    return outcome


@pytest.mark.parametrize("name", TOGETHER)
def test_every_pupil_is_paid_what_the_plain_twin_pays(name):
    table, rules, inside, whole = (
        pupils_for(name),
        on_first_day(name),
        covered(name),
        in_steps(name),
    )
    if not inside.all():
        assert refused_rows(name, table) == (~inside).sum()
    if not whole.all():
        assert refused_rows(name, some_of(table, inside)) == (~whole).sum()
    outcome = evaluate(rules, pupils=some_of(table, inside & whole)).top_ups
    reasons = [reason.name for reason in Reason]
    found = zip(outcome.amount.tolist(), (reasons[code] for code in outcome.reason), strict=True)
    expected = twin_of(name)
    assert list(found) == expected
    assert outcome.total == sum(amount for amount, _ in expected)
    unknown = {reason.name for reason in NOT_KNOWN}
    assert outcome.absent == sum(reason in unknown for _, reason in expected)


@pytest.mark.parametrize("name", TOGETHER)
def test_order_threads_and_blocks_change_no_byte(name):
    rules, table = compiled(name), some_of(pupils_for(name), covered(name) & in_steps(name))
    shuffled = some_of(table, np.random.default_rng(3).permutation(len(table)))
    once = digest_of(evaluate(rules, pupils=table))
    for blocks in (Blocks(1, 1_000), Blocks(2, 4_096), Blocks(2, 65_536)):
        assert digest_of(evaluate(rules, pupils=shuffled, blocks=blocks)) == once


@cache
def schools_for(name: str) -> list[dict]:
    """Return schools of every phase, some of whom no pupil attends, with amounts given or not."""
    random = np.random.default_rng(13)
    amounts = [line.name for line in compiled(name).formula.lines if line.counts == "amount"]
    schools = []
    for urn in range(ROLL // 400 + 4):
        school = {"urn": urn + 1, "phase": PHASES[urn % len(PHASES)], "primary_years": None}
        if school["phase"] == "middle":
            school |= {"primary_years": 2, "ks3_years": 2}
        school["prior_pupils"] = Fraction(int(random.integers(150, 600)))
        school["prior_budget"] = (
            Fraction(int(random.integers(10**8, 4 * 10**8)), 100) if urn % 9 else None
        )
        for line in amounts:
            school[f"amount_{line}"] = (
                Fraction(int(random.integers(0, 10**7)), 100) if urn % 5 else None
            )
        schools.append(school)
    return schools


@cache
def rolls() -> dict[int, Roll]:
    """Return each school's pupils as the reference implementation reads them."""
    table = roll()
    names = ("year_group", *FLAGS)
    pupils: dict[int, list[dict]] = {}
    for urn, held in zip(table.columns["urn"].tolist(), rows_of(table, names, ROLL), strict=True):
        pupils.setdefault(urn, []).append(said(names, held))
    return {urn: Roll(own) for urn, own in pupils.items()}


@pytest.mark.parametrize("name", FORMULAS)
def test_every_school_has_the_formula_and_notional_budget_of_the_plain_twin(name):
    rules, schools = compiled(name), schools_for(name)
    outcome = evaluate(rules, school_table(schools), roll()).notional
    names = [line.name for line in outcome.lines]
    for at, school in enumerate(schools):
        twin = value_school(
            rules.document, rules.now.first, school, rolls().get(school["urn"], Roll([]))
        )
        lines = [twin.lines[line] for line in names]
        assert outcome.units[at].tolist() == [int((line.units or 0) * MILLION) for line in lines]
        assert outcome.amount[at].tolist() == [line.amount for line in lines]
        assert outcome.notional[at].tolist() == [line.notional for line in lines]
        assert outcome.absent[at].tolist() == [line.absent for line in lines]
        totals = (outcome.uplift, outcome.protection, outcome.formula_total, outcome.notional_total)
        assert [int(total[at]) for total in totals] == [
            twin.uplift, twin.adjustment, twin.formula_total, twin.notional_total,
        ]  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
def test_order_threads_and_blocks_change_no_byte_of_a_school(name):
    rules, schools = compiled(name), schools_for(name)
    table = some_of(roll(), np.random.default_rng(4).permutation(ROLL))
    once = digest_of(evaluate(rules, school_table(schools), roll()))
    for blocks in (Blocks(1, 7), Blocks(2, 50), Blocks(2, 65_536)):
        again = evaluate(rules, school_table(schools[::-1]), table, blocks=blocks)
        assert digest_of(again) == once


def test_the_pupils_meet_every_reason_that_published_rules_give():
    met = set()
    for name in BANDED:
        paid = np.flatnonzero(covered(name, A_TENTH) & in_steps(name, A_TENTH))
        outcome = evaluate(compiled(name), pupils=some_of(pupils_for(name), paid)).top_ups
        met |= {Reason(code).name for code in np.unique(outcome.reason)}
    never = {"protected", "no_band", "not_printed", "no_value"}
    assert met == {reason.name for reason in Reason} - never
