"""Band profiles as workbooks: edited by people, read back without losing a word."""

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings

from engine.errors import PairRefused, TableRefused
from engine.lab.imports.decision_sheets import PRICES
from engine.lab.imports.decision_tables import read_decision_workbook
from engine.lab.imports.decision_workbook import decision_sheets, write_decision_workbook
from engine.lab.imports.yaml_text import document_text
from engine.rules.load import digest, load_rule_set, plain
from tests.rule_library import DOCUMENTS, naming
from tests.storm_size import draws
from tests.strategies import banded_rule_sets
from tests.workbook_edits import edited_workbook

BANDED = sorted(naming("band_profile"))
TABLE, POINTS = "toy-table-2025-26", "herefordshire-2025-26"


def edited(document, path, **changes):
    """Write a document's workbook with some cells changed."""
    return edited_workbook(decision_sheets(document), path, changes)


@pytest.fixture
def refused(tmp_path):
    """Give the first problem of reading a workbook with some cells changed."""

    def read(document, **changes):
        with pytest.raises(TableRefused) as error:
            read_decision_workbook(edited(document, tmp_path / "t.xlsx", **changes), document)
        return error.value.problems[0]

    return read


@pytest.mark.parametrize("name", BANDED)
def test_a_profile_written_and_read_back_has_the_same_digest(name, tmp_path):
    document, path = DOCUMENTS[name], tmp_path / "profile.xlsx"
    with path.open("wb") as file:
        write_decision_workbook(document, file)
    assert digest(read_decision_workbook(path, document)) == digest(document)


@settings(max_examples=draws(15))
@given(banded_rule_sets())
def test_any_profile_written_and_read_back_has_the_same_digest(document):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.xlsx"
        with path.open("wb") as file:
            write_decision_workbook(document, file)
        assert digest(read_decision_workbook(path, document)) == digest(document)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_document_written_as_yaml_reads_back_with_the_same_digest(name):
    document = DOCUMENTS[name]
    assert digest(load_rule_set(document_text(plain(document)))) == digest(document)


def test_the_same_document_gives_the_same_workbook():
    written = [io.BytesIO(), io.BytesIO()]
    for file in written:
        write_decision_workbook(DOCUMENTS[TABLE], file)
    assert written[0].getvalue() == written[1].getvalue()


def test_a_changed_price_and_a_new_date_are_read(tmp_path):
    path = edited(
        DOCUMENTS[POINTS],
        tmp_path / "t.xlsx",
        Prices={
            (3, "value"): 800,
            (3, "standing"): "proposed",
        },
    )
    changed = read_decision_workbook(path, DOCUMENTS[POINTS])
    price = changed.band_profile.tariff.prices[1].pounds[0]
    assert (price.value, price.standing.value) == ("800", "proposed")
    assert digest(changed) != digest(DOCUMENTS[POINTS])


def test_a_second_dated_value_is_a_second_row_of_the_same_price(tmp_path):
    last = len(DOCUMENTS[POINTS].band_profile.tariff.prices)
    new = {
        "price": str(last), "pays": "pounds", "value": 25_000, "from": "2026-01-01",
        "source": "page", "standing": "proposed",
    }  # fmt: skip
    path = edited(
        DOCUMENTS[POINTS],
        tmp_path / "t.xlsx",
        Prices={(last + 2, column): value for column, value in new.items()},
    )
    series = read_decision_workbook(path, DOCUMENTS[POINTS]).band_profile.tariff.prices[-1].pounds
    assert [one.value for one in series] == ["24333", "25000"]


def test_a_new_source_is_taken_from_its_sheet(tmp_path):
    changes = {
        "Sources": {(3, "source"): "forum", (3, "title"): "Minutes of the schools forum"},
        "Prices": {(2, "source"): "forum"},
    }
    changed = read_decision_workbook(
        edited(DOCUMENTS[POINTS], tmp_path / "t.xlsx", **changes), DOCUMENTS[POINTS]
    )
    assert changed.sources["forum"].title == "Minutes of the schools forum"


