"""Documents of candidates: what they draw, and every mistake at once with its line."""

import jsonschema_rs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.candidates import batch_of, candidates_schema, digest_of, read_budgets
from engine.data import FIXTURES, PUBLISHED
from engine.errors import RuleRefused, TableRefused
from engine.rules.yaml_source import source_of
from tests.builders import candidate_document
from tests.storm_size import draws

HEAD = "format: evenband-candidates/1\ntitle: Thresholds\nbaseline: national-profile-candidate\n"
THRESHOLD, CAP = "top_up_rule.threshold.pounds", "top_up_rule.cap"


def drawn(text: str, folder="."):
    """Return the candidates of a document."""
    return batch_of(candidate_document(HEAD + text), folder).candidates


def test_a_grid_is_every_combination_of_lists_and_ranges_and_its_last_path_changes_fastest():
    found = drawn(
        f'vary:\n  {THRESHOLD}: [5000, "6000"]\n  {CAP}: {{from: 1, to: 2, step: "0.5"}}\n'
    )
    assert [found.overrides(at) for at in range(len(found))] == [
        ((THRESHOLD, threshold), (CAP, cap)) for threshold in ("5000", "6000") for cap in ("1", "1.5", "2")
    ]  # fmt: skip
    assert [found.name(at) for at in range(len(found))] == ["1", "2", "3", "4", "5", "6"]


