"""What changes budgets from one year to the next: exact, without regard to order, and nothing left over."""

from copy import deepcopy
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.attribution import CAUSES, Cause, YearChange, year_changes
from engine.attribution.shapley import in_pence, partitions, shapley
from engine.errors import PairRefused
from engine.modules.school_formula.parts import budget_known, is_notional
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import rule_set, school, school_table
from tests.formula_strategies import formula_rule_sets, schools
from tests.reference.notional import value_school
from tests.storm_size import draws

FORMULA = {
    "pupils_counted_by": "basic",
    "factors": {
        "basic": {
            "label": "Basic", "counts": "pupils",
            "primary": {"unit_value": "3500.01", "notional_percent": "3.5"},
        },
        "fsm6": {
            "label": "Free school meals", "counts": "pupils", "where": {"fsm6": True},
            "primary": {"unit_value": "1000", "notional_percent": "50"},
        },
        "lump_sum": {
            "label": "Lump sum", "counts": "school", "in_guarantee": False, "removed_from_prior": True,
            "primary": {"unit_value": "130000", "notional_percent": "7"},
        },
    },
}  # fmt: skip
LIFTS = {
    "minimum_per_pupil": {"primary": "4700", "notional_percent": "12"},
    "protection": {
        "guarantee_percent": "0.5", "cap_percent": "3", "scaling_percent": "70", "notional_percent": "9",
    },
}  # fmt: skip
UNITS = ("units_basic_primary", "units_fsm6_primary")


def outcome(document, records):
    """Return schools valued."""
    return evaluate(compile_rules(document), school_table(records)).notional


def change(before, after) -> YearChange:
    """Return what changes one school between two pairs of a document and its record."""
    [found] = year_changes(outcome(before[0], [before[1]]), outcome(after[0], [after[1]])).schools
    return found


def record(pupils="200", fsm="40", **given):
    """Return a primary school."""
    return school(
        units_basic_primary=Fraction(pupils), units_fsm6_primary=Fraction(fsm),
        prior_budget=Fraction(900_000), prior_pupils=Fraction(200), **given,
    )  # fmt: skip


def by_cause(found: YearChange) -> dict[Cause, int]:
    """Return what each cause brings that is separated from others."""
    return {one.causes[0]: one.change for one in found.causes if len(one.causes) == 1}


def formula(values=(), percents=(), lifts=None, without=()):
    """Return a formula with other unit values, percentages, levels and protection."""
    made = deepcopy(FORMULA) | deepcopy(lifts or {})
    for name, value in dict(values).items():
        made["factors"][name]["primary"]["unit_value"] = value
    for name, percent in dict(percents).items():
        made["factors"][name]["primary"]["notional_percent"] = percent
    for name in without:
        del made["factors"][name]
    return rule_set(schools_formula=made)


PLAIN = formula()


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ((PLAIN, record()), (PLAIN, record("211.5", "40")), Cause.pupils),
        ((PLAIN, record()), (formula({"basic": "3561.07"}), record()), Cause.unit_values),
        ((PLAIN, record()), (formula(percents={"fsm6": "41.25"}), record()), Cause.percentages),
        ((formula(lifts=LIFTS), record()), (PLAIN, record()), Cause.protection),
        ((PLAIN, record()), (formula(without=["lump_sum"]), record()), Cause.factors),
    ],
)
def test_a_cause_that_changes_alone_has_all_of_the_change(before, after, cause):
    found = change(before, after)
    assert found.change
    assert by_cause(found) == {one: found.change if one is cause else 0 for one in CAUSES}


def test_two_causes_that_meet_share_what_they_bring_together_in_halves():
    # 200 pupils at £3,500.01 and 3.5% to 210 at £3,600.
    one = change((PLAIN, record()), (formula({"basic": "3600"}), record("210")))
    assert one.change == 2_646_000 - 2_450_007
    few, high = 10 * 350001 * 0.035, 200 * 9999 * 0.035
    both = 10 * 9999 * 0.035
    assert by_cause(one)[Cause.pupils] == pytest.approx(few + both / 2, abs=1)
    assert by_cause(one)[Cause.unit_values] == pytest.approx(high + both / 2, abs=1)


