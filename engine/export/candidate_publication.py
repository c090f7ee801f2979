"""Candidates as they may be published: everyone and regions for all, authorities for a few, and no small number that can be worked out."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.candidates import Run
from engine.candidates.evidence import AMOUNTS, COUNTS, Evidence
from engine.candidates.kinds import Kinds, kinds_of
from engine.candidates.publication import Areas, Audit, Showing
from engine.candidates.summary import Summary
from engine.columns import Int
from engine.disclosure import DisclosureProfile, bounds_of, common_mask
from engine.errors import PairRefused, Problem
from engine.export.candidate_areas import AreaColumns
from engine.export.candidates import answers_among
from engine.export.published_candidates import PublicTable
from engine.money import PENCE
from engine.rows import Rows

FIELDS = {"not_known": "unknown", "number": "people"}
"""The figures of an answer that have another name than their column."""


class Publication(NamedTuple):
    """What may be published of candidates.

    totals  a row a candidate, with what it tries: of everyone
    groups  a row a group of each candidate: everyone and regions; and authorities, of the baseline and a few
    record  what a manifest keeps of it
    """

    totals: Rows
    groups: Rows
    record: dict[str, object]

    def rows(self, detail: str) -> Rows:
        """Return the rows of a detail; raises ``PairRefused`` for rows of single schools and pupils."""
        if detail not in ("totals", "groups"):
            sentence = f"{detail} cannot be published, a row each: totals and groups can"
            raise PairRefused([Problem(sentence, "publish")])
        return self.totals if detail == "totals" else self.groups


def publishable_candidates(
    run: Run, summary: Summary, few: Sequence[int], profile: DisclosureProfile
) -> Publication:
    """Return what may be published of the candidates of a run.

    ``few`` are the places of those whose totals are published by authority. Numbers and amounts that would tell a
    small number of pupils have the profile's symbol. Raises ``PairRefused`` for more of them than the profile
    allows, and where no candidate was valued.
    """
    _check(summary, few, profile)
    rows = np.flatnonzero(summary.valued).astype(np.int64)
    named = np.asarray(sorted(set(few)), np.int64)
    # With none by authority the baseline's own columns are what any candidate shows of it.
    shared = named if len(named) else rows[:1]
    areas = AreaColumns.of(run.groups)
    whole = np.arange(len(run.groups), dtype=np.int64)
    every, some = _figures(run, [(rows, areas.wide), (shared, whole)])
    compared = [areas.compared(some, at, profile) for at in range(len(shared))]
    trees = [areas.tree(some, at) for at in range(len(shared))]
    mask = common_mask(trees, profile, compared)
    audits = [bounds_of(one, mask, profile) for one in trees]
    of_areas = {name: one[:, areas.all] for name, one in some.items()}
    evidence = _evidence(run, rows, shared, every, of_areas)
    if evidence is None:
        showing, near = Showing.nothing(len(areas.all), profile), np.ones(len(rows), np.bool_)
    else:
        kinds, of_all, of_few = evidence
        places = Areas.of(kinds, areas.region, len(areas.regions))
        showing = Audit(places, of_all, of_few, profile).showing(mask)
        near = np.isin(rows, kinds.rows[kinds.near])
    table = PublicTable(run, areas, rows, named, every, of_areas, showing, near, profile)
    groups = table.groups()
    record: dict[str, object] = {
        "profile": profile.record(),
        "for_all_candidates": showing.for_all,
        "rounded_to_pounds": showing.step // PENCE,
        "candidates_by_authority": len(named),
        "by_authority": [run.candidates.name(at) for at in named.tolist()],
        "hidden_cells": sum(
            int((groups.frame[name] == profile.symbol).sum()) for name in (*COUNTS, *AMOUNTS)
        ),
        "audit": [
            {
                "hidden_counts": one.hidden,
                "narrowest_range": one.narrowest,
                "all_small_open": one.open,
            }
            for one in audits
        ],
    }
    return Publication(table.totals(), groups, record)


def _check(summary: Summary, few: Sequence[int], profile: DisclosureProfile) -> None:
    """Raise ``PairRefused`` for more candidates by authority than may be published, or none at all."""
    most = profile.candidates_by_authority
    if len(set(few)) > most:
        sentence = (
            f"{len(set(few))} candidates by authority are more than the {most} that may be published: results by"
            " authority of many candidates tell numbers of single pupils; name fewer"
        )
        raise PairRefused([Problem(sentence, "too-many")])
    if not summary.valued.any():
        raise PairRefused([Problem("no candidate could be valued", "nothing-to-show")])


def _figures(run: Run, chosen: Sequence[tuple[Int, Int]]) -> list[dict[str, Int]]:
    """Return the figures of some candidates (ascending) in some groups, by column (candidates, groups), for each of those chosen.

    Each block is worked out once for all of them.
    """
    names = (*COUNTS, *AMOUNTS)
    found = [
        {name: np.zeros((len(rows), len(columns)), np.int64) for name in names}
        for rows, columns in chosen
    ]
    wanted = np.zeros(len(run.candidates), np.bool_)
    wanted[np.concatenate([rows for rows, _ in chosen])] = True
    for answer in answers_among(run, wanted):
        for (rows, columns), figures in zip(chosen, found, strict=True):
            those = np.isin(answer.rows, rows)
            at = np.searchsorted(rows, answer.rows[those])
            for name, out in figures.items():
                out[at] = getattr(answer, FIELDS.get(name, name))[those][:, columns]
    return found


def _evidence(
    run: Run, rows: Int, shared: Int, every: dict[str, Int], some: dict[str, Int]
) -> tuple[Kinds, Evidence | None, Evidence] | None:
    """Return the kinds of pupils that are kept apart, and what is shown of them for all candidates and for the few.

    Where all candidates tell too many kinds apart, only the few are looked at; None where those do too.
    """
    kinds = kinds_of(run, rows)
    if kinds is not None:
        everyone = Evidence(kinds, np.arange(len(rows)), every)
        return kinds, everyone, Evidence(kinds, np.searchsorted(rows, shared), some)
    kinds = kinds_of(run, shared)
    if kinds is None:
        return None
    return kinds, None, Evidence(kinds, np.arange(len(shared)), some)
