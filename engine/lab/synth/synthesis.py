"""Makes a file of synthetic pupils and schools; requests for columns or sizes that cannot be made are refused."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine.columns import LEVEL_PREFIX, PUPIL_COLUMNS, Kind
from engine.errors import Problem, TableRefused
from engine.lab.synth import plan_columns, pupil_columns
from engine.lab.synth.bands_today import BAND, bands_today, columns_read
from engine.lab.synth.children import children
from engine.lab.synth.draws import Draws
from engine.lab.synth.margins import SHIPPED, margins, scale
from engine.lab.synth.people import UNKNOWN, people
from engine.lab.synth.plan_columns import BANDS, dimension
from engine.lab.synth.pupil_columns import MISSING, Described
from engine.lab.synth.school_columns import (
    COUNTS,
    PLACE,
    PRIOR,
    YEARS,
    amount_columns,
    establishment_columns,
    reference_numbers,
)
from engine.lab.synth.schools import invented_schools, school_names
from engine.lab.synth.stays import with_earlier_rows
from engine.lab.synth.synthetic import KEY, NAME, Synthetic, SyntheticTables, opaque_keys
from engine.money import half_away
from engine.rules.compiled import CompiledRules
from engine.tables import NO_SCHOOL, Array

DRAWN: dict[str, Callable[[Described], Array]] = {
    "primary_need": pupil_columns.primary_need,
    "secondary_need": pupil_columns.secondary_need,
    "fsm": pupil_columns.fsm,
    "fsm6": pupil_columns.fsm6,
    "eal3": pupil_columns.eal3,
    "mobility": pupil_columns.mobility,
    "looked_after": pupil_columns.looked_after,
    "low_prior_attainment": pupil_columns.low_prior_attainment,
    "idaci": pupil_columns.idaci,
    "score": plan_columns.score,
    "points": plan_columns.points,
    "level": plan_columns.level,
    "support_hours": plan_columns.support_hours,
    "hours": plan_columns.hours,
    "assessed_cost": plan_columns.assessed_cost,
    "band": plan_columns.band,
    "top_up": plan_columns.top_up,
    "start": plan_columns.start,
    "end": plan_columns.end,
}
"""How each pupil column is made that does not say where the pupil is."""

_PLACED = (KEY, "urn", "la", "year_group", "sen_provision", "setting")
UNDESCRIBED = frozenset(
    name
    for name, column in PUPIL_COLUMNS.items()
    if column.kind in (Kind.flag, Kind.code) and name not in {*_PLACED, *DRAWN}
)
"""Flags and codes of which no margin is published: they are made from the register alone."""

PUPIL_CHOICES = frozenset({*_PLACED, *DRAWN, *UNDESCRIBED})
"""The pupil columns that can be made, besides levels of dimensions by their names."""

SCHOOL_CHOICES = frozenset({*PLACE, *YEARS, *COUNTS, *PRIOR, *amount_columns()})
"""The school columns that can be made."""

_FEWEST = 10
_FEW_SCHOOLS, _PUPILS_OF_A_SCHOOL = 4, 150


def chosen_pupil_columns(columns: frozenset[str] | None) -> frozenset[str]:
    """Return the pupil columns to make: those asked for, or all but levels and bands."""
    return PUPIL_CHOICES - {"level", "band"} if columns is None else columns | {KEY, "la"}


def chosen_school_columns(columns: frozenset[str] | None) -> frozenset[str]:
    """Return the school columns to make: those asked for, or all but last year's."""
    return SCHOOL_CHOICES - frozenset(PRIOR) if columns is None else columns | {"urn", "phase"}


