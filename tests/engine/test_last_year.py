"""What is taken off last year's budget, and schools that had no last year."""

import csv
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused, TableRefused
from engine.explain import explain_school
from engine.reading import school_table as read_school_table
from engine.reading.habits import habits_of
from engine.rules.compile import compile_rules
from engine.rules.formula import Protection
from engine.rules.load import load_rule_file
from engine.run import evaluate
from engine.statement import Statements
from engine.vocabulary import FIXTURES, Missing
from tests.builders import rule_set, school, school_table
from tests.formula_strategies import formula_rule_sets, schools
from tests.reference.notional import value_school
from tests.storm_size import draws

NORTHUMBERLAND = FIXTURES / "rules" / "2015-16" / "northumberland-2015-16.yaml"
SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
LAST_YEAR = FIXTURES / "cases" / "protection" / "northumberland_2015_16.csv"
STATED = {"from": "2015-04-01", "source": "export", "standing": "unconfirmed"}
PRINTED_TO = Decimal("0.10")


def rows_of(path):
    """Return the rows of a table by school."""
    with path.open(encoding="utf-8") as lines:
        return {row["urn"]: row for row in csv.DictReader(lines)}


def cap_and_scale():
    """Return the authority's rules of the year with the cap and the scaling that its printed adjustments follow."""
    document = load_rule_file(NORTHUMBERLAND)
    protection = {
        "cap_percent": [STATED | {"value": "0"}],
        "scaling_percent": [STATED | {"value": "1.474"}],
    }
    formula = document.schools_formula.model_copy(
        update={"protection": Protection.model_validate(protection)}
    )
    return document.model_copy(update={"schools_formula": formula})


def test_ten_schools_are_adjusted_as_their_authority_printed_by_last_years_rates():
    rules, before = compile_rules(cap_and_scale()), rows_of(LAST_YEAR)
    records = [
        row | {name: before[urn][name] for name in before[urn] if name != "mfg_adjustment"}
        for urn, row in rows_of(SCHOOLS).items()
    ]
    outcome = evaluate(rules, read_school_table(pl.DataFrame(records), rules.wanted)).notional
    found = dict(zip(outcome.schools.urn.tolist(), outcome.protection.tolist(), strict=True))
    assert outcome.protection_absent.tolist() == [0] * 10
    for urn, row in before.items():
        paid = Decimal(found[int(urn)]) / 100
        within = 0 if row["prior_budget"] == "none" else PRINTED_TO
        assert abs(paid - Decimal(row["mfg_adjustment"])) <= within, (urn, paid)


BASIC = {"label": "Basic", "counts": "pupils", "all": {"unit_value": "4000"}}
RATES = {
    "label": "Rates",
    "counts": "amount",
    "in_guarantee": False,
    "in_minimum_base": False,
    "all": {},
}
LUMP = {
    "label": "Lump sum", "counts": "school", "in_guarantee": False, "removed_from_prior": True,
    "primary": {"unit_value": "100000"}, "secondary": {"unit_value": "120000"},
}  # fmt: skip
OFF = RATES | {"removed_from_prior": True}
WANTED = OFF | {"prior_amount": "last_year"}


def rules_of(**factors):
    """Return rules that guarantee last year's funding for each pupil."""
    formula = {
        "pupils_counted_by": "basic", "factors": {"basic": BASIC} | factors,
        "protection": {"guarantee_percent": "0"},
    }  # fmt: skip
    return compile_rules(rule_set(schools_formula=formula))


def protection_of(rules, **record):
    """Return the protection of a school of 100 pupils that had as many last year: pence, or why it is not known."""
    held = {"units_basic": 100, "prior_pupils": 100, "amount_rates": 9_000} | record
    held = {
        name: one for name, one in held.items() if name in {*rules.wanted.known, "urn", "phase"}
    }
    outcome = evaluate(rules, school_table([school(**held)])).notional
    [stated] = Statements(outcome).whole(0).adjustments
    explain_school(outcome, 100_001)
    return stated.missing or stated.amount


