"""Results in files: exact, guarded, the same bytes for the same rows, whole or not there."""

import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pytest

from engine.compare import compare
from engine.explain import explain_pupil, explain_school
from engine.export import (
    Format,
    change_totals,
    changed_pupils,
    changed_schools,
    properties,
    rows_as_bytes,
    total_rows,
    working_record,
    working_rows,
)
from engine.export.rule_differences import difference_rows
from engine.export.rule_values import rule_set_rows, value_rows
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.modules.school_formula.table import line_rows, school_rows
from engine.modules.top_ups.table import pupil_rows
from engine.reading import pupil_table, read_table, school_table
from engine.rows import Rows, Shape
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.load import load_rule_file
from engine.rules.override import override
from engine.rules.summary import summary
from engine.run import evaluate
from engine.vocabulary import FIXTURES

SHAPES = {
    "said": Shape.text,
    "number": Shape.whole,
    "amount": Shape.pounds,
    "units": Shape.units,
    "share": Shape.percent,
}
ROWS = Rows.of_records(
    "example",
    SHAPES,
    [
        {"said": "plain", "number": 1, "amount": 123456, "units": 5_250_000, "share": 52_500},
        {"said": "=1+1", "number": -2, "amount": -5, "units": 3_000_000, "share": 1_000_000},
        {"said": None, "number": None, "amount": None, "units": None, "share": None},
        {"said": 'a "b", c\nd', "number": 0, "amount": 0, "units": -29_722_328, "share": 1},
    ],
)
HIDDEN = [
    " =",
    "\u200b=",
    "\ufeff\uff1d",
    "\u00a0+",
    "\u2060\u200d@",
    "\x01=",
    "\u3000\uff0d",
    "\n=",
]
"""Signs behind what a reader does not see, and a spreadsheet may drop."""

TOY = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"
NORTHUMBERLAND = FIXTURES / "rules" / "2015-16" / "northumberland-2015-16.yaml"
TABLES = FIXTURES / "tables"


@pytest.fixture(scope="module")
def northumberland():
    rules = compile_rules(load_rule_file(NORTHUMBERLAND))
    frame = read_table(TABLES / "northumberland_2015_16_schools.csv")
    return evaluate(rules, school_table(frame, rules.wanted))


@pytest.fixture(scope="module")
def toy_pupils():
    rules = compile_rules(load_rule_file(TOY))
    wanted = pupil_columns(rules, counting=True)
    return pupil_table(read_table(TABLES / "toy_pupils.csv"), wanted)


@pytest.fixture(scope="module")
def toy(toy_pupils):
    return evaluate(compile_rules(load_rule_file(TOY)), None, toy_pupils)


