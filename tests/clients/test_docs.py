"""The commands that a page shows on a console are run, and their output must be the printed one.

In a block marked ``console`` a line that starts with ``$`` is a command. The lines under it are
its output, where ``…`` alone means any lines left out, and ``…`` in a line means any text. The
commands of a page run one after another in one folder, with the project's fixtures beside them and
a service that answers ``curl``. Those of the README and what needs a shell start the installed
program; other calls of ``evenband`` are forked from a process that has loaded its libraries.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.clusters import real_cluster
from tests.clients.starts import started

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if path.exists()
]
MARKDOWN = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not {".venv", "node_modules", ".git"} & set(path.relative_to(ROOT).parts)
]
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
MOST_PROBLEMS = "http://127.0.0.1:8000"
SCHEDULER = "tls://127.0.0.1:8786"
RUN = {"evenband", "curl", "cat", "head", "python"}
# Fetching the project and going into it is what a reader has done and a test has too.
TAKEN_AS_DONE = {"git", "cd"}
ANYTHING = "…"
OF_A_SHELL = frozenset("|<>;&$`*?~#(){}")


def blocks(text, kind):
    return [body for found, body in FENCE.findall(text) if found == kind]


def commands(text):
    """Return each command that a page shows with the lines it is said to print."""
    found = []
    for body in blocks(text, "console"):
        for line in body.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line.rstrip())
    return found


def told(expected):
    """Return the pattern of what a command is said to print."""
    lines = [r"(.*\n)*?" if line == ANYTHING else within(line) + r"\n" for line in expected]
    return re.compile("".join(lines))


def within(line):
    return ".*".join(map(re.escape, line.split(ANYTHING)))


def rows_of_tables(text):
    """Return the lines of Markdown tables, each table's together, without fenced blocks."""
    plain = FENCE.sub("", text)
    return [
        found.group().splitlines()
        for found in re.finditer(r"(?:^\|[^\n]*\n)+", plain, re.MULTILINE)
    ]


def cells(row):
    """Return how many cells a row of a Markdown table has; a bar in code or after a backslash is text."""
    plain = re.sub(r"`[^`]*`|\\\|", "", row.strip())
    return plain.strip("|").count("|") + 1 if plain != "|" else 0


def printed(text):
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    return tmp_path


@pytest.fixture
def scheduler(folder):
    """Give the address of a scheduler whose certificates are in the folder of the commands."""
    with real_cluster(folder) as cluster:
        yield cluster.address


def run(command, folder, *, anew):
    """Run a command; a plain call of the command line starts the installed program only where asked to."""
    if command.startswith("evenband ") and not anew and not OF_A_SHELL & set(command):
        return started(*shlex.split(command)[1:], cwd=folder)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def follow(page, folder, request):
    for command, expected in commands(page.read_text(encoding="utf-8")):
        first = command.split()[0]
        if first == "make":
            assert set(command.split()[1:]) <= targets(), command
            continue
        if first in TAKEN_AS_DONE:
            continue
        assert first in RUN, f"no test runs this command: {command}"
        here = request.getfixturevalue("service") if MOST_PROBLEMS in command else MOST_PROBLEMS
        there = request.getfixturevalue("scheduler") if SCHEDULER in command else SCHEDULER
        anew = page.name == "README.md" or "--cluster" in command
        result = run(
            command.replace(MOST_PROBLEMS, here).replace(SCHEDULER, there), folder, anew=anew
        )
        said = printed(result.stdout + result.stderr).replace(here, MOST_PROBLEMS)
        assert "exit" in command or result.returncode == 0, f"{command}\n{said}"
        assert not expected or told(expected).fullmatch(said), f"{command}\n{said}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_on_a_console_is_what_happens(page, folder, request):
    follow(page, folder, request)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_project_stands_where_a_test_finds_it(page):
    text = page.read_text(encoding="utf-8")
    elsewhere = [
        body for kind in ("", "sh", "bash", "shell", "text") for body in blocks(text, kind)
    ]
    lines = [line for body in elsewhere for line in body.splitlines()]
    assert not [line for line in lines if re.match(r"(\$ )?(evenband|curl) ", line)]


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("$ evenband rules digest no-such-rules", "no published rule set"),
        ("$ head -1 fixtures/tables/toy_pupils.csv\nsomething else", "pupil_key"),
        ("$ rm file", "no test runs this command"),
        ("$ make no-such-target", "make no-such-target"),
    ],
)
def test_a_page_that_does_not_hold_is_found(page, sentence, folder, request):
    planted = folder / "planted.md"
    planted.write_text(f"```console\n{page}\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=sentence):
        follow(planted, folder, request)


def test_a_service_is_started_for_a_page_that_asks_one(folder, request):
    planted = folder / "planted.md"
    asked = f'$ curl -s {MOST_PROBLEMS}/health/live\n{{"alive":true}}'
    planted.write_text(f"```console\n{asked}\n```\n", encoding="utf-8")
    follow(planted, folder, request)


def test_lines_left_out_may_be_any():
    assert told(["a", ANYTHING, "d"]).fullmatch("a\nb\nc\nd\n")
    assert told(["a", ANYTHING]).fullmatch("a\n")
    assert not told(["a", ANYTHING, "d"]).fullmatch("a\nb\n")


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_row_of_a_table_has_the_cells_of_its_heading_and_none_is_without_words(path):
    for rows in rows_of_tables(path.read_text(encoding="utf-8")):
        assert {cells(row) for row in rows} == {cells(rows[0])}, rows[0]
        assert not [row for row in rows[2:] if row.replace("|", "").strip() == ""]
