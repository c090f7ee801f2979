"""Each law of what may not be silent has a test, and the page that lists them names it rightly."""

import re

from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "decisions" / "nothing-silent.md").read_text(encoding="utf-8")
LAWS = re.findall(r"^\| (\d+)\. .+ \| `(tests/.+\.py)` `(test_\w+)` \|$", PAGE, re.MULTILINE)
NUMBER = 14


def test_every_law_has_a_test_that_is_there():
    assert {int(number) for number, _, _ in LAWS} == set(range(1, NUMBER + 1))
    assert not [
        (path, name)
        for _, path, name in LAWS
        if f"\ndef {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]


def test_every_law_is_held_for_drawn_inputs_or_for_all_that_are_shipped():
    assert not [
        (path, name)
        for _, path, name in LAWS
        if not re.search(r"@given|parametrize", _with_decorators(path, name))
    ]


def _with_decorators(path: str, name: str) -> str:
    whole = (ROOT / path).read_text(encoding="utf-8").split("\n\n\n")
    return next(one for one in whole if f"def {name}(" in one)
