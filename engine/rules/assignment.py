"""The assignment of a band profile as a grid, and the proof that it leaves no pupil out.

A profile is checked when it is read: within what it says it covers, every combination of
codes and ranges leads to exactly one band, and every row can be reached.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import Problem, RuleRefused
from engine.rules.bands import Assignment, BandProfile, HitPolicy
from engine.rules.gaps import boxes_of, gap_of
from engine.rules.grid import (
    NONE,
    Conditions,
    Grid,
    build,
    domain,
    frozen_grid,
    intervals,
    slots_of,
)
from engine.rules.inputs import CODES, Input

WHERE = "band_profile.assignment"


class Assigned(NamedTuple):
    """The band of each row (as a position in the profile's bands) and the grid of rows.

    Rows from ``panel_from`` on are the bands that a panel may give.
    """

    band_of_row: Int
    grid: Grid
    panel_from: int


def assignment_grid(profile: BandProfile, hit_policy: HitPolicy | None = None) -> Assigned:
    """Return a profile's assignment as one grid, for any of the four ways to assign bands.

    ``hit_policy`` is taken in place of the profile's own. Raises ``RuleRefused`` where two rows fit one pupil and
    may not, and for a grid that is too large.
    """
    form, bands = profile.assignment, profile.bands
    rows, names, own = _rows(form, bands)
    policy = hit_policy or own
    inputs = [str(one) for one in form.table.inputs] if form.table else None
    grid = build(rows, bands, policy, place_of_rows(form), inputs)
    if form.panel_may_decide:
        grid = with_panel(grid, len(rows), len(bands))
        names = [*names, *bands]
    band_of_row = np.asarray([bands.index(name) for name in names], np.int64)
    band_of_row.flags.writeable = False
    return Assigned(band_of_row, grid, len(rows))


def with_panel(grid: Grid, rows: int, bands: int) -> Grid:
    """Return a grid that keeps a band that is given; the rows decide where none is."""
    edges = np.arange(bands)
    shape = (*grid.shape, bands + 1)
    answers = np.empty(shape, np.int32)
    answers[..., 0] = grid.answers.reshape(grid.shape)
    answers[..., 1:] = rows + edges
    return frozen_grid(
        (*grid.inputs, Input.band.value), [*grid.edge_lists(), edges.tolist()], shape, answers
    )


def place_of_rows(form: Assignment) -> str:
    """Return the place of the rows in the document."""
    return f"{WHERE}.{'points.steps' if form.points else 'table.rows'}"


def _rows(form: Assignment, bands: Sequence[str]) -> tuple[list[Conditions], list[str], HitPolicy]:
    if form.points is not None:
        steps = form.points.steps
        ranges: list[Conditions] = [
            {**one.when, Input.points: (f"{one.least}-{one.most}",)} for one in steps
        ]
        return ranges, [one.band for one in steps], HitPolicy.unique
    if form.table is not None:
        rows = form.table.rows
        return [dict(row.when) for row in rows], [row.band for row in rows], form.table.hit_policy
    return [{Input.band: (band,)} for band in bands], list(bands), HitPolicy.unique


def covering_problems(profile: BandProfile, published: BandProfile | None = None) -> list[Problem]:
    """Return what the assignment leaves open: every gap, with the values in it, and rows never reached.

    With ``published``, whose cut-offs were others, all must be covered that it covers.
    """
    form = profile.assignment
    if form.label_given or form.conversion:
        return []
    if misread := _misread_covers(form, profile.bands):
        return misread
    # What a panel decides leaves no gap: the rows are for those whom it has not decided.
    ruled = form.model_copy(update={"panel_may_decide": False})
    grid, overlaps = _grid_with_overlaps(profile.model_copy(update={"assignment": ruled}))
    if grid is None:
        return overlaps
    where = place_of_rows(form)
    rows = len(form.points.steps if form.points else form.table.rows if form.table else ())
    covers = covers_of((published or profile).assignment, profile.bands)
    answers = grid.answers.reshape(grid.shape)
    inside = np.ix_(
        *(slots_of(grid.edges_of(at), covers[name]) for at, name in enumerate(grid.inputs))
    )
    problems = list(overlaps)
    stated = form.points.gaps if form.points else bool(form.table and form.table.gaps)
    if not stated:
        gaps = np.zeros(grid.shape, np.bool_)
        gaps[inside] = answers[inside] == NONE
        found = [gap_of(grid, box, profile.bands, covers) for box in boxes_of(gaps)]
        ways_out = "add a row, narrow 'covers', or state gaps: true"
        problems += [
            Problem(f"no row covers {gap}; {ways_out}", "gap", place=where) for gap in found
        ]
    # A row that overlaps others is not said to be hidden by them too.
    problems += [] if overlaps else _unreached(answers, rows, where)
    return problems


def _grid_with_overlaps(profile: BandProfile) -> tuple[Grid | None, list[Problem]]:
    """Return the grid of a profile and its rows that overlap; no grid where there are too many combinations."""
    try:
        return assignment_grid(profile).grid, []
    except RuleRefused as refusal:
        overlaps = list(refusal.problems)
    if any(one.rule != "overlap" for one in overlaps):
        return None, overlaps
    return assignment_grid(profile, HitPolicy.first).grid, overlaps


def _misread_covers(form: Assignment, bands: Sequence[str]) -> list[Problem]:
    """Return the choices of 'covers' that its inputs do not know."""
    stated: Mapping[str, Sequence[str]] = {}
    if form.points is not None and form.points.covers:
        stated = {"points": form.points.covers}
    elif form.table is not None:
        stated = {str(name): choices for name, choices in form.table.covers.items()}
    problems = []
    for name, choices in stated.items():
        try:
            intervals(name, choices, bands)
        except ValueError as error:
            leaf = "points.covers" if form.points else f"table.covers.{name}"
            problems.append(Problem(str(error), "choice", place=f"{WHERE}.{leaf}"))
    return problems


def _unreached(answers: NDArray[np.int32], rows: int, where: str) -> list[Problem]:
    reached = set(np.unique(answers).tolist())
    return [
        Problem(
            "is never used: the rows before it cover everything that it covers",
            "unreachable",
            place=f"{where}.{row}",
        )
        for row in range(rows)
        if row not in reached
    ]


def covers_of(form: Assignment, bands: Sequence[str]) -> Mapping[str, list[tuple[int, int]]]:
    """Return, for each input, the values that the profile says it covers.

    Where it says nothing: every code, and for numbers all between the least and the
    greatest that its rows name.
    """
    if form.points is not None:
        least = min(one.least for one in form.points.steps)
        most = max(one.most for one in form.points.steps)
        stated = form.points.covers
        beside = {str(name) for one in form.points.steps for name in one.when}
        return {
            **{
                name: _named(name, [one.when for one in form.points.steps], bands)
                for name in beside
            },
            "points": intervals("points", stated, bands) if stated else [(least, most)],
        }
    table = form.table
    covers: dict[str, list[tuple[int, int]]] = {}
    for name in table.inputs if table else ():
        stated = table.covers.get(name) if table else None
        covers[name] = (
            intervals(name, stated, bands)
            if stated
            else _named(name, [row.when for row in (table.rows if table else ())], bands)
        )
    return covers


def _named(name: str, rows: Sequence[Conditions], bands: Sequence[str]) -> list[tuple[int, int]]:
    """Return every code of an input, or all numbers between the least and the greatest of its rows."""
    named = [one for row in rows if name in row for one in intervals(name, row[name], bands)]
    if name in CODES or name == Input.band or not named:
        return [domain(name, len(bands))]
    return [(min(first for first, _ in named), max(last for _, last in named))]
