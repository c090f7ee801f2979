"""Rule sets side by side: one order, one row a question, nothing missing turned to zero."""

import io

import pytest
from python_calamine import CalamineWorkbook

from engine.lab.atlas import Side, atlas, atlas_record, atlas_rows, write_atlas_workbook
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.money import half_away, percent_of, pounds
from engine.reading import read_table, records, school_table
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_file
from engine.run import evaluate
from engine.vocabulary import FIXTURES
from tests.builders import banded, rule_set

FILES = {path.stem: path for path in (FIXTURES / "rules").rglob("*.yaml")}
SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
NAMES = ("northumberland-2015-16", "rotherham-2022-23", "national-profile-candidate")
ABSENT = "not in this rule set"


def compiled(name):
    return compile_rules(load_rule_file(FILES[name]))


def laid(*names):
    return atlas([Side(compiled(name)) for name in names])


def on_schools(name, meaning=AbsentLines.not_supplied):
    rules = compiled(name)
    table = school_table(read_table(SCHOOLS), compiled(NAMES[0]).wanted | rules.wanted)
    return Side(rules, evaluate(rules, declare_absent(rules.formula, table, meaning)).notional)


def answers(one, **wanted):
    """Return the texts of the one row that has the wanted words."""
    return [cell.text for cell in found(one, **wanted).cells]


def found(one, **wanted):
    """Return the one row that has the wanted words."""
    rows = [
        row
        for row in one.rows
        if all(getattr(row.entry, name) == held for name, held in wanted.items())
    ]
    assert len(rows) == 1
    return rows[0]


def test_every_published_rule_set_can_stand_beside_every_other():
    one = laid(*sorted(FILES))
    assert len(one.names) == len(FILES)
    assert {len(row.cells) for row in one.rows} == {len(FILES)}
    assert all(cell.text for row in one.rows for cell in row.cells)


def test_no_question_is_asked_twice():
    entries = [row.entry for row in laid(*sorted(FILES)).rows]
    assert len(set(entries)) == len(entries)


def test_the_order_of_factors_does_not_depend_on_the_order_of_rule_sets():
    forward, backward = laid(*NAMES[:2]), laid(*reversed(NAMES[:2]))
    assert [row.entry for row in forward.rows] == [row.entry for row in backward.rows]


def test_unit_values_percentages_and_standings_stand_by_factor_and_phase():
    one = laid(*NAMES)
    of = {"name": "fsm", "of": "primary"}
    assert answers(one, **of, measure="unit value") == ["1258.00", "470.00", "495.00"]
    assert answers(one, **of, measure="notional percentage") == ["60", "50", "50"]
    assert answers(one, **of, measure="standing") == ["verified", "unconfirmed", "proposed"]


def test_a_factor_that_is_given_has_no_unit_value_and_no_zero():
    one = laid(*NAMES[:2])
    assert answers(one, name="pfi", measure="unit value") == [ABSENT, "given as an amount"]
    assert answers(one, name="pfi", measure="notional percentage")[1] == "no percentage named"


def test_a_band_says_who_is_in_it_and_what_it_costs_where():
    one = laid("national-profile-candidate", "herefordshire-2025-26")
    band = {"name": "Specialist 3"}
    assert answers(one, **band, measure="assignment") == [
        "primary need SLD or MSI, score 0-79 (row 3); or score 70-79 (row 14)",
        ABSENT,
    ]
    assert answers(one, **band, of="special", measure="price a year") == ["14000.00", ABSENT]
    assert answers(one, **band, of="other settings", measure="price a year")[0] == "16500.00"
    assert answers(one, name="A1", measure="assignment") == [ABSENT, "10 to 14 points"]
    assert answers(one, name="A1", of="any setting", measure="price a year")[1] == "753.00"


def test_a_price_that_depends_on_more_than_the_setting_is_told_in_words():
    one = laid("toy-table-2025-26")
    priced = {"of": "any setting", "measure": "price a year"}
    assert answers(one, name="Sensory", **priced) == [
        "5000.00 where phase early years or primary; 7000.00 otherwise"
    ]
    assert answers(one, name="Ladder", **priced) == ["1000.00 + 500.00 × level"]
    assert answers(one, name="Exceptional", **priced) == ["the assessed cost"]


def test_a_band_without_a_price_in_a_setting_says_so():
    prices = [{"band": "A", "when": {"setting": ["special"]}, "pounds": "100"}]
    one = atlas([Side(compile_rules(rule_set(**banded(prices, ["A"]))))])
    assert answers(one, name="A", of="special", measure="price a year") == ["100.00"]
    assert answers(one, name="A", of="other settings", measure="price a year") == ["no price"]


def test_schools_show_the_share_of_formula_and_pounds_a_pupil_to_the_penny():
    side = on_schools(NAMES[0])
    one, sums = atlas([side]), side.schools
    notional, formula = int(sums.notional_total.sum()), int(sums.formula_total.sum())
    total = {"name": "total"}
    share = "notional SEN in percent of the formula"
    assert answers(one, **total, measure=share) == [percent_of(notional, formula)]
    each = pounds(half_away(notional * 1_000_000, int(sums.pupils.sum())))
    assert answers(one, **total, measure="notional SEN a pupil") == [each]


