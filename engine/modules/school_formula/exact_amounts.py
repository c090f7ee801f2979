"""What lines come to for a whole year, by which schools are compared: with last year, and with a minimum level.

Where values change within the year, each segment counts for its months, so that amounts are those of a year times
all the weights of its segments (``CompiledFormula.scale``): whole numbers, with nothing rounded away.
"""

import numpy as np

from engine.columns import Int
from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.money import MILLION, half_away
from engine.steps.ratios import Whole


def exact_amount(inputs: SchoolInputs, at: int) -> Whole:
    """Return what a line comes to at each school (schools), millionths of a penny, not rounded, times all weights."""
    form, units = inputs.units.form[at], inputs.units.units[at].astype(object)
    total: Whole = np.zeros(len(form), object)
    for segment, (line, weight) in enumerate(
        zip(inputs.lines[at].segments, inputs.weights, strict=True)
    ):
        given = inputs.units.given[segment, at].astype(object) * MILLION
        total += np.where(form == GIVEN_UNITS, units * (line.rate or 0), given) * weight
    return np.where(form == NOT_KNOWN, 0, total)


def exact_amounts(inputs: SchoolInputs) -> Int:
    """Return what each line comes to (lines, schools), as ``exact_amount`` does, in 63 bits: for inputs that were valued, which fit."""
    form, units, given = inputs.units
    total = np.zeros(units.shape, np.int64)
    for segment, weight in enumerate(inputs.weights):
        rates = np.asarray([line.segments[segment].rate or 0 for line in inputs.lines], np.int64)
        priced = np.where(form == GIVEN_UNITS, units * rates[:, None], given[segment] * MILLION)
        total += np.where(form == NOT_KNOWN, 0, priced) * weight
    return total


def exact_sum(inputs: SchoolInputs, chosen: list[bool]) -> Whole:
    """Return what some lines come to together in each school, as ``exact_amount`` does."""
    none: Whole = np.zeros(len(inputs.schools), object)
    return sum((exact_amount(inputs, at) for at in np.flatnonzero(chosen).tolist()), none)


def rounded_amounts(inputs: SchoolInputs) -> Int:
    """Return what each line comes to (schools, lines), pence: each segment's amount of a year rounded, times all weights."""
    form, units, given = inputs.units
    total = np.zeros(units.T.shape, np.int64)
    for segment, weight in enumerate(inputs.weights):
        rates = np.asarray([line.segments[segment].rate or 0 for line in inputs.lines], np.int64)
        rounded = half_away(units.T * rates, MILLION)
        total += np.where(form.T == GIVEN_UNITS, rounded, given[segment].T) * weight
    return total
