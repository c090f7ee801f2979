"""Pupils whom rules may pay are found first and only they are valued: the pence stay the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.modules.top_ups.bands import funded_pupils
from engine.modules.top_ups.group_sums import change_sums, outcome_sums
from engine.modules.top_ups.pupil_groups import NEED
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compile import compile_rules
from engine.rules.override import override
from engine.run import evaluate
from engine.tables.chosen_pupils import ChosenPupils, some_pupils
from engine.vocabulary import Need, Reason, SenProvision
from tests.builders import many_pupils, pupil_table, some_of
from tests.digests import digest_of
from tests.engine.test_determinism import answer
from tests.rule_library import compiled, document
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils

CANDIDATE = "national-profile-candidate"
RUN = Blocks(2, 7)


@pytest.fixture(scope="module")
def table():
    """Return pupils of whom most have no special educational needs, laid out by what most rules read."""
    every = many_pupils(17, 900, LABELS)
    none = np.flatnonzero(every.columns["sen_provision"] == SenProvision.N)
    others = np.flatnonzero(every.columns["sen_provision"] != SenProvision.N)[:60]
    return some_of(every, np.r_[none, others]).laid_out(least=0)


@settings(max_examples=draws(15))
@given(st.data(), banded_rule_sets(), st.integers(1, 9))
def test_a_table_laid_out_pays_what_it_pays_as_it_stands_under_any_rules(data, document, rows):
    rules = compile_rules(document, document.effective.first)
    plain = pupil_table(data.draw(pupils(parts_of(rules))), LABELS)
    assert answer(rules, plain.laid_out(least=0), Blocks(2, rows)) == answer(rules, plain)


def test_only_those_whom_the_rules_may_pay_are_looked_at(table):
    funded = funded_pupils(compiled(CANDIDATE).top_ups, table, RUN)
    assert isinstance(funded, ChosenPupils)
    assert 0 < len(funded) < len(table) // 2
    held = table.columns["sen_provision"]
    assert np.array_equal(funded.where, np.flatnonzero(held != SenProvision.N))
    assert funded_pupils(compiled(CANDIDATE).top_ups, table, ONE_THREAD) is funded


def test_whoever_is_not_looked_at_is_not_funded_and_paid_nothing(table):
    outcome = evaluate(compiled(CANDIDATE), pupils=table, blocks=RUN).top_ups
    left_out = np.ones(len(table), bool)
    left_out[outcome.funded.where] = False
    assert set(outcome.reason[left_out].tolist()) == {Reason.not_funded}
    assert not outcome.amount[left_out].any()
    assert np.array_equal(outcome.amount[~left_out], outcome.funded_amount)


def test_pupils_left_out_change_no_byte_of_an_outcome(table):
    plain = some_of(table, np.arange(len(table)))
    assert not plain.common
    whole, chosen = (
        evaluate(compiled(CANDIDATE), pupils=one, blocks=RUN) for one in (plain, table)
    )
    assert whole.top_ups.funded is plain
    assert digest_of(whole) == digest_of(chosen)


def test_sums_by_need_are_those_of_all_pupils(table):
    outcome = evaluate(compiled(CANDIDATE), pupils=table).top_ups
    need = np.maximum(table.columns["primary_need"], 0)
    sums = outcome_sums(outcome)[NEED]
    for name, pence, number in zip(sums.names, sums.before, sums.number, strict=True):
        those = need == (Need[name] if name in Need.__members__ else 0)
        assert (pence, number) == (outcome.amount[those].sum(), np.count_nonzero(those))
    assert sum(sums.before) == outcome.total > 0
    assert sum(sums.number) == len(table)


def test_a_change_is_the_same_of_whom_rules_may_pay_and_of_the_whole_table(table):
    plain = some_of(table, np.arange(len(table)))
    tried = override(document(CANDIDATE), [("top_up_rule.threshold.pounds", "5000")])
    rules = [compiled(CANDIDATE), compile_rules(tried)]
    changes = [
        change_sums(*(evaluate(one, pupils=pupils).top_ups for one in rules), RUN)
        for pupils in (plain, table)
    ]
    whole, chosen = changes
    for kind, groups in whole.groups.items():
        assert list(groups.names) == list(chosen.groups[kind].names)
        assert all(map(np.array_equal, groups[1:], chosen.groups[kind][1:])), kind
    assert sorted(whole.changes.tolist()) == sorted(chosen.changes.tolist()) != []


def test_some_pupils_hold_what_they_hold_in_the_whole_table(table):
    where = np.flatnonzero(np.arange(len(table)) % 3 == 1)
    some = some_pupils(table, where)
    fewer = some_pupils(some, np.arange(0, len(some), 2))
    for held, places in ((some, where), (fewer, where[::2])):
        assert len(held) == len(places)
        for name, column in table.columns.items():
            assert np.array_equal(held.columns[name], column[places])
        assert np.array_equal(held.rows, table.rows[places])
        assert np.array_equal(held.dated, np.flatnonzero(np.isin(places, table.dated)))
        placement = np.repeat(np.arange(len(table.placement_la)), np.diff(table.offsets))
        number = np.bincount(placement[places], minlength=len(table.placement_la))
        assert np.array_equal(np.diff(held.offsets), number)
        for mine, theirs in zip(held.common, table.common, strict=True):
            assert np.array_equal(mine.combination, theirs.combination[places])
        for mine, theirs in zip(held.narrow, table.narrow, strict=True):
            assert np.array_equal(mine.combination, theirs.combination[places])


def test_where_nearly_all_are_wanted_the_whole_table_is_valued(table):
    narrow = table.narrow[1]
    everybody = np.ones(len(narrow.attributes), bool)
    assert table.chosen(narrow, everybody, RUN) is table
    plain = replace(table, with_provision=None)
    assert plain.chosen(narrow, everybody, RUN) is plain
    assert plain.chosen(narrow, ~everybody, RUN) is plain
    assert not len(some_pupils(table, table.dated[:0]).dated)


@pytest.mark.parametrize("provisions", [(1,), (2,), (1, 2), (0, 2), ()])
def test_those_wanted_are_among_those_chosen_whichever_provision_it_is(table, provisions):
    narrow = table.narrow[1]
    wanted = np.isin(narrow.values()["sen_provision"], provisions)
    chosen = table.chosen(narrow, wanted, RUN)
    places = chosen.where if isinstance(chosen, ChosenPupils) else np.arange(len(table))
    assert set(np.flatnonzero(wanted[narrow.combination]).tolist()) <= set(places.tolist())
    assert np.array_equal(chosen.narrow_of(narrow.names)[0].combination, narrow.combination[places])


def test_a_table_of_plan_holders_alone_has_nobody_to_leave_out(table):
    held = table.columns["sen_provision"] == SenProvision.E
    assert some_of(table, held).laid_out(least=0).with_provision is None
