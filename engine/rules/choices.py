"""The choices that conditions of a rule document name: each code, band or range that its column cannot have."""

from collections.abc import Iterable, Iterator, Sequence

from engine.errors import Problem
from engine.rules.bands import Assignment
from engine.rules.compile_school_tables import misread_of_schools, school_value_fields
from engine.rules.compile_value_tables import clause_fields, tariff_fields
from engine.rules.document import RuleSet
from engine.rules.grid import Conditions, intervals
from engine.rules.inputs import Input
from engine.rules.value_tables import ROWS, ValueTable
from engine.rules.yaml_source import Path, path_of, place

ASSIGNMENT: Path = ("band_profile", "assignment")
COVERS, INPUTS = "covers", "inputs"
OF_VALUES_ALONE = (
    "la is read by tables of values alone: give the price, percentage or pounds that differ by authority as"
    " rows, each with its own la"
)


def choice_problems(document: RuleSet) -> Iterator[tuple[Path, Problem]]:
    """Yield each code, band or range of a condition that its column cannot have, with the condition's place.

    The fields of the document are sound each by itself; they need not fit each other.
    """
    profile = document.band_profile
    bands = () if profile is None else profile.bands
    table = None if profile is None else profile.assignment.table
    own = [] if table is None else [((*ASSIGNMENT, "table", INPUTS), table.inputs)]
    for path, names in (*own, *((one, tuple(when)) for one, when in _conditions(document))):
        if Input.la in names:
            here = (*path, Input.la.value) if path[-1] != INPUTS else path
            yield here, Problem(OF_VALUES_ALONE, "choice", place=place(here))
    for path, conditions in (*_conditions(document), *_value_conditions(document)):
        for name, choices in conditions.items():
            here = (*path, str(name))
            yield from _misread_at(here, str(name), choices, bands)
    for path, conditions in _school_conditions(document):
        for name, choices in conditions.items():
            here = (*path, str(name))
            for sentence in misread_of_schools(str(name), choices):
                yield here, Problem(sentence, "choice", place=place(here))
    points = None if profile is None else profile.assignment.points
    if points is not None and points.covers is not None:
        yield from _misread_at((*ASSIGNMENT, "points", COVERS), Input.points, points.covers, bands)


def _misread_at(
    path: Path, name: str, choices: Sequence[str], bands: Sequence[str]
) -> Iterator[tuple[Path, Problem]]:
    """Yield what is wrong with each choice at a place that a column cannot have."""
    for sentence in _misread(name, choices, bands):
        yield path, Problem(sentence, "choice", place=place(path))


def _misread(name: str, choices: Sequence[str], bands: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with each choice that a column cannot have."""
    for choice in dict.fromkeys(choices):
        try:
            intervals(name, (choice,), bands)
        except ValueError as error:
            yield str(error)


def _conditions(document: RuleSet) -> Iterator[tuple[Path, Conditions]]:
    """Yield the conditions of bands, prices, modifiers and of who is paid, each with its place."""
    rule, profile = document.top_up_rule, document.band_profile
    if profile is not None:
        tariff = profile.tariff
        named: dict[Path, list[Conditions]] = {
            ("prices",): [one.when for one in tariff.prices],
            ("modifiers",): [one.when for one in tariff.modifiers],
        }
        yield from _of_assignment(profile.assignment)
        for path, several in named.items():
            for at, when in enumerate(several):
                yield ("band_profile", "tariff", *path, at, "when"), when
    if rule is not None:
        yield ("top_up_rule", "pays_when"), rule.pays_when


def _of_assignment(form: Assignment) -> Iterator[tuple[Path, Conditions]]:
    """Yield the conditions of rows of bands, and what a table is said to cover, each with its place."""
    for at, step in enumerate(form.points.steps if form.points else ()):
        yield (*ASSIGNMENT, "points", "steps", at, "when"), step.when
    if form.table is not None:
        for at, row in enumerate(form.table.rows):
            yield (*ASSIGNMENT, "table", ROWS, at, "when"), row.when
        yield (*ASSIGNMENT, "table", COVERS), form.table.covers


def _value_conditions(document: RuleSet) -> Iterator[tuple[Path, Conditions]]:
    """Yield the conditions of rows of tables of values, each with its place."""
    rule, profile = document.top_up_rule, document.band_profile
    fields: list[tuple[str, object]] = []
    if profile is not None:
        fields += tariff_fields(profile.tariff)
    if rule is not None:
        fields += clause_fields(rule)
    yield from _of_rows(fields)


def _school_conditions(document: RuleSet) -> Iterator[tuple[Path, Conditions]]:
    """Yield the conditions of rows of tables of values of the schools formula, each with its place."""
    formula = document.schools_formula
    yield from _of_rows([] if formula is None else school_value_fields(formula))


def _of_rows(fields: Iterable[tuple[str, object]]) -> Iterator[tuple[Path, Conditions]]:
    """Yield the conditions of the rows of those values that are tables."""
    for table_path, table in fields:
        for at, row in enumerate(table.rows if isinstance(table, ValueTable) else ()):
            yield (*path_of(table_path), ROWS, at, "when"), row.when
