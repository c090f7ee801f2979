"""Agreement of raters: printed coefficients to five decimals and standard errors to four, and what must hold of any ratings."""

import csv
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.data import FIXTURES
from engine.policy.agreement import (
    Ratings,
    Weighting,
    agreement_weights,
    alpha,
    brennan_prediger,
    conger,
    estimate,
    fleiss,
    gwet,
    interval,
    nominal,
    ordinal,
    percent_agreement,
    ratio,
)
from engine.policy.disagreement import price_of_disagreement
from tests.storm_size import draws

CASES = FIXTURES / "cases" / "policy"
BANDS = ("Ectopic", "AIU", "NIU")
IDENTITY, LINEAR, QUADRATIC, ORDINAL = map(
    Weighting, ("identity", "linear", "quadratic", "ordinal")
)


def rows(name):
    with (CASES / name).open() as file:
        return list(csv.DictReader(file))


def four_raters() -> Ratings:
    held = rows("agreement_ratings.csv")
    units = sorted({int(one["unit"]) for one in held})
    raters = sorted({one["rater"] for one in held})
    bands = np.full((len(units), len(raters)), -1)
    for one in held:
        bands[units.index(int(one["unit"])), raters.index(one["rater"])] = int(one["rating"]) - 1
    return Ratings(bands, 5)


def abstractors() -> Ratings:
    held = [
        (BANDS.index(one["rater_1"]), BANDS.index(one["rater_2"]))
        for one in rows("agreement_tables.csv")
        for _ in range(int(one["count"]))
    ]
    return Ratings(np.array(held), 3, of_table=True)


def by(weighting, categories=5):
    return agreement_weights(weighting, categories)


