"""Attacks on what is published of candidates: least squares over their own prices, and differences of tables."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.candidates import Run, batch_of
from engine.candidates.figures import Limits, figures_of
from engine.candidates.groups import USUAL
from engine.candidates.summary import summary_of
from engine.compare import compare
from engine.disclosure import Groups, Mask, disclosure_profile, ranges
from engine.disclosure.groups import TOTAL
from engine.export import change_totals, publishable
from engine.export.candidate_details import rules_of
from engine.export.candidate_publication import publishable_candidates
from engine.lab.synth import synthesise
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.vocabulary import authority_regions
from tests.builders import candidate_document
from tests.reference.inner_bounds import reach
from tests.rule_library import document
from tests.storm_size import repetitions

PROFILE = disclosure_profile()
C = PROFILE.symbol
COUNTS = ("number", "winners", "losers", "unchanged", "not_known")
CLASSES = COUNTS[1:]
AMOUNTS = ("before", "after", "change")
PRICES = """format: evenband-candidates/1
title: Prices of two bands and the first part
baseline: national-profile-candidate
design: random
number: 20
seed: {seed}
vary:
  "band_profile.tariff.prices.band:Targeted.pounds": {{from: 3000, to: 9000, step: 10}}
  "band_profile.tariff.prices.band:Targeted plus.pounds": {{from: 3000, to: 9000, step: 10}}
  top_up_rule.threshold.pounds: {{from: 4000, to: 7000, step: 250}}