BEFORE = {"prior_budget": 420_000}
AMOUNTS = {
    "last year's where it is given": (OFF, {"prior_amount_rates": 8_000}, 12_000_00),
    "this year's where it is not": (OFF, {}, 11_000_00),
    "none of it where it is 0": (OFF, {"prior_amount_rates": 0}, 20_000_00),
    "none of it where it does not apply": (OFF, {"prior_amount_rates": "not applicable"}, 20_000_00),
    "last year's where the rules want it": (WANTED, {"prior_amount_rates": 8_000}, 12_000_00),
    "not known where the rules want it and it is blank": (WANTED, {"prior_amount_rates": None}, Missing.prior_amounts),
    "not known where the rules want it and no column has it": (WANTED, {}, Missing.prior_amounts),
    "last year's though this year's is not known": (
        WANTED, {"prior_amount_rates": 8_000, "amount_rates": None}, 12_000_00,
    ),
    "nothing where the budget of last year is without it": (RATES, {}, 20_000_00),
    "last year's where a line outside the guarantee gives it": (RATES, {"prior_amount_rates": 8_000}, 12_000_00),
}  # fmt: skip


@pytest.mark.parametrize("name", AMOUNTS)
def test_what_is_taken_off_last_years_budget_is(name):
    rates, record, expected = AMOUNTS[name]
    assert protection_of(rules_of(rates=rates), **BEFORE, **record) == expected


@pytest.mark.parametrize("column", ["prior_amount_lump_primary", "prior_amount_lump"])
def test_last_years_lump_sum_is_given_for_a_phase_or_for_all(column):
    rules = rules_of(lump=LUMP)
    assert protection_of(rules, prior_budget=520_000) == 20_000_00
    assert protection_of(rules, prior_budget=520_000, **{column: 90_000}) == 30_000_00


def test_last_years_amount_of_one_line_in_two_columns_is_refused():
    twice = {"prior_amount_lump_primary": 1, "prior_amount_lump": 1}
    with pytest.raises(PairRefused, match="prior_amount_lump: duplicate"):
        protection_of(rules_of(lump=LUMP), prior_budget=520_000, **twice)


def test_the_working_prints_which_years_amounts_are_taken_off():
    record = school(
        units_basic=100, prior_pupils=100, prior_budget=520_000, amount_rates=9_000, prior_amount_rates=8_000,
    )  # fmt: skip
    outcome = evaluate(rules_of(rates=WANTED, lump=LUMP), school_table([record])).notional
    rows = explain_school(outcome, 100_001).workings[-1].rows
    assert [(row.label, row.value) for row in rows][:4] == [
        ("Last year's budget share", "520000.00"), ("Rates, last year's amount", "8000.00"),
        ("Lump sum (primary), this year's amount", "100000.00"),
        ("Last year's budget share, comparable", "412000.00"),
    ]  # fmt: skip


NEW = {
    "no budget": {"prior_budget": "none", "prior_pupils": None},
    "no pupils": {"prior_budget": None, "prior_pupils": "none"},
    "neither": {"prior_budget": "none", "prior_pupils": "none"},
    "none in figures": {"prior_budget": 0, "prior_pupils": 0},
    "no pupils, and a blank": {"prior_budget": None, "prior_pupils": 0},
}


@pytest.mark.parametrize("name", NEW)
def test_a_new_school_says_so_and_is_protected_by_exactly_nothing(name):
    rules = rules_of(rates=WANTED)
    assert protection_of(rules, **NEW[name]) == 0
    outcome = evaluate(rules, school_table([school(units_basic=100, amount_rates=1, **NEW[name])]))
    statement = Statements(outcome.notional).whole(0)
    assert (statement.not_known, statement.formula) == (0, 400_001_00)
    [row, _] = explain_school(outcome.notional, 100_001).workings[-1].rows
    assert (row.label, row.value) == ("New school, which had no last year to compare with", "none")


NOT_NEW = {
    "blanks": ({"prior_budget": None, "prior_pupils": None}, Missing.last_year),
    "pupils and no budget": ({"prior_budget": 0, "prior_pupils": 1}, Missing.prior_budget),
    "a budget and no pupils": ({"prior_budget": 1, "prior_pupils": 0}, Missing.prior_pupils),
}


@pytest.mark.parametrize("name", NOT_NEW)
def test_a_school_that_does_not_say_so_is_not_new(name):
    record, why = NOT_NEW[name]
    assert protection_of(rules_of(), **record) is why


def table_of(rules, **cells):
    """Return the checked table of one school that is written as text."""
    record = {"urn": "100001", "phase": "primary", "units_basic": "100"} | cells
    return read_school_table(pl.DataFrame([record]), rules.wanted)


