"""A value is read alike wherever it comes in, however people write it: file, JSON, page, cell, command, Python."""

import io
import shutil

import polars as pl
import pytest
import xlsxwriter

import evenband as eb
from app.settings import Settings
from engine.rules.load import canonical
from tests.app.facts import Question
from tests.app.invented import served
from tests.app.one_answer import ENTRY_POINTS, Places
from tests.builders import banded, rule_set

WEST_SUSSEX = "west-sussex-2021-22"
SCHOOL = {
    "phase": "primary",
    "units_basic_entitlement_primary": "1234",
    "units_basic_entitlement_ks3": "12",
    "units_fsm6_primary": "300.5",
    "amount_rates": "31000.00",
    "sen_support_pupils": "0",
    "ehc_plans": "3",
    "prior_budget": "5500000.00",
    "prior_pupils": "1210",
}
COST = "1500.00"
OTHERWISE = {
    "phase": ["Primary", "PRIMARY"],
    "units_basic_entitlement_primary": ["1,234", "1 234", "1\u00a0234", "1234.0"],
    "units_fsm6_primary": ["300.50"],
    "amount_rates": ["£31,000", "31 000.00", "£ 31,000.00"],
    "sen_support_pupils": ["none", "nil", "0.0"],
    "prior_pupils": ["1,210"],
    "prior_budget": ["£5,500,000.00"],
}
SPELLINGS = [(name, one) for name, held in OTHERWISE.items() for one in held]


@pytest.fixture(scope="module")
def places(published_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("alike")
    copy, nothing = folder / "published.db", folder / "no_rules"
    shutil.copyfile(published_file, copy)
    nothing.mkdir()
    settings = Settings(
        database_url=f"sqlite:///{copy}",
        warm_at_start=False,
        rules_folder=nothing,
        hosts="testserver",
    )
    with served(settings, []) as client:
        yield Places(client, folder)


@pytest.fixture(scope="module")
def plainly(places):
    asked = Question(WEST_SUSSEX, SCHOOL, COST)
    return {name: entry(places, asked) for name, entry in ENTRY_POINTS.items()}


@pytest.mark.parametrize(("column", "cell"), SPELLINGS)
def test_a_school_is_valued_alike_however_a_value_is_written(places, plainly, column, cell):
    asked = Question(WEST_SUSSEX, {**SCHOOL, column: cell}, COST)
    for name, entry in ENTRY_POINTS.items():
        assert entry(places, asked) == plainly[name], name


def test_every_entry_point_answers_about_a_middle_school_that_is_deemed_primary(plainly):
    assert None not in plainly.values()


NEEDS = {"label": "Sensory", "when": {"secondary_need": ["HI", "VI", "MSI"]}, "pounds": "2000"}
ALONE = {"label": "One need", "when": {"secondary_need": "none"}, "pounds": "300"}
PARTS = banded([{"band": "A", "pounds": "5000"}, {"band": "B", "assessed_cost": True}], ["A", "B"])
PARTS["band_profile"]["tariff"]["modifiers"] = [NEEDS, ALONE]
RULES = rule_set(identifier="invented-second-needs", **PARTS)
PUPIL = {
    "pupil_key": "p-1",
    "la": "201",
    "urn": "900001",
    "sen_provision": "E",
    "setting": "mainstream",
    "primary_need": "ASD",
    "secondary_need": "none",
    "band": "B",
    "assessed_cost": "9876.54",
    "start": "2025-09-01",
    "end": "none",
}
OF_PUPILS = {
    "sen_provision": ["e"],
    "setting": ["Mainstream"],
    "primary_need": ["asd", "ASC"],
    "secondary_need": ["None", "nil"],
    "assessed_cost": ["£9,876.54", "9 876.54"],
    "start": ["2025-09-01 00:00:00"],
    "end": ["", "nil", "z"],
    "band": ["B "],
}


def csv(row):
    return pl.DataFrame([row]).write_csv()


def workbook(row):
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        for at, (name, cell) in enumerate(row.items()):
            sheet.write_string(0, at, name)
            sheet.write_string(1, at, cell)
    return held.getvalue()


def parquet(row):
    held = io.BytesIO()
    pl.DataFrame([row]).write_parquet(held)
    return held.getvalue()


FILES = {".csv": csv, ".xlsx": workbook, ".parquet": parquet}


@pytest.fixture(scope="module")
def second_needs(tmp_path_factory):
    path = tmp_path_factory.mktemp("rules") / "rules.yaml"
    path.write_text(canonical(RULES), encoding="utf-8")
    return eb.read_rules(path)


@pytest.fixture(scope="module")
def asked_of(tmp_path_factory, second_needs):
    folder = tmp_path_factory.mktemp("pupils")

    def top_ups(row):
        """Return the top-up of a pupil by each way in."""
        sources = {".records": [row], ".frame": pl.DataFrame([row])}
        for kind, content in FILES.items():
            path = folder / f"pupils{kind}"
            written = content(row)
            path.write_bytes(written.encode() if isinstance(written, str) else written)
            sources[kind] = path
        return {
            kind: eb.value(second_needs, pupils=eb.read_pupils(one, second_needs))
            .to_polars("pupils")["top_up"]
            .to_list()
            for kind, one in sources.items()
        }

    return top_ups


@pytest.mark.filterwarnings("ignore:pupils. 1 cell is")
@pytest.mark.parametrize(
    ("column", "cell"), [(name, one) for name, held in OF_PUPILS.items() for one in held]
)
def test_a_pupil_is_valued_alike_however_a_value_is_written(asked_of, column, cell):
    plain = asked_of(PUPIL)
    assert len({str(one) for one in plain.values()}) == 1
    assert plain[".csv"] != [None]
    assert asked_of({**PUPIL, column: cell}) == plain


@pytest.mark.filterwarnings("ignore:pupils. 1 cell is")
def test_none_is_no_second_need_and_a_blank_is_not_known(asked_of):
    whole = {**PUPIL, "band": "A", "start": ""}
    by_need = {
        need: {str(one) for one in asked_of({**whole, "secondary_need": need}).values()}
        for need in ("HI", "none", "ASD", "", "c")
    }
    unknown = {"[None]"}
    assert [one == unknown for one in by_need.values()] == [False, False, False, True, True]
    assert [
        "7000" in str(by_need["HI"]),
        "5300" in str(by_need["none"]),
        "5000" in str(by_need["ASD"]),
    ] == [True] * 3
