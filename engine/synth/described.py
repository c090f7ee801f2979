"""People with what is drawn for them: columns depend on each other, and each is drawn once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.columns import Int
from engine.synth.children import WHOLE
from engine.synth.draws import Codes, Draws, Stream
from engine.synth.people import People
from engine.synth.places import NOWHERE
from engine.synth.schools import LEVELS, Schools

MISSING = np.int8(np.iinfo(np.int8).min)
"""Value of a code or a flag that is not supplied."""


@dataclass
class Described:
    """People with what is drawn for them so far.

    la  (authorities) code of each authority of the file
    """

    people: People
    schools: Schools
    la: Int
    draws: Draws
    drawn: dict[str, Codes] = field(default_factory=dict)

    def once(self, name: str, draw: Callable[["Described"], Codes]) -> Codes:
        """Return a column that others depend on, drawn at its first use."""
        if name not in self.drawn:
            self.drawn[name] = draw(self)
        return self.drawn[name]


def level(of: Described) -> Codes:
    """Return the level of deprivation of each row's school, drawn where there is none."""
    return of.once("level", _level)


def _level(of: Described) -> Codes:
    held: Codes = np.r_[of.schools.level, 0].astype(np.int8)[of.people.school]
    nowhere = np.flatnonzero(of.people.school == NOWHERE)
    held[nowhere] = of.draws.between(Stream.deprivation, 0, LEVELS - 1, len(nowhere), "nowhere")
    return held


def yes(percent: Int | int) -> Int:
    """Return shares of no and yes, one row for each percentage (thousandths of a percent)."""
    shares = np.atleast_1d(np.asarray(percent, np.int64))
    return np.stack([WHOLE - shares, shares], axis=1)
