"""``evenband audit``: what was done is listed, proved, and anchored elsewhere."""

import sqlite3
from contextlib import closing

import pytest
from typer.testing import CliRunner

from app.cli import app


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Give how a command is asked on a database of its own."""
    monkeypatch.setenv("EVENBAND_DATABASE_URL", f"sqlite:///{tmp_path / 'own.db'}")
    return lambda *words: CliRunner().invoke(app, [str(one) for one in words])


def test_without_an_event_each_command_says_so(asked, tmp_path):
    assert asked("audit", "list").stdout == "No event is recorded.\n"
    assert asked("audit", "verify").stdout == "All 0 events fit.\n"
    assert asked("audit", "anchor", tmp_path).stdout == "No event is recorded.\n"
    assert not list(tmp_path.glob("*.json"))


def test_events_are_listed_proved_and_anchored(asked, tmp_path):
    assert asked("register", "import", "--invented").exit_code == 0
    assert asked("register", "remove").exit_code == 0
    last, first = asked("audit", "list").stdout.splitlines()
    assert last.startswith("2  20")
    assert last.endswith("owner  register removed: the edition that was kept")
    assert "owner  register imported: " in first
    assert asked("audit", "list", "--newest", "1").stdout == f"{last}\n"
    written = asked("audit", "anchor", tmp_path)
    (anchor,) = tmp_path.glob("audit-*.json")
    assert written.stdout == f"Event 2 is kept in {anchor}.\n"
    assert asked("audit", "verify").stdout == "All 2 events fit.\n"
    said = asked("audit", "verify", "--anchor", anchor).stdout
    assert said == "All 2 events fit and every anchor is of them.\n"


def test_a_chain_that_was_changed_is_refused_with_the_first_event_that_does_not_fit(
    asked, tmp_path
):
    assert asked("register", "import", "--invented").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "own.db")) as raw:
        raw.execute("DROP TRIGGER audit_event_unchanged")
        raw.execute("UPDATE audit_event SET actor = 'nobody'")
        raw.commit()
    answer = asked("audit", "verify")
    assert answer.exit_code == 1
    assert answer.stderr == (
        "The audit is broken: event 1 was changed after it was recorded. The 0 events before it fit.\n"
    )


def test_a_file_that_is_no_anchor_is_refused_by_its_name(asked, tmp_path):
    path = tmp_path / "x.json"
    path.write_text("{}")
    answer = asked("audit", "verify", "--anchor", path)
    assert answer.exit_code == 1
    assert str(path) in answer.stderr
    assert "the file is no anchor of the audit: give one that evenband" in answer.stderr
    assert asked("audit", "verify", "--anchor", tmp_path / "none.json").exit_code == 3
