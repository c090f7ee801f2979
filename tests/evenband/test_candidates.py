"""Candidates in Python: details of named ones, what is published, and values that reach a target."""

import polars as pl
import pytest

import evenband as eb
from engine.vocabulary import FIXTURES

PRICE = "band_profile.tariff.prices.A.pounds"
TEXT = f"""format: evenband-candidates/1
title: Prices of band A
baseline: toy-2025-26
vary:
  {PRICE}: [5000, 9000, "7300.55", 8000]
"""


@pytest.fixture(scope="module")
def rules():
    return eb.read_rules("toy-2025-26")


@pytest.fixture(scope="module")
def pupils(rules):
    return eb.read_pupils(FIXTURES / "tables" / "toy_pupils.csv", rules)


@pytest.fixture(scope="module")
def candidates(pupils):
    return eb.candidates(TEXT, pupils)


def test_pupils_of_a_named_candidate_are_those_of_comparing_it(candidates, rules, pupils):
    tried = eb.read_rules("toy-2025-26", override={PRICE: "7300.55"})
    alone = eb.compare(eb.value(rules, pupils=pupils), eb.value(tried, pupils=pupils))
    own = candidates.to_polars("pupils", names=["3"])
    expected = alone.to_polars("pupils")
    assert own["change"].to_list() == expected["change"].to_list()
    assert set(own["candidate"]) == {"3"}


def test_what_is_published_is_text_with_no_small_number(candidates):
    frame = candidates.to_polars("groups", names=["2"], publish=True)
    assert set(frame.filter(pl.col("grouping") == "la")["candidate"]) == {"baseline", "2"}
    for name in ("number", "winners", "losers", "unchanged", "not_known"):
        cells = [one for one in frame[name].drop_nulls() if one != "c"]
        assert not [one for one in cells if 1 <= int(one) <= 5]
    assert candidates.to_polars(publish=True).height == 4


@pytest.mark.parametrize(
    ("detail", "options", "says"),
    [
        ("pupils", {}, "name them"),
        ("pupils", {"names": ["x"]}, "no candidate is called x"),
        ("pupils", {"names": ["1"], "publish": True}, "cannot be published"),
        ("groups", {"top": 4, "publish": True}, "more than the 3"),
    ],
)
def test_details_that_cannot_be_are_refused_with_the_way_out(candidates, detail, options, says):
    with pytest.raises(eb.PairRefused, match=says):
        candidates.to_polars(detail, **options)
