"""The columns that can be made, and how many pupils and schools; other requests are refused."""

from collections.abc import Callable

from engine.columns import LEVEL_PREFIX
from engine.errors import Problem, TableRefused
from engine.money import half_away
from engine.synth import attributes, costs, needs, part_year, provision
from engine.synth.described import Described
from engine.synth.establishments import COUNTS, PLACE, PRIOR, YEARS, amount_columns
from engine.synth.margins import scale
from engine.synth.synthetic import KEY
from engine.tables import Column

DRAWN: dict[str, Callable[[Described], Column]] = {
    "primary_need": needs.primary_need,
    "secondary_need": needs.secondary_need,
    "fsm": attributes.fsm,
    "fsm6": attributes.fsm6,
    "eal3": attributes.eal3,
    "mobility": attributes.mobility,
    "looked_after": attributes.looked_after,
    "low_prior_attainment": attributes.low_prior_attainment,
    "idaci": attributes.idaci,
    "score": provision.score,
    "points": provision.points,
    "level": provision.level,
    "support_hours": provision.support_hours,
    "hours": provision.hours,
    "assessed_cost": costs.assessed_cost,
    "band": provision.band,
    "top_up": costs.top_up,
    "start": part_year.start,
    "end": part_year.end,
}
"""How each pupil column is made that does not say where the pupil is."""

PUPIL_CHOICES = frozenset({KEY, "urn", "la", "year_group", "sen_provision", "setting", *DRAWN})
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


def _strange(name: str) -> bool:
    """Return whether a pupil column cannot be made."""
    level = name.startswith(LEVEL_PREFIX) and name != LEVEL_PREFIX
    return name not in PUPIL_CHOICES and not level