def assert_adds(found: YearChange) -> None:
    """Check that causes add to the change, and parts to both, to the penny."""
    for part in found.parts:
        if part.change is not None:
            assert sum(part.by_cause) == part.change
    for at, one in enumerate(found.causes):
        assert one.known == sum(part.by_cause[at] for part in found.parts if part.by_cause)
        assert one.change in {None, one.known}
    if found.change is not None:
        assert sum(one.known for one in found.causes) == found.change
        assert sum(part.change for part in found.parts) == found.change
    named = [cause for one in found.causes for cause in one.causes]
    assert sorted(named, key=CAUSES.index) == [*CAUSES]


@settings(max_examples=draws(15))
@given(st.data(), formula_rule_sets(), formula_rule_sets())
def test_any_two_years_add_to_the_penny_and_back_is_the_contrary(data, one, other):
    before, after = (
        outcome(document, data.draw(schools(document, counted=False))) for document in (one, other)
    )
    if not (is_notional(before).all() and is_notional(after).all()):
        with pytest.raises(PairRefused, match="names no notional SEN percentage"):
            year_changes(before, after)
        return
    there, back = year_changes(before, after), year_changes(after, before)
    known = [
        dict(zip(side.schools.urn.tolist(), budget_known(side), strict=True))
        for side in (before, after)
    ]
    totals = [
        dict(zip(side.schools.urn.tolist(), side.notional_total.tolist(), strict=True))
        for side in (before, after)
    ]
    for found, mirrored in zip(there.schools, back.schools, strict=True):
        assert_adds(found)
        ends = [
            of[found.urn] if there[found.urn] else None
            for of, there in zip(totals, known, strict=True)
        ]
        assert [found.before, found.after] == ends
        assert [one.known for one in found.causes] == [-one.known for one in mirrored.causes]
        assert [one.causes for one in found.causes] == [one.causes for one in mirrored.causes]
        if found.change is None:
            assert found.missing or not all(of[found.urn] for of in known)
    assert there.only_before == back.only_after


def mixed_document(chosen: dict[Cause, int], two):
    """Return a document that takes unit values, percentages and lifts of either of two of the same lines."""
    values, percents, lifts = (
        two[chosen[one]] for one in (Cause.unit_values, Cause.percentages, Cause.protection)
    )
    made = deepcopy(FORMULA) | deepcopy(lifts["lifts"])
    for name, factor in made["factors"].items():
        factor["primary"] = {
            "unit_value": values["values"][name], "notional_percent": percents["percents"][name],
        }  # fmt: skip
    for name in ("minimum_per_pupil", "protection"):
        made[name]["notional_percent"] = percents["percents"][name]
    return rule_set(schools_formula=made)


def a_year():
    """Draw the numbers of a year: those of the rules, and of a school."""
    pounds, percent = (
        st.decimals(0, 5_000, places=2).map(str),
        st.decimals(0, 100, places=4).map(str),
    )
    names = FORMULA["factors"]
    lifts = st.fixed_dictionaries(
        {
            "minimum_per_pupil": st.fixed_dictionaries({"primary": pounds}),
            "protection": st.fixed_dictionaries(
                {
                    "guarantee_percent": st.decimals(-2, 3, places=2).map(str),
                    "cap_percent": st.decimals(3, 6, places=2).map(str), "scaling_percent": percent,
                }
            ),
        }
    )  # fmt: skip
    pupils = st.decimals(1, 600, places=2).map(Fraction)
    return st.fixed_dictionaries(
        {
            "values": st.fixed_dictionaries(dict.fromkeys(names, pounds)),
            "percents": st.fixed_dictionaries(
                dict.fromkeys([*names, "minimum_per_pupil", "protection"], percent)
            ),
            "lifts": lifts,
            "units": st.fixed_dictionaries(dict.fromkeys(UNITS, pupils)),
            "prior": st.fixed_dictionaries(
                {"prior_budget": st.integers(300_000, 3_000_000).map(Fraction), "prior_pupils": pupils}
            ),
        }
    )  # fmt: skip


def in_every_order(worth) -> dict[Cause, Fraction]:
    """Return the mean of what each cause brings over all orders of causes: the definition, step by step."""
    causes = [one for one in CAUSES if one is not Cause.factors]
    total = dict.fromkeys(causes, Fraction(0))
    orders = list(permutations(causes))
    for order in orders:
        changed = dict.fromkeys(causes, 0)
        held = worth(changed)
        for cause in order:
            changed = changed | {cause: 1}
            now = worth(changed)
            total[cause] += now - held
            held = now
    return {cause: brought / len(orders) for cause, brought in total.items()}


