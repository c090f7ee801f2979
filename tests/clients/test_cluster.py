"""``evenband candidates --cluster``: the same bytes from other processes, whichever of them live, and no stranger among them."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.commands.candidate_worker import Unlike, answer, detail_part, figures, source_of, unpacked
from app.commands.table_options import table_files
from engine.candidates import run
from engine.candidates.schools import run as school_run
from engine.export import candidate_details
from engine.export.candidate_details import Part
from engine.input_file import digest_of
from engine.source import source_digest
from engine.vocabulary import FIXTURES
from tests.clients.clusters import make_certificates, real_cluster, wait_until_busy

PROGRAM = Path(sys.executable).with_name("evenband")
DOCUMENT = """format: evenband-candidates/1
title: Tried on a cluster
baseline: national-profile-candidate
design: grid
vary:
  top_up_rule.threshold.pounds: {from: "4000", to: "6000", step: "0.4"}
"""
NOTHING = ((None, None, None),) * 3


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with real_cluster(tmp_path_factory.mktemp("cluster")) as one:
        yield one


@pytest.fixture(scope="module")
def pupils(tmp_path_factory):
    folder = tmp_path_factory.mktemp("invented")
    done = CliRunner().invoke(app, ["synth", "--pupils", "2000", "--out", str(folder)])
    assert done.exit_code == 0
    return folder / "pupils.csv"


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "tried.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


def candidates(document, pupils, out, *more):
    """Start the installed program."""
    named = ("candidates", document, "--pupils", pupils, "--out", out, *more)
    return subprocess.Popen(
        [PROGRAM, *map(str, named)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process):
    out, said = process.communicate()
    assert process.returncode == 0, said
    assert not out
    return said


def test_a_cluster_of_this_machine_gives_the_same_bytes_of_totals_and_groups(
    document, pupils, tmp_path
):
    for detail in ("totals", "groups"):
        more = ("--detail", detail, "--top", "20")
        said = [
            ended(candidates(document, pupils, tmp_path / name, *more, *where))
            for name, where in (
                ("alone.csv", ()),
                ("local.csv", ("--cluster", "local", "--threads", "2")),
            )
        ]
        assert said[0] == said[1]
        assert (tmp_path / "alone.csv").read_bytes() == (tmp_path / "local.csv").read_bytes()


def test_a_worker_that_is_killed_and_one_that_joins_change_no_byte(
    document, pupils, tmp_path, cluster
):
    alone, shared = tmp_path / "alone.csv", tmp_path / "shared.csv"
    ended(candidates(document, pupils, alone))
    running = candidates(
        document, pupils, shared, "--cluster", cluster.address,
        "--certificates", cluster.certificates,
    )  # fmt: skip
    wait_until_busy(cluster, 0)
    cluster.workers[0].kill()
    cluster.add_worker()
    ended(running)
    assert alone.read_bytes() == shared.read_bytes()


def here(document, pupils, out, *more):
    """Run the program in this process."""
    named = ("candidates", document, "--pupils", pupils, "--out", out, *more)
    done = CliRunner().invoke(app, [*map(str, named)])
    assert done.exit_code == 0, done.output
    return done.stderr


def on(cluster):
    """Return the options that name a cluster."""
    return "--cluster", cluster.address, "--certificates", cluster.certificates


@pytest.mark.parametrize(
    ("detail", "ending"),
    [("pupils", "csv"), ("pupils", "parquet"), ("schools", "csv"), ("changes", "json")],
)
def test_details_by_authority_on_a_cluster_are_the_same_bytes_and_leave_nothing_beside_them(
    detail, ending, document, pupils, tmp_path, cluster, monkeypatch
):
    folder = tmp_path / "out"
    folder.mkdir()
    alone, shared = (folder / f"{name}.{ending}" for name in ("alone", "shared"))
    more = ("--detail", detail, "--candidate", "7", "--candidate", "3")
    here(document, pupils, alone, *more)
    monkeypatch.setattr(candidate_details, "ROWS", 100)
    monkeypatch.setattr(candidate_details, "part_rows", None)
    here(document, pupils, shared, *more, *on(cluster))
    assert alone.read_bytes() == shared.read_bytes()
    names = {f"{one.name}{more}" for one in (alone, shared) for more in ("", ".manifest.json")}
    assert {one.name for one in folder.iterdir()} == names


SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
OF_SCHOOLS = """format: evenband-candidates/1
title: Percentages on a cluster
baseline: northumberland-2015-16
vary:
  schools_formula.factors.fsm.primary.notional_percent: {from: "0", to: "100", step: "0.05"}
  schools_formula.factors.lump_sum.primary.unit_value: ["154000.55", "154000.56"]
