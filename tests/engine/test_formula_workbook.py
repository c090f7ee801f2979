"""Schools formulas as workbooks: edited by people, read back without losing a word."""

import io
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from engine.errors import PairRefused, TableRefused
from engine.lab.imports.formula_reading import read_formula_workbook_file
from engine.lab.imports.formula_workbook import formula_sheets, write_formula_workbook
from engine.rules.load import digest, plain
from tests.formula_strategies import formula_rule_sets
from tests.rule_library import DOCUMENTS, naming
from tests.storm_size import draws
from tests.whole_rules import WHOLE
from tests.workbook_edits import edited_workbook

FORMULAS = sorted(naming("schools_formula"))
NAME = "northumberland-2025-26"
FACTORS = "schools_formula", "factors"


@pytest.fixture
def read(tmp_path):
    """Read the workbook of Northumberland's formula with some cells changed."""

    def read(**changes):
        document = DOCUMENTS[NAME]
        changes = {name.replace("_", " "): cells for name, cells in changes.items()}
        path = edited_workbook(formula_sheets(document), tmp_path / "f.xlsx", changes)
        return read_formula_workbook_file(path, document).document

    return read


def row_of(sheet, *cells):
    """Return the row, as a spreadsheet counts it, that begins with some cells."""
    (held,) = (one for one in formula_sheets(DOCUMENTS[NAME]) if one.name == sheet)
    return next(at for at, row in enumerate(held.rows, start=2) if row[: len(cells)] == cells)


def line(document, factor, phase):
    return plain(document)["schools_formula"]["factors"][factor].get(phase)


def again(document):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "formula.xlsx"
        with path.open("wb") as file:
            write_formula_workbook(document, file)
        return read_formula_workbook_file(path, document).document


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_written_and_read_back_has_the_same_digest(name):
    assert digest(again(DOCUMENTS[name])) == digest(DOCUMENTS[name])


@settings(max_examples=draws(25))
@given(formula_rule_sets())
def test_any_formula_written_and_read_back_has_the_same_digest(document):
    assert digest(again(document)) == digest(document)


def test_a_formula_beside_bands_and_targeted_funding_keeps_them():
    document = WHOLE["a decision table"]
    assert digest(again(document)) == digest(document)


def test_the_same_document_gives_the_same_workbook():
    written = [io.BytesIO(), io.BytesIO()]
    for file in written:
        write_formula_workbook(DOCUMENTS[NAME], file)
    assert written[0].getvalue() == written[1].getvalue()


def test_rules_without_a_formula_have_no_such_workbook():
    with pytest.raises(PairRefused, match="has no schools formula"):
        formula_sheets(DOCUMENTS["solihull-2025-26"])


def test_a_changed_unit_value_and_percentage_are_read_and_nothing_else(read):
    at = row_of("Lines", "fsm6", "primary")
    changed = read(Lines={(at, "unit_value"): 1080, (at, "notional_percent"): 62.5})
    found = line(changed, "fsm6", "primary")
    assert (found["unit_value"][0]["value"], found["notional_percent"][0]["value"]) == (
        "1080",
        "62.5",
    )
    before = plain(DOCUMENTS[NAME])
    before["schools_formula"]["factors"]["fsm6"]["primary"] = found
    assert plain(changed) == before


def test_a_percentage_where_there_was_none_is_one_of_the_line(read):
    at = row_of("Lines", "basic_entitlement", "primary")
    new = {"notional_percent": 4.5, "percent_source": "page", "percent_standing": "verified"}
    changed = read(Lines={(at, column): value for column, value in new.items()})
    (given_,) = line(changed, "basic_entitlement", "primary")["notional_percent"]
    assert given_ == {
        "from": "2025-04-01",
        "value": "4.5",
        "source": "page",
        "standing": "verified",
    }


def test_a_second_date_of_a_line_is_a_second_row(read):
    (lines,) = (one for one in formula_sheets(DOCUMENTS[NAME]) if one.name == "Lines")
    new = {
        "factor": "fsm6", "phase": "primary", "from": date(2025, 9, 1), "unit_value": 1_100,
        "source": "national", "standing": "proposed",
    }  # fmt: skip
    at = len(lines.rows) + 2
    changed = read(Lines={(at, column): value for column, value in new.items()})
    values = line(changed, "fsm6", "primary")["unit_value"]
    assert [(one["from"], one["value"]) for one in values] == [
        ("2025-04-01", "1060"),
        ("2025-09-01", "1100"),
    ]


