"""Pupils and schools of other authorities, and codes that ended, on the command line: said, counted, in the manifest."""

import csv
import json

import pytest
from typer.testing import CliRunner

from app.cli import app

BANDS = "telford-and-wrekin-2025-26"
PROFILE = "national-profile-candidate"


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def table(tmp_path):
    def of(*codes):
        path = tmp_path / "pupils.csv"
        rows = "".join(f"p{at},{code},E,mainstream,9\n" for at, code in enumerate(codes))
        path.write_text("pupil_key,la,sen_provision,setting,band\n" + rows)
        return path

    return of


def test_rows_set_apart_are_said_and_stand_in_the_manifest(table, tmp_path):
    out = tmp_path / "out.csv"
    result = command(
        "value", "--rules", BANDS, "--pupils", table("894", "893", "660"), "--out", out
    )
    assert result.exit_code == 0
    sentence = (
        "3 rows read, 1 valued, 2 set apart: 1 of 893 (Shropshire), another authority's; "
        "1 of Wales, outside England"
    )
    assert f"pupils: {sentence}" in result.stderr
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"]["pupils"]["read"] == 3
    assert manifest["rows"]["pupils"]["valued"] == 1
    assert [one["number"] for one in manifest["rows"]["pupils"]["set_apart"]] == [1, 1]
    assert {one["part"]: one.get("rows") for one in manifest["inputs"]}["pupils"] == 3


def test_a_file_without_rows_set_apart_says_so_in_the_manifest_alone(table, tmp_path):
    out = tmp_path / "out.csv"
    result = command("value", "--rules", BANDS, "--pupils", table("894"), "--out", out)
    assert "set apart" not in result.stderr
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"] == {"pupils": {"read": 1, "valued": 1, "set_apart": []}}


def test_other_authorities_can_be_valued(table, tmp_path):
    out = tmp_path / "out.csv"
    inputs = ("value", "--rules", BANDS, "--pupils", table("894", "893"), "--detail", "pupils")
    result = command(*inputs, "--other-authorities", "valued", "--out", out)
    assert result.exit_code == 0
    assert len(list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))) == 2


def test_an_ended_code_stops_value_and_compare_until_it_is_mapped(table):
    pupils = table("909", "894")
    compare = ("compare", "--baseline", BANDS, "--candidate", BANDS, "--pupils", pupils)
    for one in (("value", "--rules", BANDS, "--pupils", pupils), compare):
        stopped = command(*one)
        assert stopped.exit_code == 1
        assert "1 row has 909 (Cumbria), which ended on 31 March 2023" in stopped.stderr
        done = command(*one, "--la-map", "909=943")
        assert done.exit_code == 0
        assert "1 of 943 (Westmorland and Furness), another authority's" in done.stderr


def test_a_comparison_of_two_authorities_values_the_pupils_of_both(table):
    inputs = ("--candidate", "three-band-guide", "--pupils", table("894", "893"))
    result = command("compare", "--baseline", BANDS, *inputs)
    assert "set apart" not in result.stderr


def test_a_mapping_in_the_wrong_form_is_wrong_usage(table):
    result = command("value", "--rules", BANDS, "--pupils", table("894"), "--la-map", "909")
    assert result.exit_code == 2
    assert "--la-map must be OLD=NEW, such as 909=942" in result.stderr


def test_a_mapping_that_no_row_of_any_table_uses_is_said_once_and_kept(tmp_path):
    """A code typed wrongly changed nothing, silently."""
    schools, pupils, out = tmp_path / "s.csv", tmp_path / "p.csv", tmp_path / "out.csv"
    schools.write_text("urn,phase,la\n900001,primary,909\n", encoding="utf-8")
    pupils.write_text(
        "pupil_key,urn,la,band,sen_provision,setting,hours\na,900001,301,A,E,special,5\n",
        encoding="utf-8",
    )
    answer = command(
        "value", "--rules", "toy-2025-26", "--schools", schools, "--pupils", pupils,
        "--absent-lines", "zero", "--other-authorities", "valued",
        "--la-map", "909=301,990=301", "--out", out,
    )  # fmt: skip
    assert answer.exit_code == 0, answer.stderr
    sentence = "--la-map 990=301 changes nothing: no row has this code of an authority"
    assert answer.stderr.count("changes nothing") == 1, answer.stderr
    assert answer.stderr.count(sentence) == 1
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    unused = [one["sentence"] for one in manifest["notices"] if one["rule"] == "mapping-unused"]
    assert unused == [sentence]