def read_sheet(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_comma_separated_money_has_two_decimals_and_what_is_missing_is_empty():
    assert rows_as_bytes(ROWS, Format.csv).decode() == (
        "said,number,amount,units,share\n"
        "plain,1,1234.56,5.25,5.25\n"
        "'=1+1,-2,-0.05,3,100\n"
        ",,,,\n"
        '"a ""b"", c\nd",0,0.00,-29.722328,0.0001\n'
    )


def test_json_money_is_text_and_what_is_missing_is_null():
    first, second, third, _ = json.loads(rows_as_bytes(ROWS, Format.json))
    assert first == {
        "said": "plain", "number": 1, "amount": "1234.56", "units": "5.25", "share": "5.25",
    }  # fmt: skip
    assert second["said"] == "=1+1"
    assert set(third.values()) == {None}


def test_parquet_money_is_an_exact_decimal_and_what_is_missing_is_null():
    frame = pl.read_parquet(io.BytesIO(rows_as_bytes(ROWS, Format.parquet)))
    assert frame.schema["amount"] == pl.Decimal(18, 2)
    assert frame["amount"].to_list() == [Decimal("1234.56"), Decimal("-0.05"), None, Decimal(0)]
    assert frame["units"].to_list()[3] == Decimal("-29.722328")


def test_a_workbook_holds_numbers_and_never_a_formula():
    header, first, second, third, fourth = read_sheet(rows_as_bytes(ROWS, Format.xlsx))
    assert header == list(SHAPES)
    assert first == ["plain", 1, 1234.56, 5.25, 5.25]
    assert second == ["'=1+1", -2, -0.05, 3, 100]
    assert third == [None] * 5
    assert fourth[3] == -29.722328


@pytest.mark.parametrize(
    "start",
    [
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\uff1d",
        "\uff0b",
        "\uff0d",
        "\uff20",
        "\ufe66",
        "−",
        "\u207a",
        *HIDDEN,
    ],
)
@pytest.mark.parametrize("kind", [Format.csv, Format.xlsx])
def test_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(start, kind):
    rows = Rows.of_records("one", {"said": Shape.text}, [{"said": f"{start}1"}])
    data = rows_as_bytes(rows, kind)
    said = read_sheet(data)[1][0] if kind is Format.xlsx else data.decode().partition("\n")[2]
    assert said.lstrip('"').startswith("'")


def test_no_rows_are_a_table_with_its_columns():
    empty = Rows.of_records("empty", SHAPES, [])
    assert rows_as_bytes(empty, Format.csv) == b"said,number,amount,units,share\n"
    assert json.loads(rows_as_bytes(empty, Format.json)) == []
    assert read_sheet(rows_as_bytes(empty, Format.xlsx)) == [list(SHAPES)]
    frame = pl.read_parquet(io.BytesIO(rows_as_bytes(empty, Format.parquet)))
    assert (frame.height, frame.columns) == (0, list(SHAPES))
    assert frame.schema["amount"] == pl.Decimal(18, 2)


def test_a_workbook_bears_one_date_whenever_it_is_written():
    book = openpyxl.load_workbook(io.BytesIO(rows_as_bytes(ROWS, Format.xlsx)))
    assert book.properties.created == properties.CREATED.replace(tzinfo=None)


@pytest.mark.parametrize("kind", Format)
def test_the_same_rows_give_the_same_bytes(kind, northumberland):
    rows = line_rows(northumberland.notional)
    assert rows_as_bytes(rows, kind) == rows_as_bytes(rows, kind)


def test_json_is_written_in_parts_without_a_seam(monkeypatch):
    whole = rows_as_bytes(ROWS, Format.json)
    monkeypatch.setattr("engine.export.formats.AT_ONCE", 1)
    assert rows_as_bytes(ROWS, Format.json) == whole


def test_the_lines_of_each_school_add_to_its_totals(northumberland):
    lines = line_rows(northumberland.notional).frame
    added = lines.group_by("urn", maintain_order=True).agg(
        pl.col("amount").sum(), pl.col("notional_sen").sum()
    )
    schools = school_rows(northumberland.notional).frame
    assert added["amount"].to_list() == schools["formula_total"].to_list()
    assert added["notional_sen"].to_list() == schools["notional_sen"].to_list()


def test_groups_add_to_the_total(northumberland, toy):
    for outcome, money in ((northumberland, "notional_sen"), (toy, "top_up")):
        totals = total_rows(outcome).frame
        sums = totals.group_by("grouping").agg(pl.col("number", money, "not_known").sum())
        assert len(sums.select("number", money, "not_known").unique()) == 1


def test_a_line_that_is_not_supplied_is_null_and_counted():
    rules = compile_rules(load_rule_file(TOY))
    frame = pl.DataFrame([{"urn": "100000", "phase": "primary"}])
    table = declare_absent(
        rules.formula, school_table(frame, rules.wanted), AbsentLines.not_supplied
    )
    outcome = evaluate(rules, table)
    rows = line_rows(outcome.notional).frame
    fsm = rows.row(by_predicate=pl.col("line") == "fsm_primary", named=True)
    assert (fsm["units"], fsm["amount"], fsm["not_known"]) == (None, None, 1)
    school = school_rows(outcome.notional).frame.row(0, named=True)
    assert school["not_known"] == rows["not_known"].sum() > 0


def test_a_total_of_nothing_known_is_not_nought():
    rules = compile_rules(load_rule_file(FIXTURES / "rules" / "2025-26" / "three-band-guide.yaml"))
    wanted = pupil_columns(rules, counting=False)
    columns = dict.fromkeys(sorted(wanted.required), "") | {"pupil_key": "a", "la": "301"}
    outcome = evaluate(rules, None, pupil_table(pl.DataFrame([columns]), wanted))
    total = total_rows(outcome).frame.row(0, named=True)
    assert (total["number"], total["top_up"], total["not_known"]) == (1, None, 1)
    assert pupil_rows(outcome.top_ups).frame["top_up"].to_list() == [None]


def test_a_formula_without_percentages_has_no_notional_budget_rather_than_nought():
    rules = compile_rules(load_rule_file(FIXTURES / "rules" / "2025-26" / "nff-2025-26.yaml"))
    rows = [{"urn": "100000", "phase": "primary"}, {"urn": "100001", "phase": "special"}]
    table = school_table(pl.DataFrame(rows), rules.wanted)
    outcome = evaluate(rules, declare_absent(rules.formula, table, AbsentLines.zero))
    primary, special = school_rows(outcome.notional).frame.rows(named=True)
    assert (primary["formula_total"] > 0, primary["notional_sen"]) == (True, None)
    assert (special["formula_total"], special["not_known"]) == (None, 0)


def test_pupils_are_rows_with_band_price_and_reason(toy):
    rows = pupil_rows(toy.top_ups).frame
    floor = rows.row(by_predicate=pl.col("pupil_key") == "toy-08", named=True)
    assert (floor["band"], floor["annual_rate"], floor["top_up"]) == ("A", 561_000, 33_333)
    assert floor["reason"] == "floor"
    assert rows["primary_need"].to_list()[:2] == [None, "SLCN"]


def test_a_change_says_who_wins_and_adds_up(toy, toy_pupils):
    tried = override(load_rule_file(TOY), [("band_profile.tariff.prices.1.pounds", "9000")])
    after = evaluate(compile_rules(tried), None, toy_pupils)
    comparison = compare(toy, after)
    rows = change_totals(comparison).frame
    total = rows.row(by_predicate=pl.col("grouping") == "total", named=True)
    assert total["after"] - total["before"] == total["change"]
    pupils = changed_pupils(comparison).frame
    assert pupils["change"].sum() == total["change"]
    assert (pupils["change"] > 0).sum() == total["winners"]
    assert changed_schools(comparison) is None
    assert rows.filter(grouping="decile").height == 9


def test_schools_are_compared_by_their_notional_budget(northumberland):
    comparison = compare(northumberland, northumberland)
    rows = changed_schools(comparison).frame
    assert rows["change"].to_list() == [0] * 10
    assert changed_pupils(comparison) is None


def test_a_working_is_rows_and_a_nested_record(northumberland, toy):
    school = explain_school(northumberland.notional, 140131)
    rows = working_rows(school).frame
    assert rows["value"].to_list()[-1] == "50322.43"
    record = working_record(school)
    assert json.loads(json.dumps(record))["totals"][-1]["value"] == "50322.43"
    pupil = working_rows(explain_pupil(toy.top_ups, "toy-08"))
    assert "toy-08" not in rows_as_bytes(pupil, Format.csv).decode()


FIGURES = ("-12.50", "0.125", "1234.00", "=1+1", "-1+1", None)


def figures():
    return Rows.of_records("working", {"value": Shape.figure}, [{"value": one} for one in FIGURES])


def test_a_figure_below_nothing_is_a_number_in_a_file_and_no_other_text_a_formula():
    text = rows_as_bytes(figures(), Format.csv).decode().splitlines()
    assert text == ["value", "-12.50", "0.125", "1234.00", "'=1+1", "'-1+1", ""]
    book = openpyxl.load_workbook(io.BytesIO(rows_as_bytes(figures(), Format.xlsx)))
    cells = [cell for (cell,) in book["working"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [-12.5, 0.125, 1234, "'=1+1", "'-1+1"]
    assert [cell.number_format for cell in cells[:3]] == ["#,##0.00", "General", "#,##0.00"]


def test_the_values_of_a_rule_set_are_those_in_force_on_the_day():
    document = load_rule_file(TOY)
    rows = value_rows(document, document.effective.first).frame
    fsm = rows.row(
        by_predicate=pl.col("place") == "schools_formula.factors.fsm.primary.unit_value", named=True
    )
    assert (fsm["value"], fsm["standing"]) == ("500", "proposed")
    assert value_rows(document, date(2000, 1, 1)).frame.height == 0


def test_rule_sets_differ_where_a_value_was_tried_and_nowhere_else():
    document = load_rule_file(TOY)
    place = "schools_formula.factors.fsm.primary.unit_value"
    rows = difference_rows(document, override(document, [(place, "700")]))
    assert rows.frame.rows() == [(place, "500", "700", "proposed")]
    assert not len(difference_rows(document, document))


def test_a_list_of_rule_sets_says_what_each_values():
    rows = rule_set_rows([summary(load_rule_file(one)) for one in (TOY, NORTHUMBERLAND)]).frame
    assert rows["values"].to_list() == ["schools and top-ups", "schools"]
    assert rows["la"].to_list() == [None, "929"]
