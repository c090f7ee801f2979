"""Files of results: the same bytes from any input, whole or not there, nothing written over."""

import hashlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from typer.testing import CliRunner

from app.cli import app
from engine.reading import read_table
from engine.vocabulary import FIXTURES

ROOT = Path(__file__).resolve().parents[2]
PUPILS = FIXTURES / "tables" / "toy_pupils.csv"
SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
KINDS = ["csv", "json", "parquet", "xlsx"]
ROWS = 8_000
"""Rows of which a workbook takes long enough to write that a run can be ended half-way."""


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def value(table, out, *more):
    inputs = ("--rules", "toy-2025-26", "--pupils", table, "--detail", "pupils")
    result = command("value", *inputs, "--out", out, *more)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    return out.read_bytes()


def as_workbook(frame, path):
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        for row, cells in enumerate([frame.columns, *frame.rows()]):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write_string(row, column, cell)


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_of_input_changes_no_row_and_the_threads_no_byte(kind, tmp_path):
    frame = read_table(PUPILS)
    frame.write_parquet(tmp_path / "pupils.parquet")
    as_workbook(frame, tmp_path / "pupils.xlsx")
    frame.sample(fraction=1, shuffle=True, seed=1).write_csv(tmp_path / "shuffled.csv")
    tables = [PUPILS, *(tmp_path / f"pupils.{one}" for one in ("parquet", "xlsx"))]
    tables.append(tmp_path / "shuffled.csv")
    out = tmp_path / f"out.{kind}"
    written, contents = set(), set()
    for table in tables:
        written.add(value(table, out))
        manifest = json.loads(out.with_name(f"{out.name}.manifest.json").read_text())
        contents.add(manifest["content"]["sha256"])
    assert len(contents) == 1
    # A Parquet file and a workbook carry the digests of their inputs.
    assert len(written) == (1 if kind in {"csv", "json"} else len(tables))
    assert value(PUPILS, out) == value(PUPILS, out, "--threads", 2)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_holds_the_same_amounts(kind, tmp_path):
    value(PUPILS, tmp_path / f"out.{kind}")
    expected = ["2976.00", "6791.58", "333.33", "50000.00"]
    if kind == "json":
        records = json.loads((tmp_path / "out.json").read_text())
        amounts = [record["top_up"] for record in records]
    elif kind == "parquet":
        amounts = [str(one) for one in pl.read_parquet(tmp_path / "out.parquet")["top_up"]]
    else:
        frame = read_table(tmp_path / f"out.{kind}")
        amounts = [f"{float(one):.2f}" for one in frame["top_up"]]
    assert [one for one in amounts if one in expected] == expected


def test_a_manifest_names_inputs_rules_engine_counts_and_totals(tmp_path):
    data = value(PUPILS, tmp_path / "out.csv")
    text = (tmp_path / "out.csv.manifest.json").read_text()
    manifest = json.loads(text)
    assert manifest["files"] == [
        {"name": "out.csv", "sha256": hashlib.sha256(data).hexdigest(), "rows": 12}
    ]
    pupils = hashlib.sha256(PUPILS.read_bytes()).hexdigest()
    assert manifest["inputs"][1] == {
        "part": "pupils", "name": "toy_pupils.csv", "sha256": pupils, "rows": 12,
    }  # fmt: skip
    (rules,) = manifest["rule_sets"]
    assert (rules["identifier"], rules["version"], len(rules["digest"])) == ("toy-2025-26", 1, 64)
    assert manifest["engine"]["semantics"] >= 1
    (total,) = manifest["totals"]
    assert (total["number"], total["top_up"], total["not_known"]) == (12, "88711.91", 0)
    assert str(tmp_path) not in text


def test_standard_output_is_the_file_and_nothing_else(tmp_path):
    inputs = ("value", "--rules", "toy-2025-26", "--pupils", PUPILS, "--detail", "pupils")
    data = value(PUPILS, tmp_path / "out.csv")
    assert command(*inputs, "--out", "-").stdout_bytes == data
    assert command(*inputs, "--format", "csv").stdout_bytes == data


