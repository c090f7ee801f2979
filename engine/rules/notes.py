"""What a rule document may say and its author may not have meant: bands without a price, values that change."""

import numpy as np

from engine.days import days_of_a_year
from engine.errors import RuleRefused
from engine.rules.bands import BandProfile
from engine.rules.compile import compile_rules
from engine.rules.compile_prices import tariff_grid
from engine.rules.document import RuleSet
from engine.rules.grid import NONE, describe
from engine.rules.in_force import begins_within
from engine.rules.inputs import Input
from engine.rules.odd_values import odd_values
from engine.rules.values import dated_values
from engine.rules.yaml_source import place as dotted
from engine.rules.year_labels import oddities


def notes(document: RuleSet) -> list[str]:
    """Return a sentence for each band without a price, and for each value that changes within the year."""
    profile = document.band_profile
    return [
        *(unpriced_bands(profile) if profile is not None else []),
        *_changes(document),
        *_of_year(document),
        *oddities(document),
        *odd_values(document),
    ]


def _of_year(document: RuleSet) -> list[str]:
    """Return which part of a year is paid, or why the rules can be valued with one day's values alone."""
    try:
        part = compile_rules(document).part_of_year
    except RuleRefused as refused:
        return [f"{one}: give --on DAY, or they are refused" for one in refused.problems]
    if part < 1:
        sentence = (
            f"top_up_rule.calendar: pays {part} of a year's price for all its days, as they are a"
            " part of the year; prices are pounds a year"
        )
        return [sentence]
    return _undated(document)


def _undated(document: RuleSet) -> list[str]:
    """Return that parts of a year are counted where the rules apply on a part of one."""
    rule, (first, last) = document.top_up_rule, document.days_in_force
    days, year = (last - first).days + 1, days_of_a_year(first)
    if rule is None or rule.calendar.periods or days >= year:
        return []
    sentence = (
        f"top_up_rule.calendar: has no dates, and the rules apply on {days} days: parts_on_roll must"
        " count the parts of these days alone, of those of a whole year"
    )
    return [sentence]


def _changes(document: RuleSet) -> list[str]:
    """Return a sentence for each value that another one follows within the year."""
    first, last = document.days_in_force
    return [
        f"{dotted(path[:-1])} changes on {dated.from_}: each part of the year is paid at its own value;"
        " --on DAY uses one day's for the whole year"
        for path, dated in dated_values(document)
        if begins_within(dated, first, last)
    ]


def unpriced_bands(profile: BandProfile) -> list[str]:
    """Return a sentence for each band that some pupils may have without a price, with an example.

    The amount of such a pupil is not known, and the reason given is that there is no price.
    """
    grid = tariff_grid(profile)
    names = grid.inputs
    answers = grid.answers.reshape(grid.shape)
    others = [axis for axis, name in enumerate(names) if name != Input.band]
    sentences = []
    for at, band in enumerate(profile.bands):
        own = answers
        if Input.band in names:
            own = np.take(
                answers,
                _slot(grid.edges_of(names.index(Input.band)), at),
                names.index(Input.band),
            )
        # Slot 0 of an input is "not supplied", which is not known and no gap.
        known = own[(slice(1, None),) * len(others)]
        gaps = np.argwhere(known == NONE)
        if len(gaps):
            slots = [int(slot) + 1 for slot in gaps[0]]
            where = describe(
                [names[axis] for axis in others], [grid.edges_of(axis) for axis in others], slots
            )
            example = f" where {where}" if where else ""
            sentences.append(
                f"band {band} has no price{example}; the amount of a pupil in it is not known"
            )
    return sentences


def _slot(edges: list[int], band: int) -> int:
    return int(np.searchsorted(edges, band, side="right"))
