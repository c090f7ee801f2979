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


SPOILT = """format: evenband-candidates/1
title: Prices
baseline: BASELINE
number: many
vary:
  band_profile.tariff.prices.Z.pounds: [5000]
  band_profile.tariff.prices.A.pounds: ["£5"]
budgets: budgets.csv
"""


@pytest.mark.parametrize("baseline", ["toy-2025-26", "toy-1999-00"])
def test_mistakes_of_document_baseline_paths_and_budgets_are_named_at_once(
    pupils, tmp_path, baseline
):
    """They were named one stage after the other: document, baseline, table, budgets, paths after pupils were read."""
    (tmp_path / "budgets.csv").write_text("la,budgets\n1,x\n", encoding="utf-8")
    path = tmp_path / "prices.yaml"
    path.write_text(SPOILT.replace("BASELINE", baseline), encoding="utf-8")
    with pytest.raises(eb.RuleRefused) as caught:
        eb.candidates(path, pupils)
    said = str(caught.value)
    expected = ["number: must be a whole number", "band_profile.tariff.prices.A.pounds.0", "budget: is missing",
                "row 2: la: must be the three-digit code"]  # fmt: skip
    expected.append("1999-00" if baseline == "toy-1999-00" else "prices.Z")
    assert [one for one in expected if one not in said] == [], said


def test_a_table_of_candidates_names_its_wrong_paths_beside_wrong_budgets(pupils, tmp_path):
    (tmp_path / "budgets.csv").write_text("la,budget\n301,x\n", encoding="utf-8")
    (tmp_path / "table.csv").write_text("candidate,nowhere,no.path\na,1,2\n", encoding="utf-8")
    path = tmp_path / "prices.yaml"
    head = TEXT.partition("vary:")[0]
    path.write_text(f"{head}table: table.csv\nbudgets: budgets.csv\n", encoding="utf-8")
    with pytest.raises(eb.Refusal) as caught:
        eb.candidates(path, pupils)
    assert sorted(one.place or one.column for one in caught.value.problems) == [
        "budget",
        "no.path",
        "nowhere",
    ]
