"""Each input has one name: older ones are in one list, and nothing else that a caller may send is called by them."""

import inspect
import json
from typing import get_args

import typer

import evenband
from app.cli import app
from app.commands import options as shared
from app.commands import value
from engine.columns import PUPIL_COLUMNS, SCHOOL_COLUMNS
from engine.data import FIXTURES
from engine.modules.school_formula.missing_lines import AbsentLines
from engine.reading.aliases import OF_A_CASE, OF_TARGETED_FUNDING
from evenband import outcome, tables
from tests.house.sources import ROOT

SCHEMA = FIXTURES / "schema"
DESCRIBED = json.loads((SCHEMA / "openapi.json").read_text(encoding="utf-8"))
OLDER = OF_A_CASE | OF_TARGETED_FUNDING
OLDER_OPTIONS, OLDER_ARGUMENTS = {"--divided": "--schedule"}, {"day": "on"}
"""Older names of commands and of the Python package, which read no table."""

SAME = {"--on": "on", "--sen-support-cost": "sen_support_cost", "--absent-lines": "absent_lines",
        "--baseline": "baseline", "--candidate": "candidate", "--schedule": "schedule",
        "--la": "la", "--authority": "authority", "--year": "year", "--override": "override",
        "--la-map": "la_map", "--other-authorities": "other_authorities",
        "--dates": "dates", "--blank-means-none": "blank_means_none",
        "--round-to-pence": "round_to_pence", "--days": "days"}  # fmt: skip
"""Options of commands, with the name that a request gives the same input."""


def columns():
    """Return the columns of every table, by the table."""
    tables = sorted(SCHEMA.glob("table-*.json"))
    return {
        path.stem: {one["name"] for one in json.loads(path.read_text("utf-8"))["fields"]}
        for path in tables
    }


def parameters():
    """Return what an address may say, by operation."""
    return {
        f"{method} {path}": {one["name"] for one in operation.get("parameters", [])}
        for path, operations in DESCRIBED["paths"].items()
        for method, operation in operations.items()
    }


def body_fields():
    """Return the fields of every body that is sent, at its top."""
    found = set()
    for operations in DESCRIBED["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {})
            for one in content.values():
                name = one["schema"].get("$ref", "").rpartition("/")[2]
                found |= set(DESCRIBED["components"]["schemas"].get(name, {}).get("properties", {}))
    return found


def options(command):
    """Return the options of a command and of those within it."""
    within = getattr(command, "commands", {}).values()
    own = {name for one in command.params for name in one.opts if name.startswith("--")}
    return own.union(*(options(one) for one in within))


def test_no_table_has_a_column_by_an_older_name():
    tables = columns()
    assert len(tables) == 5
    assert set(OLDER.values()) <= set().union(*tables.values())
    assert not {name: held & set(OLDER) for name, held in tables.items() if held & set(OLDER)}


def test_an_address_has_an_older_name_only_beside_the_name_of_the_column():
    older = {where: names for where, names in parameters().items() if names & set(OLDER)}
    assert list(older) == ["get /v1/cells/{rule_set}/band-pays"]
    assert set(OF_A_CASE) | set(OF_A_CASE.values()) <= older["get /v1/cells/{rule_set}/band-pays"]


def test_a_cell_asks_a_case_by_the_columns_of_pupils_and_schools():
    cell = {"rule_set", "on", "version", "known", "override", "v", "errors", "warnings", "notes", "band", "others", "lines", "line", "units", "amount", "part"}  # fmt: skip
    known = {*PUPIL_COLUMNS, *SCHOOL_COLUMNS, "phase"}
    for where, names in parameters().items():
        if "/v1/cells/" in where:
            assert names - set(OLDER) - cell <= known, where


def test_an_option_has_the_name_that_a_request_gives_the_same_input():
    written = options(typer.main.get_command(app))
    sent = body_fields().union(*parameters().values(), *columns().values())
    assert set(SAME) | set(OLDER_OPTIONS) <= written
    assert set(SAME.values()) <= sent
    unlike = {name for name in written if name[2:].replace("-", "_") in sent} - set(SAME)
    assert unlike <= {"--pupils", "--schools", "--places", "--version", "--format", "--explain", "--kind", "--from", "--to"}  # fmt: skip


def test_the_package_asks_for_a_day_and_absent_lines_by_the_names_of_requests():
    arguments = set(inspect.signature(evenband.read_rules).parameters)
    arguments |= set(inspect.signature(evenband.read_schools).parameters)
    assert {"on", "absent_lines"} <= arguments & body_fields()
    assert set(OLDER_ARGUMENTS) <= arguments
    assert not {*OLDER_ARGUMENTS} & body_fields()


def test_the_package_and_commands_choose_rows_and_schedules_by_the_same_words():
    older = {"months", "periods", "not-supplied"}
    assert set(get_args(outcome.Detail)) - older == set(get_args(value.Detail))
    assert set(get_args(outcome.Payments)) == set(get_args(value.Divided))
    assert set(get_args(tables.Absent)) == set(AbsentLines)
    assert set(shared.MEANINGS) - older == set(AbsentLines)
    assert {"detail", "schedule"} <= set(inspect.signature(evenband.Outcome.to_polars).parameters)


def test_how_rows_are_cut_and_how_much_of_the_working_is_said_are_two_words():
    written = options(typer.main.get_command(app))
    assert "--detail" in written
    assert "--working" not in written
    assert "working" in body_fields()
    assert "detail" not in body_fields()


def test_the_list_of_older_names_is_in_one_module():
    sources = [path for folder in ("app", "engine", "evenband") for path in (ROOT / folder).rglob("*.py")]  # fmt: skip
    said = {
        path.relative_to(ROOT).as_posix()
        for path in sources
        if "_FUNDING = {" in (text := path.read_text("utf-8")) or "OF_A_CASE = {" in text
    }
    assert said == {"engine/reading/aliases.py"}
