"""Invented pupils and schools that follow published national tables. None is a real person."""

from dataclasses import dataclass

import polars as pl

from engine.lab.synth import synthesise
from evenband.arguments import whole
from evenband.display import counted


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Synthetic:
    """Invented ``pupils`` and ``schools`` as frames with the columns that ``read_pupils`` and ``read_schools`` take."""

    pupils: pl.DataFrame
    schools: pl.DataFrame

    def __repr__(self) -> str:
        """Return how many were invented."""
        pupils, schools = self.pupils.height, self.schools.height
        return f"<Synthetic: {counted(pupils, 'pupil')}, {counted(schools, 'school')}>"


def synth(pupils: int, *, seed: int = 1, schools: int | None = None) -> Synthetic:
    """Invent pupils and their schools; the same seed gives the same rows on any machine.

    ``pupils`` is from 10 to about 9 million; ``schools`` is by default in proportion to them, at most
    one for every 10 pupils. Raises ``TableRefused`` for a number that cannot be made.
    """
    whole(pupils, "pupils")
    whole(seed, "seed", 0)
    if schools is not None:
        whole(schools, "schools")
    made = synthesise(pupils, seed=seed, schools=schools)
    return Synthetic(made.pupils, made.schools)
