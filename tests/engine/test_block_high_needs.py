"""High needs blocks of the dedicated schools grant, as published: every authority to the pound."""

import csv
from fractions import Fraction

import pytest

from engine.errors import PairRefused
from engine.modules.high_needs_block import value_block
from engine.money import PENCE
from tests.programs import BESIDE, or_leave_out
from tests.rule_library import DOCUMENTS
from tests.worked_examples import high_needs_blocks

WHOLE = BESIDE / "data" / "dsg_high_needs_block.csv"
COLUMNS = {
    "floor_and_gains_elements": "a_floor_and_gains_elements",
    "basic_entitlement_unit": "b_basic_entitlement_unit",
    "special_school_pupils": "c_special_school_pupils",
    "import_export_adjustment": "d_import_export_adjustment",
    "special_free_schools": "e_special_free_schools",
    "hospital_pay_pension_supplementary": "f_hospital_ap_pay_pension_supplementary",
    "formula_before_gains_limit": "g_nff_before_gains_limit",
    "additional_allocation": "h_additional_allocation",
}
WITH_ADDITIONAL = ("2022-23", "2023-24")


def table(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def grant(year):
    return DOCUMENTS[f"dedicated-schools-grant-{year}"]


YEARS = ("2020-21", "2021-22", *WITH_ADDITIONAL)


def given(row):
    return {name: row[column] or "0" for name, column in COLUMNS.items()}


def valued(row, **changed):
    rules = grant(row["year"])
    held = {name: Fraction(text) for name, text in (given(row) | changed).items() if text}
    return value_block(rules.high_needs_block.compile(rules.at()), held)


def pounds(text):
    return int(text) * PENCE


def assert_as_published(rows):
    for row in rows:
        assert valued(row).total == pounds(row["total_high_needs_block"]), row["area_name"]
        if row["year"] in WITH_ADDITIONAL:
            worked_out = valued(row, additional_allocation="")
            assert worked_out.additional == pounds(row["h_additional_allocation"])
            assert worked_out.total == pounds(row["total_high_needs_block"])


def test_every_block_of_the_excerpt_and_its_additional_allocation_come_to_the_published_pound():
    rows = high_needs_blocks()
    assert len(rows) == 24
    assert {row["year"] for row in rows} == set(YEARS)
    assert_as_published(rows)


def test_every_block_of_every_authority_comes_to_the_published_pound():
    or_leave_out(WHOLE)
    rows = [row for row in table(WHOLE) if row["geographic_level"] == "la"]
    assert len(rows) == 301
    assert_as_published(rows)


def test_a_block_is_its_terms_added_and_rounded_up_once():
    row = next(row for row in high_needs_blocks() if row["area_name"] == "Camden")
    block = valued(row)
    assert block.terms["basic_entitlement_unit"] == 163_283_068
    assert block.total - sum(block.terms.values()) == 32


def test_an_export_of_pupils_lowers_the_block():
    row = next(row for row in high_needs_blocks() if row["area_name"] == "Birmingham")
    lower = valued(row).terms["import_export_adjustment"]
    assert lower < 0
    assert valued(row, import_export_adjustment="0").total == valued(row).total - lower


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param(
            {"special_free_schools": ""},
            "special_free_schools: is missing; this term of the block is needed",
            id="a term not given is never taken as nothing",
        ),
        pytest.param(
            {"special_school_pupils": ""},
            "special_school_pupils: is missing; this term",
            id="nor is a number that multiplies one",
        ),
    ],
)
def test_a_block_that_cannot_be_added_is_refused(changed, sentence):
    row = high_needs_blocks()[0]
    with pytest.raises(PairRefused, match=sentence):
        valued(row, **changed)
