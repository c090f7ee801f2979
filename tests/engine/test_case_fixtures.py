"""The worked examples must add up on their own before the engine is compared with them."""

from decimal import Decimal

import pytest

from engine.cases.results import ABOUT
from engine.columns import PUPIL_COLUMNS
from engine.rules.compile import compile_rules
from engine.vocabulary import Reason
from tests.rule_library import document
from tests.worked_examples import cases, files, rows_of

NOTIONAL, TOP_UPS = cases("notional_sen"), cases("top_up")
TABLES = {path.name: path for _, path in files()}


def pounds(text):
    assert isinstance(text, str)
    return Decimal(text)


@pytest.mark.parametrize("name", TABLES)
def test_a_worked_example_names_its_source_and_how_far_it_was_checked(name):
    rows = rows_of(TABLES[name])
    assert rows
    for row in rows:
        assert row["case"]
        assert row["source"]
        assert row["status"].startswith(("verified", "constructed", "figures verified"))
        assert set(row) - set(ABOUT)


@pytest.mark.parametrize("name", NOTIONAL)
def test_a_case_gives_a_school_only_columns_of_its_rules(name):
    wanted = compile_rules(document(NOTIONAL[name]["rule_set"])).wanted
    assert wanted.required <= set(NOTIONAL[name]["school"]) <= wanted.known


@pytest.mark.parametrize("name", TOP_UPS)
def test_a_case_gives_a_pupil_only_known_columns(name):
    assert {"pupil_key", "la"} <= set(TOP_UPS[name]["pupil"]) <= set(PUPIL_COLUMNS)


@pytest.mark.parametrize("name", NOTIONAL)
def test_the_notional_lines_of_a_case_add_to_its_total(name):
    expected = NOTIONAL[name]["expected"]
    lines = sum(pounds(line.get("notional", "0")) for line in expected["lines"].values())
    minimum = pounds(expected.get("minimum_per_pupil", {}).get("notional", "0.00"))
    if "notional_sen" in expected:
        assert lines + minimum == pounds(expected["notional_sen"])


@pytest.mark.parametrize("name", TOP_UPS)
def test_a_top_up_is_pounds_and_pence_or_a_named_reason(name):
    case = TOP_UPS[name]
    assert ("expected" in case) != ("refused" in case)
    if "refused" in case:
        assert case["refused"].replace("-", "_") in Reason.__members__
    else:
        assert case["expected"]["top_up"].partition(".")[2].isdecimal()