"""


class Attack:
    """A run of candidates, what is published of it, and what a reader can make of that."""

    def __init__(self, pupils, seed, few=(0, 1)):
        rules = compile_rules(document("national-profile-candidate"))
        self.table = synthesise(pupils, seed=seed, profiles=[rules]).tables().pupils
        batch = batch_of(candidate_document(PRICES.format(seed=seed)), Path())
        self.run = Run.of(rules, self.table, batch.candidates, USUAL)
        answers = (figures_of(one, self.run.groups, Limits()) for one in self.run.answers())
        summary = summary_of(self.run, answers)
        self.few = [int(summary.cheapest(20)[at]) for at in few]
        self.publication = publishable_candidates(self.run, summary, self.few, PROFILE)
        self.frame = self.publication.groups.frame
        self.baseline = evaluate(rules, pupils=self.table)
        self.outcomes = [evaluate(rules_of(self.run, at), pupils=self.table) for at in range(20)]
        self._kinds()

    def _kinds(self):
        """Tell pupils apart by what each candidate pays them, and count them by authority."""
        paid = np.stack(
            [np.where(one.top_ups.known, one.top_ups.amount, -1) for one in [self.baseline, *self.outcomes]]
        )  # fmt: skip
        self.paid, kind = np.unique(paid, axis=1, return_inverse=True)
        kind = kind.reshape(-1)
        la = np.repeat(self.table.placement_la, np.diff(self.table.offsets))
        self.authorities = sorted(set(la.tolist()))
        self.number = np.zeros((self.paid.shape[1], len(self.authorities)), np.int64)
        np.add.at(self.number, (kind, np.searchsorted(self.authorities, la)), 1)
        regions = authority_regions()
        self.region = [regions[one] for one in self.authorities]

    def among(self, grouping, group):
        """Return which authorities a group is made of (authorities)."""
        if grouping == "total":
            return np.ones(len(self.authorities))
        if grouping == "region":
            return np.asarray([one == group for one in self.region], float)
        return np.asarray([str(one) == group for one in self.authorities], float)

    def rates(self, candidate, column):
        """Return what one pupil of each kind adds to a column (kinds)."""
        before = self.paid[0]
        after = before if candidate == "baseline" else self.paid[int(candidate)]
        known = (before >= 0) & (after >= 0)
        change = after - before
        return {
            "number": np.ones(len(before)), "before": before * known, "after": after * known, "change": change * known,
            "winners": known & (change > 0), "losers": known & (change < 0), "unchanged": known & (change == 0),
            "not_known": ~known,
        }[column].astype(float)  # fmt: skip

    def equations(self):
        """Return what the published cells say: of counts exactly, of amounts within half a step, with the distance on both sides."""
        equal, within, room = [], [], []
        wide = self.publication.record["rounded_to_pounds"] * 100
        flat = self.number.reshape(-1)
        for row in self.frame.iter_rows(named=True):
            step = 100 * PROFILE.rounded_to_pounds if row["grouping"] == "la" else wide
            for column in (*COUNTS, *AMOUNTS):
                if row[column] in (C, None):
                    continue
                weights = np.outer(
                    self.rates(row["candidate"], column), self.among(row["grouping"], row["group"])
                ).reshape(-1)
                if column in COUNTS:
                    assert int(row[column]) == round(weights @ flat), (row, column)
                    equal.append(weights)
                    continue
                middle = round(float(row[column]) * 100)
                exact = weights @ flat
                assert abs(exact - middle) <= step / 2, (row, column)
                within.append(weights)
                room.append((exact - middle + step / 2 + 1, middle + step / 2 - exact + 1))
        equal = np.unique(np.asarray(equal).reshape(len(equal), -1), axis=0)
        within, room = (
            np.asarray(within).reshape(len(room), flat.size),
            np.asarray(room).reshape(-1, 2),
        )
        return equal, within, room.T

    def unhidden(self):
        """Return what would be published were nothing hidden: all groups and candidates, to the steps of the profile."""
        rows = []
        groups = [("total", "total"), *(("la", str(one)) for one in self.authorities)]
        for candidate in range(1, 21):
            for grouping, group in groups:
                among = self.number @ self.among(grouping, group)
                row = {"candidate": str(candidate), "grouping": grouping, "group": group}
                for column in (*COUNTS, *AMOUNTS):
                    value = int(self.rates(str(candidate), column) @ among)
                    step = 100 * PROFILE.rounded_to_pounds
                    rounded = (2 * value + step) // (2 * step) * PROFILE.rounded_to_pounds
                    row[column] = str(value) if column in COUNTS else f"{rounded}.00"
                rows.append(row)
        return pl.DataFrame(rows)

    def small(self):
        """Return the small numbers of kinds, by authority, region and in all: weights of the unknowns, and the number."""
        groups = [("total", "total"), *(("region", one) for one in sorted(set(self.region)))]
        groups += [("la", str(one)) for one in self.authorities]
        for grouping, group in groups:
            among = self.among(grouping, group)
            for kind, number in enumerate((self.number @ among).astype(int).tolist()):
                if PROFILE.is_small(number):
                    weights = np.zeros(self.number.shape)
                    weights[kind] = among
                    yield (grouping, group, kind), weights.reshape(-1), number


@pytest.fixture(scope="module", params=[1 + at for at in repetitions(1, 6)])
def attack(request):
    return Attack(30_000, request.param)


def test_something_is_published_of_all_candidates_and_of_the_few_by_authority(attack):
    frame = attack.frame
    assert attack.publication.record["for_all_candidates"]
    assert (frame.filter(grouping="total")["number"] != C).all()
    assert set(frame.filter(grouping="la")["candidate"]) == {
        "baseline", *(attack.run.candidates.name(at) for at in attack.few),
    }  # fmt: skip
    assert (frame.filter(grouping="la").select(COUNTS) != C).to_numpy().any()


def test_least_squares_over_the_candidates_prices_find_no_small_number(attack):
    equal, within, room = attack.equations()
    flat = attack.number.reshape(-1).astype(float)
    cells = list(attack.small())
    assert len(cells) > 25
    chosen = np.random.default_rng(5).choice(len(cells), 12, replace=False)
    told = []
    for at in chosen.tolist():
        name, weights, number = cells[at]
        most = reach(weights, PROFILE.most + 1, flat, equal, within, room)
        least = reach(weights, number - 1, flat, equal, within, room) if number > 1 else 0
        if most < PROFILE.most + 0.75 or least > number - 0.25:
            told.append((*name, number, least, most))
    assert not told


def test_the_same_attack_finds_most_of_them_where_all_authorities_are_shown_for_all(attack):
    flat = attack.number.reshape(-1).astype(float)
    rates = np.vstack([attack.rates(str(one), "after") for one in range(1, 21)])
    found = 0
    small = [
        (kind, la)
        for kind, la in np.argwhere((attack.number > 0) & (attack.number <= PROFILE.most)).tolist()
    ]
    for kind, la in small:
        there = np.flatnonzero(attack.number[:, la])
        totals = np.rint(rates[:, there] @ attack.number[there, la] / 1e5) * 1e5
        guess, *_ = np.linalg.lstsq(rates[:, there], totals, rcond=1e-9)
        found += abs(guess[np.searchsorted(there, kind)] - attack.number[kind, la]) < 0.25
    assert flat.sum() == len(attack.table)
    assert found > len(small) / 20


def test_no_two_tables_of_authorities_differ_by_a_small_number(attack):
    shown = attack.frame.filter(pl.col("grouping") == "la")
    for column in COUNTS:
        for (_,), rows in shown.filter(pl.col(column) != C).group_by("group"):
            values = sorted({int(one) for one in rows[column].drop_nulls()})
            assert not [b - a for a, b in pairwise(values) if b - a <= PROFILE.most], column


def test_a_comparison_beside_the_candidates_tells_no_hidden_number(attack):
    for place in attack.few:
        name = attack.run.candidates.name(place)
        rows = change_totals(compare(attack.baseline, attack.outcomes[place]))
        beside = publishable(rows, PROFILE)[0].frame.filter(part="pupils")
        exact = rows.frame.filter(part="pupils")
        tree, mask = linked(attack, name, beside, exact)
        for (group, part), one in ranges(tree, mask).items():
            number = int(tree.parts[group, part])
            if PROFILE.is_small(number):
                # A sum of several that are hidden, each 1 at least, is as many at least.
                inside = int((tree.parts[tree.parent == group, part] > 0).sum())
                assert one.least <= max(inside, 1)
                assert one.most is None or one.most > PROFILE.most, (name, group, part, one)


def linked(attack, name, beside, exact):
    """Return the pupils of authorities by class under one candidate, and what neither publication shows."""
    groups = [str(one) for one in attack.authorities]
    leaves = exact.filter(grouping="la").sort("group").select(CLASSES).to_numpy().astype(np.int64)
    regions = sorted(set(attack.region))
    parents = np.asarray([regions.index(one) for one in attack.region])
    above = np.zeros((len(regions), len(CLASSES)), np.int64)
    np.add.at(above, parents, leaves)
    tree = Groups(np.r_[np.full(len(regions), TOTAL), parents], np.vstack([above, leaves]))
    own = attack.frame.filter(pl.col("candidate") == name)
    frames = [own.filter(grouping="region").sort("group"), own.filter(grouping="la").sort("group")]
    assert frames[1]["group"].to_list() == groups
    hides = {
        column: np.concatenate([(one[column] == C).to_numpy() for one in frames])
        for column in COUNTS
    }
    total = {column: bool((own.filter(grouping="total")[column] == C).item()) for column in COUNTS}
    other = beside.filter(grouping="la").sort("group")
    for column in COUNTS:
        hides[column][len(regions) :] &= (other[column] == C).to_numpy()
        total[column] &= (beside.filter(grouping="total")[column] == C).item()
    parts = np.column_stack([hides[column] for column in CLASSES])
    totals = np.asarray([total[column] for column in CLASSES])
    return tree, Mask(hides["number"], parts, totals, total["number"])


def test_the_record_has_an_audit_of_the_bounds_of_every_hidden_number_and_names_who_is_by_authority(
    attack,
):
    record = attack.publication.record
    assert record["candidates_by_authority"] == len(record["by_authority"]) == 2
    for audit in record["audit"]:
        assert audit["hidden_counts"] > 0
        assert audit["all_small_open"]
        assert audit["narrowest_range"] is None or audit["narrowest_range"] > PROFILE.most


def test_the_attack_finds_small_numbers_where_the_publication_hides_nothing(attack):
    """So that an attack that finds nothing is none of a reader who cannot add."""
    whole = Attack.__new__(Attack)
    whole.__dict__ |= attack.__dict__
    whole.frame = attack.unhidden()
    equal, within, room = whole.equations()
    flat = attack.number.reshape(-1).astype(float)
    found = 0
    for _, weights, number in list(attack.small())[::-1][:12]:
        most = reach(weights, PROFILE.most + 1, flat, equal, within, room)
        found += most < PROFILE.most + 0.75
        assert most > number - 0.25
    assert found
