"""No small number can be worked out of what a publication shows."""

from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.disclosure import Groups, common_mask, disclosure_profile, masks_of, ranges
from engine.disclosure.groups import TOTAL
from tests.storm_size import draws

PROFILE = disclosure_profile()
CLASSES = 3


def groups_of(leaves, parents=None):
    """Return groups of leaves, under the total or under larger groups; ``parents`` names each leaf's."""
    leaves = np.asarray(leaves, np.int64)
    if parents is None:
        return Groups(np.full(len(leaves), TOTAL), leaves)
    size = max(parents) + 1
    above = np.zeros((size, leaves.shape[1]), np.int64)
    np.add.at(above, parents, leaves)
    return Groups(np.r_[np.full(size, TOTAL), parents], np.r_[above, leaves])


def small(groups):
    return [(at, part) for at, part in np.argwhere(groups.parts > 0).tolist()
            if PROFILE.is_small(groups.parts[at, part])]  # fmt: skip


HIGHEST = 14


def possible(groups, mask):
    """Yield every flat table that agrees with what is shown, by trying all; hidden cells hold at least 1."""
    rows = groups.parts.tolist()
    where = [(at, part) for at, part in np.argwhere(mask.parts).tolist()]
    numbers = [(at, sum(row)) for at, row in enumerate(rows) if not mask.number[at]]
    totals = [
        (part, sum(row[part] for row in rows))
        for part in range(len(rows[0]))
        if not mask.totals[part]
    ]
    for values in product(range(1, HIGHEST + 1), repeat=len(where)):
        for (at, part), value in zip(where, values, strict=True):
            rows[at][part] = value
        if (
            all(sum(rows[at]) == number for at, number in numbers)
            and all(sum(row[part] for row in rows) == total for part, total in totals)
            and (mask.whole or sum(map(sum, rows)) == groups.parts.sum())
        ):
            yield [list(row) for row in rows]


tables = st.lists(
    st.lists(st.sampled_from([0, 0, 2, 4, 6, 7]), min_size=CLASSES, max_size=CLASSES),
    min_size=2,
    max_size=3,
)


@settings(
    max_examples=draws(25), deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)
@given(tables)
def test_trying_every_table_finds_the_ranges_that_flows_find(leaves):
    groups = groups_of(leaves)
    mask = masks_of([groups], PROFILE)[0]
    assume(mask.parts.sum() <= 4 and not mask.number.any() and not mask.totals.any())
    found = list(possible(groups, mask))
    for (at, part), one in ranges(groups, mask).items():
        seen = {table[at][part] for table in found}
        assert (min(seen), max(seen)) == one


large = st.lists(
    st.lists(st.sampled_from([0, 0, 1, 2, 3, 5, 6, 8, 13, 40, 200, 3_000]), min_size=4, max_size=4),
    min_size=2, max_size=30,
)  # fmt: skip


@settings(max_examples=draws(60), deadline=None)
@given(large, st.data())
def test_every_small_number_could_be_one_or_six_in_any_table(leaves, data):
    parents = data.draw(st.lists(st.integers(0, 4), min_size=len(leaves), max_size=len(leaves)))
    number = {one: at for at, one in enumerate(sorted(set(parents)))}
    groups = groups_of(leaves, [number[one] for one in parents])
    mask = masks_of([groups], PROFILE)[0]
    assert all(mask.parts[cell] for cell in small(groups))
    assert not (mask.parts & (groups.parts == 0)).any()
    for cell, one in ranges(groups, mask).items():
        if PROFILE.is_small(groups.parts[cell]) and not everything(groups, mask):
            # A sum of several that are hidden, each 1 at least, is as many at least.
            group, part = cell
            inside = int((groups.parts[groups.parent == group, part] > 0).sum())
            assert one.least <= max(inside, 1)
            assert one.most is None or one.most > PROFILE.most


def everything(groups, mask):
    return mask.whole and mask.parts[groups.parts > 0].all()