def test_what_the_workbook_says_of_a_known_source_is_taken_too(tmp_path):
    document = DOCUMENTS[POINTS]
    first = next(iter(document.sources))
    path = edited(document, tmp_path / "t.xlsx", Sources={(2, "title"): "Its new title"})
    assert read_decision_workbook(path, document).sources[first].title == "Its new title"


@pytest.mark.parametrize(
    ("name", "changes", "place", "row", "said"),
    [
        (TABLE, {"Prices": {(2, "value"): "about 400"}}, "column value", 2, "plain number"),
        (TABLE, {"Prices": {(2, "value"): ""}}, "column value", 2, "formulas have values"),
        (TABLE, {"Prices": {(2, "value"): 400.123}}, "column value", 2, "2 decimal places"),
        (TABLE, {"Prices": {(2, "for_band"): "Hourly"}}, "column for_band", 2, "one of the bands"),
        (TABLE, {"Prices": {(2, "from"): "1 April"}}, "column from", 2, ""),
        (TABLE, {"Prices": {(2, "source"): "nowhere"}}, "column source", 2, "nowhere"),
        (TABLE, {"Prices": {(2, "source"): ""}}, "column source", 2, "is missing"),
        (TABLE, {"Prices": {(2, "standing"): "sure"}}, "column standing", 2, "verified"),
        (TABLE, {"Prices": {(2, "pays"): "hours"}}, "column pays", 2, "pounds_each"),
        (TABLE, {"Prices": {(2, "setting"): "school"}}, "column setting", 2, "is not a code"),
        (TABLE, {"Prices": {(4, "for_band"): "Hours"}}, "column for_band", 4, "same price"),
        (TABLE, {"Assignment": {(2, "gives_band"): "Daily"}}, "column gives_band", 2, "bands"),
        (TABLE, {"Assignment": {(2, "support_hours"): "40-0"}}, "column support_hours", 2, "larger number"),
        (TABLE, {"Assignment": {(3, "sen_provision"): "K, E"}}, "sheet Assignment", 2, "both"),
        (TABLE, {"About": {(5, "is"): "guesses"}}, "column is", None, "points"),
        (POINTS, {"Assignment": {(3, "from"): "ten"}}, "column from", 3, "whole number"),
        (POINTS, {"Assignment": {(3, "to"): "2"}}, "sheet Assignment", 3, "must not be less"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_by_sheet_row_and_column(refused, name, changes, place, row, said):
    problem = refused(DOCUMENTS[name], **changes)
    assert place in problem.place
    assert problem.row == row
    assert said in problem.sentence


def test_a_range_that_a_spreadsheet_made_a_date_of_is_refused(refused):
    from datetime import datetime  # noqa: PLC0415

    day = datetime(2025, 10, 5)  # noqa: DTZ001
    problem = refused(DOCUMENTS[TABLE], Assignment={(4, "year_group"): day})
    assert (problem.rule, problem.row) == ("date", 4)


def test_a_sheet_that_is_missing_is_named(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("About").write_row(0, 0, ("what", "is"))
        workbook.get_worksheet_by_name("About").write_row(1, 0, ("form", "label_given"))
    with pytest.raises(TableRefused, match="sheet Bands"):
        read_decision_workbook(path, DOCUMENTS[TABLE])


def test_a_workbook_that_unpacks_to_too_much_is_refused_as_any_other(tmp_path):
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 << 20))
    with pytest.raises(TableRefused, match="times its size"):
        read_decision_workbook(path, DOCUMENTS[TABLE])


def test_a_document_without_bands_has_no_workbook():
    with pytest.raises(PairRefused, match="no band profile"):
        decision_sheets(DOCUMENTS["nff-2025-26"])


def test_what_no_sheet_shows_stays_as_it_is(tmp_path):
    names = [name for name in BANDED if DOCUMENTS[name].band_profile.tariff.uprating_percent]
    for name in names:
        document = DOCUMENTS[name]
        read = read_decision_workbook(edited(document, tmp_path / f"{name}.xlsx"), document)
        tariff = read.band_profile.tariff
        assert tariff.uprating_percent == document.band_profile.tariff.uprating_percent
    assert names
    assert PRICES
