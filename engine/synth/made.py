"""Makes a file of synthetic pupils and schools, as frames or as checked tables."""

from pathlib import Path

import numpy as np

from engine.columns import PUPIL_COLUMNS
from engine.synth.children import children
from engine.synth.choices import (
    DRAWN,
    check,
    chosen_pupil_columns,
    chosen_school_columns,
    usual_schools,
)
from engine.synth.described import MISSING, Described
from engine.synth.draws import Draws
from engine.synth.establishments import establishment_columns, reference_numbers
from engine.synth.keys import opaque_keys
from engine.synth.margins import SHIPPED, margins
from engine.synth.people import UNKNOWN, people
from engine.synth.provision import dimension
from engine.synth.schools import invented_schools, school_names
from engine.synth.synthetic import KEY, NAME, Synthetic, SyntheticTables
from engine.tables import NO_SCHOOL, Column


def synthesise(
    pupils: int,
    *,
    seed: int,
    schools: int | None = None,
    columns: frozenset[str] | None = None,
    school_columns: frozenset[str] | None = None,
    folder: Path = SHIPPED,
) -> Synthetic:
    """Return a file of ``pupils`` children and young people in England, and their schools.

    The same seed gives the same bytes on any machine, whichever other columns are asked
    for. The key and the authority are always there. ``folder`` may hold the margins of
    another year. Raises ``TableRefused``.
    """
    of_pupils, of_schools = chosen_pupil_columns(columns), chosen_school_columns(school_columns)
    number = usual_schools(pupils) if schools is None else schools
    check(pupils, seed, number, of_pupils, of_schools)
    draws, published = Draws(seed), margins(folder)
    count = children(published, pupils, draws)
    invented = invented_schools(published, count, number, draws)
    la = published.la[count.authorities]
    described = Described(people(published, count, invented, draws), invented, la, draws)
    return Synthetic(
        keys=opaque_keys(pupils, draws),
        pupil_columns={name: _column(name, described) for name in _in_order(of_pupils)},
        names=tuple(school_names(invented, draws)) if NAME in of_schools else None,
        school_columns=establishment_columns(described, of_schools),
    )


def synthetic_tables(
    pupils: int,
    *,
    seed: int,
    schools: int | None = None,
    columns: frozenset[str] | None = None,
    school_columns: frozenset[str] | None = None,
) -> SyntheticTables:
    """Return what ``synthesise`` makes as tables, without the way through text."""
    made = synthesise(
        pupils, seed=seed, schools=schools, columns=columns, school_columns=school_columns
    )
    return made.tables()


def _in_order(columns: frozenset[str]) -> list[str]:
    """Return columns but the key in the order of the register, levels of dimensions last."""
    known = [name for name in PUPIL_COLUMNS if name in columns and name != KEY]
    return [*known, *sorted(columns - set(PUPIL_COLUMNS))]


def _column(name: str, of: Described) -> Column:
    """Return one pupil column as the engine holds it."""
    rows = of.people
    match name:
        case "la":
            return of.la.astype(np.int16)[rows.authority]
        case "urn":
            numbers: Column = np.r_[reference_numbers(of.schools), np.int32(NO_SCHOOL)]
            return numbers[rows.school]
        case "setting":
            return np.where(rows.setting == UNKNOWN, MISSING, rows.setting)
        case "year_group":
            return rows.year_group
        case "sen_provision":
            return rows.provision
    return DRAWN[name](of) if name in DRAWN else dimension(of, name)