def test_the_factors_of_schools_add_to_their_total():
    one = atlas([on_schools(NAMES[0])])
    parts = [
        row.cells[0].value
        for row in one.rows
        if row.entry.part == "schools" and row.entry.measure == "notional SEN"
    ]
    *factors, total = [round(float(part) * 100) for part in parts if part is not None]
    assert sum(factors) == total


def of_the_fringe(*schools):
    """Return what the atlas says of schools' notional SEN, by part, under a formula with a fringe."""
    factor = {"counts": "pupils", "primary": {"unit_value": "100", "notional_percent": "50"}}
    basic = {"basic": {"label": "Basic", **factor}}
    formula = {"pupils_counted_by": "basic", "fringe": True, "factors": basic}
    rules = compile_rules(rule_set(schools_formula=formula))
    table = school_table(records(schools), rules.wanted)
    one = atlas([Side(rules, evaluate(rules, table).notional)])
    return {
        row.entry.name: row.cells[0].text
        for row in one.rows
        if row.entry.part == "schools" and row.entry.measure == "notional SEN"
    }


def test_what_the_fringe_adds_is_a_row_of_its_own():
    school = {"urn": "900001", "phase": "primary", "units_basic_primary": "10"}
    other = {**school, "urn": "900002"}
    known = of_the_fringe(school | {"london_fringe": "1.1"}, other | {"london_fringe": "1.2"})
    assert known == {"basic": "1000.00", "fringe": "150.00", "total": "1150.00"}
    one_unknown = of_the_fringe(school | {"london_fringe": "1.1"}, other | {"london_fringe": ""})
    not_known = "not known: 1 part is wanting"
    assert one_unknown == {"basic": "1000.00", "fringe": not_known, "total": not_known}


def test_a_part_that_is_not_known_leaves_its_sums_unsaid():
    one = atlas([on_schools(NAMES[0]), on_schools(NAMES[1])])
    said = answers(one, name="total", measure="notional SEN")
    assert said[0] == "2023513.34"
    assert said[1].startswith("not known: ")
    assert answers(one, name="fsm6", measure="notional SEN")[1].startswith("not known: ")


def test_a_formula_that_names_no_percentages_has_no_share():
    one = atlas([on_schools("nff-2025-26")])
    assert answers(one, name="total", measure="notional SEN") == ["no percentage named"]


@pytest.mark.parametrize("names", [NAMES[:1] * 2, NAMES[:2]])
def test_every_rule_set_has_a_column_of_its_own(names):
    rows = atlas_rows(laid(*names))
    assert len(rows.shapes) == 6 + 2 * len(names)


def test_an_unverified_value_carries_its_standing_and_a_verified_one_none():
    one = laid(*NAMES)
    row = found(one, name="fsm", of="primary", measure="unit value")
    assert [cell.standing for cell in row.cells] == [None, "unconfirmed", "proposed"]
    assert [cell.with_standing for cell in row.cells] == [
        "1258.00",
        "470.00 [unconfirmed]",
        "495.00 [proposed]",
    ]


def test_a_table_of_text_keeps_numbers_plain_with_their_standing_beside_them():
    rows = atlas_rows(laid(*NAMES[:2])).frame
    row = rows.filter(name="fsm", of="primary", measure="unit value").row(0, named=True)
    assert (row[NAMES[1]], row[f"{NAMES[1]} standing"]) == ("470.00", "unconfirmed")
    assert (row[NAMES[0]], row[f"{NAMES[0]} standing"]) == ("1258.00", None)


def test_a_price_stands_no_firmer_than_what_it_comes_of():
    parts = banded([{"band": "A", "pounds": "100"}], ["A"])
    verified = {"from": "2025-04-01", "source": "example", "standing": "verified"}
    uprating = {"value": "2", "standing": "unconfirmed"}
    parts["band_profile"]["tariff"]["uprating_percent"] = uprating
    one = atlas([Side(compile_rules(rule_set(provenance=verified, **parts)))])
    cell = found(one, name="A", measure="price a year").cells[0]
    assert cell == ("102.00", None, "unconfirmed")


def test_plain_values_say_why_a_value_is_missing():
    record = atlas_record(laid(*NAMES[:2]))
    cells = [cell for row in record["rows"] for cell in row["cells"]]
    assert all((cell["value"] is None) != (cell["said"] is None) for cell in cells)


def test_a_workbook_holds_numbers_as_numbers_and_what_is_missing_as_words():
    file = io.BytesIO()
    write_atlas_workbook(laid(*NAMES[:2]), file)
    file.seek(0)
    rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    cells = {cell for row in rows[1:] for cell in row[6:]}
    assert {1258.0, ABSENT, "verified"} <= cells


def test_a_title_that_is_a_number_stays_a_text_in_the_workbook():
    document = rule_set(title="2025", **banded([{"band": "A", "pounds": "102"}], ["A"]))
    file = io.BytesIO()
    write_atlas_workbook(atlas([Side(compile_rules(document))]), file)
    file.seek(0)
    rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    assert [row[6] for row in rows if row[4] == "title"] == ["2025"]
    assert [row[6] for row in rows if row[4] == "price a year"] == [102.0]
