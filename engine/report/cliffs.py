"""Where small steps cost most: between neighbouring bands of the rules, and between neighbouring candidates."""

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from engine.candidates.jumps import Jump, jumps_of
from engine.lab.atlas.entries import condition_words
from engine.money import half_away
from engine.report.choice import Choice
from engine.report.figures import Figures
from engine.report.parts import Section, Table
from engine.report.paths import PathNames
from engine.report.texts import change_text, pounds_text
from engine.rules.compiled import CompiledRules
from engine.steps import UNPRINTED

MOST = 10
"""Steps that are listed."""


class Step(NamedTuple):
    """The step of the price a year from one band to the next, for pupils of some conditions; pence."""

    where: str
    low: str
    high: str
    before: int
    after: int


def cliff_section(
    rules: list[CompiledRules], figures: Figures, choice: Choice, paths: PathNames
) -> Section:
    """Return the largest steps of prices of some rule sets, and of cost between candidates."""
    tables = [one for one in map(_of_bands, rules) if one is not None]
    cost = np.zeros(len(paths.candidates), np.int64)
    cost[figures.rows] = figures.cost
    shown = np.zeros(len(paths.candidates), np.bool_)
    shown[figures.rows] = figures.totals["after"].is_not_null().to_numpy()
    jumps = jumps_of(paths.candidates, cost, shown)
    sentences = [
        (
            "A cliff is a small change that moves much money: one more point of a score that leads to the next band, or one step of a"
            " value that candidates try."
        )
    ]
    if jumps:
        tables.append(_of_candidates(jumps[:MOST], choice, paths))
    elif len(paths.candidates) > 1:
        sentences.append(
            "No two candidates differ in one value alone, so that no step of the cost is of one value."
        )
    return Section("cliffs", "Cliffs: where a small step moves most", sentences, (), tables)


def _of_bands(rules: CompiledRules) -> Table | None:
    steps = sorted(band_steps(rules), key=lambda one: -abs(one.after - one.before))[:MOST]
    if not steps:
        return None
    rows = [
        (
            f"{one.low} to {one.high}", one.where or "all", pounds_text(one.before),
            pounds_text(one.after), change_text(one.after - one.before),
        )
        for one in steps
    ]  # fmt: skip
    document = rules.document
    caption = f"Largest steps of the price a year between neighbouring bands: {document.identifier}"
    return Table(caption, ("Bands", "Where", "From", "To", "Step"), rows, words=2)


def band_steps(rules: CompiledRules) -> Iterator[Step]:
    """Yield the step from each band to the next that has a price under the same conditions, before first part, floor and cap.

    Prices are those of the first day, after uprating; those with a quantity, such as hours, have no step.
    """
    top_ups = rules.top_ups
    if top_ups is None:
        return
    by_where: dict[str, dict[str, int]] = {}
    for price, (_, folded) in zip(top_ups.prices, top_ups.segments[0].prices, strict=True):
        rule = price.rule
        plain = folded.quantity is None and folded.base != UNPRINTED and not rule.assessed_cost
        if rule.band is not None and plain:
            where = condition_words(rule.when)
            by_where.setdefault(where, {}).setdefault(rule.band, int(folded.base))
    for where, prices in by_where.items():
        bands = [one for one in top_ups.bands if one in prices]
        for low, high in itertools.pairwise(bands):
            yield Step(where, low, high, prices[low], prices[high])


def _of_candidates(jumps: list[Jump], choice: Choice, paths: PathNames) -> Table:
    rows = []
    for one in jumps:
        names = [choice.title(at, paths.candidates) for at in (one.before, one.after)]
        rows.append(
            (one.path, f"{one.low} to {one.high}", " to ".join(names), change_text(one.pence), _times(one.times))
        )  # fmt: skip
    caption = "Largest steps of the cost between candidates that differ in one value"
    heads = ("What varies", "Values", "Candidates", "Step", "Times the middle step")
    return Table(caption, heads, rows, words=3)


def _times(times: Fraction | None) -> str:
    """Return how many times the middle step a step is, to a tenth."""
    if times is None:
        return "\N{EN DASH}"
    tenths = int(half_away(times.numerator * 10, times.denominator))
    return f"{tenths // 10}.{tenths % 10}"