@pytest.mark.parametrize("word", ["none", "None", " NONE "])
def test_a_table_says_none_in_any_case(word):
    rules = rules_of()
    held = table_of(rules, prior_budget=word, prior_pupils=word)
    assert evaluate(rules, held).notional.protection_absent.tolist() == [0]


@pytest.mark.parametrize("rows", [1, 200])
def test_none_of_one_half_of_last_year_beside_a_number_of_the_other_is_refused_by_row(rows):
    """Such a school was neither new nor compared, and nothing said so."""
    record = {
        "phase": "primary",
        "units_basic": "100",
        "prior_budget": "500000",
        "prior_pupils": "90",
    }
    records = [record | {"urn": str(900_000 + at)} for at in range(rows)]
    records[0] |= {"prior_budget": "none"}
    records[-1] |= {"prior_pupils": "None"} if rows > 1 else {}
    with pytest.raises(TableRefused) as caught:
        read_school_table(pl.DataFrame(records), rules_of().wanted)
    said = [(one.row, one.column, one.sentence) for one in caught.value.problems]
    way_out = "a new school says none of both; leave blank what is not known"
    expected = [(2, "prior_budget", f"must not be none beside a number in prior_pupils: {way_out}")]
    if rows > 1:
        expected.append(
            (201, "prior_pupils", f"must not be none beside a number in prior_budget: {way_out}")
        )
    assert sorted(said) == expected


def test_a_blank_that_means_none_beside_a_number_is_refused_too():
    record = {
        "urn": "900001",
        "phase": "primary",
        "units_basic": "100",
        "prior_budget": "",
        "prior_pupils": "90",
    }
    assert len(read_school_table(pl.DataFrame([record]), rules_of().wanted)) == 1
    stated = habits_of(None, ["prior_budget"], [])
    with pytest.raises(TableRefused, match="prior_budget: must not be none beside a number"):
        read_school_table(pl.DataFrame([record]), rules_of().wanted, habits=stated)


def test_pounds_of_last_year_that_cannot_be_read_name_the_word():
    with pytest.raises(TableRefused, match=r"prior_budget: must be pounds .*, or none"):
        table_of(rules_of(), prior_budget="nothing")


def test_a_prior_amount_is_refused_of_a_factor_that_is_not_taken_off():
    with pytest.raises(
        RuleRefused, match="has a prior_amount, so it needs removed_from_prior: true"
    ):
        rules_of(rates=RATES | {"prior_amount": "last_year"})


@settings(max_examples=draws(40))
@given(st.data(), formula_rule_sets())
def test_a_school_that_had_no_last_year_is_protected_by_nothing(data, document):
    records = data.draw(schools(document, counted=False))
    new = [one | {"prior_budget": "none", "prior_pupils": "none"} for one in records]
    outcome = evaluate(compile_rules(document), school_table(new)).notional
    assert not outcome.protection.any()
    assert not outcome.protection_absent.any()


@settings(max_examples=draws(40))
@given(
    st.data(), formula_rule_sets(), st.integers(1, 10**9).map(lambda pence: Fraction(pence, 100))
)
def test_protection_with_last_years_amounts_is_that_of_the_reference(data, document, budget):
    last_year = {"prior_budget": budget, "prior_pupils": Fraction(150)}
    records = [one | last_year for one in data.draw(schools(document, counted=False))]
    rules = compile_rules(document)
    outcome = evaluate(rules, school_table(records)).notional
    for at, record in enumerate(sorted(records, key=lambda one: one["urn"])):
        expected = value_school(document, document.effective.first, record)
        assert int(outcome.protection[at]) == expected.adjustment
        assert int(outcome.absent_total[at]) == expected.absent
        explain_school(outcome, record["urn"])


