"""Drift of raters: simulated ones are found in time, steady ones seldom accused, and what must hold of any ratings."""

import numpy as np

from engine.policy.drift import FEW, drifts
from engine.policy.severity import severity
from tests.storm_size import draws

BAND = 1_000.0
RATERS, MONTHS, CASES_A_MONTH, RATINGS_A_CASE = 8, 12, 60, 4
STEADY = 6
"""Months before the drift begins."""


def panel(seed, a_year=0.0):
    """Return the drifts of raters of whom the first drifts by so many bands a year, after half a year; the others are steady.

    Each rates 30 cases a month; a rating is off by half a band.
    """
    random = np.random.default_rng(seed)
    severe = random.normal(0, 0.4 * BAND, RATERS)
    case, rater, month, price = [], [], [], []
    for number in range(MONTHS):
        for at in range(CASES_A_MONTH):
            need = random.normal(0, 2 * BAND)
            for one in random.choice(RATERS, RATINGS_A_CASE, replace=False):
                drift = a_year * BAND * max(0, number + 1 - STEADY) / 12 if one == 0 else 0
                case.append(number * CASES_A_MONTH + at)
                rater.append(one)
                month.append(number)
                price.append(need + severe[one] + drift + random.normal(0, 0.5 * BAND))
    found = severity(case, rater, price)
    return drifts(found, case, rater, price, month)


def test_a_drift_of_a_band_a_year_is_found_within_six_months_in_nine_of_ten():
    found = [panel(seed, a_year=1.0)[0] for seed in range(draws(20))]
    in_time = sum(one.alarm is not None and one.alarm < STEADY + 6 for one in found)
    assert in_time >= 0.9 * len(found)


def test_a_steady_rater_is_accused_in_one_of_twenty_at_the_most():
    steady = [one for seed in range(draws(20)) for one in panel(seed)]
    assert sum(one.alarm is not None for one in steady) <= 0.05 * len(steady)


def test_the_slope_of_a_rater_who_drifts_is_far_beyond_its_error_and_that_of_others():
    found = panel(1, a_year=2.0)
    assert found[0].slope > 6 * found[0].slope_error
    assert all(one.slope < found[0].slope / 3 for one in found[1:])


def test_a_drift_downwards_is_found_too():
    found = panel(2, a_year=-1.5)[0]
    assert found.alarm is not None
    assert found.months[-1].downwards > found.months[-1].upwards


def test_a_month_of_few_ratings_says_so_and_one_month_has_no_slope():
    case, rater = [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1]
    price = [1.0, 2.0, 4.0, 4.5, 6.0, 7.5]
    found = drifts(severity(case, rater, price), case, rater, price, [1] * 6)
    assert [one.months[0].is_small for one in found] == [True, True]
    assert [(one.slope, one.alarm, one.months[0].compared) for one in found] == [
        (None, None, None)
    ] * 2
    assert all(month.ratings >= FEW - 15 for month in panel(3)[0].months)


def test_ratings_without_any_rest_have_no_drift():
    case, rater, price = [0, 0, 1, 1], [0, 1, 0, 1], [5.0, 5.0, 5.0, 5.0]
    found = drifts(severity(case, rater, price), case, rater, price, [1, 1, 2, 2])
    assert [one.alarm for one in found] == [None, None]
