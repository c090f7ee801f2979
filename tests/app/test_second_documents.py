"""What rules that begin within their year do not pay again is said by every entry point, and never with a key of a pupil."""

import csv
import json
import warnings

import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from engine.rules.load import canonical
from tests.app.invented import served
from tests.builders import banded, rule_set

ONCE = rule_set(
    identifier="invented-once-from-september",
    effective={"first": "2025-09-01", "last": "2026-03-31"},
    funding_year="2025-26",
    year_kind="financial",
    **banded([{"pounds": "938", "once": True}], ["A"]),
)
STARTS = ("", "2025-06-02", "2025-09-01")
PUPILS = [
    {"pupil_key": f"canary-{at}", "la": "201", "band": "A", "start": start}
    for at, start in enumerate(STARTS)
]
SENTENCE = "2 rows are not paid a price that is paid once: their stay began before 2025-09-01"
OF_ITS_DAYS = ("the rules begin within their year", "is paid with the first day of a stay")


@pytest.fixture
def caller(settings):
    """Give a caller of a service that has published the rules too."""
    with served(settings, [ONCE]) as caller:
        yield caller


@pytest.fixture
def files(tmp_path):
    """Return the rules and the pupils as files."""
    rules, pupils = tmp_path / "once.yaml", tmp_path / "pupils.csv"
    rules.write_text(canonical(ONCE), encoding="utf-8")
    with pupils.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(PUPILS[0]))
        writer.writeheader()
        writer.writerows(PUPILS)
    return rules, pupils


def is_said(notice):
    """Return whether a notice is the one of the two pupils, and names none."""
    counted = (notice["table"], notice["rule"], notice["number"])
    said = SENTENCE in notice["sentence"] and "canary" not in notice["sentence"]
    return said and counted == ("pupils", "paid-once-earlier", 2)


def test_answers_of_the_service_have_it_among_their_notices(caller):
    sent = [{name: value or None for name, value in one.items()} for one in PUPILS]
    valued = caller.post(
        "/v1/what-ifs/top-ups", json={"rule_set": ONCE.identifier, "pupils": sent}
    ).json()
    assert [one["top_up"] for one in valued["pupils"]] == ["0.00", "0.00", "938.00"]
    [notice] = valued["notices"]
    assert is_said(notice)
    sides = {side: {"rule_set": ONCE.identifier} for side in ("baseline", "candidate")}
    compared = caller.post("/v1/what-ifs/comparison", json={**sides, "pupils": sent}).json()
    assert compared["notices"] == [notice]


def test_a_cell_says_why_the_price_is_not_paid(caller):
    def cell(start, **query):
        days = {"start": start, "end": "2026-03-31"}
        where = f"/v1/cells/{ONCE.identifier}/band-pays"
        return caller.get(where, params={"band": "A", **days, **query}).text

    assert (cell("2025-06-02"), cell("2025-09-01")) == ("0.00", "938.00")
    assert "this one began before 2025-09-01" in cell("2025-06-02", warnings="text")
    assert cell("2025-09-01", warnings="text") == "none"
    tariff = caller.get(f"/v1/cells/{ONCE.identifier}/tariff", params={"band": "A"})
    assert tariff.text == "938.00"


@pytest.mark.parametrize("command", ["value", "compare"])
def test_a_command_says_it_on_standard_error_and_in_the_manifest(files, tmp_path, command):
    rules, pupils = map(str, files)
    sides = (
        ["--rules", rules] if command == "value" else ["--baseline", rules, "--candidate", rules]
    )
    out = str(tmp_path / "out.csv")
    done = CliRunner().invoke(app, [command, *sides, "--pupils", pupils, "--out", out])
    assert done.exit_code == 0, done.output
    assert done.stderr.count(SENTENCE) == 1
    [notice] = json.loads((tmp_path / "out.csv.manifest.json").read_text())["notices"]
    assert is_said(notice)


def test_the_check_says_it_before_anything_is_valued(files):
    done = CliRunner().invoke(app, ["rules", "check", str(files[0])])
    assert "is paid with the first day of a stay" in " ".join((done.stdout + done.stderr).split())


def test_python_warns_of_it_and_keeps_it_among_the_notes(files):
    rules = eb.read_rules(str(files[0]))
    pupils = eb.read_pupils(str(files[1]), rules)
    with warnings.catch_warnings(record=True, action="always") as told:
        outcome = eb.value(rules, pupils=pupils)
    for said in (SENTENCE, *OF_ITS_DAYS):
        assert sum(said in str(one.message) for one in told) == 1
    assert any(SENTENCE in note for note in outcome.notes)


def test_candidates_and_the_search_for_a_value_say_it_too(files, tmp_path):
    document = tmp_path / "candidates.yaml"
    document.write_text(
        f"format: evenband-candidates/1\ntitle: Prices\nbaseline: {files[0].name}\n"
        "vary:\n  band_profile.tariff.prices.0.pounds: ['900', '1000']\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(app, ["candidates", str(document), "--pupils", str(files[1])])
    assert done.exit_code == 0, done.output
    assert done.stderr.count(SENTENCE) == 1
    path = "band_profile.tariff.prices.0.pounds"
    asked = ["seek", "--rules", str(files[0]), "--pupils", str(files[1]), "--path", path]
    done = CliRunner().invoke(app, [*asked, "--total", "1000", "--from", "990", "--to", "1010.50"])
    assert done.exit_code == 0, done.output
    assert done.stderr.count(SENTENCE) == 1
    assert "1,000.00" in done.stdout
    with warnings.catch_warnings(record=True, action="always") as told:
        eb.candidates(str(document), eb.read_pupils(str(files[1]), eb.read_rules(str(files[0]))))
    assert any(SENTENCE in str(one.message) for one in told)
