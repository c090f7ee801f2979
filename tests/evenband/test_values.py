"""What a notebook gets from the package ``evenband``: the same pence as the command line and its files."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import evenband as eb
from tests.clients.starts import started
from tests.evenband.conftest import NATIONAL, NORTHUMBERLAND, TEN_SCHOOLS

FIVE_LINES = """
import evenband as eb
rules = eb.read_rules("northumberland-2015-16")
schools = eb.read_schools("schools.csv", rules)
budgets = eb.value(rules, schools=schools)
print(eb.explain(budgets, 140132))
"""
THRESHOLD = "top_up_rule.threshold.pounds"
POUNDS = pl.Decimal(18, 2)


def command(*options):
    """Run the command line and return what it writes as a file of JSON."""
    ran = started(*options, "--out", "-", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def as_records(frame):
    """Return a frame as the command writes it: pounds as text, other decimals without trailing zeros."""
    pounds = [name for name, dtype in frame.schema.items() if dtype == POUNDS]
    others = [
        name for name, dtype in frame.schema.items() if dtype.is_decimal() and dtype != POUNDS
    ]
    return [
        row
        | {name: None if row[name] is None else str(row[name]) for name in pounds}
        | {name: None if row[name] is None else f"{row[name].normalize():f}" for name in others}
        for row in frame.iter_rows(named=True)
    ]


def test_a_value_tried_warns_of_what_a_reader_may_not_expect():
    tried = {"band_profile.tariff.prices.band:C.pounds": "1"}
    sentence = "what begins on 2026-04-01 stays as published"
    with pytest.warns(UserWarning, match=sentence) as warned:
        eb.read_rules("toy-2025-26").override(tried)
    assert warned[0].filename == __file__
    with pytest.warns(UserWarning, match=sentence) as warned:
        eb.read_rules("toy-2025-26", override=tried)
    assert warned[0].filename == __file__


def test_a_notebook_values_ten_schools_and_explains_one_within_five_lines(tmp_path):
    (tmp_path / "schools.csv").write_bytes(TEN_SCHOOLS.read_bytes())
    assert len(FIVE_LINES.strip().splitlines()) == 5
    ran = subprocess.run(
        [sys.executable, "-c", FIVE_LINES], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "=  Notional SEN budget   72,727.40  pounds" in ran.stdout
    assert ran.stderr == ""


@pytest.mark.parametrize("detail", ["totals", "schools", "lines"])
def test_a_frame_holds_what_the_command_writes(detail, budgets):
    options = ("--rules", NORTHUMBERLAND, "--schools", TEN_SCHOOLS, "--detail", detail)
    assert as_records(budgets.to_polars(detail)) == command("value", *options)


@pytest.mark.parametrize("detail", ["pupils", "totals"])
def test_a_frame_of_pupils_holds_what_the_command_writes(detail, top_ups, invented, tmp_path):
    path = tmp_path / "pupils.csv"
    invented.pupils.write_csv(path)
    options = ("--rules", NATIONAL, "--pupils", path, "--detail", detail)
    assert as_records(top_ups.to_polars(detail)) == command("value", *options)


def test_a_comparison_holds_what_the_command_writes(invented, tmp_path):
    path = tmp_path / "pupils.csv"
    invented.pupils.write_csv(path)
    baseline = eb.read_rules(NATIONAL)
    candidate = eb.read_rules(NATIONAL, override={THRESHOLD: 5000})
    pupils = eb.read_pupils(path, baseline, candidate)
    found = eb.compare(eb.value(baseline, pupils=pupils), eb.value(candidate, pupils=pupils))
    both = ("--baseline", NATIONAL, "--candidate", NATIONAL, "--override", f"{THRESHOLD}=5000")
    for detail in ("totals", "pupils"):
        written = command("compare", *both, "--pupils", path, "--detail", detail)
        assert as_records(found.to_polars(detail)) == written
    total = found.to_polars("totals").row(0, named=True)
    assert (found.change, found.winners, found.losers, found.not_known) == (
        total["change"],
        total["winners"],
        total["losers"],
        total["not_known"],
    )


def test_budgets_under_rules_without_notional_percentages_are_not_known_and_never_nothing():
    rules = eb.read_rules("nff-2025-26")
    frame = pl.DataFrame({"urn": [1], "phase": ["primary"], "units_fsm_primary": [100]})
    budgets = eb.value(rules, schools=eb.read_schools(frame, rules, absent_lines="zero"))
    found = eb.compare(budgets, budgets)
    assert (found.change, found.not_known) == (None, 1)
    assert "1 school: not known" in str(found)
    assert "0.00" not in str(found)
    assert found.to_polars("schools")["after"].to_list() == [None]


def test_money_is_pounds_of_two_places_and_what_is_not_known_is_null(top_ups):
    frame = top_ups.to_polars()
    assert frame.schema["top_up"] == POUNDS
    assert frame.filter(pl.col("not_known") > 0)["top_up"].null_count() == top_ups.not_known > 0
    assert top_ups.top_up == frame["top_up"].sum()
    assert isinstance(top_ups.top_up, Decimal)
    assert top_ups.notional_sen is None


def test_payments_of_the_months_add_to_the_top_ups(top_ups):
    months = top_ups.to_polars("schedule")
    assert months["amount"].sum() == top_ups.top_up
    assert months.equals(top_ups.to_polars("months"))
    periods = top_ups.to_polars("schedule", schedule="periods")
    assert periods.equals(top_ups.to_polars("periods"))
    assert not periods.equals(months)


def test_what_if_values_may_be_text_whole_numbers_or_decimals(rules):
    place = "schools_formula.factors.fsm.primary.unit_value"
    tried = {rules.override({place: value}).digest for value in ("1300", 1300, Decimal(1300))}
    assert len(tried) == 1
    assert tried != {rules.digest}
    with pytest.raises(eb.RuleRefused, match="must be text, a whole number or a Decimal"):
        rules.override({place: 1300.5})


def test_rules_are_read_by_identifier_file_and_text_and_are_the_same(rules):
    path = next(
        Path(__file__).resolve().parents[2].glob(f"fixtures/rules/2015-16/{NORTHUMBERLAND}.yaml")
    )
    text = path.read_text(encoding="utf-8")
    assert {eb.read_rules(one).digest for one in (path, str(path), text)} == {rules.digest}
    assert rules.at(date(2015, 9, 1)).day == date(2015, 9, 1)
    with pytest.raises(eb.PairRefused, match="must be a day of the rule set"):
        rules.at(date(2025, 4, 1))


def test_published_rule_sets_are_listed(rules):
    listed = eb.rule_sets()
    assert listed.filter(identifier=NORTHUMBERLAND)["digest"].to_list() == [rules.digest]


def test_a_folder_of_your_own_takes_the_place_of_the_published_rules(rules, tmp_path, monkeypatch):
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(tmp_path))
    with pytest.raises(eb.RuleRefused, match="no published rule set is called"):
        eb.read_rules(NORTHUMBERLAND)
    assert eb.rule_sets().height == 0
    assert rules.to_polars().height > 50


def test_a_document_that_cannot_be_used_is_named_and_left_out_of_the_list(tmp_path, monkeypatch):
    (tmp_path / "broken.yaml").write_text("identifier: broken\nversion: x\n", encoding="utf-8")
    (tmp_path / "bytes.yaml").write_bytes(b"identifier: bytes\n\xff")
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(tmp_path))
    with pytest.warns(UserWarning, match="is left out") as told:
        assert eb.rule_sets().height == 0
    assert {Path(str(one.message).split(" is left out")[0]).name for one in told} == {
        "broken.yaml",
        "bytes.yaml",
    }
    with pytest.raises(eb.RuleRefused, match="is not UTF-8 text") as refused:
        eb.read_rules("bytes")
    assert refused.value.__notes__ == [str(tmp_path / "bytes.yaml")]


def test_schools_that_rules_do_not_value_are_warned_of(rules, invented):
    national = eb.read_rules("telford-and-wrekin-2025-26")
    schools = eb.read_schools(TEN_SCHOOLS, rules, national)
    pupils = pl.DataFrame(
        {
            "pupil_key": ["a"],
            "la": ["894"],
            "band": ["9"],
            "sen_provision": ["E"],
            "setting": ["mainstream"],
        }
    )
    with pytest.warns(UserWarning, match="values no schools"):
        outcome = eb.value(
            national, schools=schools, pupils=eb.read_pupils(pupils, rules, national)
        )
    assert outcome.formula_total is None