def test_an_input_is_never_written_over(tmp_path):
    table = tmp_path / "pupils.csv"
    table.write_bytes(PUPILS.read_bytes())
    for out in (table, tmp_path / "." / "pupils.csv"):
        result = command(
            "value", "--rules", "toy-2025-26", "--pupils", table, "--out", out, "--detail", "pupils"
        )
        assert result.exit_code == 2
        assert "choose another name" in " ".join(result.stderr.split())
    assert table.read_bytes() == PUPILS.read_bytes()


def run_with(change, arguments, monkeypatch, before="engine.run.evaluate"):
    """Run a command, with a change between reading and writing."""
    module, _, name = before.rpartition(".")
    real = getattr(sys.modules.get(module) or importlib.import_module(module), name)

    def then(*more, **options):
        change()
        return real(*more, **options)

    monkeypatch.setattr(before, then)
    return command(*arguments)


@pytest.mark.parametrize("part", ["pupils", "layout", "rules"])
@pytest.mark.parametrize("out", ["out.csv", "-", None])
@pytest.mark.parametrize("change", ["grown", "cut"])
def test_an_input_that_changes_during_a_run_is_refused_and_nothing_written(
    part, out, change, tmp_path, monkeypatch
):
    files = {
        "pupils": tmp_path / "pupils.csv",
        "layout": tmp_path / "layout.yaml",
        "rules": tmp_path / "rules.yaml",
    }
    files["pupils"].write_bytes(PUPILS.read_bytes())
    files["rules"].write_bytes((FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_bytes())
    names = read_table(PUPILS).columns
    columns = "".join(f"  {name}: {name}\n" for name in names)
    files["layout"].write_text(f"about: a\nsource: b\ncolumns:\n{columns}")
    target = tmp_path / "out.csv"
    target.write_text("before")

    def spoil():
        content = files[part].read_bytes()
        files[part].write_bytes(content + b"\n" if change == "grown" else content[:-1])

    arguments = ["value"]
    for name, path in files.items():
        arguments += [f"--{name}", path]
    if out is not None:
        arguments += ["--out", tmp_path / out if out != "-" else "-"]
    result = run_with(spoil, arguments, monkeypatch)
    assert result.exit_code == 1, result.stderr
    assert str(files[part]) in result.stderr
    assert "changed while it was being used" in result.stderr
    assert result.stdout == ""
    assert target.read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} == {
        "out.csv", *(path.name for path in files.values())
    }  # fmt: skip


def test_what_is_piped_in_is_valued_and_named_by_its_digest(tmp_path):
    out = tmp_path / "out.csv"
    arguments = ("value", "--rules", "toy-2025-26", "--pupils", "-", "--detail", "pupils")
    content = PUPILS.read_bytes()
    result = CliRunner().invoke(app, [*arguments, "--out", str(out)], input=content)
    assert result.exit_code == 0, result.stderr
    assert out.read_bytes() == value(PUPILS, tmp_path / "other.csv")
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text())
    assert manifest["inputs"][1] == {
        "part": "pupils",
        "name": "standard input",
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": 12,
    }


def test_standard_input_is_one_table_and_no_second(tmp_path):
    result = command("value", "--rules", "toy-2025-26", "--pupils", "-", "--schools", "-")
    assert result.exit_code == 2
    assert "standard input holds one table" in " ".join(result.stderr.split())


def test_a_table_that_is_refused_on_standard_input_says_so():
    arguments = ["value", "--rules", "toy-2025-26", "--pupils", "-"]
    result = CliRunner().invoke(app, arguments, input=b"la\n929\n")
    assert result.exit_code == 1
    assert result.stderr.startswith("standard input:\n")


@pytest.mark.parametrize("option", ["--pupils", "--layout", "--rules"])
def test_a_named_pipe_is_refused_and_not_waited_for(option, tmp_path):
    pipe = tmp_path / ("a.csv" if option == "--pupils" else "a.yaml")
    os.mkfifo(pipe)
    options = {"--rules": "toy-2025-26", "--pupils": PUPILS} | {option: pipe}
    result = command("value", *(part for pair in options.items() for part in pair))
    assert result.exit_code == 1
    assert f"{pipe}:" in result.stderr
    assert "is a named pipe" in result.stderr


