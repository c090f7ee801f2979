"""A file says by itself which rules made it: Parquet and workbooks as metadata, each row in its last columns."""

import hashlib
import io
from datetime import date

import openpyxl
import polars as pl
import pytest

from engine.export import Format, rows_as_bytes, with_rules, write_rows
from engine.export.manifest import Input, as_json, file_metadata, rules_record
from engine.input_file import read_input
from engine.modules import SEMANTICS
from engine.rows import Rows, Shape
from engine.rules.compile import compile_rules
from tests.rule_library import compiled

TOY = "toy-2025-26"
ROWS = Rows.of_records("schools", {"urn": Shape.whole}, [{"urn": 900001}])


def kept(record):
    file = io.BytesIO()
    write_rows(ROWS, Format.parquet, file, file_metadata(record))
    return pl.read_parquet_metadata(io.BytesIO(file.getvalue()))


def test_a_parquet_file_says_year_rule_set_digest_and_engine():
    said = kept({"rule_sets": [rules_record(compiled(TOY), [])]})
    assert said["evenband.rules.identifier"] == "toy-2025-26"
    assert said["evenband.rules.version"] == "1"
    assert said["evenband.rules.digest"] == compiled(TOY).digest
    assert said["evenband.rules.funding_year"] == "2025-26"
    assert said["evenband.rules.year_kind"] in {"financial", "academic"}
    assert said["evenband.engine.semantics"] == str(SEMANTICS)


def test_a_comparison_names_both_sides():
    said = kept(
        {
            "rule_sets": [
                rules_record(compiled(TOY), []),
                rules_record(compiled(TOY), [("a.b", "1")]),
            ]
        }
    )
    assert (
        said["evenband.baseline.digest"]
        == said["evenband.candidate.digest"]
        == compiled(TOY).digest
    )
    assert '"a.b"' in said["evenband.candidate.overrides"]


def properties(record):
    file = io.BytesIO()
    write_rows(ROWS, Format.xlsx, file, file_metadata(record))
    assert file.getvalue() == again(record)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))


def again(record):
    file = io.BytesIO()
    write_rows(ROWS, Format.xlsx, file, file_metadata(record))
    return file.getvalue()


def test_a_workbook_says_year_rule_set_digest_and_engine_among_its_properties():
    book = properties({"rule_sets": [rules_record(compiled(TOY), [])]})
    assert book.properties.title == "Schools"
    assert book.properties.subject == "2025-26 (academic), toy-2025-26 version 1"
    assert compiled(TOY).digest[:12] in book.properties.keywords
    own = {one.name: one.value for one in book.custom_doc_props.props}
    assert own["evenband.rules.digest"] == compiled(TOY).digest
    assert own["evenband.rules.funding_year"] == "2025-26"
    assert own["evenband.engine.semantics"] == str(SEMANTICS)


def test_a_workbook_of_a_comparison_names_both_sides_and_leaves_what_is_too_long_to_the_manifest():
    many = [(f"band_profile.tariff.prices.{at}.pounds", "1") for at in range(20)]
    book = properties(
        {"rule_sets": [rules_record(compiled(TOY), []), rules_record(compiled(TOY), many)]}
    )
    assert book.properties.subject == (
        "baseline: 2025-26 (academic), toy-2025-26 version 1; "
        "candidate: 2025-26 (academic), toy-2025-26 version 1"
    )
    own = {one.name for one in book.custom_doc_props.props}
    assert "evenband.baseline.overrides" in own
    assert "evenband.candidate.digest" in own
    assert "evenband.candidate.overrides" not in own


def test_rows_say_year_kind_and_rule_set_in_their_last_columns():
    rows = with_rules(ROWS, [rules_record(compiled(TOY), [])])
    assert rows_as_bytes(rows, Format.csv).decode() == (
        "urn,funding_year,year_kind,rule_set,rule_set_version\n900001,2025-26,academic,toy-2025-26,1\n"
    )


