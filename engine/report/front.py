"""The front: candidates that no other beats in cost and in what an area loses, or in how far areas are apart."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.candidates.few import spaced
from engine.charts import Axis, Point, point_chart
from engine.columns import Int
from engine.report.choice import MOST_OF_FRONT, Choice
from engine.report.figures import Figures
from engine.report.parts import Figure, Section, Table
from engine.report.paths import PathNames
from engine.report.texts import (
    change_text,
    counted,
    number_text,
    percent_text,
    pounds_text,
    short_pounds,
)

Flags = NDArray[np.bool_]


ABOUT = "A candidate is on the front where no other costs as little and has as {}. Squares are on the front; dots are all others."


@dataclass(frozen=True, slots=True)
class Measure:
    """What is to be small beside the cost: its words, its number under each candidate, and where that is shown."""

    name: str
    title: str
    axis: str
    head: str
    about: str
    values: Int
    known: Flags
    text: Callable[[int], str]


def front_sections(
    figures: Figures, choice: Choice, paths: PathNames, keeps: Flags
) -> list[Section]:
    """Return the fronts of cost and largest loss, cost and spread, cost and losers; those of which nothing is shown say so."""
    found, hidden = [], []
    for one in _measures(figures):
        known = one.known & figures.totals["after"].is_not_null().to_numpy()
        if known.any():
            found.append(_section(replace(one, known=known), figures, choice, paths, keeps))
        else:
            hidden.append(one.title)
    if hidden:
        sentence = f"Not shown here: {' and '.join(hidden)}. What single areas lose would tell small numbers of pupils."
        found.insert(0, Section("front-hidden", "The front", [sentence]))
    return found


def _measures(figures: Figures) -> list[Measure]:
    shares, area = figures.shares, figures.shares.area
    areas = "authorities" if area == "authority" else "regions"
    losers = figures.totals["losers"]
    held = losers.fill_null(0).to_numpy().astype(np.int64)
    of_baseline = f"What {'an' if area == 'authority' else 'a'} {area} loses is a share of what the baseline {figures.subject.pays} its {figures.subject.several}."
    return [
        Measure(
            "front-loss", f"cost against the largest loss of any {area}", f"Largest loss of any {area}, %",
            "Largest loss", f"{ABOUT.format(f'small a largest loss of any {area}')} {of_baseline}",
            shares.loss, shares.known, percent_text,
        ),
        Measure(
            "front-spread", f"cost against the spread between {areas}", f"Spread between {areas}, % points",
            "Spread",
            f"{ABOUT.format('small a spread')} The spread is how far the change of the {area} that gains most is from that of"
            " the one that loses most, each as a share.",
            shares.spread, shares.known, percent_text,
        ),
        Measure(
            "front-losers", "cost against the number of losers", "Losers", "Losers", ABOUT.format("few losers"),
            held, losers.is_not_null().to_numpy(), number_text,
        ),
    ]  # fmt: skip


def _section(
    one: Measure, figures: Figures, choice: Choice, paths: PathNames, keeps: Flags
) -> Section:
    title = f"The front: {one.title}"
    best = figures.front(one.values, one.known, keeps)
    on_front = set(best.tolist())
    points = [
        Point(int(figures.cost[at]), int(one.values[at]), row in on_front, choice.letter(row))
        for row, at in figures.places.items()
        if one.known[at]
    ]
    points.sort(key=lambda point: (point.x, point.y))
    axes = (Axis("Cost a year", short_pounds), Axis(one.axis, one.text))
    caption = f"{counted(len(points), 'candidate')}, {number_text(len(best))} on the front"
    described = f"{caption}; the table below has the front."
    drawing = point_chart(f"{one.name}-chart", title, described, points, axes)
    tables = [_table(best, figures, choice, paths, one)] if len(best) else []
    return Section(one.name, title, [one.about], [Figure(caption, drawing)], tables)


def _table(
    best: Int, figures: Figures, choice: Choice, paths: PathNames, measure: Measure
) -> Table:
    letters = [at for at in choice.few if at in best]
    shown = np.unique(
        np.r_[spaced(np.arange(len(best)), MOST_OF_FRONT), np.flatnonzero(np.isin(best, letters))]
    )
    counts = [name for name in ("winners", "losers") if name.capitalize() != measure.head]
    rows = []
    for row in best[shown].tolist():
        own, lacking = figures.of(row), figures.lacking
        value = int(measure.values[figures.places[row]])
        rows.append(
            (
                choice.title(row, paths.candidates), *paths.cells(row), pounds_text(own["after"], lacking),
                change_text(own["change"], lacking), measure.text(value),
                *(number_text(own[name], lacking) for name in counts),
            )
        )  # fmt: skip
    of = f"the front of cost and {measure.head.lower()}"
    caption = f"Candidates of {of}, by cost"
    if len(shown) < len(best):
        caption = f"{len(shown)} of the {len(best):,} candidates of {of}, spaced evenly, by cost"
    heads = (
        "Candidate",
        *paths.names,
        "Cost",
        "Change",
        measure.head,
        *(one.capitalize() for one in counts),
    )
    return Table(caption, heads, rows)