PRINTED = {
    "alpha, nominal": (four_raters, alpha(nominal(5)), 0.743421, 0.14557),
    "alpha, ordinal": (four_raters, alpha(ordinal), 0.815388, None),
    "alpha, interval": (four_raters, alpha(interval(range(1, 6))), 0.849107, None),
    "alpha, ratio": (four_raters, alpha(ratio(range(1, 6))), 0.797403, None),
    "AC1": (four_raters, gwet(by(IDENTITY)), 0.77544, 0.14295),
    "Fleiss": (four_raters, fleiss(by(IDENTITY)), 0.76117, 0.15302),
    "Conger": (four_raters, conger(by(IDENTITY)), 0.76282, 0.14917),
    "Brennan-Prediger": (four_raters, brennan_prediger(by(IDENTITY)), 0.77273, 0.14472),
    "percent": (four_raters, percent_agreement(by(IDENTITY)), 0.81818, 0.12561),
    "AC2, quadratic": (four_raters, gwet(by(QUADRATIC)), 0.91400, 0.10396),
    "AC2, ordinal": (four_raters, gwet(by(ORDINAL)), 0.89894, 0.10690),
    "AC2, linear": (four_raters, gwet(by(LINEAR)), 0.85874, 0.11733),
    "Cohen": (abstractors, conger(by(IDENTITY, 3)), 0.7964094, 0.05891072),
    "Scott": (abstractors, fleiss(by(IDENTITY, 3)), 0.7962397, 0.05905473),
    "AC1 of two": (abstractors, gwet(by(IDENTITY, 3)), 0.8493305, 0.04321747),
    "Brennan-Prediger of two": (abstractors, brennan_prediger(by(IDENTITY, 3)), 0.835, 0.04693346),
    "alpha of two": (abstractors, alpha(nominal(3)), 0.7972585, 0.05905473),
    "percent of two": (abstractors, percent_agreement(by(IDENTITY, 3)), 0.89, 0.03128898),
    "Cohen, quadratic": (abstractors, conger(by(QUADRATIC, 3)), 0.89216, 0.03535),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_coefficient_is_what_was_printed(name):
    ratings, coefficient, value, error = PRINTED[name]
    found = estimate(coefficient, ratings())
    assert found.value == pytest.approx(value, abs=5.1e-6)
    if error is not None:
        assert found.standard_error == pytest.approx(error, abs=5.1e-6)


def test_what_disagreement_costs_is_what_was_worked_out_elsewhere():
    found = price_of_disagreement(four_raters(), [100_000 * band for band in range(1, 6)], seed=1)
    assert (found.cases, found.pairs, found.alone) == (11, 55, 1)
    assert f"{found.between:.2f}" == "24242.42"
    assert f"{found.mispaid:.2f}" == "13636.36"
    assert found.by_low_median
    low, high = found.between_interval
    assert low < found.between < high
    assert found.scaled(100_000) == 2_424_242_424
    assert found.most_disputed[0][1] == max(cost for _, cost in found.most_disputed)


def test_against_a_given_consensus_what_is_mispaid_follows_it():
    ratings = Ratings(np.array([[0, 0], [0, 1], [1, 1]]), 2)
    prices = [100, 300]
    found = price_of_disagreement(ratings, prices, np.array([0, 1, 0]))
    assert (found.mispaid, found.by_low_median) == (pytest.approx((0 + 100 + 200) / 3), False)
    assert price_of_disagreement(ratings, prices, np.array([0, -1, 0])).by_low_median


DRAWN = st.integers(2, 5).flatmap(
    lambda bands: st.tuples(
        st.just(bands),
        st.integers(2, 5).flatmap(
            lambda raters: st.lists(
                st.lists(st.integers(-1, bands - 1), min_size=raters, max_size=raters),
                min_size=1,
                max_size=12,
            )
        ),
    )
)


def ratings_of(drawn) -> Ratings:
    bands, held = drawn
    return Ratings(np.array(held), bands)


def pairs_of(ratings):
    """Yield the ordered pairs of ratings of each case that has two or more."""
    for case in ratings.bands:
        held = [int(one) for one in case if one >= 0]
        if len(held) > 1:
            yield held, list(permutations(held, 2))


def plain_alpha(ratings, apart):
    """Return alpha as its definition has it, from pairs of ratings one by one."""
    cases = list(pairs_of(ratings))
    every = [band for held, _ in cases for band in held]
    number = len(every)
    observed = (
        sum(sum(apart[a][b] for a, b in pairs) / (len(held) - 1) for held, pairs in cases) / number
    )
    expected = sum(apart[a][b] for a, b in permutations(every, 2)) / (number * (number - 1))
    return 1 - observed / expected


@settings(max_examples=draws(60))
@given(DRAWN, st.lists(st.integers(0, 9_000), min_size=5, max_size=5))
def test_alpha_is_what_pairs_taken_one_by_one_give(drawn, prices):
    ratings = ratings_of(drawn)
    apart = interval(prices[: ratings.categories])
    found = estimate(alpha(apart), ratings).value
    assume(found is not None)
    assert found == pytest.approx(plain_alpha(ratings, apart), abs=1e-9)


@given(DRAWN, st.integers(1, 5_000))
def test_alpha_in_pounds_is_interval_alpha_where_each_band_is_as_much_dearer(drawn, each):
    ratings = ratings_of(drawn)
    prices = [700 + each * band for band in range(ratings.categories)]
    found, plain = (
        estimate(alpha(interval(values)), ratings).value
        for values in (prices, range(ratings.categories))
    )
    assert found == (None if plain is None else pytest.approx(plain, abs=1e-9))


@given(DRAWN, st.randoms())
def test_agreement_does_not_depend_on_the_order_of_cases_and_raters(drawn, random):
    ratings = ratings_of(drawn)
    cases, raters = ratings.bands.shape
    order, others = random.sample(range(cases), cases), random.sample(range(raters), raters)
    moved = Ratings(ratings.bands[order][:, others], ratings.categories)
    for coefficient in (
        alpha(ordinal),
        gwet(by(LINEAR, ratings.categories)),
        conger(by(QUADRATIC, ratings.categories)),
    ):
        one, other = estimate(coefficient, ratings), estimate(coefficient, moved)
        assert one.value == (None if other.value is None else pytest.approx(other.value, abs=1e-9))


@given(DRAWN)
def test_raters_who_always_agree_have_no_price_of_disagreement(drawn):
    bands, held = drawn
    alike = Ratings(np.array([[max(case)] * len(case) for case in held]), bands)
    found = price_of_disagreement(alike, list(range(0, 500 * bands, 500)))
    assert found.between in {0, None}
    assert found.most_disputed == ()


@settings(max_examples=draws(40))
@given(DRAWN, st.lists(st.integers(0, 9_000), min_size=5, max_size=5))
def test_the_price_of_disagreement_is_the_mean_over_cases_of_that_over_pairs(drawn, prices):
    ratings = ratings_of(drawn)
    found = price_of_disagreement(ratings, prices[: ratings.categories])
    each = [
        [abs(prices[a] - prices[b]) for a, b in combinations(held, 2)]
        for held, _ in pairs_of(ratings)
    ]
    if not each:
        assert found.between is None
        return
    assert found.between == pytest.approx(sum(sum(one) / len(one) for one in each) / len(each))


def test_one_band_alone_and_cases_of_one_rating_leave_agreement_undefined():
    alike = Ratings(np.zeros((4, 3), int), 4)
    assert estimate(alpha(nominal(4)), alike).value is None
    assert estimate(percent_agreement(by(IDENTITY, 4)), alike).value == 1
    single = Ratings(np.array([[0, -1], [-1, 1]]), 2)
    assert estimate(percent_agreement(by(IDENTITY, 2)), single).value is None


def test_at_one_dominant_band_kappa_is_low_where_ac1_is_high():
    ratings = Ratings(np.array([[0, 0]] * 95 + [[0, 1]] * 3 + [[1, 0]] * 2), 2)
    kappa, ac1 = (estimate(one(by(IDENTITY, 2)), ratings).value for one in (conger, gwet))
    assert kappa < 0.05
    assert ac1 > 0.9


def test_a_band_that_is_no_position_of_the_profile_is_refused():
    with pytest.raises(ValueError, match="no position"):
        Ratings(np.array([[0, 5]]), 5)


def test_the_same_seed_gives_the_same_interval():
    one, again, other = (
        estimate(alpha(ordinal), four_raters(), seed).interval for seed in (1, 1, 2)
    )
    assert one == again != other


def test_a_rater_without_a_case_in_a_sample_does_not_undo_the_interval():
    random = np.random.default_rng(3)
    bands = np.full((60, 60), -1)
    for case in range(60):
        for rater in random.choice(60, 3, replace=False):
            bands[case, rater] = min(4, max(0, case // 12 + random.integers(-1, 2)))
    found = estimate(conger(by(IDENTITY)), Ratings(bands, 5), seed=1)
    assert found.interval is not None
    assert found.interval[0] < found.value < found.interval[1]
