"""``evenband columns``: what the columns hold, for people, for spreadsheets, and as Table Schema."""

import csv
import io
import json
from pathlib import Path

from tests.clients.starts import started

ROOT = Path(__file__).resolve().parents[2]


def evenband(*options, code=0):
    ran = started("columns", *options)
    assert ran.returncode == code, ran.stderr
    return ran.stdout if code == 0 else ran.stderr


def test_the_columns_of_one_rule_set_are_shown_with_what_a_blank_means():
    shown = evenband("pupils", "--rules", "telford-and-wrekin-2025-26")
    assert "sen_provision" in shown
    assert "no last day" in shown
    assert "low_prior_attainment" not in shown


def test_no_line_is_wider_than_a_terminal_of_80_and_every_column_says_what_it_is():
    lines = evenband("--rules", "national-profile-candidate").splitlines()
    assert max(map(len, lines)) <= 80
    at = next(at for at, line in enumerate(lines) if line.startswith("sen_provision: code"))
    below = " ".join(line.strip() for line in lines[at + 1 : lines.index("", at)])
    assert "One of: N K E" in below
    assert "None is written: N" in below
    assert "Read by: bands and top-ups" in below


def test_a_file_of_columns_may_be_kept():
    rows = list(csv.DictReader(io.StringIO(evenband("schools", "--format", "csv"))))
    urn = rows[0]
    assert (urn["column"], urn["lowest"], urn["highest"]) == ("urn", "1", "9999999")
    assert "northumberland-2015-16" in urn["rule_sets"].split()


def test_a_table_schema_of_a_document_of_your_own_names_its_bands():
    path = next((ROOT / "fixtures/rules").rglob("telford-and-wrekin-2025-26.yaml"))
    schema = json.loads(evenband("pupils", "--schema", "--rules", path))
    band = next(field for field in schema["fields"] if field["name"] == "band")
    assert band["constraints"]["enum"][:2] == ["1", "2"]


def test_schemas_and_page_are_written_where_they_are_wanted(tmp_path):
    evenband("--write", tmp_path / "schema", "--page", tmp_path / "columns.md")
    assert {path.name for path in (tmp_path / "schema").iterdir()} == {
        f"table-{name}.json" for name in ("pupils", "schools", "places", "block", "targeted")
    }
    assert (tmp_path / "columns.md").read_text("utf-8").startswith("# Columns\n")


def test_one_schema_is_of_one_table():
    assert "name it" in evenband("--schema", code=2)