@settings(max_examples=draws(20))
@given(st.integers(1, 40), st.integers(0, 90), st.integers(0, 9))
def test_a_hypercube_draws_each_equal_part_of_a_path_once_and_the_same_every_time(
    number, last, seed
):
    text = f"design: hypercube\nnumber: {number}\nseed: {seed}\nvary: {{{CAP}: {{from: 0, to: {last}, step: 1}}}}\n"
    found, again = drawn(text), drawn(text)
    assert digest_of(found) == digest_of(again)
    held = np.sort(found.values[0].held)
    lows = np.arange(number) * (last + 1) // number
    highs = np.maximum((np.arange(number) + 1) * (last + 1) // number, lows + 1)
    assert ((held >= lows) & (held < highs)).all()


def test_random_draws_are_of_the_values_and_of_their_seed():
    text = (
        f"design: random\nnumber: 50\nseed: {{}}\nvary: {{{{{CAP}: [100, 250.5, 300]}}}}\n".replace(
            "250.5", '"250.5"'
        )
    )
    one, other = drawn(text.format(1)), drawn(text.format(2))
    assert {one.values[0].text(at) for at in range(50)} == {"100", "250.5", "300"}
    assert digest_of(one) != digest_of(other)


def test_a_table_has_a_row_a_candidate_and_keeps_their_names(tmp_path):
    (tmp_path / "tried.csv").write_text(
        f"candidate,{THRESHOLD},{CAP}\nlow,5000,20000.50\nhigh,6500,30000\n"
    )
    found = drawn("table: tried.csv\n", tmp_path)
    assert [found.name(at) for at in range(len(found))] == ["low", "high"]
    assert found.overrides(0) == ((THRESHOLD, "5000"), (CAP, "20000.5"))


def test_a_table_is_refused_with_every_blank_duplicate_and_wrong_number_by_row(tmp_path):
    (tmp_path / "tried.csv").write_text(f"candidate,{THRESHOLD}\nlow,\nlow,five\n")
    with pytest.raises(TableRefused) as refused:
        drawn("table: tried.csv\n", tmp_path)
    found = {(one.column, one.row, one.rule) for one in refused.value.problems}
    assert found == {
        ("candidate", 2, "repeated"),
        ("candidate", 3, "repeated"),
        (THRESHOLD, 2, "blank"),
        (THRESHOLD, 3, "number"),
    }


def test_a_folder_gives_a_rule_document_a_candidate_and_leaves_out_with_a_reason_what_is_none(
    tmp_path,
):
    source = (PUBLISHED / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
    (tmp_path / "one.yaml").write_text(source, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text("format: evenband-rules/1\n", encoding="utf-8")
    batch = batch_of(candidate_document(HEAD + "rule_sets: .\n"), tmp_path)
    assert [batch.candidates.name(at) for at in range(len(batch.candidates))] == ["one"]
    [left_out] = batch.left_out
    assert left_out.name == "wrong"
    assert "is missing" in left_out.reason


def test_every_mistake_of_a_document_is_named_with_its_line():
    text = (
        "design: hypercube\nnumbre: 4\nconstraints: {total: none}\nvary:\n"
        "  a: []\n  b: [1, one, 1]\n  c: {from: 5, to: 1, step: 1}\n  d: {from: 1, to: 2, stop: 1}\n"
    )
    with pytest.raises(RuleRefused) as refused:
        candidate_document(HEAD + text)
    found = {(one.line, one.place) for one in refused.value.problems}
    assert found >= {
        (5, "numbre"), (6, "constraints.total"), (8, "vary.a"), (9, "vary.b.1"), (9, "vary.b"),
        (10, "vary.c.to"), (11, "vary.d.stop"), (11, "vary.d.step"),
    }  # fmt: skip
    assert {one.place for one in refused.value.problems} >= {"number", "seed"}


@pytest.mark.parametrize("text", ["", "vary: {a: [1]}\ntable: t.csv\n"])
def test_candidates_come_from_one_place(text):
    with pytest.raises(RuleRefused, match="give one of vary, table, rule_sets"):
        candidate_document(HEAD + text)


def test_a_grid_of_too_many_is_refused_with_its_number():
    wide = "{from: 0, to: 9999, step: 1}"
    with pytest.raises(RuleRefused, match="100,000,000 candidates"):
        drawn(f"vary: {{a: {wide}, b: {wide}}}\n")


def test_budgets_are_pounds_of_known_authorities_each_once(tmp_path):
    path = tmp_path / "budgets.csv"
    path.write_text("la,budget\n301,1200.50\n302,7\n")
    assert read_budgets(path).of == {301: 120_050, 302: 700}
    path.write_text("la,budget\n301,1\n301,2\n1,3\n302,x\n")
    with pytest.raises(TableRefused) as refused:
        read_budgets(path)
    assert {(one.row, one.column) for one in refused.value.problems} == {
        (3, "la"),
        (4, "la"),
        (5, "budget"),
    }


def test_a_column_that_budgets_lack_hides_no_wrong_cell_of_the_other(tmp_path):
    path = tmp_path / "budgets.csv"
    path.write_text("la,pounds\n1,1\n301,2\n301,3\n")
    with pytest.raises(TableRefused) as refused:
        read_budgets(path)
    assert {(one.row, one.column) for one in refused.value.problems} == {
        (None, "budget"),
        (2, "la"),
        (4, "la"),
    }


WHOLE = HEAD + "vary: {a.b: [1, '2.5', 2/3], c: {from: '0', to: 5, step: '0.5'}}\n"


@pytest.mark.parametrize(
    "text",
    [
        *(path.read_text(encoding="utf-8") for path in sorted((FIXTURES / "candidates").glob("*.yaml"))),
        WHOLE,
        HEAD + "table: t.csv\nsheet: One\nconstraints: {total: 12, school_loss_per_pupil: '0.50'}\n",
    ],
)  # fmt: skip
def test_the_schema_takes_what_is_read(text):
    candidate_document(text)
    assert not list(
        jsonschema_rs.validator_for(candidates_schema()).iter_errors(source_of(text).value)
    )


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD + "vary: {a: [1]}\ntable: t.csv\n",
        HEAD + "vary: {a: [much]}\n",
        HEAD + "vary: {a: [1.5]}\n",
        HEAD + "vary: {a: {from: 1, to: 2}}\n",
        HEAD + "vary: {a: [1]}\nsheet: One\n",
        HEAD + "vary: {a: [1]}\nseeds: 3\n",
        HEAD + "vary: {a: [1]}\nconstraints: {total: '1.234'}\n",
    ],
)
def test_the_schema_refuses_what_is_refused(text):
    with pytest.raises(RuleRefused):
        candidate_document(text)
    assert list(jsonschema_rs.validator_for(candidates_schema()).iter_errors(source_of(text).value))
