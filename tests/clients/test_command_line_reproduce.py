"""A manifest is run again: the result is the same, or what differs is said; what cannot be run again is refused in words."""

import json
import os
import shutil
import zipfile

import polars as pl
import pytest

from engine.data import FIXTURES, PUBLISHED
from tests.clients.starts import started

TABLE = FIXTURES / "tables" / "toy_pupils.csv"
SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
PRICE = "band_profile.tariff.prices.A.pounds"
CANDIDATES = f"format: evenband-candidates/1\ntitle: Prices\nbaseline: toy-2025-26\nvary:\n  {PRICE}: [5000, 9000]\n"
SAME = "the same: {} and everything that the manifest says of the result."


@pytest.fixture
def folder(tmp_path):
    shutil.copy(TABLE, tmp_path / "pupils.csv")
    (tmp_path / "tried.yaml").write_text(CANDIDATES, encoding="utf-8")
    return tmp_path


COMMANDS = {
    "value": ("value", "--rules", "toy-2025-26", "--pupils", "pupils.csv", "--detail", "pupils"),
    "value of schools": ("value", "--rules=northumberland-2015-16", "--schools", SCHOOLS, "--detail", "lines"),
    "compare": (
        "compare", "--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--override",
        f"{PRICE}=9000", "--pupils", "pupils.csv",
    ),
    "publish": (
        "compare", "--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--override",
        f"{PRICE}=9000", "--pupils", "pupils.csv", "--publish",
    ),
    "candidates": ("candidates", "tried.yaml", "--pupils", "pupils.csv"),
    "groups": ("candidates", "tried.yaml", "--pupils", "pupils.csv", "--detail", "groups"),
    "seek": ("seek", "--rules", "toy-2025-26", "--path", PRICE, "--total", "90000", "--pupils", "pupils.csv"),
    "places": ("places", "--rules", "dedicated-schools-grant-2020-21", "--places", FIXTURES / "examples" / "places.csv"),
}  # fmt: skip


def written(folder, words, name="out.csv"):
    ran = started(*words, "--threads", "1", "--out", name, cwd=folder) if words[0] in {"value", "compare", "candidates"} else started(*words, "--out", name, cwd=folder)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return folder / name


@pytest.mark.parametrize("command", COMMANDS)
def test_a_result_that_is_worked_out_again_is_the_same(folder, command):
    out = written(folder, COMMANDS[command])
    before = sorted(path.name for path in folder.iterdir())
    rows = json.loads((folder / "out.csv.manifest.json").read_text())["files"][0]["rows"]
    again = started("reproduce", out, cwd=folder)
    assert again.returncode == 0, again.stderr
    assert again.stdout.strip() == SAME.format(f"{rows:,} row{'s' if rows != 1 else ''}")
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("command", "kind"),
    [("value", "json"), ("value", "xlsx"), ("groups", "parquet"), ("groups", "xlsx")],
)
def test_a_manifest_of_any_kind_of_file_is_run_again_and_says_the_same_content(
    folder, command, kind
):
    out = written(folder, COMMANDS[command], f"out.{kind}")
    manifest = json.loads((folder / f"out.{kind}.manifest.json").read_text())
    plain = written(folder, COMMANDS[command], "plain.csv")
    other = json.loads(plain.with_name("plain.csv.manifest.json").read_text())
    assert manifest["content"] == other["content"]
    if kind in {"parquet", "xlsx"}:
        (folder / f"out.{kind}.manifest.json").unlink()
        assert "untouched" in started("verify", out).stdout
    again = started("reproduce", out, cwd=folder)
    assert again.returncode == 0, again.stderr