@settings(max_examples=draws(8))
@given(a_year(), a_year())
def test_causes_bring_what_they_do_on_average_over_every_order(one, other):
    two, valued = (one, other), {}

    def parts(chosen: dict[Cause, int]):
        key = tuple(chosen.values())
        if key not in valued:
            units, prior = (
                two[chosen[Cause.pupils]]["units"],
                two[chosen[Cause.protection]]["prior"],
            )
            document = mixed_document(chosen, two)
            at = compile_rules(document).now.first
            value = value_school(document, at, school(**units, **prior))
            valued[key] = {
                **{name: line.notional for name, line in value.lines.items()},
                "minimum_per_pupil": value.uplift_notional, "protection": value.adjustment_notional,
            }  # fmt: skip
        return valued[key]

    ends = [dict.fromkeys((one for one in CAUSES if one is not Cause.factors), at) for at in (0, 1)]
    sides = [
        (mixed_document(chosen, two), school(**year["units"], **year["prior"]))
        for chosen, year in zip(ends, two, strict=True)
    ]
    found = change(*sides)
    assert found.change is not None
    assert [len(one.causes) for one in found.causes] == [1] * len(CAUSES)
    for part in found.parts:
        expected = in_every_order(lambda chosen, name=part.name: parts(chosen)[name])
        for cause, brought in zip(found.causes, part.by_cause, strict=True):
            assert abs(expected.get(cause.causes[0], 0) - brought) < 1
    assert_adds(found)


def test_a_percentage_that_is_not_printed_leaves_what_it_may_change_not_known():
    found = change((PLAIN, record()), (formula(percents={"fsm6": "not printed"}), record("205")))
    assert found.after is None
    assert found.change is None
    named = {one.causes[0]: one for one in found.causes}
    assert named[Cause.percentages].change is None
    assert named[Cause.percentages].missing == (
        "Free school meals (primary): a value of the rules that it depends on is not printed",
    )
    # No more of them have free meals: pupils bring what they do without that line.
    assert named[Cause.pupils].change == named[Cause.pupils].known > 0
    assert_adds(found)


def test_a_count_that_is_not_known_is_a_cause_that_is_not_known_and_never_0():
    found = change(
        (PLAIN, record() | {"units_fsm6_primary": None}), (formula({"basic": "4000"}), record())
    )
    named = {one.causes[0]: one for one in found.causes}
    assert named[Cause.pupils].change is None
    assert named[Cause.pupils].missing == ("Free school meals (primary): the figure is not given",)
    assert named[Cause.unit_values].change == 200 * 49_999 * 35 // 1000
    assert found.change is None


def test_causes_that_cannot_be_separated_are_one():
    # No pupil had free meals, so that the value that is not printed was not asked for; with pupils it is.
    unprinted = formula({"fsm6": "not printed"})
    found = change((unprinted, record(fsm="0")), (PLAIN, record(fsm="30")))
    assert found.change == 30 * 1000 * 50
    [pair] = [one for one in found.causes if len(one.causes) > 1]
    assert pair.causes == (Cause.pupils, Cause.unit_values)
    assert pair.change == found.change
    assert_adds(found)


def test_schools_of_one_year_alone_are_named():
    both, gone = record(), record(urn=100_002)
    found = year_changes(outcome(PLAIN, [both, gone]), outcome(PLAIN, [both, record(urn=100_003)]))
    assert [one.urn for one in found.schools] == [both["urn"]]
    assert (found.only_before, found.only_after) == ((100_002,), (100_003,))


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.integers(-(10**9), 10**9), min_size=2**n, max_size=2**n)
    )
)
def test_pence_of_shares_add_and_are_within_a_penny_and_the_contrary_of_the_contrary(worth):
    causes = (len(worth) - 1).bit_length()
    arrays = [np.asarray([one], np.int64) for one in worth]
    exact = shapley(arrays, causes)
    parts = int(np.prod(np.arange(1, causes + 1)))
    assert exact.sum() == (worth[-1] - worth[0]) * parts
    pence = in_pence(exact, parts)
    assert pence.sum() == worth[-1] - worth[0]
    assert (np.abs(pence * parts - exact) < parts).all()
    contrary = shapley(arrays[::-1], causes)
    assert (in_pence(contrary, parts) == -pence).all()


def test_every_way_to_tell_causes_apart_is_tried_finest_first():
    found = list(partitions(4))
    assert len(found) == len(set(found)) == 15
    assert [len(one) for one in found] == sorted((len(one) for one in found), reverse=True)