def test_rows_of_a_comparison_name_baseline_and_candidate():
    sides = [rules_record(compiled(TOY), []), rules_record(compiled(TOY), [])]
    header = rows_as_bytes(with_rules(ROWS, sides), Format.csv).decode().splitlines()[0]
    assert header == (
        "urn,baseline_funding_year,baseline_year_kind,baseline_rule_set,baseline_rule_set_version,"
        "candidate_funding_year,candidate_year_kind,candidate_rule_set,candidate_rule_set_version"
    )


def test_rows_without_a_row_keep_the_columns():
    none = Rows.of_records("schools", {"urn": Shape.whole}, [])
    rows = with_rules(none, [rules_record(compiled(TOY), [])])
    assert rows_as_bytes(rows, Format.csv).count(b"\n") == 1


def test_an_input_is_named_by_its_file_and_by_the_digest_of_what_was_read(tmp_path):
    (tmp_path / "pupils.csv").write_bytes(b"la\n201\n")
    content, file = read_input(tmp_path / "pupils.csv", 100)
    digest = hashlib.sha256(content).hexdigest()
    stated = {"sheet": "Sheet 1", "dates": "day_first"}
    assert Input.of("pupils", file, 1, stated).record() == {
        "part": "pupils", "name": "pupils.csv", "sha256": digest, "rows": 1, "sheet": "Sheet 1",
        "dates": "day_first",
    }  # fmt: skip
    assert Input.of("rules", file).record() == {
        "part": "rules", "name": "pupils.csv", "sha256": digest,
    }  # fmt: skip


def test_a_manifest_is_indented_text_in_the_signs_that_people_write():
    assert (
        as_json({"name": "Pays-d\u2019en-haut", "sum": {"amount": "£1"}})
        == (
            '{\n  "name": "Pays-d\u2019en-haut",\n  "sum": {\n    "amount": "£1"\n  }\n}\n'
        ).encode()
    )
    # A file's name may hold bytes that are no text.
    assert as_json({"name": "a\udcff"}) == b'{\n  "name": "a\\udcff"\n}\n'


@pytest.mark.parametrize(("length", "is_there"), [(0, False), (1, True), (255, True), (256, False)])
def test_a_property_of_a_workbook_holds_up_to_255_characters_and_more_is_left_to_the_manifest(
    length, is_there
):
    file = io.BytesIO()
    write_rows(ROWS, Format.xlsx, file, {"evenband.own": "x" * length})
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    assert [one.name for one in book.custom_doc_props.props] == ["evenband.own"] * is_there


def test_only_the_first_signs_of_a_digest_are_a_keyword():
    book = properties({"rule_sets": [rules_record(compiled(TOY), [])]})
    digest = compiled(TOY).digest
    assert book.properties.keywords == f"2025-26, toy-2025-26, {digest[:12]}"


def test_what_was_tried_in_place_of_a_value_is_named_with_the_day_of_the_rules():
    record = rules_record(compiled(TOY), [("a.b", "1")])
    assert record["overrides"] == [{"place": "a.b", "value": "1"}]
    assert (record["on"], record["values"]) == (None, "each value from its own day")
    of_a_day = compile_rules(compiled(TOY).document, date(2026, 1, 5))
    record = rules_record(of_a_day, [])
    assert record["on"] == "2026-01-05"
    assert record["values"] == "values of 2026-01-05 for the whole year"


@pytest.mark.parametrize("kind", [Format.csv, Format.json])
def test_a_file_of_text_alone_keeps_nothing_of_its_rules(kind):
    file = io.BytesIO()
    write_rows(ROWS, kind, file, file_metadata({"rule_sets": [rules_record(compiled(TOY), [])]}))
    assert file.getvalue() == rows_as_bytes(ROWS, kind)


def test_a_file_without_rules_says_what_engine_wrote_it():
    assert set(file_metadata({})) == {"evenband.engine.version", "evenband.engine.semantics"}
    said = kept({})
    assert said["evenband.engine.semantics"] == str(SEMANTICS)
    assert not [name for name in said if name.startswith("evenband.rules")]
