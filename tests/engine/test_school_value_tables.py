"""Values of a schools formula by authority and phase: what is written, checked, tried, printed and refused."""

from fractions import Fraction

import pytest

from engine.candidates.seek_share import seek_share
from engine.errors import OverrideRefused, RuleRefused, TableRefused
from engine.explain import explain
from engine.lab.atlas.formula import formula_answers
from engine.reading import records
from engine.reading import school_table as read_schools
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_file, load_rule_set
from engine.rules.notes import document_notes
from engine.rules.override import override
from engine.rules.paths import Paths
from engine.run import evaluate
from engine.statement import Statements
from engine.vocabulary import Missing
from tests.builders import school, school_table

HEAD = """
format: evenband-rules/1
identifier: several-authorities
version: 1
title: Formula of several authorities, 2025-26
funding_year: "2025-26"
year_kind: financial
effective: {first: 2025-04-01, last: 2026-03-31}
standing: proposed
about: Invented for tests.
sources: {page: {title: Invented for tests}}
provenance: {source: page, standing: proposed}
schools_formula:
  area_cost_adjustment: {rows: [{when: {la: "202"}, value: "1.2"}], otherwise: none}
  pupils_counted_by: basic
  factors:
    basic:
      label: Basic entitlement
      counts: pupils
      primary:
        unit_value:
          rows:
            - {when: {la: "202", phase: middle}, value: "5000"}
            - {when: {la: "202"}, value: "4000"}
            - {when: {la: ["301", "302"]}, value: "3900"}
"""
SHARES = """
        notional_percent:
          rows:
            - {when: {phase: [primary, middle]}, value: "5"}
            - {when: {la: "301"}, value: "6"}
"""
CALLS = """
  expected_calls:
    high_needs_threshold: {rows: [{when: {la: "202"}, value: "6000"}, {value: "5000"}]}
"""
TEXT = HEAD + SHARES + CALLS
UNIT = "schools_formula.factors.basic.primary.unit_value"
SHARE = "schools_formula.factors.basic.primary.notional_percent"


def valued(document, *records_of_schools):
    rows = [school(**{"urn": at + 1, **one}) for at, one in enumerate(records_of_schools)]
    return evaluate(compile_rules(document), school_table(rows))


def pupils(la, number=100, **given):
    return {"la": la, "units_basic_primary": number, **given}


def test_the_row_of_an_authority_and_phase_decides_and_the_working_names_it():
    outcome = valued(load_rule_set(TEXT), pupils(202), pupils(301), pupils(202, phase="middle"))
    assert outcome.notional.formula_total.tolist() == [480_000_00, 390_000_00, 600_000_00]
    labels = [row.label for row in explain(outcome, "1").workings[0].rows]
    assert "Unit value of Camden" in labels
    assert "Area cost adjustment of Camden" in labels
    assert "Unit value, Barking and Dagenham or Barnet" in [
        row.label for row in explain(outcome, "2").workings[0].rows
    ]


def test_an_authority_without_a_row_is_not_known_and_one_not_supplied_neither():
    outcome = valued(load_rule_set(TEXT), pupils(886), pupils(None))
    for at in (0, 1):
        line = Statements(outcome.notional).whole(at).lines[0]
        assert (line.amount, line.missing) == (None, Missing.no_value)
    rows = explain(outcome, "1").workings[0].rows
    assert [one.value for one in rows] == [None, None]
    assert "not printed" not in " ".join(f"{one.label} {one.note}" for one in rows)


def test_the_first_part_of_a_plan_is_that_of_the_schools_authority():
    calls = valued(load_rule_set(TEXT), *(pupils(la, ehc_plans=2) for la in (202, 301)))
    met = [Statements(calls.notional).whole(at).calls.expected.plans for at in (0, 1)]
    assert met == [12_000_00, 10_000_00]


def test_the_check_names_every_authority_and_phase_without_a_row_with_one_of_them():
    notes = [one for one in document_notes(load_rule_set(TEXT)) if one.type == "no-value"]
    of_units = [one for one in notes if one.place == UNIT]
    assert [one.example for one in of_units] == [{"la": "201", "phase": "primary"}]
    assert "150 of 153 authorities: all but 202 Camden" in str(of_units[0])
    [of_shares] = [one for one in notes if one.place == SHARE]
    assert of_shares.example == {"la": "201", "phase": "all_through"}
    assert "where phase all_through for 152 of 153 authorities: all but 301" in str(of_shares)
    for one in notes:
        [outcome] = [
            valued(
                load_rule_set(TEXT),
                pupils(
                    int(one.example["la"]), phase=one.example["phase"], primary_years=7, ks3_years=3
                ),
            )
        ]
        assert str(Missing.no_value) in " ".join(Statements(outcome.notional).whole(0).missing)


