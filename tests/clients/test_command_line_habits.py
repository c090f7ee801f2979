"""Options or a layout say how a table is written, and commands say what was read so."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.rules.load import canonical
from tests.builders import banded, rule_set

BANDS = ["A", "B"]
PRICES = [{"band": "A", "pounds": "3650"}, {"band": "B", "assessed_cost": True}]
SENSORY = {"label": "Sensory", "when": {"secondary_need": ["HI", "VI"]}, "pounds": "365"}
FACTORS = {
    "basic_entitlement": {
        "label": "Basic entitlement", "counts": "pupils",
        "primary": {"unit_value": "4000", "notional_percent": "5"},
    },
    "low_prior_attainment": {
        "label": "Low prior attainment", "counts": "pupils",
        "primary": {"unit_value": "1200", "notional_percent": "100"},
    },
}  # fmt: skip


def command(*words):
    return CliRunner().invoke(app, [str(one) for one in words])


@pytest.fixture
def rules(tmp_path):
    """Return the file of rules with bands, and a supplement for a second need."""
    parts = banded(PRICES, BANDS)
    parts["band_profile"]["tariff"]["modifiers"] = [SENSORY]
    path = tmp_path / "rules.yaml"
    path.write_text(canonical(rule_set(**parts)), encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path):
    def written(*lines):
        path = tmp_path / "pupils.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def paid(rules, pupils, *options):
    answer = command("value", "--rules", rules, "--pupils", pupils, "--detail", "pupils", "--format", "csv", *options)  # fmt: skip
    assert answer.exit_code == 0, answer.output
    return [row["top_up"] for row in csv.DictReader(io.StringIO(answer.stdout))], answer.stderr


HEAD = "pupil_key,la,sen_provision,band,secondary_need,assessed_cost,start,end"
CENSUS = (
    HEAD,
    "p1,202,E,A,HI,,01/04/2025,",
    "p2,202,E,A,,,01/09/2025,30 Nov 2025",
    "p3,202,E,B,,1000.004,1/4/2025,31.03.2026",
)


def test_a_file_as_a_spreadsheet_writes_it_is_valued_once_its_habits_are_stated(rules, table):
    stated = ("--dates", "day-first", "--blank-means-none", "secondary_need", "--round-to-pence", "assessed_cost")  # fmt: skip
    amounts, said = paid(rules, table(*CENSUS), *stated)
    assert amounts == ["4015.00", "910.00", "1000.00"]
    assert "2 cells are blank, which means none as was stated (secondary_need 2)" in said
    assert "1 cell is rounded to pence as was stated (assessed_cost 1)" in said


def test_a_manifest_says_how_a_table_was_stated_to_be_read_as_the_same_bytes_read_otherwise_pay_otherwise(
    rules, table, tmp_path
):
    out, paid_in = tmp_path / "out.csv", {}
    for order in ("day-first", "month-first"):
        lines = [HEAD, "p1,202,E,A,none,,01/09/2025,"]
        answer = command(
            "value", "--rules", rules, "--pupils", table(*lines), "--dates", order, "--la-map", "909=942",
            "--other-authorities", "valued", "--blank-means-none", "end", "--out", out,
        )  # fmt: skip
        assert answer.exit_code == 0, answer.output
        manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
        pupils = next(one for one in manifest["inputs"] if one["part"] == "pupils")
        assert pupils["dates"] == order.replace("-", "_")
        assert pupils["blank_means_none"] == ["end"]
        assert pupils["la_map"] == {"909": "942"}
        assert pupils["other_authorities"] == "valued"
        paid_in[order] = manifest["totals"][0]["top_up"], pupils["sha256"]
    (one, digest), (other, same) = paid_in.values()
    assert one != other
    assert digest == same


def test_without_them_the_refusal_names_each_way_out(rules, table):
    answer = command("value", "--rules", rules, "--pupils", table(*CENSUS))
    assert answer.exit_code == 1
    assert "--dates day-first" in answer.stderr
    assert "--round-to-pence assessed_cost" in answer.stderr


def test_a_layout_states_the_same(rules, table, tmp_path):
    columns = HEAD.split(",")
    layout = tmp_path / "layout.yaml"
    layout.write_text(
        json.dumps({
            "about": "a census", "source": "invented", "columns": dict(zip(columns, columns, strict=True)),
            "dates": "day_first", "blank_means_none": ["secondary_need"], "round_to_pence": ["assessed_cost"],
        }),
        encoding="utf-8",
    )  # fmt: skip
    assert paid(rules, table(*CENSUS), "--layout", layout)[0] == ["4015.00", "910.00", "1000.00"]
    other = command("value", "--rules", rules, "--pupils", table(*CENSUS), "--layout", layout, "--dates", "month-first")  # fmt: skip
    assert other.exit_code == 1
    assert "two orders of days are stated" in other.stderr


def test_a_word_for_none_needs_no_statement(rules, table):
    lines = [HEAD, "p1,202,E,A,none,,none,nil", "p2,202,E,A,,,,"]
    assert paid(rules, table(*lines))[0] == ["3650.00", ""]


def test_symbols_are_counted_by_kind_on_standard_error_and_in_the_manifest(rules, table, tmp_path):
    signs = ["c", "x", "z", "low", ":", "..", "\u2013", "n/a", "[c]"]
    lines = [HEAD, *(f"p{at},202,E,B,none,{one},," for at, one in enumerate(signs))]
    out = tmp_path / "out.csv"
    answer = command("value", "--rules", rules, "--pupils", table(*lines), "--detail", "pupils", "--out", out)  # fmt: skip
    assert answer.exit_code == 0, answer.output
    with out.open(encoding="utf-8") as file:
        assert {row["not_known"] for row in csv.DictReader(file)} == {"1"}
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    counted = {one["rule"]: one["number"] for one in manifest["notices"]}
    assert counted == {
        "not-applicable-cells": 1,
        "not-supplied-cells": 5,
        "suppressed-cells": 2,
        "low-cells": 1,
    }
    assert "2 cells are suppressed (assessed_cost 2)" in answer.stderr


def test_an_option_of_a_column_that_no_table_has_is_said(rules, table):
    lines = ["pupil_key,la,band,assessed_cost,secondary_need", "p1,202,A,,none"]
    said = paid(rules, table(*lines), "--blank-means-none", "end")[1]
    assert "--blank-means-none end changes nothing: no table has this column." in said


def test_thousands_in_a_count_are_read_as_in_pounds(tmp_path):
    rules, schools = tmp_path / "rules.yaml", tmp_path / "schools.csv"
    formula = {"pupils_counted_by": "basic_entitlement", "factors": FACTORS}
    rules.write_text(canonical(rule_set(schools_formula=formula)), encoding="utf-8")
    head = "urn,phase,units_basic_entitlement_primary,proportion_low_prior_attainment_primary"
    schools.write_text(f'{head}\n900001,primary,"1,234",5%\n', encoding="utf-8")
    answer = command("value", "--rules", rules, "--schools", schools, "--detail", "schools", "--format", "csv")  # fmt: skip
    [row] = csv.DictReader(io.StringIO(answer.stdout))
    # 1,234 × 4,000 × 5 % and 61.7 × 1,200.
    assert (row["pupils"], row["notional_sen"]) == ("1234", "320840.00")


def test_places_that_are_blank_are_none_where_that_is_stated(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("la,place_type,places_1,places_2\n202,pre16_ap,,3\n", encoding="utf-8")
    words = (
        "places",
        "--rules",
        "dedicated-schools-grant-2023-24",
        "--places",
        path,
        "--format",
        "csv",
    )
    assert command(*words).exit_code == 1
    stated = command(*words, "--blank-means-none", "places_1")
    assert stated.exit_code == 0, stated.output
    path.write_text("la,place_type,places_1,places_2\n202,pre16_ap,0,3\n", encoding="utf-8")
    assert command(*words).stdout == stated.stdout
    wrong = command(*words, "--blank-means-none", "la")
    assert wrong.exit_code == 2
    assert "la has no word for none; the columns are places_1, places_2" in wrong.stderr
