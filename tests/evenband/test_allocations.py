"""Places, high needs blocks and targeted funding from Python: the rows of the commands, and what they refuse and say."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from engine.lab.imports.yaml_text import document_text
from engine.rules.load import plain
from tests.builders import rule_set

EXAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "examples"
DSG = "dedicated-schools-grant-2023-24"
GAP = "toy-targeted-gap-2025-26"
BLOCK = [{"la": "202", "history": "1000000.00", "unit": "4000.50", "pupils": "12.5"}]
BLOCK_RULES = document_text(plain(rule_set(high_needs_block={
    "terms": {"history": {"label": "History"}, "unit": {"label": "Unit", "times": "pupils"}},
})))  # fmt: skip


@pytest.fixture
def places():
    return eb.value_places(eb.read_rules(DSG), EXAMPLES / "places.csv")


def command(*words):
    answer = CliRunner().invoke(app, [*map(str, words), "--format", "json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def said(frame):
    """Return rows as the command writes them in JSON: money as text."""
    text = frame.with_columns(pl.selectors.decimal().cast(pl.String))
    return [
        {name: value for name, value in row.items() if value is not None} for row in text.to_dicts()
    ]


def without_blanks(rows):
    return [{name: one for name, one in row.items() if one is not None} for row in rows]


def of_same(frame, rows):
    found = without_blanks(rows)
    for ours, theirs in zip(said(frame), found, strict=True):
        for name, value in theirs.items():
            assert same(ours[name], value), name


def same(one, other):
    """Return whether two values are the same: numbers however many decimals they are written with."""
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return one == other


def test_places_are_those_of_the_command(places):
    of_same(
        places.to_polars(),
        command("places", "--rules", DSG, "--places", EXAMPLES / "places.csv"),
    )
    assert places.total == sum(places.to_polars()["amount"])
    assert places.not_known == 0
    assert places.to_polars("totals").filter(grouping="total")["amount"].to_list() == [places.total]


def test_targeted_funding_is_that_of_the_command_with_a_cost_of_sen_support():
    table = EXAMPLES / "schools-with-plans.csv"
    found = eb.value_targeted_funding(eb.read_rules(GAP), table, sen_support_cost=1500)
    asked = ("targeted", "--rules", GAP, "--schools", table, "--sen-support-cost", "1500")
    of_same(found.to_polars(), command(*asked))
    assert "left_after" in found.to_polars().columns
    working = eb.explain(found, 900001)
    assert working.not_known == 0
    assert str(found.to_polars().filter(urn=900001)["amount"][0]) in str(working).replace(",", "")


def test_a_block_is_that_of_the_command(tmp_path):
    rules, table = tmp_path / "block.yaml", tmp_path / "terms.csv"
    rules.write_text(BLOCK_RULES, encoding="utf-8")
    pl.DataFrame(BLOCK).write_csv(table)
    found = eb.value_high_needs_block(eb.read_rules(BLOCK_RULES), pl.DataFrame(BLOCK))
    of_same(found.to_polars(), command("block", "--rules", rules, "--terms", table))
    # 1,000,000 and 12.5 × 4,000.50 are 1,050,006.25, up to a whole pound.
    assert str(found.total) == "1050007.00"


def test_it_names_itself_and_shows_its_first_rows(places):
    assert repr(places).startswith(f"<Allocation under {DSG} version 1")
    assert "place_type" in str(places)
    assert "<table>" in places._repr_html_()


def test_a_rate_that_is_not_printed_is_warned_of_and_what_depends_on_it_is_not_known():
    kind = {"label": "Places", "annual": "not printed", "periods": [{"name": "Year", "months": 12}]}
    rules = eb.read_rules(document_text(plain(rule_set(places={"types": {"special": kind}}))))
    with pytest.warns(UserWarning, match="invented: places.types.special.annual is not printed"):
        found = eb.value_places(rules, [{"la": "202", "place_type": "special", "places_1": "3"}])
    assert (found.total, found.not_known) == (0, 1)
    assert found.to_polars()["amount"].to_list() == [None]
    assert "is not printed" in str(found)


def test_rows_of_others_are_set_apart_and_warned_of():
    own = {"code": "202", "name": "Camden"}
    kind = {"label": "Places", "annual": "100", "periods": [{"name": "Year", "months": 12}]}
    document = rule_set(places={"types": {"special": kind}}, authority=own)
    rules = eb.read_rules(document_text(plain(document)))
    rows = [{"la": la, "place_type": "special", "places_1": "1"} for la in ("202", "203")]
    with pytest.warns(UserWarning, match="set apart"):
        assert eb.value_places(rules, rows).total == 100
    with pytest.warns(UserWarning, match="replaced"):
        assert eb.value_places(rules, rows[1:], la_map={"203": "202"}).total == 100


@pytest.mark.parametrize(
    "function", [eb.value_places, eb.value_high_needs_block, eb.value_targeted_funding]
)
def test_rules_without_the_section_and_wrong_arguments_are_refused(function):
    with pytest.raises(eb.PairRefused):
        function(eb.read_rules("northumberland-2015-16"), BLOCK)
    with pytest.raises(TypeError, match="rules are what read_rules returns"):
        function("northumberland-2015-16", BLOCK)


def test_every_problem_of_a_table_is_refused_by_row():
    rows = [{"la": "abc", "place_type": "nothing", "places_1": "x"}]
    with pytest.raises(eb.TableRefused) as caught:
        eb.value_places(eb.read_rules(DSG), rows)
    assert {one.column for one in caught.value.problems} >= {"la", "place_type"}