def test_a_working_says_what_last_years_budget_is_read_as_given_without():
    line = {"unit_value": "1000"}
    rates = {"label": "Rates", "counts": "amount", "in_guarantee": False, "all": {}}
    formula = {
        "pupils_counted_by": "basic",
        "factors": {"basic": {"label": "Basic", "counts": "pupils", "primary": line}, "rates": rates},
        "protection": {"guarantee_percent": "0"},
    }  # fmt: skip
    record = {
        "units_basic_primary": "10",
        "amount_rates": "500",
        "prior_budget": "12000",
        "prior_pupils": "10",
    }
    said = "not in last year's budget share, as no amount of it is given"
    for last_year, expected, without in (
        ({}, [("Rates, last year", said)], ("Rates",)),
        ({"prior_amount_rates": "400"}, [], ()),
    ):
        table = school_table([school(urn=1, phase="primary", **record, **last_year)])
        outcome = evaluate(compile_rules(rule_set(schools_formula=formula)), table).notional
        rows = explain_school(outcome, 1).workings[-1].rows
        assert [(row.label, row.value) for row in rows if row.value == said] == expected
        [protection] = Statements(outcome).whole(0).adjustments
        assert (protection.name, protection.last_year_without) == ("protection", without)


WRONG = {
    "a line in two columns of last year": ({"prior_amount_lump_primary": 1, "prior_amount_lump": 1}, ("given-twice", "prior_amount_lump", 2)),
    "a line in two columns of this year": ({"amount_lump": 1, "amount_lump_primary": 1}, ("given-twice", "amount_lump", 2)),
    "another in two columns of last year": ({"prior_amount_more_primary": 1, "prior_amount_more": 1}, ("given-twice", "prior_amount_more", 2)),
    "a line without a column": ({"amount_rates": ...}, ("missing-column", "amount_rates", None)),
}  # fmt: skip


@given(st.sets(st.sampled_from([*WRONG]), min_size=1))
def test_all_mistakes_of_this_year_and_of_last_are_named_at_once(chosen):
    """A line in two columns of this year hid a line without a column, and each of them one in two columns of last year."""
    held = {"units_basic": 100, "prior_pupils": 100, "prior_budget": 1, "amount_rates": 9_000}
    for name in chosen:
        held |= WRONG[name][0]
    held = {name: one for name, one in held.items() if one is not ...}
    rules = rules_of(rates=RATES, lump=LUMP, more=LUMP | {"label": "More"})
    with pytest.raises(PairRefused) as refused:
        evaluate(rules, school_table([school(**held)]))
    found = [(one.rule, one.column, one.row) for one in refused.value.problems]
    assert sorted(found, key=str) == sorted((WRONG[name][1] for name in chosen), key=str)


ZERO = {
    "both": {"prior_budget": "0", "prior_pupils": "0"},
    "with pence": {"prior_budget": "0.00", "prior_pupils": "0.0"},
    "pupils, and a blank": {"prior_budget": "", "prior_pupils": "0"},
    "a budget, and a blank": {"prior_budget": "0", "prior_pupils": ""},
    "pupils alone": {"prior_pupils": "0"},
    "a budget alone": {"prior_budget": "0"},
}


@pytest.mark.parametrize("rows", [1, 200])
@pytest.mark.parametrize("name", ZERO)
def test_a_last_year_of_0_is_refused_with_the_way_out_and_is_no_new_school(name, rows):
    cells = {"urn": "100001", "phase": "primary", "units_basic": "100"} | ZERO[name]
    said = {"prior_budget": "none", "prior_pupils": "none"}
    others = [
        cells | {one: said[one] for one in ZERO[name]} | {"urn": str(200_000 + at)}
        for at in range(rows - 1)
    ]
    with pytest.raises(TableRefused) as refused:
        read_school_table(pl.DataFrame([cells, *others]), rules_of().wanted)
    found = {(one.row, one.column) for one in refused.value.problems}
    assert found == {(2, column) for column, text in ZERO[name].items() if text.startswith("0")}
    assert all("write none for a new school" in str(one) for one in refused.value.problems)


def test_0_beside_a_number_or_the_word_none_is_read():
    for cells in (
        {"prior_budget": "0", "prior_pupils": "90"}, {"prior_budget": "90", "prior_pupils": "0"},
        {"prior_budget": "none", "prior_pupils": "0"}, {"prior_budget": "0", "prior_pupils": "None"},
    ):  # fmt: skip
        assert len(table_of(rules_of(), **cells)) == 1
    stated = habits_of(None, ["prior_budget"], [])
    record = {
        "urn": "1",
        "phase": "primary",
        "units_basic": "1",
        "prior_budget": "",
        "prior_pupils": "0",
    }
    assert len(read_school_table(pl.DataFrame([record]), rules_of().wanted, habits=stated)) == 1
