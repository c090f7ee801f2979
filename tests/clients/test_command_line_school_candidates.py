"""``evenband candidates --schools``: what each candidate gives schools, as valuing each of them gives."""

import csv
import json
import shutil
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
FSM = "schools_formula.factors.fsm.primary.notional_percent"
LUMP_SUM = "schools_formula.factors.lump_sum.primary.unit_value"
HEAD = (
    "format: evenband-candidates/1\ntitle: Notional percentages\nbaseline: northumberland-2015-16\n"
)


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "tried.yaml"
    vary = (
        f'vary:\n  {FSM}: ["0", "33.3333", "100", "101"]\n  {LUMP_SUM}: ["100000", "154000.55"]\n'
    )
    path.write_text(f'{HEAD}{vary}constraints: {{school_loss_per_pupil: "20"}}\n', encoding="utf-8")
    return path


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_candidate_has_the_sums_of_valuing_schools_under_it(document, tmp_path):
    out, alone = tmp_path / "groups.csv", tmp_path / "alone.csv"
    answer = command(
        "candidates", document, "--schools", SCHOOLS, "--detail", "groups", "--out", out
    )
    assert answer.exit_code == 0, answer.output
    assert "2 candidates are left out" in answer.stderr
    assert "6 as a product" in answer.stderr
    found = rows_of(out)
    assert {one["candidate"] for one in found} == {"1", "2", "3", "4", "5", "6"}
    for name, percent, pounds in (("1", "0", "100000"), ("4", "33.3333", "154000.55")):
        valued = command(
            "value", "--rules", "northumberland-2015-16", "--override", f"{FSM}={percent}",
            "--override", f"{LUMP_SUM}={pounds}", "--schools", SCHOOLS, "--out", alone,
        )  # fmt: skip
        assert valued.exit_code == 0, valued.output
        expected = {
            (one["grouping"], one["group"]): (
                one["number"],
                one["notional_sen"],
                one["formula_total"],
            )
            for one in rows_of(alone)
            if one["grouping"] in {"total", "la"}
        }
        own = {
            (one["grouping"], one["group"]): (one["number"], one["after"], one["formula"])
            for one in found
            if one["candidate"] == name and one["grouping"] in {"total", "la"}
        }
        assert own == expected


def test_schools_of_a_candidate_add_to_its_sums_and_decide_whether_it_keeps_to_the_limit(
    document, tmp_path
):
    out, totals = tmp_path / "schools.csv", tmp_path / "totals.csv"
    arguments = ("candidates", document, "--schools", SCHOOLS)
    answer = command(
        *arguments, "--detail", "schools", "--candidate", "2", "--candidate", "6", "--out", out
    )
    assert answer.exit_code == 0, answer.output
    assert command(*arguments, "--out", totals).exit_code == 0
    by_name = {one["candidate"]: one for one in rows_of(totals)}
    for name in ("2", "6"):
        schools = [one for one in rows_of(out) if one["candidate"] == name]
        assert len(schools) == 10
        after = sum(Decimal(one["notional_sen_after"]) for one in schools)
        assert after == Decimal(by_name[name]["total"])
        gained = sum(Decimal(one["notional_sen_change"]) > 0 for one in schools)
        assert gained == int(by_name[name]["winners"])
    assert {one["keeps_to_constraints"] for one in by_name.values()} == {"yes", "no"}


def test_formula_funding_is_compared_where_it_is_asked_for(document, tmp_path):
    out = tmp_path / "totals.csv"
    answer = command(
        "candidates", document, "--schools", SCHOOLS, "--measure", "formula", "--out", out
    )
    assert answer.exit_code == 0, answer.output
    record = json.loads((tmp_path / "totals.csv.manifest.json").read_text())["candidates"]
    assert record["measure"] == "formula"
    assert record["schools"]["as_product"] == 6
    by_name = {one["candidate"]: one for one in rows_of(out)}
    # A percentage moves no formula funding.
    assert by_name["1"]["total"] == by_name["3"]["total"] != by_name["2"]["total"]
    assert "share_of_formula" not in by_name["1"]


