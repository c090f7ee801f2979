"""Authorities' proformas as rule documents that give back the totals printed beside them."""

from pathlib import Path

import polars as pl
import pytest

from engine.errors import TableRefused
from engine.lab.imports.proforma import proforma_rules, read_proformas
from engine.lab.imports.proforma_import import import_proforma, reconciliation_rows
from engine.lab.imports.reconciliation import Verdict
from engine.reading import read_table
from engine.rules.in_force import InForce
from engine.rules.load import digest, load_rule_set
from engine.vocabulary import FIXTURES, Standing
from tests.programs import BESIDE, or_leave_out

EXCERPT = FIXTURES / "cases" / "proformas"
PUBLISHED = BESIDE / "data"
RULES = proforma_rules()
NAMED = {
    372: Verdict.left_out,
    826: Verdict.not_split,
    830: Verdict.not_split,
    886: Verdict.not_split,
    896: Verdict.not_split,
    926: Verdict.not_split,
    938: Verdict.fringe,
}
"""Authorities whose lines do not give the printed notional SEN, and why."""


def imported(lines: Path, totals: Path):
    proformas = read_proformas(read_table(lines), read_table(totals), RULES)
    return {one.code: import_proforma(one, RULES) for one in proformas}


@pytest.fixture(scope="module")
def four():
    return imported(EXCERPT / "lines.csv", EXCERPT / "totals.csv")


def document(one):
    return load_rule_set(one.text)


def lines(frame: pl.DataFrame, **changed) -> pl.DataFrame:
    """Return the first authority's lines with some cells of the first row changed."""
    first = frame.filter(pl.col("la_code") == "202")
    mark = pl.int_range(pl.len()) == 0
    return first.with_columns(
        pl.when(mark).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in changed.items()
    )


def test_every_authority_gives_its_printed_totals_or_the_reason_is_named(four):
    verdicts = {code: one.reconciliation.verdict for code, one in four.items()}
    assert verdicts == {code: NAMED.get(code, Verdict.holds) for code in four}


def test_the_sums_are_those_of_the_lines_and_stand_beside_the_printed(four):
    camden = four[202].reconciliation
    assert (camden.formula, camden.formula_printed) == (115_892_711_84, 115_893_000_00)
    assert (camden.notional, camden.notional_printed) == (24_531_843_74, 24_531_900_00)


def test_a_total_that_leaves_a_factor_out_is_told_by_that_factor(four):
    rotherham = four[372].reconciliation
    assert rotherham.notional == 14_802_418_16
    assert "as much as Low prior attainment" in rotherham.sentence


def test_lump_sums_of_different_shares_are_not_supplied_rather_than_guessed(four):
    milton_keynes = four[826]
    assert milton_keynes.table["amount_lump_sum_primary"].to_list() == [""]
    assert "89.55 primary and 12.02 secondary schools" in milton_keynes.reconciliation.sentence
    assert "400397.12 to 518540.20 pounds" in milton_keynes.reconciliation.sentence


def test_the_notional_part_of_a_fringe_uplift_is_named_and_not_forced(four):
    west_sussex = four[938].reconciliation
    assert west_sussex.notional < west_sussex.notional_printed
    assert "17.69% of the fringe uplift" in west_sussex.sentence


def test_printed_values_are_verified_and_rules_of_the_year_are_not(four):
    rules = document(four[202])
    day = rules.effective.first
    entitlement = rules.schools_formula.factors["basic_entitlement"].primary.unit_value
    assert InForce(day, day).latest(entitlement).standing is Standing.verified
    guarantee = InForce(day, day).latest(rules.schools_formula.protection.guarantee_percent)
    assert guarantee.standing is Standing.unconfirmed
    assert rules.standing is Standing.unconfirmed


def test_a_formula_speaks_of_the_factors_that_its_authority_chose(four):
    factors = document(four[202]).schools_formula.factors
    assert "fsm6" in factors
    assert "fsm" not in factors
    assert factors["low_prior_attainment"].primary.blend.new == "low_new_profile_pupils"
    assert "mobility" not in factors


def test_mobility_counts_only_above_the_share_of_the_year(four):
    used = [document(one).schools_formula.factors.get("mobility") for one in four.values()]
    shares = {one.only_above_percent[0].value for one in used if one is not None}
    assert shares <= {"10"}


