"""The band that each plan holder holds today under a local profile: drawn among those that the profile prices."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from engine.columns import Int
from engine.errors import Problem, TableRefused
from engine.lab.synth.draws import Stream
from engine.lab.synth.plan_columns import HIGHEST_SCORE, among, severity
from engine.lab.synth.pupil_columns import Described
from engine.modules.top_ups.valuation import value_pupils
from engine.row_chunks import ONE_THREAD
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.grid import NONE
from engine.rules.reads import needed
from engine.tables import Array, PupilTable
from engine.vocabulary import SenProvision

BAND = "band"
CHUNK = 65_536
"""Pupils whose bands are priced together."""

_NOT_PRICED = np.iinfo(np.int64).max


def columns_read(profiles: Sequence[CompiledRules]) -> frozenset[str]:
    """Return the columns that some local profiles read, which a file needs to be valued under them.

    Raises ``TableRefused`` for rules without a band profile, which no pupil can hold a band of.
    """
    problems = [
        Problem("has no bands that a pupil could hold", "no-bands", place=one.document.identifier)
        for one in profiles
        if one.top_ups is None or not one.top_ups.bands
    ]
    if problems:
        raise TableRefused(problems)
    parts = [one.top_ups for one in profiles if one.top_ups is not None]
    return frozenset().union(*(needed(one.reads) for one in parts)) - {BAND}


def bands_today(
    profiles: Sequence[CompiledRules], columns: Mapping[str, Array], of: Described
) -> tuple[Array, tuple[str, ...]]:
    """Return each row's band today, a position among the labels returned with it; missing where none is held.

    columns  (rows) each, with all that ``columns_read`` names, ``la`` and ``sen_provision``

    A profile of an authority is for that authority's pupils, another for everyone; of several that are
    for a pupil the last decides. Where rules read the band from a table, a plan holder has one of those
    that they price for the pupil, the dearer the severer, give or take one; where rules assign it,
    the one that they assign. A pupil for whom no band has a known price has none.
    """
    labels = tuple(dict.fromkeys(label for one in profiles for label in _labels(one.top_ups)))
    score, held = severity(of), np.full(len(of.people), NONE, np.int64)
    for rules in profiles:
        place = np.asarray([labels.index(one) for one in _labels(rules.top_ups)], np.int64)
        rows = np.flatnonzero(_whose(rules, columns))
        noise = of.draws.between(Stream.band_today, -1, 1, len(rows), rules.document.identifier)
        for first in range(0, len(rows), CHUNK):
            some = slice(first, first + CHUNK)
            theirs = {name: array[rows[some]] for name, array in columns.items()}
            chosen = _chosen(rules, theirs, score[rows[some]], noise[some])
            held[rows[some]] = np.where(chosen == NONE, NONE, place[chosen])
    banded = np.flatnonzero(held != NONE)
    return among(BAND, of, banded, held[banded]), labels


def _labels(top_ups: CompiledTopUps | None) -> tuple[str, ...]:
    if top_ups is None:
        return ()
    return top_ups.labels if top_ups.reads_labels else top_ups.bands


def _whose(rules: CompiledRules, columns: Mapping[str, Array]) -> Array:
    """Return the plan holders for whom a profile is."""
    authority = rules.document.authority
    whose: Array = columns["sen_provision"] == SenProvision.E
    if authority is not None and not authority.pays_for_others:
        whose &= columns["la"] == int(authority.code)
    return whose


def _chosen(rules: CompiledRules, columns: dict[str, Array], score: Array, noise: Int) -> Array:
    """Return the position of each pupil's band among the profile's labels, ``NONE`` where none."""
    top_ups = rules.top_ups
    if top_ups is None or not len(score):
        return np.full(len(score), NONE, np.int64)
    if not top_ups.reads_labels:
        return _valued(rules, top_ups, columns)[1]
    rates = np.stack(
        [
            _valued(rules, top_ups, columns | {BAND: np.full(len(score), at)}, top_ups.labels)[0]
            for at in range(len(top_ups.labels))
        ]
    )
    priced = (rates != _NOT_PRICED).sum(axis=0)
    rank = score.astype(np.int64) * priced // (HIGHEST_SCORE + 1) + noise
    rank = np.clip(rank, 0, np.maximum(priced - 1, 0))
    dearest_last = np.argsort(rates, axis=0, kind="stable")
    held = dearest_last[rank, np.arange(len(score))]
    return np.where(priced > 0, held, NONE)


def _valued(
    rules: CompiledRules,
    top_ups: CompiledTopUps,
    columns: Mapping[str, Array],
    labels: tuple[str, ...] = (),
) -> tuple[Int, Int]:
    """Return each pupil's rate of a year, pence, and the band's position among the profile's, in the order of the rows."""
    number = len(columns["la"])
    keys = pl.Series(np.arange(number)).cast(pl.String)
    table = PupilTable.of(keys, columns, np.arange(number), labels)
    outcome = value_pupils(rules, top_ups, table, ONE_THREAD)
    rates, bands = np.empty(number, np.int64), np.empty(number, np.int64)
    rates[table.rows] = np.where(outcome.rate_known, outcome.annual, _NOT_PRICED)
    bands[table.rows] = outcome.pupil_bands()
    return rates, bands
