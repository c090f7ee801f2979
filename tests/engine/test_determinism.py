"""The same bytes for any order of rows, number of threads and size of block, compiled or not."""

import os
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused
from engine.jit import Kernel, Scalar
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.load import load_rule_file
from engine.run import evaluate
from engine.tables import PupilTable, SchoolTable
from engine.vocabulary import FIXTURES
from tests.builders import many_pupils, pupil_table, school_table, some_of
from tests.digests import arrays_of, digest_of
from tests.house.sources import ROOT
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils

TOY = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"
PROGRAM = "from tests.engine.test_determinism import fixed; print(fixed())"
COMPILED = "from engine.jit import compile_from_now_on; compile_from_now_on();"


def toy(length: int):
    """Return the toy authority's rules with pupils and schools, of which some have no pupils."""
    rules = compile_rules(load_rule_file(TOY))
    amounts = [f"amount_{line.name}" for line in rules.formula.lines if line.counts == "amount"]
    schools = [
        {
            "urn": urn,
            "phase": phase,
            **dict.fromkeys(amounts, urn),
            "prior_budget": 300_000 + urn,
            "prior_pupils": 60,
        }
        for urn, phase in enumerate(
            ["primary", "secondary", "middle", "all_through", "special"] * 3
        )
        if urn
    ]
    return rules, schools, many_pupils(7, length, rules.top_ups.bands)


def fixed() -> str:
    """Return the digest of small evaluations: the toy authority's, and one under every published rule set."""
    rules, schools, table = toy(600)
    digests = [digest_of(evaluate(rules, school_table(schools), table))]
    for path in sorted((FIXTURES / "rules").rglob("*.yaml")):
        rules, valued = compile_rules(load_rule_file(path)), None
        if rules.formula is not None:
            valued = declare_absent(rules.formula, school_table(schools), AbsentLines.not_supplied)
        digests.append(digest_of(evaluate(rules, valued, payable(rules))))
    return " ".join(digests)


def payable(rules: CompiledRules) -> PupilTable:
    """Return 300 pupils with values that a rule set tells apart, less those that it refuses."""
    top_ups = rules.top_ups
    if top_ups is None:
        return many_pupils(9, 300)
    levels = {name.removeprefix("level_"): most for name, _, most in top_ups.dimensions}
    labels = top_ups.labels if top_ups.reads_labels else ()
    table = many_pupils(9, 300, labels, levels, top_ups.calendar.parts, rules.now.first)
    while len(table):
        try:
            evaluate(rules, pupils=table)
        except PairRefused as refused:
            rows = [problem.row for problem in refused.problems]
            table = some_of(table, ~np.isin(table.rows, rows))
        else:
            break
    return table


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("rows", [1, 7, 64, 1_000, 65_536])
def test_threads_and_blocks_do_not_change_a_byte(threads, rows):
    rules, schools, table = toy(1_500)
    once = digest_of(evaluate(rules, school_table(schools), table))
    again = evaluate(rules, school_table(schools), table, blocks=Blocks(threads, rows))
    assert digest_of(again) == once


@settings(max_examples=draws(15))
@given(st.data(), banded_rule_sets(), st.integers(1, 5), st.randoms(use_true_random=False))
def test_shuffled_rows_change_nothing_under_any_rules(data, document, rows, random):
    rules = compile_rules(document, document.effective.first)
    records = data.draw(pupils(parts_of(rules)))
    shuffled = list(records)
    random.shuffle(shuffled)
    one, other = pupil_table(records, LABELS), pupil_table(shuffled, LABELS)
    assert answer(rules, other, Blocks(2, rows)) == answer(rules, one)


def answer(rules, table: PupilTable, blocks: Blocks = ONE_THREAD) -> object:
    """Return the digest of an evaluation, or of how many pupils it is refused."""
    try:
        return digest_of(evaluate(rules, pupils=table, blocks=blocks))
    except PairRefused as refused:
        return refused.total


