"""Every group's change added up in one look at each pupil, held to a plain count of one pupil at a time."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compare.change import deciles
from engine.compare.outcomes import compare_top_ups
from engine.modules.top_ups.group_sums import outcome_sums
from engine.row_chunks import Blocks
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.tables import frozen
from engine.vocabulary import NOT_KNOWN, Reason
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.reference.changes import changes_by_group, nearest_ranks

BANDS = ["A"]
RULES = compile_rules(rule_set(**banded([{"band": "A", "pounds": "100"}], BANDS)))
PENCE = st.sampled_from([0, 0, 0, 1, 5_000, 700_000]) | st.integers(-(10**11), 10**11)
SIDE = st.tuples(PENCE, st.sampled_from(sorted(Reason)))
WHO = st.fixed_dictionaries(
    {
        "la": st.sampled_from([201, 301, 302]),
        "urn": st.sampled_from([None, 100_000, 100_001, 100_002]),
        "primary_need": st.sampled_from([None, "ASD", "SEMH", "OTH"]),
        "setting": st.sampled_from([None, "special", "mainstream"]),
    }
)
KINDS = {"school": "urn", "la": "la", "need": "primary_need", "setting": "setting"}


def outcomes(rows):
    """Return two outcomes of the same pupils with amounts and reasons as drawn, and the pupils in their order."""
    records = [pupil(pupil_key=f"p{at:03}", band="A", **who) for at, (who, *_) in enumerate(rows)]
    table = pupil_table(records, BANDS)
    whole = evaluate(RULES, pupils=table).top_ups
    order = [int(key[1:]) for key in table.keys]
    sides = []
    for side in (1, 2):
        amounts, reasons = zip(*(rows[at][side] for at in order), strict=True)
        amount = frozen(np.asarray(amounts, np.int64))
        reason = frozen(np.asarray(reasons, np.int8))
        sides.append(
            replace(whole, amount=amount, reason=reason, funded=table, funded_amount=amount)
        )
    return *sides, [rows[at] for at in order]


def pence(side):
    return None if side[1] in NOT_KNOWN else Decimal(side[0])


ROWS = st.lists(st.tuples(WHO, SIDE, SIDE), min_size=1, max_size=60)


@given(ROWS, st.integers(1, 3), st.integers(1, 9))
def test_each_group_changes_as_its_pupils_do_one_by_one(rows, threads, chunk):
    before, after, ordered = outcomes(rows)
    change = compare_top_ups(before, after, blocks=Blocks(threads, chunk))
    for grouping in change.groupings:
        name = KINDS[grouping.kind]
        found = {
            one.name: (
                one.before, one.after, one.number, one.winners, one.losers, one.absent,
            )
            for one in grouping.groups
        }  # fmt: skip
        told = changes_by_group(
            ("not supplied" if who[name] is None else str(who[name]), pence(old), pence(new))
            for who, old, new in ordered
        )
        assert found == {group: one.counts() for group, one in told.items()}
    [everyone] = changes_by_group(("", pence(o), pence(n)) for _, o, n in ordered).values()
    total = change.total
    counted = (total.before, total.after, total.number, total.winners, total.losers, total.absent)
    assert counted == everyone.counts()
    known = [pence(n) - pence(o) for _, o, n in ordered if None not in (pence(o), pence(n))]
    assert change.deciles == nearest_ranks(known)
    assert change.known.tolist() == [None not in (pence(o), pence(n)) for _, o, n in ordered]


@given(ROWS)
def test_what_pupils_are_paid_is_added_up_by_the_clause_that_decided_too(rows):
    paid, _, ordered = outcomes(rows)
    sums = outcome_sums(paid)["reason"]
    found = zip(sums.names, sums.before, sums.number, sums.absent, strict=True)
    told = changes_by_group(
        (reason.name, *[pence((p, reason))] * 2) for _, (p, reason), _ in ordered
    )
    assert {name: tuple(each) for name, *each in found} == {
        name: (one.before, one.number, one.absent) for name, one in told.items()
    }
    assert outcome_sums(paid) is outcome_sums(paid)


@settings(max_examples=300)
@given(st.lists(st.integers(-3, 3) | st.integers(-(10**12), 10**12), max_size=40))
def test_changes_of_nothing_have_their_place_among_the_others_without_a_number_each(changes):
    listed = np.asarray([one for one in changes if one], np.int64)
    assert deciles(listed, len(changes) - len(listed)) == nearest_ranks(changes)
