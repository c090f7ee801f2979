"""Workbooks opened and worked out by a real LibreOffice Calc, asking a real service.

What a row comes to is held equal to what the API answers to the same record in a body.
"""

import json
import re
import subprocess
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.clients.starts import started
from tests.clients.test_spreadsheet import DEBIAN_PYTHON
from tests.programs import need

pytestmark = pytest.mark.spreadsheet

READER = Path(__file__).with_name("calc_workbooks.py")
NAMES, FIRST, FREE = 6, 7, 9
"""Rows of a sheet: the names of its columns, the first example, the first row to fill in."""

NOTIONAL, BANDS, SPACED, BOTH = (
    "bedford-2022-23",
    "telford-and-wrekin-2025-26",
    "waltham-forest-2018-19",
    "national-profile-candidate",
)
EPOCH = date(1899, 12, 30)
"""The day from which a spreadsheet counts."""


@pytest.fixture(scope="module")
def books(service, tmp_path_factory):
    """Give the folder of workbooks that the command line writes for this service."""
    folder = tmp_path_factory.mktemp("books")
    for name in (NOTIONAL, BANDS, SPACED, BOTH):
        assert not started("workbook", name, "--service", f"{service}/", cwd=folder).returncode
    return folder


def filled(service):
    """Return workbooks with a user's entries, by purpose."""
    half = {f"Schools!{column}{FREE}": 412.5 for column in ("S", "T")}
    autumn = {
        f"Bands!E{FREE}": "12",
        f"Bands!F{FREE}": "mainstream",
        f"Bands!H{FREE}": (date(2025, 9, 1) - EPOCH).days,
        f"Bands!I{FREE}": (date(2025, 12, 19) - EPOCH).days,
    }
    wrong = {
        f"Bands!E{FREE}": "99",
        f"Bands!F{FREE}": "mainstream",
        f"Bands!E{FREE + 1}": "12",
        f"Bands!E{FREE + 2}": "A&B=1?#\N{POUND SIGN}",
        f"Bands!F{FREE + 2}": "mainstream",
        f"Bands!E{FREE + 3}": "x" * 2_000,
        f"Bands!F{FREE + 4}": "mainstream",
    }
    return {
        "schools": (NOTIONAL, {f"Schools!D{FREE}": "secondary", "Schools!B3": "yes", **half}),
        "cases": (BANDS, autumn),
        "a band with a space": (SPACED, {}),
        "both": (BOTH, {}),
        "wrong cases": (BANDS, wrong),
        "incomplete schools": (
            NOTIONAL,
            {
                f"Schools!D{FREE}": "primary",
                f"Schools!E{FREE + 1}": 210,
                "Schools!B3": "yes",
                f"Schools!D{FREE + 2}": "primary",
                f"Schools!E{FREE + 2}": "z",
            },
        ),
        "nobody answers": (SPACED, {"About!B3": "http://127.0.0.1:9"}),
        "an address with a stroke": (SPACED, {"About!B3": f"{service}/"}),
    }


