"""The columns of the school table, given the pupils who attend."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import AMOUNT_PREFIX, SCHOOL_COLUMNS, Int, line_column
from engine.lab.synth.draws import Draws, Stream
from engine.lab.synth.margins import column, rows, scale
from engine.lab.synth.people import NOWHERE, People
from engine.lab.synth.pupil_columns import Described
from engine.lab.synth.schools import Schools
from engine.money import MILLION, PENCE
from engine.tables import Array
from engine.vocabulary import SchoolPhase, SenProvision, Setting

PLACE = ("urn", "la", "school_name", "phase")
YEARS = ("primary_years", "ks3_years", "ks4_years")
COUNTS = ("sen_support_pupils", "ehc_plans")
PRIOR = ("prior_budget", "prior_pupils")


def reference_numbers(schools: Schools) -> NDArray[np.int32]:
    """Return the invented reference number of each school, ascending."""
    return np.arange(len(schools), dtype=np.int32) + np.int32(scale()["first_urn"])


def amount_columns() -> tuple[str, ...]:
    """Return the columns of amounts given for each school."""
    return tuple(f"{AMOUNT_PREFIX}{row['line']}" for row in rows("school_amounts"))


def establishment_columns(of: Described, wanted: frozenset[str]) -> dict[str, Array]:
    """Return the wanted columns as the engine holds them, without the names."""
    schools, people, draws = of.schools, of.people, of.draws
    values = {
        "urn": reference_numbers(schools).astype(np.int64),
        "la": of.la[schools.authority],
        "phase": _phases()[schools.kind],
        **{name: _years(name)[schools.kind] for name in YEARS},
        "sen_support_pupils": _attending(schools, people, SenProvision.K),
        "ehc_plans": _attending(schools, people, SenProvision.E),
        **dict(zip(PRIOR, _prior(schools, people, draws), strict=True)),
        **dict(zip(amount_columns(), _amounts(schools, people, draws), strict=True)),
    }
    return {name: _array(name, array, schools) for name, array in values.items() if name in wanted}


def _array(name: str, values: Int, schools: Schools) -> Array:
    """Return a column in its own width, missing where the school is not mainstream."""
    register = SCHOOL_COLUMNS.get(name) or line_column(name)
    if name in PLACE:
        return values.astype(register.dtype)
    mainstream = taught(schools)
    held = np.full(len(schools), register.missing, register.dtype)
    held[mainstream] = values[mainstream]
    return held


def taught(schools: Schools) -> NDArray[np.bool_]:
    """Return which schools have years of compulsory age in the schools formula."""
    return np.asarray([row["primary_years"] != "" for row in rows("school_kinds")])[schools.kind]


def _phases() -> Int:
    return np.asarray([SchoolPhase[row["phase"]] for row in rows("school_kinds")], np.int64)


def _years(name: str) -> Int:
    return np.asarray([int(row[name] or 0) for row in rows("school_kinds")], np.int64)


def _attending(schools: Schools, people: People, provision: SenProvision | None = None) -> Int:
    """Return the pupils in the mainstream part of each school, of one provision or all."""
    here = (people.school != NOWHERE) & (people.setting == Setting.mainstream)
    if provision is not None:
        here &= people.provision == provision
    return np.bincount(people.school[here], minlength=len(schools)).astype(np.int64)


def _amounts(schools: Schools, people: People, draws: Draws) -> list[Int]:
    """Return the amount of each line in pence, 0 for the schools that have none."""
    pupils, size = _attending(schools, people), len(schools)
    amounts = []
    for row in rows("school_amounts"):
        chance = draws.between(Stream.school_amounts, 0, 99, size, row["line"], "having")
        lowest, highest = int(row["lowest_pounds"]), int(row["highest_pounds"])
        pounds = draws.between(Stream.school_amounts, lowest, highest, size, row["line"])
        pounds += int(row["pounds_a_pupil"]) * pupils
        amounts.append(np.where(chance < int(row["schools_percent"]), pounds * PENCE, 0))
    return amounts


def _prior(schools: Schools, people: People, draws: Draws) -> tuple[Int, Int]:
    """Return last year's budget share in pence and pupils in millionths."""
    size = len(schools)
    now = _attending(schools, people)
    pupils = np.maximum(now * draws.between(Stream.prior_year, 960, 1040, size) // 1000, 1)
    of_kind = {row["kind"]: at for at, row in enumerate(rows("prior_year"))}
    at = np.asarray([of_kind.get(row["kind"], 0) for row in rows("school_kinds")])[schools.kind]
    lump, lowest, highest = (
        column("prior_year", name)[at] * PENCE
        for name in ("lump_pounds", "lowest_pounds_a_pupil", "highest_pounds_a_pupil")
    )
    each = draws.between(Stream.prior_year, lowest // PENCE, highest // PENCE, size, "each") * PENCE
    return lump + each * pupils, pupils * MILLION
