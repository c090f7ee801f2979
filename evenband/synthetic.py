"""Invented pupils and schools that follow published national tables. None is a real person."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from engine.lab.synth import synthesise
from evenband.arguments import of_kind, whole
from evenband.display import counted
from evenband.rules import Rules


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Synthetic:
    """Invented ``pupils`` and ``schools`` as frames with the columns that ``read_pupils`` and ``read_schools`` take."""

    pupils: pl.DataFrame
    schools: pl.DataFrame

    def __repr__(self) -> str:
        """Return how many were invented."""
        pupils, schools = self.pupils.height, self.schools.height
        return f"<Synthetic: {counted(pupils, 'pupil')}, {counted(schools, 'school')}>"


def synth(
    pupils: int,
    *,
    seed: int = 1,
    schools: int | None = None,
    bands: Rules | Sequence[Rules] = (),
    moves: bool = False,
) -> Synthetic:
    """Invent pupils and their schools; the same seed gives the same rows on any machine.

    ``pupils`` is from 10 to about 9 million; ``schools`` is by default in proportion to them, at most
    one for every 10 pupils. ``bands`` are local rules of which plan holders hold a band today, those of
    the rules' authority where they name one; of several for a pupil the last decides. With ``moves``, plan
    holders who moved school or authority within the year have a row for each stay, so that there are more
    rows than pupils. Raises ``TableRefused`` for a number that cannot be made, for rules without bands, and
    for rules that read a column that cannot be invented.
    """
    whole(pupils, "pupils")
    whole(seed, "seed", 0)
    if schools is not None:
        whole(schools, "schools")
    local = [bands] if isinstance(bands, Rules) else list(bands)
    for one in local:
        of_kind(one, Rules, "bands are rules, as read_rules gives them")
    made = synthesise(
        pupils, seed=seed, schools=schools, profiles=[one.compiled for one in local], moves=moves
    )
    return Synthetic(made.pupils, made.schools)