# Either form beside the other says the same: once is enough.
@pytest.mark.slow_without_jit
@pytest.mark.parametrize("first", ["", COMPILED], ids=["plain at first", "compiled throughout"])
def test_compiled_kernels_and_plain_python_give_the_same_bytes(first):
    other = "0" if os.environ.get("NUMBA_DISABLE_JIT") == "1" else "1"
    done = subprocess.run(
        [sys.executable, "-c", first + PROGRAM],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": other, "PYTHONPATH": "."},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == fixed()


@settings(max_examples=draws(15))
@given(st.data(), banded_rule_sets())
def test_a_few_rows_are_worked_out_alike_as_plain_python(data, document):
    rules = compile_rules(document, document.effective.first)
    table = pupil_table(data.draw(pupils(parts_of(rules))), LABELS)
    compiled = answer(rules, table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kernel, "__call__", Scalar.__call__)
        assert answer(rules, table) == compiled


def test_evaluating_twice_changes_neither_the_tables_nor_the_answer():
    rules, schools, table = toy(300)
    before = {name: values.tobytes() for name, values in table.columns.items()}
    held = school_table(schools)
    assert digest_of(evaluate(rules, held, table)) == digest_of(evaluate(rules, held, table))
    assert before == {name: values.tobytes() for name, values in table.columns.items()}


def test_what_is_yielded_cannot_be_written():
    rules, schools, table = toy(300)
    outcome = evaluate(rules, school_table(schools), table)
    written = {
        "pupil_band",
        "pupil_row",
        "pupil_price",
        "pupil_threshold",
        "pupil_annual",
        "pupil_year_share",
    }
    arrays = {name: one for name, one in arrays_of(outcome).items() if name not in written}
    assert not [name for name, one in arrays.items() if one.flags.writeable]


def mapped(values: np.ndarray, folder, name: str) -> np.ndarray:
    """Return the same values read from a file as they are needed."""
    np.save(folder / f"{name}.npy", values)
    return np.load(folder / f"{name}.npy", mmap_mode="r")


def test_columns_read_from_a_file_give_the_same_bytes(tmp_path):
    rules, schools, table = toy(500)
    held = school_table(schools)
    columns = {name: mapped(values, tmp_path, name) for name, values in table.columns.items()}
    kept = {"placement_la": table.placement_la, "placement_urn": table.placement_urn}
    from_file = PupilTable(
        table.keys,
        columns,
        table.rows,
        table.labels,
        mapped(table.offsets, tmp_path, "offsets"),
        **kept,
    )
    values = {name: mapped(one, tmp_path, name) for name, one in held.values.items()}
    schools_from_file = SchoolTable(
        held.urn, held.names, held.columns, values, held.presence, held.rows
    )
    again = evaluate(rules, schools_from_file, from_file)
    assert digest_of(again) == digest_of(evaluate(rules, held, table))


def test_the_pupils_of_one_school_come_to_the_same_whoever_stands_beside_them():
    rules, schools, table = toy(900)
    inside = table.columns["urn"] == 1
    whole = evaluate(rules, school_table(schools), table)
    alone = evaluate(rules, school_table(schools[:1]), some_of(table, inside))
    assert np.array_equal(whole.top_ups.amount[inside], alone.top_ups.amount)
    assert np.array_equal(whole.notional.amount[0], alone.notional.amount[0])
    assert whole.notional.notional_total[0] == alone.notional.notional_total[0]


def test_the_day_on_which_rules_are_compiled_decides_which_values_hold():
    document = load_rule_file(TOY)
    table = many_pupils(7, 300, document.band_profile.bands)
    september, april = (
        compile_rules(document, day) for day in (date(2025, 9, 1), date(2026, 4, 1))
    )
    assert (
        evaluate(september, pupils=table).top_ups.total
        < evaluate(april, pupils=table).top_ups.total
    )