def test_rows_that_fit_no_school_are_noted():
    text = TEXT.replace('{la: "202", phase: middle}', '{la: "202", phase: special}')
    text = text.replace('{la: "301"}, value: "6"', '{la: "301", phase: primary}, value: "6"')
    said = [
        str(one) for one in document_notes(load_rule_set(text)) if one.type == "unreachable-value"
    ]
    assert said == [
        f"{UNIT}.rows.202.special is never used: no school whose amount depends on it can have what it asks for",
        f"{SHARE}.rows.301.primary is never used: the rows before it cover everything that it covers",
    ]


@pytest.mark.parametrize(
    ("wrong", "place", "sentence"),
    [
        (("phase: middle", "setting: special"), "when.setting", "conditions read la, phase"),
        (("phase: middle", "phase: ks3"), "when.phase", "'ks3' is not a phase of schools"),
        (('["301", "302"]', '["301", "999"]'), "when.la", "'999' is not the three-digit code"),
        (
            ("        notional_percent:", "          otherwise: none\n        notional_percent:"),
            "unit_value.otherwise",
            "a unit value cannot be none",
        ),
        (
            ('value: "3900"}', 'value: [{from: 2025-05-01, value: "3900"}]}'),
            "rows.2.value",
            "has no value on 2025-04-01",
        ),
    ],
)
def test_what_is_wrong_in_a_row_is_refused_where_it_is(wrong, place, sentence):
    text = TEXT.replace(*wrong)
    assert text != TEXT
    with pytest.raises(RuleRefused) as caught:
        compile_rules(load_rule_set(text))
    [problem] = caught.value.problems
    assert problem.place.endswith(place)
    assert sentence in problem.sentence


def test_a_table_of_schools_needs_its_authorities():
    rules = compile_rules(load_rule_set(TEXT))
    with pytest.raises(TableRefused, match="la"):
        read_schools(
            records([{"urn": "1", "phase": "primary", "units_basic_primary": "1"}]), rules.wanted
        )


def test_rows_may_be_in_a_file_beside_the_document(tmp_path):
    shares = "        notional_percent: {table: shares.csv, column: share}\n"
    (tmp_path / "rules.yaml").write_text(HEAD + shares, encoding="utf-8")
    file = tmp_path / "shares.csv"
    file.write_text(
        "la,name,phase,share\n202,Camden,middle,9\n202,Camden,,5\n301,,,not printed\n",
        encoding="utf-8",
    )
    outcome = valued(
        load_rule_file(tmp_path / "rules.yaml"),
        pupils(202),
        pupils(202, phase="middle"),
        pupils(301),
    )
    assert outcome.notional.notional_total.tolist() == [24_000_00, 54_000_00, 0]
    file.write_text("la,phase,share\n202,ks3,5\n", encoding="utf-8")
    with pytest.raises(RuleRefused, match=r"shares.csv, row 2: 'ks3' is not a phase of schools"):
        load_rule_file(tmp_path / "rules.yaml")


def test_a_row_is_tried_by_its_name_and_changes_its_own_schools_alone():
    document = load_rule_set(TEXT)
    paths = Paths(document)
    names = [paths.name(path) for path, _ in paths.every()]
    assert f"{UNIT}.rows.202.middle.value" in names
    tried = override(document, [(f"{UNIT}.rows.la:202.value", "4100")])
    outcome = valued(tried, pupils(202), pupils(301), pupils(202, phase="middle"))
    assert outcome.notional.formula_total.tolist() == [492_000_00, 390_000_00, 600_000_00]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("la:202", "-5", "must be between 0 and 10"),
        ("la:202", "1.2345678", "at most 6 decimal places"),
    ],
)
def test_a_wrong_number_of_a_row_is_refused_by_the_path_that_was_tried(name, value, sentence):
    path = f"schools_formula.area_cost_adjustment.rows.{name}.value"
    with pytest.raises(OverrideRefused) as caught:
        override(load_rule_set(TEXT), [(path, value)])
    [problem] = caught.value.problems
    assert problem.place == path
    assert sentence in problem.sentence


def test_the_share_of_a_row_is_sought():
    schools = school_table([school(urn=1, **pupils(301, phase="all_through", primary_years=7))])
    found = seek_share(
        compile_rules(load_rule_set(TEXT)),
        schools,
        f"{SHARE}.rows.la:301.value",
        Fraction(1, 8),
        ("0", "100"),
    )
    assert [(one.first, one.last) for one in found.found.exact] == [("12.5", "12.5")]


def test_the_atlas_says_from_what_to_what_values_go():
    cells = {
        (one.entry.name, one.entry.measure): one.cell.value
        for one in formula_answers(compile_rules(load_rule_set(TEXT)))
        if one.cell.value
    }
    unit = "3900.00 to 5000.00, by authority and phase (3 rows), before area cost adjustment"
    assert cells["basic", "unit value"] == unit
    assert cells["basic", "notional percentage"] == "5 to 6, by phase and authority (2 rows)"
    assert (
        cells["area_cost_adjustment", "multiplier"] == "1.2, by authority (1 row), otherwise none"
    )
    assert cells["expected_calls", "threshold"] == "5000.00 to 6000.00, by authority (2 rows)"