def test_a_cap_is_kept_where_the_authority_applied_one(four):
    protection = document(four[202]).schools_formula.protection
    assert protection.cap_percent[0].value == "1"
    assert protection.scaling_percent[0].value == "100"


def test_a_value_of_more_digits_than_a_document_holds_says_what_is_printed(four):
    held = [
        (line.unit_value[0].value, line.unit_value[0].note)
        for one in four.values()
        for _, _, line in document(one).schools_formula.lines()
        if line.unit_value and line.unit_value[0].note
    ]
    assert held
    assert all(note.startswith("Printed as ") for _, note in held)


def test_the_same_table_gives_the_same_documents(four):
    again = imported(EXCERPT / "lines.csv", EXCERPT / "totals.csv")
    assert {code: digest(document(one)) for code, one in again.items()} == {
        code: digest(document(one)) for code, one in four.items()
    }


def test_an_authority_of_more_pupils_than_a_school_may_have_is_divided_into_records_that_add_to_it():
    pupils = 250_000
    table = lines(
        read_table(EXCERPT / "lines.csv"), units=f"{pupils}.000001", subtotal=f"{3557 * pupils}"
    )
    one = import_proforma(read_proformas(table, None, RULES)[0], RULES)
    names = [f"Camden, part {part} of 3" for part in (1, 2, 3)]
    assert one.table["school_name"].to_list() == names
    # A millionth of 250,000.000001 pupils, and one of them, do not divide by three.
    units = one.table["units_basic_entitlement_primary"].to_list()
    assert units == ["83333.333335", "83333.333333", "83333.333333"]


def test_without_the_printed_totals_nothing_is_claimed():
    proformas = read_proformas(read_table(EXCERPT / "lines.csv"), None, RULES)
    one = import_proforma(proformas[0], RULES)
    assert one.reconciliation.verdict is Verdict.not_printed
    assert reconciliation_rows([one]).frame["formula_printed"].to_list() == [None]


@pytest.mark.parametrize(
    ("changed", "column", "rule", "sentence"),
    [
        ({"la_code": "000"}, "la_code", "unknown-code", "must be the three-digit code of a local authority"),
        ({"factor": "awpu"}, "factor", "unknown-code", "must be one of "),
        ({"variant": "eal4"}, "variant", "unknown-code", "must be one of nothing, "),
        ({"unit_value": "£3,55"}, "unit_value", "unreadable", "must be a plain number"),
        ({"units": "1e5"}, "units", "unreadable", "must be a plain number"),
        ({"phase": "ks3"}, "phase", "repeated-line", "duplicate: the authority has a row above with this factor and phase"),
    ],
)  # fmt: skip
def test_what_a_proforma_cannot_hold_is_refused_by_row_and_column(changed, column, rule, sentence):
    table = lines(read_table(EXCERPT / "lines.csv"), **changed)
    with pytest.raises(TableRefused) as refused:
        read_proformas(table, None, RULES)
    problem = refused.value.problems[0]
    assert (problem.column, problem.rule) == (column, rule)
    assert (
        problem.sentence == sentence
        if not sentence.endswith(" ")
        else problem.sentence.startswith(sentence)
    )
    assert problem.row in {2, 3}
    assert not set(changed.values()) & set(str(problem).split())


def test_a_missing_and_an_unknown_column_are_refused_by_name():
    table = read_table(EXCERPT / "lines.csv").rename({"units": "pupils_on_roll"})
    with pytest.raises(TableRefused) as refused:
        read_proformas(table, None, RULES)
    assert {problem.column for problem in refused.value.problems} == {"units", "pupils_on_roll"}


def test_a_year_whose_rules_are_not_known_is_refused():
    with pytest.raises(TableRefused, match="must be one of 2017-18"):
        proforma_rules("1999-00")


def test_every_published_authority_holds_but_those_that_are_named():
    or_leave_out(PUBLISHED)
    published = imported(
        PUBLISHED / "la_proformas_2017_18.csv", PUBLISHED / "la_proforma_totals_2017_18.csv"
    )
    told = {code: one.reconciliation.verdict for code, one in published.items()}
    assert len(told) == 76
    assert {code: verdict for code, verdict in told.items() if verdict != Verdict.holds} == NAMED