def test_regions_of_one_authority_each_are_not_hidden_whole_since_no_sum_can_be_less_than_its_parts():
    leaves = [[3, 860, 27], [1, 189, 19], [1, 94, 3], [2, 112, 5], [3, 554, 18], [2, 282, 9]]
    groups = groups_of(leaves, [0, 1, 2, 2, 3, 4])
    mask = masks_of([groups], PROFILE)[0]
    assert not mask.whole
    assert not mask.number.any()


def test_a_common_mask_hides_in_all_tables_what_one_of_them_must_and_what_two_differ_in_by_few():
    tables = [groups_of([[50, 2, 30], [60, 20, 10], [70, 25, 40]]), groups_of([[50, 30, 2], [60, 20, 10], [66, 29, 40]])]  # fmt: skip
    mask = common_mask(tables, PROFILE)
    assert mask.parts[0, 1:].all()
    assert mask.parts[2, :2].all()
    for groups in tables:
        for cell, one in ranges(groups, mask).items():
            if PROFILE.is_small(groups.parts[cell]):
                assert one.least <= 1
                assert one.most is None or one.most > PROFILE.most


def test_a_single_loser_hides_beside_others_and_not_alone():
    groups = groups_of([[50, 1, 30], [60, 20, 10], [70, 25, 40]])
    mask = masks_of([groups], PROFILE)[0]
    assert mask.parts[0, 1]
    assert mask.parts.sum() >= 4, "a row and a column have two hidden each"
    assert not mask.totals.any()
    assert not mask.number.any()


def test_a_group_of_four_pupils_has_its_number_hidden_and_another_group_beside_it():
    groups = groups_of([[4, 0], [60, 20], [70, 25]])
    mask = masks_of([groups], PROFILE)[0]
    assert mask.number[0]
    assert mask.number.sum() > 1


def test_an_authority_is_not_read_from_its_region():
    groups = groups_of([[3, 40], [30, 50], [60, 70], [80, 90]], [0, 0, 1, 1])
    mask = masks_of([groups], PROFILE)[0]
    for (at, part), one in ranges(groups, mask).items():
        assert one.most is None or one.most - one.least >= 5, (at, part)


def test_a_total_that_one_grouping_hides_is_hidden_in_all():
    by_need = groups_of([[2, 400], [0, 300]])
    by_setting = groups_of([[1, 350], [1, 350]])
    masks = masks_of([by_need, by_setting], PROFILE)
    assert [one.totals.tolist() for one in masks] == [[True, True], [True, True]]


def test_the_number_of_all_that_one_grouping_hides_is_not_the_number_of_a_single_group():
    by_setting = groups_of([[1, 3], [1, 2], [0, 5]])
    by_authority = groups_of([[2, 10]])
    masks = masks_of([by_setting, by_authority], PROFILE)
    assert masks[0].whole
    assert masks[1].number.tolist() == [True]


def test_a_table_of_large_numbers_hides_nothing():
    mask = masks_of([groups_of([[50, 10, 30], [60, 0, 10]])], PROFILE)[0]
    assert not mask.parts.any()
    assert not mask.number.any()


def test_parts_that_are_not_the_sums_of_their_groups_are_refused():
    with pytest.raises(ValueError, match="sums"):
        Groups(np.asarray([TOTAL, 0]), np.asarray([[1, 2], [1, 3]]))


def test_two_hidden_in_each_row_and_column_would_not_do():
    groups = groups_of([[1, 6, 20], [6, 1, 20], [30, 30, 20]])
    naive = masks_of([groups], PROFILE)[0]
    parts = np.zeros_like(naive.parts)
    parts[:2, :2] = True
    found = ranges(
        groups, type(naive)(naive.number & False, parts, naive.totals & False, whole=False)
    )
    assert found[0, 0].most is not None
    assert found[0, 0].most <= 6
    for cell in small(groups):
        assert ranges(groups, naive)[cell].most is None or ranges(groups, naive)[cell].most > 5


def test_amounts_are_rounded_to_the_steps_of_the_profile():
    assert PROFILE.rounded(12_345_678) == 12_300_000
    assert PROFILE.rounded(-12_350_000) == -12_400_000
    assert PROFILE.record()["version"] == 1
