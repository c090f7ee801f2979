"""Rule documents on the command line: checked, listed, shown, compared, described."""

import io
import json
import os
import pty
import re
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from app.cli import app
from app.commands import rule_list
from engine.rules.load import digest, load_rule_file
from engine.vocabulary import FIXTURES
from tests.clients.starts import started

TOY = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"
PUBLISHED = sorted((FIXTURES / "rules").rglob("*.yaml"))


def command(*arguments):
    return CliRunner().invoke(app, ["rules", *map(str, arguments)])


def test_every_published_document_passes():
    result = command("check", *PUBLISHED)
    assert result.exit_code == 0, result.stderr
    said = [line for line in result.stdout.splitlines() if not line.startswith("  note: ")]
    assert len(said) == len(PUBLISHED)


def test_a_band_without_a_price_is_a_note_and_no_fault():
    devon = next(path for path in map(str, PUBLISHED) if "devon" in path)
    result = command("check", devon)
    assert result.exit_code == 0
    note = result.stdout.splitlines()[-1]
    assert note.startswith("  note: band Special school has no price where urn")


def test_every_problem_of_every_document_is_named_with_its_line(tmp_path):
    text = TOY.read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace('"4000"', "4000.5").replace("version: 1", "version:"))
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe")
    result = command("check", wrong, TOY, binary)
    assert result.exit_code == 1
    assert "(2 problems)" in result.stderr
    assert "line 3: version" in result.stderr
    assert "unit_value" in result.stderr
    assert "is not UTF-8 text" in result.stderr
    assert "toy-2025-26 version 1" in result.stdout


def test_a_missing_document_ends_with_three():
    assert command("check", "no/such.yaml").exit_code == 3


def test_the_published_rule_sets_are_listed():
    shown = command("list").stdout
    for path in PUBLISHED:
        assert path.stem.partition(".")[0] in shown
    records = json.loads(command("list", "--format", "json").stdout)
    assert len(records) == len(PUBLISHED)


def test_values_in_force_are_shown_with_source_and_standing():
    shown = command("show", "solihull-2025-26").stdout
    assert "band_profile.tariff.prices.0.pounds" not in shown
    named = command("paths", "solihull-2025-26", "--format", "json").stdout
    first = next(one["path"] for one in json.loads(named) if one["kind"] == "value")
    assert first in shown
    assert "verified" in shown
    earlier = command("show", "toy-2025-26", "--on", "2001-01-01", "--format", "json")
    assert json.loads(earlier.stdout) == []


def test_differing_values_are_shown_with_their_places():
    records = json.loads(command("diff", "nff-2024-25", "nff-2025-26", "--format", "json").stdout)
    lump = next(row for row in records if row["place"].endswith("lump_sum.all.unit_value"))
    assert (lump["before"], lump["after"], lump["standing"]) == ("134400", "145100", "verified")
    assert (
        command("diff", "toy-2025-26", TOY).stdout == "The two rule sets give the same results.\n"
    )


def test_the_latest_version_of_an_identifier_is_taken(tmp_path, monkeypatch):
    text = TOY.read_text(encoding="utf-8")
    for version in (2, 10, 9):
        path = tmp_path / f"toy-{version}.yaml"
        path.write_text(text.replace("version: 1", f"version: {version}", 1), encoding="utf-8")
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(tmp_path))
    assert "toy-2025-26 version 10" in command("digest", "toy-2025-26").stdout


def test_the_digest_is_the_one_that_results_name():
    expected = digest(load_rule_file(TOY))
    assert command("digest", "toy-2025-26", TOY).stdout.split()[0] == expected


@pytest.mark.parametrize("of", ["rule-set", "candidates"])
def test_the_schema_in_the_fixtures_is_the_one_that_documents_are_read_by(of, tmp_path):
    kept = Path(FIXTURES / "schema" / f"{of}.json").read_text(encoding="utf-8")
    assert command("schema", "--of", of).stdout == kept
    assert command("schema", "--write", tmp_path).exit_code == 0
    assert (tmp_path / f"{of}.json").read_text(encoding="utf-8") == kept


@pytest.mark.parametrize("setting", ["EVENBAND_PORT", "EVENBAND_HOST"])
def test_a_wrong_setting_is_named_and_not_repeated(setting, monkeypatch):
    monkeypatch.setenv(setting, "secret.example")
    result = command("list")
    assert result.exit_code == 2


def test_a_price_that_changes_within_the_year_is_a_note():
    result = command("check", TOY)
    assert result.exit_code == 0
    notes = [line for line in result.stdout.splitlines() if line.startswith("  note: ")]
    assert notes[0].startswith(
        "  note: band_profile.tariff.prices.band:C.pounds changes on 2026-04-01"
    )


