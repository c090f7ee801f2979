"""The workbook of a school's result opened, changed and worked out by a real LibreOffice Calc.

Every published rule set with a schools formula: what Calc comes to is the page's pence, as the file was downloaded, and
with other counts what the engine answers for them. A file that Calc saved again is the same file, an edited one is not.
"""

import json
import subprocess
from functools import cache
from pathlib import Path

import pytest

from app.pages.downloads import download_of
from app.pages.file_codes import checked_file
from engine.explain import COLUMN, school_sheet
from tests.clients.test_spreadsheet import DEBIAN_PYTHON
from tests.programs import need
from tests.rule_library import with_part
from tests.school_answers import changed_form, filled_form, other_counts, school_forms

pytestmark = pytest.mark.spreadsheet

READER = Path(__file__).with_name("calc_workbooks.py")
ADDRESS = "http://127.0.0.1:8000/notional-sen"


@cache
def chosen_schools():
    """Return a school of each rule set, of one phase and size after the other: Calc takes about a second for a workbook."""
    every = {name: [] for name in with_part("schools_formula")}
    for one in school_forms():
        every[one[0]].append(one)
    return [of[at * 5 % len(of)] for at, of in enumerate(every.values())]


def cell(place):
    return f"Working!{COLUMN}{place}"


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Give, for each school, its form, its sheet, other counts, and what Calc makes of both workbooks."""
    need("libreoffice")
    need("uno")
    folder = tmp_path_factory.mktemp("working")
    asked, cases = [], []
    for at, (name, phase, kind) in enumerate(chosen_schools()):
        form = filled_form(name, phase, kind)
        parts = school_sheet(form.result.outcome, int(form.result.outcome.schools.urn[0]), 2)
        changes = other_counts(form, parts)
        path = folder / f"{at}.xlsx"
        path.write_bytes(download_of(form, f"{ADDRESS}/{name}?{form.query}").as_workbook())
        other = {cell(place): number for place, number in changes.cells.items()}
        asked += [{"path": str(path), "cells": {}}, {"path": str(path), "cells": other}]
        cases.append((form, parts, changes))
    done = subprocess.run(
        [DEBIAN_PYTHON, READER, folder],
        input=json.dumps({"locale": "en-GB", "books": asked}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [(*case, found[2 * at], found[2 * at + 1]) for at, case in enumerate(cases)]


def totals(parts, held):
    """Return the pence of the formula and of the notional SEN budget, None where one is not known."""
    rows = enumerate(parts[-1].rows, start=parts[-1].row)
    return [
        None if row.value is None else round(held[cell(place)]["number"] * 100)
        for place, row in rows
    ]


def answers(held):
    """Return the pence that the sheet about the file has for what the working ends with."""
    labels = {one["text"]: name for name, one in held.items() if name.startswith("About!A")}
    found = [labels.get(one) for one in ("Formula funding", "Notional SEN budget")]
    return [one and round(held[one.replace("!A", "!B")]["number"] * 100) for one in found]


def known(parts, school):
    """Return the pence that a school's statement has for the rows of its totals."""
    figures = (school.formula, school.notional)
    return [
        None if row.value is None else pence
        for row, pence in zip(parts[-1].rows, figures, strict=False)
    ]


def test_calc_comes_to_the_pence_of_the_page(opened):
    chosen = chosen_schools()
    assert len(opened) == len(with_part("schools_formula")) == len(chosen)
    assert {kind for _, _, kind in chosen} == {0, 1, 2}
    assert len({phase for _, phase, _ in chosen}) > 2
    for form, parts, _, as_made, _ in opened:
        assert totals(parts, as_made) == known(parts, form.result.school), form.rules


def test_calc_comes_to_what_the_engine_answers_for_other_counts(opened):
    for form, parts, changes, _, changed in opened:
        other = changed_form(form, changes.answers)
        assert totals(parts, changed) == known(parts, other.result.school), form.rules
        assert answers(changed)[: len(parts[-1].rows)] == totals(parts, changed)
        assert totals(parts, changed) != known(parts, form.result.school)


def test_no_formula_is_an_error(opened):
    for _, _, _, *books in opened:
        assert not [name for held in books for name, one in held.items() if one["error"]]


def test_a_file_is_untouched_after_calc_worked_it_out_and_saved_it(tmp_path, opened):

    form = opened[0][0]
    path = tmp_path / "working.xlsx"
    path.write_bytes(download_of(form, f"{ADDRESS}/x?{form.query}").as_workbook())
    saved = tmp_path / "saved"
    subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to", "xlsx", "--outdir", saved, path,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    again = (saved / "working.xlsx").read_bytes()
    assert again != path.read_bytes()
    assert checked_file(again).is_untouched
