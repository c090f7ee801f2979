"""Progress of a command: candidates done of all on a terminal, and nothing where there is none."""

import os
import pty
import threading

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.commands.progress import Steps
from engine.candidates import block_run as candidate_run
from engine.vocabulary import FIXTURES
from tests.clients.starts import started

PUPILS = str(FIXTURES / "tables" / "toy_pupils.csv")
HEAD = "format: evenband-candidates/1\ntitle: Prices of band A\nbaseline: toy-2025-26\n"
PRICE = "band_profile.tariff.prices.A.pounds"


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "tried.yaml"
    varied = f"{PRICE}: {{from: 4000, to: 4999, step: 1}}"
    path.write_text(f"{HEAD}vary:\n  {varied}\n", encoding="utf-8")
    return path


def test_each_block_says_once_how_many_candidates_are_done_of_all(document, monkeypatch):
    monkeypatch.setattr(candidate_run, "BLOCK", 400)
    said = []
    monkeypatch.setattr(Steps, "count", lambda _, *those: said.append(those))
    done = CliRunner().invoke(app, ["candidates", str(document), "--pupils", PUPILS])
    assert done.exit_code == 0, done.output
    assert said == [(number, 1000, "candidates") for number in (400, 800, 1000)]


def test_a_bar_says_what_is_done_and_a_step_that_begins_is_not_done():
    class Bar:
        def __init__(self):
            self.said, self.drawn = [], 0

        def add_task(self, *_, **__):
            return 0

        def update(self, _, *, description, completed, total, refresh):
            self.said.append((description, completed, total))
            self.drawn += refresh

    bar = Bar()
    step = Steps(2, bar)
    step("Reading")
    step("Counting pupils")
    step.count(2_048, 1_000_000, "candidates")
    assert bar.said == [
        ("Reading", 0, 2),
        ("Counting pupils", 1, 2),
        ("2,048 of 1,000,000 candidates", 2_048, 1_000_000),
    ]
    assert bar.drawn == 2, "a step is drawn at once, and a count at the next look"


def test_a_terminal_shows_progress_and_a_file_has_none(document, tmp_path):
    words = ("candidates", document, "--pupils", PUPILS, "--out", tmp_path / "out.csv")
    plain = started(*words)
    assert "Reading" not in plain.stderr
    ours, terminal = pty.openpty()
    seen = []

    def look():
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                return
            seen.append(piece)

    looking = threading.Thread(target=look)
    looking.start()
    shown = started(*words, stderr=os.ttyname(terminal), env={**os.environ, "TERM": "xterm"})
    os.close(terminal)
    looking.join()
    os.close(ours)
    assert shown.returncode == 0
    assert b"Reading" in b"".join(seen)