def test_a_new_factor_with_a_line_is_paid(read):
    (factors, lines) = (
        one for one in formula_sheets(DOCUMENTS[NAME]) if one.name in {"Factors", "Lines"}
    )
    factor = {
        "factor": "looked_after",
        "label": "Looked after",
        "counts": "pupils",
        "where": "looked_after",
    }
    new = {
        "factor": "looked_after", "phase": "all", "from": "2025-04-01", "unit_value": 500,
        "source": "national", "standing": "proposed",
    }  # fmt: skip
    changed = read(
        Factors={(len(factors.rows) + 2, column): value for column, value in factor.items()},
        Lines={(len(lines.rows) + 2, column): value for column, value in new.items()},
    )
    found = plain(changed)["schools_formula"]["factors"]["looked_after"]
    assert found["where"] == {"looked_after": True}
    assert found["all"]["unit_value"][0]["value"] == "500"


def test_a_line_without_a_row_is_gone(read):
    at = row_of("Lines", "eal", "secondary")
    blank = dict.fromkeys(
        ("factor", "phase", "from", "unit_value", "source", "standing", "note"), ""
    )
    changed = read(Lines={(at, column): value for column, value in blank.items()})
    assert line(changed, "eal", "secondary") is None
    assert line(changed, "eal", "primary") == line(DOCUMENTS[NAME], "eal", "primary")


def test_other_values_of_the_formula_are_read_from_their_sheet(read):
    at = row_of("Other values", "minimum_per_pupil.primary")
    gone = row_of("Other values", "minimum_per_pupil.ks4")
    blank = dict.fromkeys(("place", "from", "value", "source", "standing", "value_note"), "")
    changed = read(
        Other_values={(at, "value"): 4_960} | {(gone, column): one for column, one in blank.items()}
    )
    levels = plain(changed)["schools_formula"]["minimum_per_pupil"]
    assert levels["primary"][0]["value"] == "4960"
    assert "ks4" not in levels


FSM6 = ("Lines", "fsm6", "primary")
WRONG = {
    "a value in words": (FSM6, "unit_value", "about 400", "column unit_value", "plain number"),
    "pence beyond two decimals": (FSM6, "unit_value", 400.123, "column unit_value", "2 decimal places"),
    "a percentage above a hundred": (FSM6, "notional_percent", 162, "column notional_percent", "100"),
    "a percentage without a value": (FSM6, "notional_percent", "", "column notional_percent", "is empty, but"),
    "a source that is not there": (FSM6, "source", "nowhere", "column source", "nowhere"),
    "a percentage's source": (FSM6, "percent_source", "nowhere", "column percent_source", "nowhere"),
    "a standing that is none": (FSM6, "percent_standing", "sure", "column percent_standing", "verified"),
    "a day that is none": (FSM6, "from", "1 April", "column from", ""),
    "a factor without a row": (FSM6, "factor", "fsm7", "column factor", "must be a factor of the sheet Factors"),
    "a phase that is none": (FSM6, "phase", "first", "column phase", "must be one of primary"),
    "a flag that is none": (("Factors", "fsm6"), "in_guarantee", "perhaps", "column in_guarantee", "must be yes, no or blank"),
    "a condition that is none": (("Factors", "fsm6"), "where", "fsm7", "column where", ""),
    "counts that are none": (("Factors", "fsm6"), "counts", "children", "column counts", ""),
    "a factor twice": (("Factors", "fsm6"), "factor", "fsm", "column factor", "is a factor that has a row above"),
    "a place that is none": (
        ("Other values", "minimum_per_pupil.ks3"), "place", "minimum_per_pupil.ks5", "column place",
        "the document has no value in this place",
    ),
    "another value in words": (
        ("Other values", "minimum_per_pupil.ks3"), "value", "lots", "column value", "plain number",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_cell_is_named_by_sheet_row_and_column(read, wrong):
    (sheet, *cells), column, value, place, said = WRONG[wrong]
    at = row_of(sheet, *cells)
    with pytest.raises(TableRefused) as error:
        read(**{sheet.replace(" ", "_"): {(at, column): value}})
    found = [one for one in error.value.problems if one.row == at]
    assert found, error.value.problems
    assert f"sheet {sheet}, {place}" in found[0].place
    assert said in found[0].sentence