constraints: {school_loss_per_pupil: "20"}
"""


@pytest.mark.parametrize("measure", ["notional_sen", "formula"])
def test_candidates_over_schools_are_worked_out_by_workers_to_the_same_bytes(
    measure, tmp_path, cluster, monkeypatch
):
    document = tmp_path / "tried.yaml"
    document.write_text(OF_SCHOOLS, encoding="utf-8")
    made = []
    for where in ((), on(cluster)):
        if where:
            monkeypatch.setattr(school_run.SchoolRun, "_answer", _of_one_limit)
        for name, detail in (("totals.csv", "totals"), ("groups.parquet", "groups")):
            out = tmp_path / name
            named = ("candidates", document, "--schools", SCHOOLS, "--measure", measure)
            more = ("--detail", detail, "--top", "20", "--out", out, *where)
            done = CliRunner().invoke(app, [*map(str, (*named, *more))])
            assert done.exit_code == 0, done.output
            made.append((out.read_bytes(), done.stderr))
    assert made[:2] == made[2:]


ANSWER = school_run.SchoolRun._answer


def _of_one_limit(run, number):
    """Work a block out where it has each school, which a limit of what schools lose is looked at by."""
    assert run.groups.kind("school") is not None
    return ANSWER(run, number)


def test_rows_of_pupils_on_a_cluster_need_a_file_that_all_machines_see(document, pupils):
    arguments = ["candidates", document, "--pupils", pupils, "--cluster", "local"]
    said = CliRunner().invoke(app, [*map(str, arguments), "--detail", "pupils"])
    assert said.exit_code == 2
    assert "name a file with --out" in " ".join(said.output.split())


def test_a_folder_that_a_worker_cannot_write_to_is_named(document, pupils, tmp_path):
    whole = [Part(0, None)]
    found = detail_part(0, source(document, pupils), whole, "pupils", tmp_path / "gone")
    assert found == Unlike("a worker cannot write where --out is: No such file or directory")


@pytest.mark.parametrize("most", [run.MOST_ANSWERS, 0], ids=["one pass", "two passes"])
@pytest.mark.parametrize("written", [("--publish",), ("--report", "page.html")], ids=str)
def test_a_publication_and_a_report_of_a_cluster_work_no_block_out_here(
    written, most, document, pupils, tmp_path, cluster, monkeypatch
):
    made = []
    monkeypatch.setattr(run, "MOST_ANSWERS", most)
    for name, where in (("alone", ()), ("shared", on(cluster))):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        if where:
            monkeypatch.setattr(run.Run, "_answer", None)
        here(document, pupils, "out.csv", "--detail", "groups", "--top", "3", *written, *where)
        # The manifest has the digest of the page.
        made.append(
            {one.name: one.read_bytes() for one in folder.iterdir() if one.suffix != ".json"}
        )
    assert made[0] == made[1]
    assert len(made[0]) == len(written)


def test_a_stranger_with_another_authority_is_refused(document, pupils, tmp_path, cluster):
    strange = make_certificates(tmp_path)
    running = candidates(
        document,
        pupils,
        tmp_path / "out.csv",
        "--cluster",
        cluster.address,
        "--certificates",
        strange,
    )
    _, said = running.communicate()
    assert running.returncode == 2
    assert "does not answer, or does not take the certificate" in " ".join(said.split())
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("address", "files", "sentence"),
    [
        ("tcp://10.0.0.1:8786", None, "is not encrypted and may be on this machine alone"),
        ("tls://10.0.0.1:8786", None, "needs --certificates"),
        ("tls://10.0.0.1:8786", (), "has no ca.pem and no certificate.pem and no key.pem"),
        ("tls://10.0.0.1:8786", ("ca.pem", "certificate.pem", "key.pem"), "holds no certificates"),
        ("http://10.0.0.1:8786", None, "is no address of a scheduler"),
        ("tls://10.0.0.1:many", None, "is no address of a scheduler"),
        ("tls://10.0.0.1", None, "is no address of a scheduler"),
        ("tcp://127.0.0.1:8786", (), "does not use certificates"),
        ("local", (), "makes certificates of its own"),
        (None, (), "is for --cluster tls://HOST:PORT"),
    ],
)  # fmt: skip
def test_an_address_that_others_could_listen_to_is_refused(
    address, files, sentence, document, pupils, tmp_path
):
    more = [] if address is None else ["--cluster", address]
    if files is not None:
        folder = tmp_path / "certificates"
        folder.mkdir()
        for name in files:
            (folder / name).write_text("no certificate", encoding="utf-8")
        more += ["--certificates", str(folder)]
    said = CliRunner().invoke(app, ["candidates", str(document), "--pupils", str(pupils), *more])
    assert said.exit_code == 2
    words = " ".join(said.output.replace("│", " ").split())
    assert sentence in words, words


def test_a_table_that_is_piped_in_is_refused_for_a_cluster(document, pupils):
    arguments = ["candidates", str(document), "--pupils", "-", "--cluster", "local"]
    said = CliRunner().invoke(app, arguments, input=pupils.read_text(encoding="utf-8"))
    assert said.exit_code == 2
    assert "name a file" in said.output


def source(document, pupils, **other):
    """Return what a worker is asked to read; what ``other`` says is not as it is here."""
    files = table_files(None, pupils, None, "refused", *NOTHING, (None, "apart"))
    return replace(source_of(document, files, None, ()), name=f"{pupils} {other}", **other)


def test_a_worker_that_has_other_files_or_another_version_works_nothing_out(
    document, pupils, tmp_path
):
    mine = Path(shutil.copy(pupils, tmp_path / "pupils.csv"))
    assert unpacked(answer(0, source(document, mine))).number == 0
    other = source(document, mine, read=(("pupils.csv", "0" * 64),))
    assert figures(0, other) == Unlike("a worker reads another pupils.csv than this machine")
    newer = figures(0, source(document, mine, engine="another"))
    assert newer == Unlike("a worker has another version of evenband")
    gone = answer(0, source(document, tmp_path / "gone.csv"))
    assert gone.sentence.startswith("a worker cannot read")
    mine.write_text("pupil_key\n", encoding="utf-8")
    assert figures(0, source(document, mine, engine=source_digest(), read=())).sentence


def test_a_worker_whose_file_is_put_right_works_at_once(document, pupils, tmp_path):
    mine = Path(shutil.copy(pupils, tmp_path / "pupils.csv"))
    right = source(document, mine, read=(("pupils.csv", digest_of(mine)),))
    lines = mine.read_text(encoding="utf-8").splitlines(keepends=True)
    mine.write_text("".join(lines[:-1]), encoding="utf-8")
    assert isinstance(figures(0, right), Unlike)
    mine.write_text("".join(lines), encoding="utf-8")
    assert figures(0, right).number == 0
