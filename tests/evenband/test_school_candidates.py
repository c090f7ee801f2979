"""Candidates over schools in Python: what the command says, and what schools do not have."""

from decimal import Decimal

import polars as pl
import pytest

import evenband as eb
from engine.vocabulary import FIXTURES
from tests.evenband.conftest import NORTHUMBERLAND, TEN_SCHOOLS

FSM = "schools_formula.factors.fsm.primary.notional_percent"
LUMP_SUM = "schools_formula.factors.lump_sum.primary.unit_value"
TEXT = f"""format: evenband-candidates/1
title: Notional percentages
baseline: {NORTHUMBERLAND}
vary:
  {FSM}: ["0", "33.3333", "101"]
  {LUMP_SUM}: ["100000", "154000.55"]
constraints: {{school_loss_per_pupil: "20"}}
"""


@pytest.fixture(scope="module")
def schools(rules):
    return eb.read_schools(TEN_SCHOOLS, rules)


@pytest.fixture(scope="module")
def candidates(schools):
    with pytest.warns(UserWarning, match="2 candidates are left out"):
        return eb.candidates(TEXT, schools=schools)


def test_each_candidate_is_as_schools_valued_under_it(candidates, schools):
    assert (len(candidates), candidates.plan["schools"]) == (4, 10)
    assert candidates.left_out.height == 2
    frame = candidates.to_polars()
    for name, percent, pounds in (("1", "0", "100000"), ("4", "33.3333", "154000.55")):
        tried = eb.read_rules(NORTHUMBERLAND, override={FSM: percent, LUMP_SUM: pounds})
        own = eb.value(tried, schools=schools).to_polars("schools")
        [total] = frame.filter(pl.col("candidate") == name)["total"]
        assert total == sum(own["notional_sen"], Decimal(0))
        alone = candidates.to_polars("schools", names=[name])
        assert alone["notional_sen_after"].to_list() == own["notional_sen"].to_list()
    assert set(candidates.to_polars("groups")["grouping"]) >= {"total", "la"}


def test_formula_funding_is_compared_where_it_is_asked_for(schools):
    with pytest.warns(UserWarning, match="left out"):
        found = eb.candidates(TEXT, schools=schools, measure="formula")
    totals = dict(found.to_polars().select("candidate", "total").iter_rows())
    # A percentage moves no formula funding.
    assert totals["1"] == totals["3"] != totals["2"]
    assert "share_of_formula" not in found.to_polars("groups").columns


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"publish": True}, "nothing of them can be published"),
        ({"detail": "pupils", "names": ["1"]}, "ask for totals, groups or schools"),
        ({"detail": "changes", "names": ["1"]}, "ask for totals, groups or schools"),
    ],
)
def test_what_schools_do_not_have_is_refused_with_the_way_out(candidates, options, says):
    with pytest.raises(ValueError, match=says):
        candidates.to_polars(**options)


def test_tables_and_measures_that_cannot_be_are_refused(schools):
    toy = eb.read_rules("toy-2025-26")
    pupils = eb.read_pupils(FIXTURES / "tables" / "toy_pupils.csv", toy)
    with pytest.raises(TypeError, match="pupils are what read_pupils returns"):
        eb.candidates(TEXT)
    with pytest.raises(TypeError, match="measure is of schools"):
        eb.candidates(TEXT, pupils, measure="formula")
    with pytest.raises(ValueError, match="measure is one of"):
        eb.candidates(TEXT, schools=schools, measure="pounds")
    with pytest.raises(eb.PairRefused, match="has no schools formula"):
        eb.candidates(TEXT.replace(NORTHUMBERLAND, "calendar-wirral-2013-14"), schools=schools)
