"""What is cached for a table or for rules is theirs alone; what is cached by values is bounded."""

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import fields, replace
from threading import Barrier, Thread
from time import sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cache import Cache, cached
from engine.errors import PairRefused
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledTopUps
from engine.run import evaluate
from engine.tables import PupilTable
from engine.tables.schools import SchoolTable
from tests.builders import many_pupils, pupil_table, school_table
from tests.formula_strategies import formula_rule_sets, pupils_at, schools
from tests.rule_library import compiled
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, pupils


def test_the_least_recently_used_is_dropped_first():
    made = []
    cache = Cache(2)
    for key in ("a", "b", "a", "c", "a", "b"):
        cache.get(key, lambda key=key: made.append(key) or key)
    assert made == ["a", "b", "c", "b"]
    assert len(cache) == 2


def test_nothing_is_a_value_too():
    made = []
    cache = Cache(2)
    assert [cache.get("a", lambda: made.append(1)) for _ in range(3)] == [None] * 3
    assert made == [1]


def test_an_answer_is_cached_by_the_arguments():
    asked = []

    @cached(8)
    def double(number, *, more=0):
        asked.append(number)
        return 2 * number + more

    assert [double(1), double(2), double(1), double(1, more=1), double(1, more=1)] == [
        2,
        4,
        2,
        3,
        3,
    ]
    assert asked == [1, 2, 1]
    assert double.__name__ == "double"


def test_threads_share_a_cache_and_its_bound():
    cache = Cache(16)
    found = []

    def ask(offset):
        found.extend(
            cache.get(key % 40, lambda key=key: key % 40) == key % 40
            for key in range(offset, offset + 4_000)
        )

    threads = [Thread(target=ask, args=(7 * at,)) for at in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (all(found), len(found), len(cache)) == (True, 16_000, 16)


def test_a_copy_for_another_process_starts_empty():
    cache = Cache(2)
    cache.get("a", lambda: 1)
    other = copy(cache)
    assert (len(other), len(cache)) == (0, 1)
    assert [other.get(key, lambda key=key: key) for key in "abc"] == ["a", "b", "c"]
    assert len(other) == 2


@pytest.mark.parametrize("kind", [PupilTable, SchoolTable, CompiledTopUps])
def test_a_cache_is_made_with_its_table_or_rules_and_handed_to_no_other(kind):
    (cache,) = (one for one in fields(kind) if one.name == "cache")
    assert (cache.init, cache.default_factory) == (False, Cache)


def test_a_table_made_from_another_has_a_cache_of_its_own():
    table = many_pupils(1, 200)
    evaluate(compiled("national-profile-candidate"), pupils=table)
    again = replace(table, labels=("other",))
    assert len(table.cache)
    assert not len(again.cache)


def paid(rules, table):
    try:
        outcome = evaluate(rules, pupils=table).top_ups
    except PairRefused as refusal:
        return refusal.problems
    return outcome.amount.tolist(), outcome.reason.tolist()


def of_schools(rules, table, roll):
    try:
        outcome = evaluate(rules, table, roll).notional
    except PairRefused as refusal:
        return refusal.problems
    return outcome.amount.tolist(), outcome.absent.tolist(), outcome.notional_total.tolist()


@settings(max_examples=draws(30))
@given(st.data(), st.lists(banded_rule_sets(), min_size=2, max_size=2))
def test_two_tables_and_two_rule_sets_never_share_what_is_cached(data, documents):
    drawn = [data.draw(pupils()) for _ in range(2)]
    tables = [pupil_table(one, LABELS) for one in drawn]
    rules = [compile_rules(one, one.effective.first) for one in documents]
    for _ in range(2):
        for document, held in zip(documents, rules, strict=True):
            for records, table in zip(drawn, tables, strict=True):
                alone = paid(
                    compile_rules(document, document.effective.first), pupil_table(records, LABELS)
                )
                assert paid(held, table) == alone


@settings(max_examples=draws(30))
@given(st.data(), st.lists(formula_rule_sets(), min_size=2, max_size=2))
def test_two_tables_of_schools_never_share_what_is_cached(data, documents):
    drawn = [data.draw(schools(documents[0], counted=True)) for _ in range(2)]
    roll = data.draw(pupils_at(drawn[0]))
    tables, of_pupils = [school_table(one) for one in drawn], pupil_table(roll)
    rules = [compile_rules(one, one.effective.first) for one in documents]
    for _ in range(2):
        for document, held in zip(documents, rules, strict=True):
            for records, table in zip(drawn, tables, strict=True):
                alone = of_schools(
                    compile_rules(document, document.effective.first),
                    school_table(records),
                    pupil_table(roll),
                )
                assert of_schools(held, table, of_pupils) == alone


def test_a_value_that_takes_long_is_made_once_for_threads_that_ask_together():
    cache, made, together = Cache(), [], Barrier(4, timeout=30)

    def make(key: str) -> object:
        made.append(key)
        sleep(0.05)
        return object()

    def ask(_: int) -> object:
        together.wait()
        return cache.once("key", make, "key")

    with ThreadPoolExecutor(4) as pool:
        values = list(pool.map(ask, range(4)))
    assert made == ["key"]
    assert len({id(one) for one in values}) == 1
