"""Working rules out on classes of values, on combinations, or on common ones: the same pence."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused
from engine.modules.top_ups.pupil_combinations import combined
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledTopUps
from engine.rules.override import override
from engine.run import evaluate
from engine.tables import PupilTable, combinations
from engine.tables.pupils import COMMON_COLUMNS, MANY
from engine.vocabulary import Setting
from tests.bench import __main__ as bench
from tests.bench.national import national
from tests.builders import banded, many_pupils, pupil, pupil_table, rule_set
from tests.digests import digest_of
from tests.engine.test_determinism import answer, toy
from tests.rule_library import compiled, document
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils

PROFILE = "national-profile-candidate"


def without_classes(rules):
    return replace(rules, parts={CompiledTopUps: replace(rules.top_ups, classes=None)})


@pytest.fixture(autouse=True, scope="module")
def few_pupils_go_by_classes_too() -> Iterator[None]:
    """Work every profile out on its classes, however few the pupils of a test are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.modules.top_ups.pupil_combinations.FEW", 1 << 20)
        yield


@settings(max_examples=draws(15))
@given(st.data(), banded_rule_sets())
def test_classes_of_values_pay_what_the_combinations_that_pupils_have_pay(data, drawn):
    rules = compile_rules(drawn, drawn.effective.first)
    table = pupil_table(data.draw(pupils(parts_of(rules))), LABELS)
    assert answer(rules, table) == answer(without_classes(rules), table)


@settings(max_examples=draws(15))
@given(st.data(), st.lists(banded_rule_sets(), min_size=3, max_size=3))
def test_a_table_valued_under_other_rules_first_pays_what_a_fresh_table_pays(data, drawn):
    rules = [compile_rules(one, one.effective.first) for one in drawn]
    records = data.draw(pupils(parts_of(rules[0])))
    seen = pupil_table(records, LABELS)
    for one in (*rules, *rules):
        assert answer(one, seen) == answer(one, pupil_table(records, LABELS))


def test_other_prices_leave_pupils_in_the_classes_they_were_put_in_and_other_cut_offs_do_not():
    table = many_pupils(3, 200, LABELS)

    def classes(*tried):
        rules = compile_rules(override(document(PROFILE), tried))
        return combined(rules.top_ups, table, ONE_THREAD).combinations.combination

    first = classes()
    assert classes(("band_profile.tariff.prices.band:Targeted.pounds", "1234.56")) is first
    cut_off = "band_profile.assignment.table.rows.Universal.when.score.to"
    assert not np.array_equal(classes((cut_off, "6")), first)


@given(pupils())
def test_the_published_candidate_pays_the_same_by_classes_and_by_combinations(records):
    rules = compiled(PROFILE)
    table = pupil_table(records, LABELS)
    assert answer(rules, table) == answer(without_classes(rules), table)


def test_a_profile_of_very_many_classes_is_worked_out_on_the_combinations_that_occur(monkeypatch):
    monkeypatch.setattr("engine.rules.equivalence_classes.MOST", 3)
    assert compile_rules(document(PROFILE)).top_ups.classes is None


def test_a_few_pupils_of_a_profile_of_many_classes_go_by_their_own_combinations(monkeypatch):
    rules, table = compiled(PROFILE), many_pupils(3, 20, LABELS)
    assert combined(rules.top_ups, table, ONE_THREAD).by_classes
    monkeypatch.setattr("engine.modules.top_ups.pupil_combinations.FEW", 1_000)
    assert not combined(rules.top_ups, table, ONE_THREAD).by_classes


@pytest.fixture(scope="module")
def large() -> PupilTable:
    rules, _, _ = toy(1)
    return many_pupils(11, MANY, rules.top_ups.bands)


def test_a_large_table_is_laid_out_when_it_is_made_and_a_small_one_is_not(large):
    assert [one.names for one in large.common] == [*map(tuple, COMMON_COLUMNS)]
    assert [one.names for one in large.narrow] == [one.names for one in large.common]
    assert all(one.combination.dtype == np.int16 for one in large.narrow)
    assert not many_pupils(11, 10).common


def test_what_a_table_is_laid_out_by_changes_no_penny(large):
    rules, _, _ = toy(1)
    plain = replace(large, common=(), narrow=())
    assert digest_of(evaluate(rules, pupils=large)) == digest_of(evaluate(rules, pupils=plain))


def test_common_combinations_tell_what_pupils_hold(large):
    for names in (("fsm", "year_group"), ("setting",), ("setting", "fsm")):
        common = large.combinations(names)
        for at, name in enumerate(names):
            held, seen = large.column(name), common.attributes[common.combination, at]
            missing = held == combinations.missing_of(name)
            assert np.array_equal(seen[~missing], held[~missing])
            assert (seen[missing] == combinations.MISSING).all()


def test_combinations_too_many_for_narrow_numbers_are_kept_wide(large):
    held = large.common[0]
    wide = np.zeros((40_000, 1), np.int32)
    assert combinations.Combinations(("fsm",), held.combination, wide).narrow() is None


def test_a_value_outside_its_column_s_range_never_comes_to_be_counted():
    table = many_pupils(2, 20)
    broken = {**table.columns, "idaci": np.full(20, 100, np.int8)}
    with pytest.raises(ValueError, match="outside its range"):
        replace(table, columns=broken).combinations(("idaci", "fsm"))


def test_the_tools_that_the_engine_is_timed_against_come_to_the_same_pence():
    data = national(4_000, 12)
    everyone = replace(data.everyone, table=data.everyone.table.laid_out(least=0))
    data = replace(data, everyone=everyone)
    for name, works in bench.tasks(data).items():
        bench.agreed(name, works)


def test_a_band_that_the_profile_does_not_know_is_refused_whichever_way_it_is_worked_out():
    rules, _, _ = toy(1)
    table = many_pupils(5, 30, ("no such band",))
    for one in (rules, without_classes(rules)):
        with pytest.raises(PairRefused) as refused:
            evaluate(one, pupils=table)
        assert {problem.rule for problem in refused.value.problems} == {"unknown-band"}


@given(pupils(), st.integers(1, 5))
def test_whoever_stays_all_year_is_paid_what_day_by_day_counting_pays(records, rows):
    rules = compiled(PROFILE)
    table = pupil_table(records, LABELS)
    settled = answer(rules, table, Blocks(2, rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.modules.top_ups.valuation.Clauses.depend_on_pupils", True)
        assert answer(rules, table) == settled


@pytest.mark.parametrize("listed", list(Setting))
def test_a_first_part_in_one_setting_leaves_all_others_known_and_whole(listed):
    threshold = {"pounds": "6000", "inside": True, "settings": [listed.name]}
    made = rule_set(**banded([{"band": "A", "pounds": "20000"}], ["A"], threshold=threshold))
    held = [None, *Setting]
    records = [
        pupil(pupil_key=f"p{at:02}", band="A", setting=one and one.name)
        for at, one in enumerate(held)
    ]
    outcome = evaluate(compile_rules(made), pupils=pupil_table(records, ["A"])).top_ups
    paid = [14_000_00 if one is listed else 20_000_00 for one in held[1:]]
    assert outcome.amount.tolist() == [0, *paid]
    assert outcome.absent == 1