def with_another_amount(path):
    """Change an amount in a Parquet file or a workbook, which keeps the manifest that it carries."""
    if path.suffix == ".parquet":
        carried = {"evenband.manifest": pl.read_parquet_metadata(path)["evenband.manifest"]}
        frame = pl.read_parquet(path).with_columns(pl.col("top_up") + 1)
        frame.write_parquet(path, metadata=carried)
        return
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b"<v>2976.0</v>" in parts[sheet]
    parts[sheet] = parts[sheet].replace(b"<v>2976.0</v>", b"<v>2977.0</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_a_file_that_is_alone_and_was_altered_is_found_by_its_rows(folder, kind):
    out = written(folder, COMMANDS["value"], f"out.{kind}")
    (folder / f"out.{kind}.manifest.json").unlink()
    with_another_amount(out)
    ran = started("verify", out)
    assert ran.returncode == 1
    assert "altered since it was written" in ran.stdout


def test_inputs_in_another_folder_are_found_by_their_names_and_their_digests(
    folder, tmp_path_factory
):
    out = written(folder, COMMANDS["value"])
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    missing = started("reproduce", out, cwd=elsewhere)
    assert missing.returncode == 1
    assert "pupils.csv: not found; say with --inputs in which folder it is" in missing.stderr
    (folder / "pupils.csv").rename(elsewhere / "pupils.csv")
    assert started("reproduce", out, "--inputs", elsewhere).returncode == 0
    with (elsewhere / "pupils.csv").open("a") as file:
        file.write("\n")
    other = started("reproduce", out, "--inputs", elsewhere)
    assert other.returncode == 1
    assert "pupils.csv: is another file than the one that the result was made from" in other.stderr


def changed(out, change):
    """Write the manifest of a file as another one."""
    place = out.with_name(out.name + ".manifest.json")
    held = json.loads(place.read_text("utf-8"))
    change(held)
    place.write_text(json.dumps(held), "utf-8")
    return place


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda held: held["engine"].update(semantics=1, version="0.0.9"), "release 0.0.9 gives this result again"),
        (lambda held: held["rule_sets"][0].update(version=9), "toy-2025-26 version 9: is not published here"),
        (lambda held: held["rule_sets"][0].update(digest="0"), "toy-2025-26 version 1: is not published here"),
        (lambda held: held.pop("command"), "names no command that can be run again"),
        (lambda held: held.update(command="value"), "names no command that can be run again"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_again_is_refused_in_words(folder, change, says):
    out = written(folder, COMMANDS["value"])
    ran = started("reproduce", changed(out, change), cwd=folder)
    assert ran.returncode == 1
    assert says in ran.stderr
    assert ran.stdout == ""


def test_a_result_that_comes_out_otherwise_says_what_differs_and_with_what_it_was_made(folder):
    out = written(folder, COMMANDS["value"])

    def change(held):
        held["content"]["sha256"] = "0" * 64
        held["totals"] = []
        held["program"]["libraries"]["polars"] = "0.1"
        held["program"]["engine_source"] = "0"

    ran = started("reproduce", changed(out, change), cwd=folder)
    assert ran.returncode == 1
    assert ran.stdout.splitlines()[0] == "not the same:"
    for line in (
        "the rows: differ in sha256",
        "totals: 0, now 1",
        "made by other source of the engine",
    ):
        assert f"  {line}" in ran.stdout.splitlines()
    assert "made with polars 0.1, here " in ran.stdout


def test_a_document_whose_own_files_changed_is_refused(folder):
    (folder / "table.csv").write_text(f"candidate,{PRICE}\none,5000\n")
    (folder / "tried.yaml").write_text(
        "format: evenband-candidates/1\ntitle: Prices\nbaseline: toy-2025-26\ntable: table.csv\n"
    )
    out = written(folder, COMMANDS["candidates"])
    (folder / "table.csv").write_text(f"candidate,{PRICE}\none,6000\n")
    ran = started("reproduce", out, cwd=folder)
    assert ran.returncode == 1
    assert "table.csv: is another file" in ran.stderr


def test_a_working_of_one_pupil_names_no_pupil_and_is_not_run_again(folder):
    out = written(
        folder, ("value", "--rules", "toy-2025-26", "--pupils", "pupils.csv", "--explain", "toy-08")
    )
    manifest = out.with_name("out.csv.manifest.json")
    assert "toy-08" not in manifest.read_text()
    ran = started("reproduce", manifest, cwd=folder)
    assert ran.returncode == 1
    assert "it is of one pupil or school" in ran.stderr


def test_a_published_manifest_names_no_folder(folder):
    words = [
        str(folder / "pupils.csv") if one == "pupils.csv" else one for one in COMMANDS["publish"]
    ]
    out = written(folder, words)
    assert str(folder) not in out.with_name("out.csv.manifest.json").read_text()


def test_a_table_that_was_piped_in_is_kept_nowhere(folder):
    words = ["-" if one == "pupils.csv" else one for one in COMMANDS["value"]]
    out = written(folder, COMMANDS["value"])

    def change(held):
        held["command"] = list(words)
        held["inputs"][1]["name"] = "standard input"

    ran = started("reproduce", changed(out, change), cwd=folder)
    assert ran.returncode == 1
    assert "standard input: was piped in and is kept nowhere" in ran.stderr


def test_nothing_need_be_writable(folder):
    out = written(folder, COMMANDS["value"], "out.parquet")
    out.with_name("out.parquet.manifest.json").unlink()
    nowhere = {
        **os.environ,
        "HOME": "/nonexistent",
        "TMPDIR": "/nonexistent",
        "XDG_CACHE_HOME": "/nonexistent",
    }
    for words in (("verify", out), ("reproduce", out)):
        ran = started(*words, cwd=folder, env=nowhere)
        assert ran.returncode == 0, ran.stderr


def test_published_rules_that_are_no_longer_the_latest_are_found_by_their_version(folder, tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    text = next(PUBLISHED.rglob("toy-2025-26.yaml")).read_text("utf-8")
    (rules / "toy-2025-26.yaml").write_text(text, "utf-8")
    env = {**os.environ, "EVENBAND_RULES_FOLDER": str(rules)}
    out = folder / "out.csv"
    assert started(*COMMANDS["value"], "--out", out, cwd=folder, env=env).returncode == 0
    later = text.replace("version: 1", "version: 2", 1)
    assert later != text
    (rules / "toy-2025-26-2.yaml").write_text(later, "utf-8")
    again = started("reproduce", out, cwd=folder, env=env)
    assert again.returncode == 0, again.stderr
    assert "superseded by version 2" in started("verify", out, env=env).stdout


def test_options_that_change_no_row_are_no_part_of_what_is_run_again(folder):
    page = folder / "page.html"
    words = (*COMMANDS["candidates"], "--report", page, "--exact", "--resume")
    out = written(folder, words)
    held = json.loads(out.with_name("out.csv.manifest.json").read_text())
    assert held["command"] == [str(one) for one in COMMANDS["candidates"]]
    page.unlink()
    again = started("reproduce", out, cwd=folder)
    assert again.returncode == 0, again.stderr
    assert not page.exists()
