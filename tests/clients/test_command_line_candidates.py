"""``evenband candidates``: a document of candidates to rows, as comparing each of them gives, with what is left out."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.rules.load import canonical
from engine.vocabulary import FIXTURES
from tests.builders import banded, rule_set

PUPILS = str(FIXTURES / "tables" / "toy_pupils.csv")
PRICE = "band_profile.tariff.prices.A.pounds"
PRICE_B = PRICE.replace(".A.", ".B.")
HEAD = "format: evenband-candidates/1\ntitle: Prices of band A\nbaseline: toy-2025-26\n"
FIGURES = ("number", "before", "after", "change", "winners", "losers", "unchanged", "not_known")


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "tried.yaml"
    path.write_text(f'{HEAD}vary:\n  {PRICE}: [5000, 9000, "-1", "7300.55"]\n', encoding="utf-8")
    return path


def groups_of(rows) -> dict:
    """Return the figures of each group."""
    return {
        (one["grouping"], one["group"]): {name: one[name] for name in FIGURES}
        for one in rows
        if one["grouping"] in {"total", "la", "need", "setting"}
    }


def test_each_candidate_has_the_figures_of_comparing_it_alone(document):
    answer = command(
        "candidates", document, "--pupils", PUPILS, "--detail", "groups", "--format", "json"
    )
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    for name, price in {"2": "9000", "4": "7300.55"}.items():
        alone = command(
            "compare", "--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--override",
            f"{PRICE}={price}", "--pupils", PUPILS, "--format", "json",
        )  # fmt: skip
        expected = groups_of(json.loads(alone.stdout))
        assert groups_of([one for one in rows if one["candidate"] == name]) == expected
    assert {one["rule_set"] for one in rows} == {"toy-2025-26"}


def test_a_candidate_that_cannot_be_is_left_out_with_its_reason_in_the_manifest_too(
    document, tmp_path
):
    out = tmp_path / "candidates.csv"
    answer = command("candidates", document, "--pupils", PUPILS, "--out", out)
    assert answer.exit_code == 0, answer.output
    assert "1 candidate is left out" in answer.stderr
    assert "must be between 0 and 100000000" in answer.stderr
    assert [line.partition(",")[0] for line in out.read_text().splitlines()] == [
        "candidate",
        "1",
        "2",
        "4",
    ]
    record = json.loads((tmp_path / "candidates.csv.manifest.json").read_text())["candidates"]
    assert (record["valued"], record["national_constants"]) == (3, "held")
    [left_out] = record["left_out"]
    assert left_out["candidate"] == "3"
    assert (
        sum(record["pupils"][name] for name in ("closed_form", "by_share", "one_by_one", "settled"))
        == 12
    )


def test_one_thread_and_two_give_the_same_bytes(document):
    one, two = (
        command(
            "candidates",
            document,
            "--pupils",
            PUPILS,
            "--detail",
            "groups",
            "--out",
            "-",
            "--threads",
            threads,
        )
        for threads in (1, 2)
    )
    assert one.stdout_bytes == two.stdout_bytes


def test_constraints_say_which_candidates_keep_to_them_and_top_keeps_the_cheapest(tmp_path):
    path = tmp_path / "tried.yaml"
    text = f"{HEAD}vary:\n  {PRICE}: {{from: 4000, to: 9000, step: 500}}\nconstraints: {{authority_loss_percent: 0}}\n"
    path.write_text(text, encoding="utf-8")
    answer = command("candidates", path, "--pupils", PUPILS, "--format", "json", "--top", "1")
    rows = json.loads(answer.stdout)
    assert {one["keeps_to_constraints"] for one in rows} == {"yes"}
    assert {one["largest_authority_loss"] for one in rows} == {"0"}
    assert rows[0]["front"] == "cost and loss, cost and spread"


def test_the_values_of_another_rule_set_are_compared_with_the_baseline(tmp_path):
    path, national = tmp_path / "tried.yaml", "toy-points-2025-26"
    text = f"{HEAD}candidate: {national}\nvary:\n  top_up_rule.threshold.pounds: [5000, 6000]\n"
    path.write_text(text, encoding="utf-8")
    answer = command(
        "candidates", path, "--pupils", PUPILS, "--detail", "groups", "--format", "json"
    )
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    alone = command(
        "compare", "--baseline", "toy-2025-26", "--candidate", national, "--pupils", PUPILS,
        "--override", "top_up_rule.threshold.pounds=5000", "--format", "json",
    )  # fmt: skip
    expected = groups_of(json.loads(alone.stdout))
    assert groups_of([one for one in rows if one["candidate"] == "1"]) == expected
    assert {one["baseline_rule_set"] for one in rows} == {"toy-2025-26"}
    assert {one["candidate_rule_set"] for one in rows} == {national}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "candidate: toy-2025-26\nrule_sets: tried\n",
            "line 4: candidate: is of 'vary' and 'table' alone",
        ),
        ("vary: {top_up_rule.threshhold.pounds: [1]}\n", "top_up_rule.threshhold.pounds"),
        ("vary: {a: []}\n", "line 4: vary.a: must be a list of values"),
    ],
)
def test_a_path_or_list_that_cannot_be_is_refused_at_its_place(text, says, tmp_path):
    path = tmp_path / "tried.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    answer = command("candidates", path, "--pupils", PUPILS)
    assert answer.exit_code == 1
    assert says in answer.stderr


POINTS = "band_profile.assignment.points.steps.band:2.from"
SECOND = "band_profile.tariff.prices.band:2.pounds@from:2025-09-01"
"""Prices that change within the year are not in lanes: each set of cut-offs is a structure."""


@pytest.fixture
def by_points(tmp_path):
    """Return a document whose cut-offs change fastest, so that answers wait for others, and its table."""
    path, table = tmp_path / "points.yaml", tmp_path / "points.csv"
    path.write_text(
        "format: evenband-candidates/1\ntitle: Points\nbaseline: toy-points-2025-26\nvary:\n"
        f"  {SECOND}: {{from: 7000, to: 7040, step: 1}}\n  {POINTS}: [20, 21, 22]\n",
        encoding="utf-8",
    )
    rows = "".join(f"p{at},{940 + at % 2},E,{12 + at}\n" for at in range(40))
    table.write_text(f"pupil_key,la,sen_provision,points\n{rows}", encoding="utf-8")
    return path, table


@pytest.mark.parametrize("top", [(), ("--top", "5")])
def test_rows_of_groups_are_in_the_order_of_candidates_in_every_kind_of_file(
    by_points, tmp_path, top
):
    document, table = by_points
    frames = {}
    for kind in ("csv", "json", "parquet", "xlsx"):
        out = tmp_path / f"out.{kind}"
        words = ("--detail", "groups", "--out", out, "--other-authorities", "valued", *top)
        answer = command("candidates", document, "--pupils", table, *words)
        assert answer.exit_code == 0, answer.output
        assert "123 candidates, over 40 rows of pupils" in answer.stderr
        manifest = json.loads((tmp_path / f"out.{kind}.manifest.json").read_text())
        assert manifest["candidates"]["valued"] == 123
        frames[kind] = out, manifest["files"][0]["rows"]
    rows = json.loads(frames["json"][0].read_text())
    numbers = [int(row["candidate"]) for row in rows]
    assert numbers == sorted(numbers)
    assert top or set(numbers) == set(range(1, 124))
    parquet = pl.read_parquet(frames["parquet"][0])
    assert parquet["candidate"].to_list() == [row["candidate"] for row in rows]
    assert {number for _, number in frames.values()} == {len(rows)} == {parquet.height}
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_rows_of_groups_on_standard_output_are_those_of_a_file(by_points, tmp_path):
    document, table = by_points
    words = ("candidates", document, "--pupils", table, "--detail", "groups")
    words = (*words, "--other-authorities", "valued")
    assert command(*words, "--out", tmp_path / "out.csv").exit_code == 0
    answer = command(*words, "--out", "-")
    assert answer.stdout_bytes == (tmp_path / "out.csv").read_bytes()
    assert "123 candidates" in answer.stderr


def test_pupils_and_schools_of_named_candidates_are_those_of_comparing_each(document):
    for detail in ("pupils", "schools"):
        answer = command(
            "candidates", document, "--pupils", PUPILS, "--detail", detail, "--candidate", "4", "--candidate", "1",
            "--format", "json",
        )  # fmt: skip
        assert answer.exit_code == 0, answer.output
        rows = json.loads(answer.stdout)
        assert list(dict.fromkeys(one["candidate"] for one in rows)) == ["4", "1"]
        for name, price in {"4": "7300.55", "1": "5000"}.items():
            alone = command(
                "compare", "--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--override",
                f"{PRICE}={price}", "--pupils", PUPILS, "--format", "json",
                *(["--detail", "pupils"] if detail == "pupils" else []),
            )  # fmt: skip
            expected = json.loads(alone.stdout)
            if detail == "schools":
                expected = [one for one in expected if one["grouping"] == "school"]
            own = [one for one in rows if one["candidate"] == name]
            names = set(own[0]) & set(expected[0])
            assert {"before", "after", "change"} <= names
            assert [{key: one[key] for key in names} for one in own] == [
                {key: one[key] for key in names} for one in expected
            ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--candidate", "17"], "no candidate is called 17"),
        (["--candidate", "3"], "candidate 3 is left out"),
        ([], "name them with --candidate"),
        (["--publish", "--candidate", "1"], "cannot be published"),
    ],
)
def test_pupils_of_no_candidate_that_there_is_are_refused(options, says, document):
    answer = command("candidates", document, "--pupils", PUPILS, "--detail", "pupils", *options)
    assert answer.exit_code in {1, 2}
    assert says in " ".join(answer.stderr.split())


def test_a_publication_counts_no_pupils_in_its_manifest_and_shows_no_small_number(
    document, tmp_path
):
    out = tmp_path / "published.csv"
    answer = command(
        "candidates", document, "--pupils", PUPILS, "--publish", "--candidate", "2", "--detail", "groups", "--out", out,
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert "authorities for the baseline and 1 candidate." in answer.stderr
    record = json.loads((tmp_path / "published.csv.manifest.json").read_text())
    assert record["publication"]["by_authority"] == ["2"]
    assert record["publication"]["candidates_by_authority"] == 1
    [left] = record["candidates"]["left_out"]
    assert left["candidate"] == "3"
    assert "must be between 0 and 100000000" in left["reason"]
    assert "pupils" not in record["candidates"]
    assert not {"rows", "totals", "notices"} & set(record)
    assert all("rows" not in one for one in record["inputs"])
    lines = [line.split(",") for line in out.read_text().splitlines()]
    assert {line[0] for line in lines[1:]} == {"baseline", "1", "2", "4"}
    for name in ("number", "winners", "losers", "unchanged", "not_known"):
        cells = [line[lines[0].index(name)] for line in lines[1:]]
        assert not [one for one in cells if one not in ("c", "") and 1 <= int(one) <= 5]


BY_SCORE = {
    "table": {
        "hit_policy": "unique", "inputs": ["score"], "gaps": True,
        "rows": [{"when": {"score": "10+"}, "band": "A"}],
    }
}  # fmt: skip


def test_a_reason_of_single_pupils_is_published_as_that_and_said_in_full_to_who_runs_it(tmp_path):
    rules, plan, pupils = (tmp_path / name for name in ("rules.yaml", "plan.yaml", "pupils.csv"))
    parts = banded([{"pounds": "1000"}], ["A"], BY_SCORE, pays_when={"score": ["10+"]})
    rules.write_text(canonical(rule_set(**parts)), encoding="utf-8")
    varied = "vary:\n  top_up_rule.pays_when.score.from: [10, 5]\n"
    plan.write_text(
        f"format: evenband-candidates/1\ntitle: Scores\nbaseline: {rules}\n{varied}",
        encoding="utf-8",
    )
    pupils.write_text("pupil_key,la,score\nP1,201,12\nP2,201,7\n", encoding="utf-8")
    out, page = tmp_path / "published.csv", tmp_path / "page.html"
    answer = command(
        "candidates", plan, "--pupils", pupils, "--publish", "--out", out, "--report", page
    )
    assert answer.exit_code == 0, answer.output
    assert "row 3" in answer.stderr
    expected = [{"candidate": "2", "reason": "some pupils of the table cannot be valued under it"}]
    for name in ("published.csv", "page.html"):
        record = json.loads((tmp_path / f"{name}.manifest.json").read_text())
        assert record["candidates"]["left_out"] == expected
    shown = page.read_text(encoding="utf-8")
    assert "some pupils of the table cannot be valued under it" in shown
    assert "row 3" not in shown


def test_more_candidates_by_authority_than_may_be_published_are_refused(tmp_path):
    path = tmp_path / "tried.yaml"
    path.write_text(f"{HEAD}vary:\n  {PRICE}: [5000, 6000, 7000, 8000]\n", encoding="utf-8")
    answer = command("candidates", path, "--pupils", PUPILS, "--publish", "--top", "4")
    assert answer.exit_code == 1
    assert "more than the 3 that may be published" in " ".join(answer.stderr.split())


def test_bands_of_change_and_tenths_of_a_candidate_count_every_pupil(document):
    answer = command(
        "candidates", document, "--pupils", PUPILS, "--detail", "changes", "--candidate", "2", "--format", "json",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    alone = command(
        "compare", "--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--override",
        f"{PRICE}=9000", "--pupils", PUPILS, "--format", "json",
    )  # fmt: skip
    [total] = [one for one in json.loads(alone.stdout) if one["grouping"] == "total"]
    of = [one for one in rows if one["measure"] == "band of change"]
    assert (
        sum(one["number"] for one in of if one["from"] == "0.00" and one["to"] != "0.00")
        <= total["winners"]
    )
    assert sum(one["number"] for one in of) + total["not_known"] == total["number"]
    assert f"{sum(float(one['change']) for one in of):.2f}" == total["change"]
    assert {one["measure"] for one in rows} >= {"tenth of funded", "not known"}


def test_a_candidate_that_takes_more_a_pupil_from_a_school_does_not_keep_to_the_constraints(
    tmp_path,
):
    path = tmp_path / "tried.yaml"
    text = f"{HEAD}vary:\n  {PRICE_B}: [6000, 19000]\nconstraints: {{school_loss_per_pupil: 0}}\n"
    path.write_text(text, encoding="utf-8")
    answer = command("candidates", path, "--pupils", PUPILS, "--format", "json")
    assert answer.exit_code == 0, answer.output
    assert [one["keeps_to_constraints"] for one in json.loads(answer.stdout)] == ["no", "yes"]
