"""Cases judged two at a time: printed abilities, and what must hold of any pairs."""

import csv

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.data import FIXTURES
from engine.policy.pairs import NotComparable, abilities, cut_points, judge_misfit
from tests.storm_size import draws

JOURNALS = ("Biometrika", "Comm Statist", "JASA", "JRSS-B")


def journals():
    with (FIXTURES / "cases" / "policy" / "paired_comparisons.csv").open() as file:
        rows = list(csv.DictReader(file))
    first, second, preferred = [], [], []
    for one in rows:
        for column, share in (("first_preferred", 1.0), ("second_preferred", 0.0)):
            number = int(one[column])
            first += [JOURNALS.index(one["first"])] * number
            second += [JOURNALS.index(one["second"])] * number
            preferred += [share] * number
    return first, second, preferred


def test_journals_have_their_printed_abilities():
    found = abilities(*journals())
    assert [f"{one:.4f}" for one in found.values[1:]] == ["-2.9491", "-0.4796", "0.2690"]
    assert found.errors[1:] == pytest.approx([0.10255, 0.06059, 0.07083], abs=5.1e-6)
    assert (f"{found.deviance:.3f}", found.freedom) == ("4.293", 3)
    assert found.reliability > 0.99


PAIRS = st.integers(3, 6).flatmap(
    lambda items: st.lists(
        st.tuples(
            st.integers(0, items - 1), st.integers(0, items - 1), st.sampled_from([0.0, 0.5, 1.0])
        ).filter(lambda pair: pair[0] != pair[1]),
        min_size=2 * items,
        max_size=40,
    )
)


def found_of(pairs, reference=0):
    try:
        return abilities(*zip(*pairs, strict=True), reference)
    except NotComparable:
        assume(False)


@settings(max_examples=draws(60))
@given(PAIRS, st.integers(0, 2))
def test_each_item_is_preferred_as_often_as_its_ability_says(pairs, reference):
    found = found_of(pairs, reference)
    values = found.values
    won, expected = np.zeros(len(values)), np.zeros(len(values))
    for one, other, share in pairs:
        chance = 1 / (1 + np.exp(values[other] - values[one]))
        won[one] += share
        won[other] += 1 - share
        expected[one] += chance
        expected[other] += 1 - chance
    assert won == pytest.approx(expected, abs=1e-6)
    assert values[reference] == found.errors[reference] == 0


@settings(max_examples=draws(40))
@given(PAIRS, st.randoms())
def test_order_of_pairs_and_of_the_two_in_a_pair_does_not_matter(pairs, random):
    found = found_of(pairs)
    turned = [
        (other, one, 1 - share) if random.random() < 0.5 else (one, other, share)
        for one, other, share in random.sample(pairs, len(pairs))
    ]
    assert found_of(turned).values == pytest.approx(found.values, abs=1e-6)


def test_items_that_always_win_or_were_never_compared_have_no_ability():
    with pytest.raises(NotComparable, match="never preferred"):
        abilities([0, 0, 1], [1, 2, 2], [1, 1, 1])
    with pytest.raises(NotComparable, match="never compared"):
        abilities([0, 0, 2, 2], [1, 1, 3, 3], [1, 0, 1, 0])


def test_a_judge_who_sees_the_opposite_misfits():
    random = np.random.default_rng(5)
    true = np.array([0.0, 1.0, 2.0, 3.0])
    first, second, preferred, judges = [], [], [], []
    for judge in range(6):
        for _ in range(60):
            one, other = random.choice(4, 2, replace=False)
            chance = 1 / (1 + np.exp(true[other] - true[one]))
            seen = float(random.random() < chance)
            first.append(one)
            second.append(other)
            preferred.append(1 - seen if judge == 5 else seen)
            judges.append(judge)
    found = abilities(first, second, preferred)
    misfit, number = judge_misfit(found, first, second, preferred, judges)
    assert number.tolist() == [60] * 6
    assert misfit.argmax() == 5
    assert misfit[5] > 1.3 > misfit[:5].max()


def test_cuts_lie_between_the_anchors_that_they_part_best():
    values = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
    assert cut_points(values, [0, 0, 1, 1, 2, 2], 3) == [-0.5, 1.5]
    assert cut_points(values, [0, None, None, None, None, 1], 2) == [0.5]
    assert cut_points(values, [0, 1, 0, 1, 1, 1], 2) == [-1.5]
    assert cut_points(values, [0, 0, 0, 2, 2, 2], 4) == [0.5, 0.5, None]
