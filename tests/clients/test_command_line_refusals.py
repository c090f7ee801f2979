"""What a command says of tables and rule sets that it refuses: the cause, once, and whose it is."""

import re

import pytest
from typer.testing import CliRunner

from app.cli import app


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_one_fault_of_a_whole_column_is_one_line_with_its_first_rows(tmp_path):
    table = tmp_path / "pupils.csv"
    rows = "".join(f"p{number},940,Q,mainstream,25,A\n" for number in range(150))
    table.write_text(f"pupil_key,la,sen_provision,setting,hours,band\n{rows}")
    result = command("value", "--rules", "toy-2025-26", "--pupils", table)
    assert "(150 problems)" in result.stderr
    assert "  150 rows (2, 3, 4, …): sen_provision: must be one of N, K, E\n" in result.stderr
    assert result.stderr.count("sen_provision") == 1


def test_a_long_list_of_problems_is_cut_and_counted(tmp_path):
    table = tmp_path / "pupils.csv"
    names = ",".join(f"unknown_{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(300))
    table.write_text(f"pupil_key,la,{names}\n")
    result = command("value", "--rules", "toy-2025-26", "--pupils", table)
    assert re.search(r"^  and 2[0-9]{2} more$", result.stderr, re.MULTILINE)
    assert len(result.stderr.splitlines()) == 103


def test_a_refusal_of_a_comparison_says_which_rule_set_refuses(tmp_path):
    table = tmp_path / "pupils.csv"
    table.write_text("pupil_key,la,sen_provision,setting,hours,band\np1,940,E,mainstream,25,A\n")
    sides = ("--baseline", "toy-2025-26", "--candidate", "telford-and-wrekin-2025-26")
    result = command("compare", *sides, "--pupils", table)
    assert result.exit_code == 1
    assert result.stderr.startswith("Candidate telford-and-wrekin-2025-26 version 1:\n")


@pytest.mark.parametrize(
    ("candidate", "table", "sentence"),
    [
        ("dedicated-schools-grant-2022-23", "schools", "has rules for neither schools nor pupils"),
        ("dedicated-schools-grant-2022-23", "pupils", "has rules for neither schools nor pupils"),
        ("bedford-2022-23", "pupils", "has rules for schools only; give --schools"),
        ("telford-and-wrekin-2025-26", "schools", "has rules for pupils only; give --pupils"),
    ],
)
def test_a_rule_set_that_values_nothing_of_the_tables_says_what_it_has_rules_for(
    tmp_path, candidate, table, sentence
):
    path = tmp_path / "table.csv"
    path.write_text(
        "urn,phase\n900001,primary\n" if table == "schools" else "pupil_key,la\np1,822\n"
    )
    result = command("value", "--rules", candidate, f"--{table}", path, "--absent-lines", "zero")
    assert f"{candidate} {sentence}\n" in result.stderr