def usual_schools(pupils: int) -> int:
    """Return the schools of a file: as many a pupil as nationally, in a small file up to four."""
    national = int(scale()["national_schools"]), int(scale()["national_pupils"])
    few = min(1 + pupils // _PUPILS_OF_A_SCHOOL, _FEW_SCHOOLS)
    return max(half_away(pupils * national[0], national[1]), few)


def check(
    pupils: int, seed: int, schools: int, of_pupils: frozenset[str], of_schools: frozenset[str]
) -> None:
    """Raise ``TableRefused`` for a size or a column that cannot be made."""
    most = int(scale()["national_pupils"])
    problems = [
        Problem("cannot be invented; leave the column out", "unknown-column", column=name)
        for name in sorted({*filter(_strange, of_pupils), *(of_schools - SCHOOL_CHOICES)})
    ]
    if not _FEWEST <= pupils <= most:
        sentence = f"from {_FEWEST} to {most} pupils can be made"
        problems.append(Problem(sentence, "out-of-range", place="pupils"))
    elif not 1 <= schools <= max(pupils // _FEWEST, 1):
        sentence = f"there may be from 1 school to one for every {_FEWEST} pupils"
        problems.append(Problem(sentence, "out-of-range", place="schools"))
    if seed < 0:
        problems.append(Problem("must be 0 or more", "out-of-range", place="seed"))
    if problems:
        raise TableRefused(problems)


def _check_profiles(profiles: Sequence[CompiledRules]) -> None:
    """Raise ``TableRefused`` for local rules that read what cannot be made."""
    problems = [
        Problem(
            f"is read by {one.document.identifier} and cannot be invented",
            "unknown-column",
            column=name,
        )
        for one in profiles
        for name in sorted(filter(_strange, columns_read([one])))
    ]
    if problems:
        raise TableRefused(problems)


def _strange(name: str) -> bool:
    """Return whether a pupil column cannot be made."""
    level = name.startswith(LEVEL_PREFIX) and name != LEVEL_PREFIX
    return name not in PUPIL_CHOICES and not level


def synthesise(
    pupils: int,
    *,
    seed: int,
    schools: int | None = None,
    columns: frozenset[str] | None = None,
    school_columns: frozenset[str] | None = None,
    folder: Path = SHIPPED,
    profiles: Sequence[CompiledRules] = (),
    moves: bool = False,
) -> Synthetic:
    """Return a file of ``pupils`` children and young people in England, and their schools.

    The same seed gives the same bytes on any machine, whichever other columns are asked
    for. The key and the authority are always there. ``folder`` may hold the margins of
    another year. ``profiles`` are local rules whose bands plan holders hold today (``bands_today``).
    With ``moves``, those who moved within the year have a row for each stay (``stays``), so that there
    are more rows than pupils. Raises ``TableRefused``.
    """
    of_pupils, of_schools = chosen_pupil_columns(columns), chosen_school_columns(school_columns)
    of_pupils |= columns_read(profiles) | ({BAND} if profiles else frozenset())
    number = usual_schools(pupils) if schools is None else schools
    _check_profiles(profiles)
    check(pupils, seed, number, of_pupils, of_schools)
    draws, published = Draws(seed), margins(folder)
    count = children(published, pupils, draws)
    invented = invented_schools(published, count, number, draws)
    la = published.la[count.authorities]
    described = Described(people(published, count, invented, draws), invented, la, draws)
    made, keys = _columns(of_pupils, described), opaque_keys(pupils, draws)
    labels: tuple[str, ...] = BANDS
    if profiles:
        known = made | {name: _column(name, described) for name in ("la", "sen_provision")}
        made[BAND], labels = bands_today(profiles, known, described)
    if moves:
        keys, made = with_earlier_rows(keys, made, described)
    return Synthetic(
        keys=keys,
        pupil_columns=made,
        names=tuple(school_names(invented, draws)) if NAME in of_schools else None,
        school_columns=establishment_columns(described, of_schools),
        labels=labels,
    )


def _columns(names: frozenset[str], of: Described) -> dict[str, Array]:
    return {name: _column(name, of) for name in _in_order(names)}


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


def _column(name: str, of: Described) -> Array:
    """Return one pupil column as the engine holds it."""
    rows = of.people
    match name:
        case "la":
            return of.la.astype(np.int16)[rows.authority]
        case "urn":
            numbers: Array = np.r_[reference_numbers(of.schools), np.int32(NO_SCHOOL)]
            return numbers[rows.school]
        case "setting":
            return np.where(rows.setting == UNKNOWN, MISSING, rows.setting)
        case "year_group":
            return rows.year_group
        case "sen_provision":
            return rows.provision
    if name in UNDESCRIBED:
        return pupil_columns.undescribed(of, PUPIL_COLUMNS[name])
    return DRAWN[name](of) if name in DRAWN else dimension(of, name)
