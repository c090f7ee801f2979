"""Rows of places and blocks of other authorities, and codes that ended, on the command line."""

import csv
import json

import pytest

from engine.rules.load import canonical
from tests.builders import rule_set
from tests.clients.test_command_line_authorities import command

PLACES = (
    "la,place_type,places_1,places_2\n202,pre16_ap,3,2\n660,,,\n705,their own,,\n909,pre16_ap,1,1\n"
)
GRANT = "dedicated-schools-grant-2023-24"


def test_places_of_others_are_set_apart_and_codes_that_ended_are_mapped(tmp_path):
    table, out = tmp_path / "places.csv", tmp_path / "out.csv"
    table.write_text(PLACES, encoding="utf-8")
    asked = ("places", "--rules", GRANT, "--places", table, "--out", out)
    said = command(*asked)
    assert said.exit_code == 0, said.output
    assert "1 row has 909 (Cumbria), which ended on 31 March 2023" in said.stderr
    assert "4 rows read, 2 valued, 2 set apart: 1 of Wales, 1 of the Channel Islands" in said.stderr
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"]["places"]["read"] == 4
    assert [one["number"] for one in manifest["rows"]["places"]["set_apart"]] == [1, 1]
    mapped = command(*asked, "--la-map", "909=942")
    assert "909 by 942 in 1" in mapped.stderr
    rows = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert [row["la"] for row in rows] == ["202", "942"]
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"][1]["la_map"] == {"909": "942"}


@pytest.fixture
def rules_of_an_authority(tmp_path):
    """Return the file of an authority's own rules for places and its block."""
    types = {"unit": {"label": "Unit places", "annual": "6000", "periods": [{"name": "Year", "months": 12}]}}  # fmt: skip
    terms = {"history": {"label": "History"}}
    document = rule_set(
        authority={"code": "942", "name": "Cumberland"},
        places={"types": types},
        high_needs_block={"terms": terms},
    )
    path = tmp_path / "rules.yaml"
    path.write_text(canonical(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "option", "head", "cells"),
    [
        ("places", "--places", "la,place_type,places_1", "unit,2"),
        ("block", "--terms", "la,history", "1000000"),
    ],
)
def test_an_authority_s_own_rules_value_its_rows_and_stop_at_a_code_that_ended(
    tmp_path, rules_of_an_authority, name, option, head, cells
):
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"

    def run(codes, *more):
        rows = "".join(f"{code},{cells}\n" for code in codes)
        table.write_text(f"{head}\n{rows}", encoding="utf-8")
        return command(name, "--rules", rules_of_an_authority, option, table, "--out", out, *more)

    apart = run(["942", "201", "943"])
    assert apart.exit_code == 0, apart.output
    assert "3 rows read, 1 valued, 2 set apart" in apart.stderr
    stopped = run(["942", "909"])
    assert stopped.exit_code == 1
    assert "--la-map 909=942" in stopped.stderr
    assert run(["942", "201"], "--other-authorities", "valued").exit_code == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