@pytest.fixture(scope="module", params=["en-GB", "de-DE"])
def found(request, service, books):
    """Give what Calc makes of each workbook, on a computer set to English and on one set to German."""
    need("libreoffice")
    need("uno")
    wanted = filled(service)
    opened = [
        {"path": str(books / f"{name}.xlsx"), "cells": cells} for name, cells in wanted.values()
    ]
    done = subprocess.run(
        [DEBIAN_PYTHON, READER, books],
        input=json.dumps({"locale": request.param, "books": opened}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(wanted, json.loads(done.stdout), strict=True))


def posted(service, path, body):
    sent = Request(  # noqa: S310 - the service's own address
        f"{service}/v1/what-ifs/{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(sent, timeout=60) as answer:  # noqa: S310
        return json.load(answer)


def row_of(cells, sheet, row):
    """Return what a row of a sheet holds by the names of its columns, decimals with a point."""
    names = {
        match[1]: cell["text"]
        for name, cell in cells.items()
        if (match := re.fullmatch(rf"{sheet}!([A-Z]+){NAMES}", name)) and cell["text"]
    }
    held = {name: cells.get(f"{sheet}!{column}{row}") for column, name in names.items()}
    return {
        name: cell["text"]
        if cell["number"] is None or name in {"start", "end"}
        else f"{cell['number']:.1f}"
        for name, cell in held.items()
        if cell is not None and cell["text"]
    }


def without(case, *names):
    return {name: text for name, text in case.items() if name not in names}


AUTHORITIES = {BANDS: "894", SPACED: "320"}


def pupil_of(case, identifier):
    """Return the record of a body that says what a row of the sheet of bands of a rule set says."""
    return {"la": AUTHORITIES[identifier], "sen_provision": "E", **case}


@pytest.mark.parametrize(
    ("opened", "rows"), [("schools", (FIRST, FIRST + 1, FREE)), ("both", (FIRST, FIRST + 1))]
)
def test_schools_come_to_what_the_api_answers(service, found, opened, rows):
    held = found[opened]
    schools = [{"urn": str(900000 + row), **row_of(held, "Schools", row)} for row in rows]
    if FREE in rows:
        assert list(schools[-1].values()).count("412.5") == 2
        # Empty cells count as 0 on this sheet: every column of the phase is declared to be none.
        schools[-1] = dict.fromkeys(schools[1], "0") | schools[-1]
    body = {"rule_set": held["About!B7"]["text"], "schools": schools, "absent_lines": "zero"}
    for row, school in zip(rows, posted(service, "notional-sen", body)["schools"], strict=True):
        assert held[f"Schools!B{row}"]["number"] == float(school["notional_sen"]) > 0
        assert not held[f"Schools!C{row}"]["text"]
    assert not held[f"Schools!B{FREE + 1}"]["text"]


@pytest.mark.parametrize(
    ("opened", "rows"), [("cases", (FIRST, FIRST + 1, FREE)), ("a band with a space", (FIRST,))]
)
def test_cases_come_to_what_the_api_answers(service, found, opened, rows):
    held = found[opened]
    identifier = held["About!B7"]["text"]
    cases = [pupil_of(row_of(held, "Bands", row), identifier) for row in rows]
    pupils = [{"pupil_key": f"p{row}", **case} for row, case in zip(rows, cases, strict=True)]
    body = {"rule_set": identifier, "pupils": pupils}
    for row, pupil in zip(rows, posted(service, "top-ups", body)["pupils"], strict=True):
        assert held[f"Bands!B{row}"]["number"] == float(pupil["annual_rate"]) > 0
        assert held[f"Bands!C{row}"]["number"] == float(pupil["top_up"])
        assert not held[f"Bands!D{row}"]["text"]


def test_pence_are_read_alike_in_english_and_in_german(found):
    assert found["cases"][f"Bands!C{FREE}"]["number"] == 1259.55
    assert found["cases"][f"Bands!B{FREE}"]["number"] == 4179.40


def test_a_rule_set_with_both_answers_on_both_sheets(service, found):
    for row in (FIRST, FIRST + 1):
        for column, endpoint in (("B", "tariff"), ("C", "band-pays")):
            case = row_of(found["both"], "Bands", row)
            year = {"start": "2026-04-01", "end": "2027-03-31"}
            case = {**year, **case} if endpoint == "band-pays" else without(case, *year)
            asked = urlencode(case)
            with urlopen(f"{service}/v1/cells/{BOTH}/{endpoint}?{asked}", timeout=60) as answer:  # noqa: S310
                expected = float(answer.read())
            assert found["both"][f"Bands!{column}{row}"]["number"] == expected


def test_what_is_wrong_stands_beside_the_row_and_never_adds_up(found):
    bands, schools = found["wrong cases"], found["incomplete schools"]
    assert bands[f"Bands!D{FREE}"]["text"].startswith("band: must be one of 1, 2, 3, ")
    assert bands[f"Bands!D{FREE + 1}"]["text"].startswith("setting: ")
    assert bands[f"Bands!D{FREE + 2}"]["text"].startswith("band: must be one of 1, 2, 3, ")
    assert "more than an address may hold" in bands[f"Bands!D{FREE + 3}"]["text"]
    for row in (FREE, FREE + 2, FREE + 3):
        assert bands[f"Bands!B{row}"]["error"] != 0
    assert bands[f"Bands!C{FREE + 1}"]["error"] != 0
    assert bands[f"Bands!D{FREE + 4}"]["text"].startswith("band: is missing")
    for row in (FREE + 1, FREE + 2):
        assert schools[f"Schools!B{row}"]["error"] != 0
    assert schools[f"Schools!C{FREE + 1}"]["text"].startswith("phase: is missing")
    assert "must be a number" in schools[f"Schools!C{FREE + 2}"]["text"]


def test_a_service_that_does_not_answer_is_said(found):
    held = found["nobody answers"]
    assert held[f"Bands!D{FIRST}"]["text"] == "No answer: see the sheet About"
    assert held[f"Bands!B{FIRST}"]["error"] != 0


def test_the_address_of_a_service_may_end_in_a_stroke(found):
    assert found["an address with a stroke"][f"Bands!B{FIRST}"]["number"] > 0
