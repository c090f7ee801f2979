"""Severity of raters: what a dense likelihood says, simulated raters found again, and what must hold of any ratings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.policy.severity import severity
from tests.storm_size import draws

COMMON = 12_345.0


def simulated(seed, raters=40, cases=50, each=8, of_raters=600.0):
    random = np.random.default_rng(seed)
    true = random.normal(0, of_raters, raters)
    need = random.normal(0, 2_000, cases)
    case = np.repeat(np.arange(cases), each)
    rater = np.concatenate([random.choice(raters, each, replace=False) for _ in range(cases)])
    return case, rater, COMMON + need[case] + true[rater] + random.normal(0, 800, len(case)), true


def likelihood(case, rater, price, parts):
    """Return the restricted log likelihood, with the whole matrix of variances."""
    of_cases, of_raters, of_rest = parts
    same = [one[:, None] == one[None, :] for one in (case, rater)]
    whole = of_cases * same[0] + of_raters * same[1] + of_rest * np.eye(len(price))
    inverse = np.linalg.inv(whole)
    ones = np.ones(len(price))
    weight = ones @ inverse @ ones
    off = price - (ones @ inverse @ price) / weight
    return -0.5 * (np.linalg.slogdet(whole)[1] + np.log(weight) + off @ inverse @ off)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_variances_near_are_likelier(seed):
    case, rater, price, _ = simulated(seed, raters=6, cases=12, each=3)
    found = severity(case, rater, price)
    parts = np.array([found.of_cases, found.of_raters, found.of_rest])
    best = likelihood(case, rater, price, parts)
    assert found.is_settled
    assert found.steps < 200
    for at in range(3):
        for factor in (0.97, 1.03):
            other = parts.copy()
            other[at] *= factor
            assert likelihood(case, rater, price, other) < best + 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_raters_effects_and_errors_are_what_the_dense_equations_give(seed):
    case, rater, price, _ = simulated(seed, raters=5, cases=10, each=3)
    found = severity(case, rater, price)
    of_cases, of_raters, of_rest = found.of_cases, found.of_raters, found.of_rest
    by_rater = (rater[:, None] == np.arange(5)).astype(float)
    whole = (
        of_cases * (case[:, None] == case[None, :]) + of_raters * by_rater @ by_rater.T
        + of_rest * np.eye(len(price))
    )  # fmt: skip
    inverse, ones = np.linalg.inv(whole), np.ones(len(price))
    mean = (ones @ inverse @ price) / (ones @ inverse @ ones)
    effects = of_raters * by_rater.T @ inverse @ (price - mean)
    projection = inverse - np.outer(inverse @ ones, ones @ inverse) / (ones @ inverse @ ones)
    errors = of_raters - of_raters**2 * np.diag(by_rater.T @ projection @ by_rater)
    assert found.mean == pytest.approx(mean)
    assert found.raters == pytest.approx(effects, rel=1e-6, abs=1e-6)
    assert found.errors == pytest.approx(np.sqrt(errors), rel=1e-6)


def test_simulated_severities_are_found_within_two_standard_errors():
    inside = total = 0
    for seed in range(draws(20)):
        case, rater, price, true = simulated(seed)
        found = severity(case, rater, price)
        inside += int((np.abs(found.raters - true) <= 2 * found.errors).sum())
        total += len(true)
    assert inside >= 0.93 * total


def test_agreement_is_the_share_of_variance_that_cases_bring():
    case, rater, price, _ = simulated(7, raters=60, cases=300, each=10)
    found = severity(case, rater, price)
    true = 2_000**2 / (2_000**2 + 600**2 + 800**2)
    assert found.agreement == pytest.approx(true, abs=0.05)
    whole = found.of_cases + found.of_raters + found.of_rest
    assert found.agreement == pytest.approx(found.of_cases / whole)


@settings(max_examples=draws(25))
@given(st.integers(0, 10_000), st.randoms(), st.floats(-5_000, 5_000))
def test_order_does_not_matter_and_a_sum_for_all_moves_the_mean_alone(seed, random, more):
    case, rater, price, _ = simulated(seed, raters=5, cases=8, each=3)
    found = severity(case, rater, price)
    order = random.sample(range(len(case)), len(case))
    moved = severity(case[order], rater[order], price[order] + more)
    assert moved.mean == pytest.approx(found.mean + more, rel=1e-6)
    assert moved.raters == pytest.approx(found.raters, rel=1e-4, abs=0.05)


def test_raters_without_a_common_case_are_in_groups_of_their_own():
    case, rater = [0, 0, 1, 1, 2, 2, 3, 3], [0, 1, 1, 0, 2, 3, 3, 2]
    found = severity(case, rater, [1, 2, 3, 5, 8, 13, 21, 34])
    assert found.groups.tolist() == [0, 0, 1, 1]
    joined = severity([*case, 4, 4], [*rater, 1, 2], [1, 2, 3, 5, 8, 13, 21, 34, 55, 60])
    assert joined.groups.tolist() == [0, 0, 0, 0]


def test_prices_that_do_not_differ_have_no_severity():
    found = severity([0, 0, 1, 1], [0, 1, 0, 1], [500.0] * 4)
    assert found.raters.tolist() == [0, 0]
    assert found.agreement is None


def test_one_rater_or_cases_of_one_rating_are_refused():
    with pytest.raises(ValueError, match="two raters"):
        severity([0, 1], [0, 0], [1.0, 2.0])
    with pytest.raises(ValueError, match="both may have rated"):
        severity([0, 1], [0, 1], [1.0, 2.0])
