"""What each difference of two rule sets brings in pounds, by the command."""

import csv
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

NORTHUMBERLAND = FIXTURES / "rules" / "2025-26" / "northumberland-2025-26.yaml"
SCHOOLS = "urn,phase,units_basic_entitlement_primary,units_fsm6_primary\n900001,primary,210,31\n900002,primary,95,12\n"


@pytest.fixture
def files(tmp_path):
    """Give a later rule set in which two numbers of one line are others, and a table of schools."""
    text = NORTHUMBERLAND.read_text(encoding="utf-8")
    head, _, rest = text.partition("    fsm6:\n")
    later = tmp_path / "later.yaml"
    rest = rest.replace('"1060"', '"1100"', 1).replace('value: "100"', 'value: "60"', 1)
    later.write_text(f"{head}    fsm6:\n{rest}", encoding="utf-8")
    schools = tmp_path / "schools.csv"
    schools.write_text(SCHOOLS, encoding="utf-8")
    return later, schools


def test_differences_are_shown_in_pounds_and_add_to_the_whole_change(files):
    later, schools = files
    arguments = [
        *("rules", "diff", NORTHUMBERLAND, later, "--schools", schools),
        *("--absent-lines", "zero", "--format", "csv"),
    ]
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == 0, result.stderr
    *parts, whole = csv.DictReader(result.stdout.splitlines())
    assert whole["place"] == "whole change"
    assert [one["place"].rpartition(".")[2] for one in parts] == [
        *("unit_value", "notional_percent", "interaction"),
    ]  # fmt: skip
    pupils = Decimal(31 + 12)
    change = pupils * (1100 * Decimal("0.6") - 1060)
    assert Decimal(whole["alone"]) == Decimal(whole["last"]) == change
    for name in ("alone", "last"):
        assert sum(Decimal(one[name]) for one in parts) == change
    assert Decimal(parts[0]["alone"]) == pupils * 40
    assert Decimal(parts[1]["last"]) == pupils * 1100 * Decimal("-0.4")


def test_a_table_for_which_a_rule_set_has_no_rules_is_refused(files):
    _, schools = files
    result = CliRunner().invoke(
        app,
        [
            "rules",
            "diff",
            "telford-and-wrekin-2025-26",
            str(NORTHUMBERLAND),
            "--schools",
            str(schools),
        ],
    )
    assert result.exit_code == 1
    assert "has rules for pupils only" in result.stderr
