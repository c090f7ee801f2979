"""A comparison counts every pupil once: winner, loser, unchanged or not known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare import compare
from engine.compare.change import deciles
from engine.errors import PairRefused
from engine.row_chunks import Blocks
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set

BANDS = ["A", "B", "C"]


def rules_paying(*pounds):
    prices = [{"band": band, "pounds": text} for band, text in zip(BANDS, pounds, strict=True)]
    return compile_rules(rule_set(**banded(prices, BANDS)))


def compared(records, blocks=None):
    table = pupil_table(records, BANDS)
    before, after = (
        evaluate(rules, None, table)
        for rules in (rules_paying("100", "200", "300"), rules_paying("150", "200", "250"))
    )
    return compare(before, after, blocks=blocks or Blocks()).pupils


RECORDS = [
    pupil(pupil_key="p1", la=201, urn=1, band="A", primary_need="ASD", setting="special"),
    pupil(pupil_key="p2", la=201, urn=2, band="B", primary_need="ASD", setting="mainstream"),
    pupil(pupil_key="p3", la=202, urn=1, band="C", primary_need="SEMH", setting="special"),
    pupil(pupil_key="p4", la=202, urn=None, band=None, primary_need=None, setting=None),
]


def test_each_pupil_is_a_winner_a_loser_unchanged_or_not_known():
    total = compared(RECORDS).total
    assert (total.winners, total.losers, total.unchanged, total.absent) == (1, 1, 1, 1)
    assert (total.before, total.after, total.change) == (60_000, 60_000, 0)


@pytest.mark.parametrize("kind", ["school", "la", "need", "setting"])
def test_groups_add_to_the_total(kind):
    change = compared(RECORDS)
    groups = next(one for one in change.groupings if one.kind == kind).groups
    for part in ("before", "after", "number", "winners", "losers", "unchanged", "absent"):
        assert sum(getattr(group, part) for group in groups) == getattr(change.total, part)


def test_a_need_that_is_not_supplied_is_a_group_of_its_own():
    groups = next(one for one in compared(RECORDS).groupings if one.kind == "need").groups
    assert [group.name for group in groups] == ["not supplied", "SEMH", "ASD"]


@given(
    st.lists(
        st.tuples(st.sampled_from([*BANDS, None]), st.integers(1, 4)), min_size=1, max_size=40
    ),
    st.integers(1, 7),
)
def test_blocks_and_threads_do_not_change_a_comparison(pupils, rows):
    records = [
        pupil(pupil_key=f"p{at}", band=band, urn=urn) for at, (band, urn) in enumerate(pupils)
    ]
    whole, divided = compared(records), compared(records, Blocks(2, rows))
    assert (whole.total, whole.groupings, whole.deciles) == (
        divided.total,
        divided.groupings,
        divided.deciles,
    )


def test_deciles_are_values_that_pupils_have():
    assert deciles(np.arange(1, 11)) == (1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert deciles(np.asarray([5])) == (5,) * 9
    assert deciles(np.empty(0, np.int64)) == ()


def test_two_tables_are_not_compared():
    rules = rules_paying("1", "2", "3")
    sides = [evaluate(rules, None, pupil_table(RECORDS, BANDS)) for _ in range(2)]
    with pytest.raises(PairRefused, match="different tables"):
        compare(*sides)