@pytest.mark.parametrize("width", ["20", "80", "400"])
def test_a_list_that_another_program_reads_has_whole_cells_with_tabs_between_them(width):
    said = CliRunner().invoke(app, ["rules", "list"], env={"COLUMNS": width}).stdout
    header, *lines = [line.split("\t") for line in said.splitlines()]
    assert header[:3] == ["identifier", "version", "title"]
    assert {len(line) for line in lines} == {len(header)}
    listed = {line[0]: line[2] for line in lines}
    documents = [load_rule_file(path) for path in PUBLISHED]
    assert listed == {one.identifier: one.title for one in documents}


def shown_on_a_terminal(monkeypatch, width, *options):
    screen = io.StringIO()
    terminal = Console(file=screen, width=width, force_terminal=True, color_system=None)
    monkeypatch.setattr(rule_list, "console", lambda: terminal)
    assert command("list", *options).exit_code == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue()).splitlines()


@pytest.mark.parametrize(
    "options", [(), ("--authority", "929"), ("--kind", "bands", "--year", "2025-26")]
)
def test_identifiers_are_whole_on_a_terminal_of_80_columns_and_a_rule_set_takes_three_lines(
    options, monkeypatch
):
    lines = shown_on_a_terminal(monkeypatch, 80, *options)
    assert max(map(len, lines)) <= 80
    heads = [at for at, line in enumerate(lines) if not line.startswith(" ")]
    listed = command("list", *options, "--format", "csv").stdout.splitlines()[1:]
    assert [lines[at].split()[0] for at in heads] == [row.split(",")[0] for row in listed]
    assert {after - at for at, after in pairwise([*heads, len(lines)])} <= {2, 3}


def test_a_wide_terminal_shows_a_line_a_rule_set_with_its_whole_title(monkeypatch):
    lines = shown_on_a_terminal(monkeypatch, 240)
    for path in PUBLISHED:
        document = load_rule_file(path)
        own = [line.split() for line in lines if f" {document.identifier} " in line]
        whole = [" ".join(words) for words in own if words[1] == str(document.version)]
        assert len(whole) == 1
        assert document.title in whole[0]


def test_an_authority_is_found_by_its_name_as_identifiers_write_it():
    by_code = command("list", "--authority", "938").stdout
    assert "west-sussex" in by_code
    assert command("list", "--authority", "west-sussex").stdout == by_code


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--year", "2025"), "--year 2025: no rule set is of this year; did you mean 2025-26?"),
        (("--year", "1066"), "there are rule sets of 2013-14, 2015-16,"),
        (("--authority", "northumberlnd"), "did you mean 929 Northumberland?"),
        (
            ("--authority", "nowhere"),
            "there are rule sets of 205 Hammersmith and Fulham, 208 Lambeth,",
        ),
        (("--authority", "929", "--kind", "bands"), "leave out --authority, --year or --kind"),
    ],
)
def test_a_list_with_nothing_in_it_says_what_there_is(options, sentence):
    result = command("list", *options)
    assert (result.exit_code, result.stdout) == (0, "")
    assert sentence in result.stderr
    assert sentence in command("list", *options, "--format", "csv").stderr


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
@pytest.mark.parametrize("words", ["rules list", "rules show nff-2025-26", "columns pupils"])
def test_a_file_that_is_no_text_is_not_written_to_a_terminal(words, kind):
    ours, terminal = pty.openpty()
    ran = started(*words.split(), "--format", kind, stdout=os.ttyname(terminal))
    os.close(terminal)
    with pytest.raises(OSError, match="5"):
        os.read(ours, 1)
    os.close(ours)
    assert ran.returncode == 2
    assert f"for example with > FILE.{kind}" in ran.stderr


def test_published_rule_sets_are_checked_by_their_identifiers_too():
    result = command("check", "telford-and-wrekin-2025-26", TOY)
    assert result.exit_code == 0
    assert "telford-and-wrekin-2025-26 version 1, unconfirmed" in result.stdout
    assert "toy-2025-26 version 1" in result.stdout


@pytest.mark.parametrize("words", ["check telford", "show telford", "digest Telford"])
def test_part_of_an_identifier_is_refused_with_the_whole_one(words):
    result = command(*words.split())
    assert result.exit_code == 2
    assert "did you mean telford-and-wrekin-2025-26" in result.stderr


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--authority", "929"], ["northumberland-2015-16", "northumberland-2025-26"]),
        (["--authority", "northumber", "--year", "2015-16"], ["northumberland-2015-16"]),
        (["--kind", "targeted", "--authority", "Windsor"], ["windsor-and-maidenhead-2018-19"]),
        (["--kind", "block", "--year", "2023-24"], ["dedicated-schools-grant-2023-24"]),
        (["--kind", "bands", "--authority", "bedford-nowhere"], []),
    ],
)
def test_rule_sets_are_listed_by_authority_year_and_kind(options, found):
    listed = json.loads(command("list", *options, "--format", "json").stdout)
    assert [one["identifier"] for one in listed] == found