def test_a_refused_run_leaves_an_earlier_result_as_it_was(tmp_path):
    out = tmp_path / "out.csv"
    before = value(PUPILS, out)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("pupil_key,la\na,940\n")
    result = command("value", "--rules", "toy-2025-26", "--pupils", wrong, "--out", out)
    assert result.exit_code == 1
    assert out.read_bytes() == before
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"out.csv", "out.csv.manifest.json", "wrong.csv"}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_half_way_leaves_no_part_of_a_file(ending, tmp_path):
    table = tmp_path / "pupils.csv"
    rows = "".join(f"p{number:07},940,E,mainstream,25,A\n" for number in range(ROWS))
    table.write_text(f"pupil_key,la,sen_provision,setting,hours,band\n{rows}")
    folder = tmp_path / "out"
    folder.mkdir()
    program = Path(sys.executable).with_name("evenband")
    inputs = ("--rules", "toy-2025-26", "--pupils", table, "--detail", "pupils")
    out = folder / "out.xlsx"
    with subprocess.Popen([program, "value", *inputs, "--out", out], cwd=ROOT) as running:
        while running.poll() is None and not list(folder.iterdir()):
            time.sleep(0.01)
        running.send_signal(ending)
    names = {path.name for path in folder.iterdir()}
    assert not any(name == "out.xlsx.manifest.json" for name in names) or "out.xlsx" in names
    if "out.xlsx" in names:
        assert len(read_table(out)) == ROWS
    if ending is signal.SIGTERM:
        assert not [name for name in names if name.endswith(".partial")]


def test_invented_pupils_are_written_whole_and_can_be_valued(tmp_path):
    arguments = ("synth", "--pupils", 400, "--seed", 7, "--out")
    for folder in (tmp_path / "one", tmp_path / "two"):
        assert command(*arguments, folder).exit_code == 0
    for name in ("pupils.csv", "schools.csv", "manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["synthetic"]["seed"] == 7
    inputs = (
        "--pupils",
        tmp_path / "one" / "pupils.csv",
        "--schools",
        tmp_path / "one" / "schools.csv",
    )
    result = command("value", "--rules", "nff-2025-26", *inputs)
    assert result.exit_code == 0, result.stderr
    assert "Schools" in result.stdout


def test_invented_pupils_can_be_parquet(tmp_path):
    result = command("synth", "--pupils", 50, "--out", tmp_path, "--format", "parquet")
    assert result.exit_code == 0
    assert len(read_table(tmp_path / "pupils.parquet")) == 50


def test_nothing_is_replaced_where_the_manifest_cannot_be_written(tmp_path):
    out = tmp_path / "a.csv"
    out.write_text("what was there before")
    (tmp_path / "a.csv.manifest.json").mkdir()
    result = command("value", "--rules", "toy-2025-26", "--pupils", PUPILS, "--out", out)
    assert result.exit_code == 2
    assert out.read_text() == "what was there before"


def test_a_link_stays_and_what_it_names_is_written(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("")
    link.symlink_to(real)
    value(PUPILS, link)
    assert link.is_symlink()
    assert real.read_text().startswith("pupil_key")


def test_files_whose_names_are_no_text_are_read_written_and_named(tmp_path):
    table, out = (tmp_path / os.fsdecode(name) for name in (b"pupils \xff.csv", b"out \xfe.csv"))
    table.write_bytes(PUPILS.read_bytes())
    assert value(table, out) == value(PUPILS, tmp_path / "plain.csv")
    manifest = json.loads((tmp_path / f"{out.name}.manifest.json").read_bytes())
    assert manifest["inputs"][-1]["name"] == table.name
    assert [one["name"] for one in manifest["files"]] == [out.name]


def test_an_output_of_links_that_lead_to_each_other_is_named(tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.symlink_to(other)
    other.symlink_to(one)
    result = command("value", "--rules", "toy-2025-26", "--pupils", PUPILS, "--out", one)
    assert result.exit_code == 3
    assert result.stderr.startswith(f"{one}: ")
