"""The page on how the code is laid out tells the truth: every function that it names is there, and trips go as it says."""

import re
import subprocess
import sys
from functools import cache

import pytest

from tests.house.sources import ROOT, functions, tree_of
from tests.house.trips import TRIPS

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FINDABLE = {
    "Lump sum": "lump_sum",
    "Free school meals counts": "counts",
    "Minimum per-pupil level": "minimum",
    "Minimum funding guarantee, cap and scaling": "guarantee",
    "Loss protection": "loss_protection",
    "Calendar": "calendar",
    "Sparsity": "sparsity",
    "Notional percentage": "notional",
    "Expected calls": "expected_calls",
}
"""What a reader looks for, and the word by which its file is found."""

ROW = re.compile(
    r"^\| ([^|]+) \| `([\w/]+\.py)` `(\w+)` \| `([\w/]+\.py)` `(\w+)` \|", re.MULTILINE
)
STOP = re.compile(r"^\d+\. `([\w/]+\.py)` `(\w+)`", re.MULTILINE)
NAMED = re.compile(r"`((?:engine|app|evenband)/[\w/.]*)`")


ROWS = ROW.findall(PAGE)


def section(title: str) -> str:
    """Return the text under a heading, up to the next one."""
    return re.split(r"^#+ ", PAGE.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def has(file: str, name: str) -> bool:
    """Return whether a file has a function or method of this name."""
    return any(one.name == name for one in functions(tree_of(ROOT / file)))


@cache
def trip(name: str) -> list[str]:
    """Return the functions that a trip calls, each where it is first called."""
    command = [sys.executable, "-m", "tests.house.trips", name]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()


def test_what_readers_look_for_has_a_row_with_a_file_that_is_named_for_it():
    files = {what: (begins, ends) for what, begins, _, ends, _ in ROWS}
    assert files.keys() >= FINDABLE.keys()
    assert not [
        what
        for what, word in FINDABLE.items()
        if not any(word in file.rpartition("/")[2] for file in files[what])
    ]


def test_every_row_names_functions_of_its_files():
    places = [place for _, *names in ROWS for place in (names[:2], names[2:])]
    assert len(places) > 60
    assert not [(file, name) for file, name in places if not has(file, name)]


def test_every_file_and_package_that_the_page_names_is_there():
    assert not [one for one in NAMED.findall(PAGE) if not (ROOT / one).exists()]


@pytest.mark.parametrize("name", TRIPS)
def test_a_trip_calls_the_functions_of_the_page_in_their_order(name):
    stops = [
        f"{file} {function}" for file, function in STOP.findall(section(f"The trip of {name}"))
    ]
    assert len(stops) >= 8
    made = trip(name)
    assert not [one for one in stops if one not in made]
    assert stops == sorted(stops, key=made.index)


def test_a_trip_ends_where_its_question_is_answered():
    """A page that stops half way would hold, and say little."""
    for name in TRIPS:
        last = STOP.findall(section(f"The trip of {name}"))[-1]
        assert trip(name).index(" ".join(last)) > len(trip(name)) / 2