def test_a_run_that_was_ended_goes_on_and_threads_change_nothing(document, tmp_path):
    arguments = ("candidates", document, "--schools", SCHOOLS, "--detail", "groups")
    out = [tmp_path / f"{at}.csv" for at in range(2)]
    assert command(*arguments, "--threads", "1", "--out", out[0]).exit_code == 0
    assert command(*arguments, "--threads", "2", "--resume", "--out", out[1]).exit_code == 0
    assert out[0].read_bytes() == out[1].read_bytes()


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (["--publish"], "nothing of them can be published: compare two rule sets"),
        (["--report", "page.html"], "give --exact for a report for your own eyes"),
        (["--detail", "pupils"], "--detail pupils is of --pupils"),
    ],
)
def test_what_schools_do_not_have_is_refused_before_anything_is_read(document, option, sentence):
    answer = command("candidates", document, "--schools", "nothing.csv", *option)
    assert answer.exit_code == 2
    assert sentence in " ".join(answer.stderr.replace("│", " ").split())


def test_rules_without_a_formula_are_refused_by_name(tmp_path):
    path = tmp_path / "tried.yaml"
    text = HEAD.replace("northumberland-2015-16", "calendar-wirral-2013-14")
    path.write_text(f'{text}vary:\n  {FSM}: ["0"]\n', encoding="utf-8")
    answer = command("candidates", path, "--schools", SCHOOLS)
    assert answer.exit_code == 1
    assert "calendar-wirral-2013-14 has no schools formula" in answer.stderr


def test_a_report_for_ones_own_eyes_speaks_of_schools_and_has_the_figures_of_the_file(
    document, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    answer = command(
        "candidates", document, "--schools", SCHOOLS, "--out", "totals.csv",
        "--report", "page.html", "--exact",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Schools that gain, lose or keep what they have" in page
    assert "By phase" in page
    assert "Compared by" in page
    # What pupils are paid is in no report of schools; numbers of pupils are not, either.
    words = page.replace("Exact results by authority", "")
    assert "Type of need" not in words
    assert "Pupils" not in words
    for one in rows_of(tmp_path / "totals.csv"):
        pounds = Decimal(one["total"]).quantize(Decimal(1), ROUND_HALF_UP)
        assert f"£{pounds:,}" in page
    untouched = command("verify", "page.html")
    assert untouched.exit_code == 0, untouched.output


@pytest.mark.parametrize("measure", ["notional_sen", "formula"])
def test_a_workbook_of_candidates_has_its_sheets_and_is_untouched_until_a_cell_changes(
    measure, document, tmp_path
):
    out = tmp_path / "candidates.xlsx"
    answer = command("candidates", document, "--schools", SCHOOLS, "--measure", measure, "--out", out)  # fmt: skip
    assert answer.exit_code == 0, answer.output
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[:5] == ["About", "Candidates", "Front", "Groups", "Left out"]
    verified = command("verify", out)
    assert verified.exit_code == 0, verified.output
    assert "untouched" in verified.output
    book["Candidates"]["B2"] = 1
    book.save(out)
    assert command("verify", out).exit_code != 0


@pytest.mark.parametrize("name", ["groups.csv", "groups.parquet", "candidates.xlsx"])
def test_a_result_of_schools_is_reproduced_from_its_manifest(name, document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    schools = shutil.copy(SCHOOLS, tmp_path / "schools.csv")
    detail = "totals" if name.endswith("xlsx") else "groups"
    named = ("candidates", document.name, "--schools", schools.name, "--measure", "formula")
    answer = command(*named, "--detail", detail, "--out", name)
    assert answer.exit_code == 0, answer.output
    again = command("reproduce", name)
    assert again.exit_code == 0, again.output
    assert "the same" in again.output
