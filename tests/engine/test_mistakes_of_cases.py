"""All mistakes of a table of expected results are named at once: none hides another, none makes another."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cases import CaseTable, case_results, case_tables, table_reports
from engine.errors import PairRefused, TableRefused
from engine.reading.text import records
from tests.rule_library import compiled

BANDS = "telford-and-wrekin-2025-26"
NINE = {"band": "9", "sen_provision": "E", "setting": "mainstream", "paid": "1044.85"}

CELLS = {
    "an amount that is none": (0, "paid", "about 1000", "expectation"),
    "another in the last row": (3, "paid", "C", "expectation"),
    "a band that is not found": (1, "band", "17", "unknown-label"),
    "a setting that is none": (2, "setting", "moon", "unknown-code"),
    "a provision that is none": (3, "sen_provision", "Q", "unknown-code"),
}
HEADINGS = {
    "a heading of no result": ("expected_bnad", "9", "unknown-result"),
    "another of no result": ("expected_moons", "9", "unknown-result"),
    "a result of schools": ("budget", "9", "not-valued"),
}
COLUMNS = {
    **HEADINGS,
    "a heading of a result": ("Expected band", "9", "column-spelling"),
    "an unknown column": ("moons", "1", "unknown-column"),
    "a heading of an input": ("Primary need", "ASD", "column-spelling"),
}


def mistakes(table: CaseTable) -> list[tuple[str, str | None, int | None]]:
    """Return each mistake that a table of cases is refused for, by its rule, column and row."""
    # A table whose only mistake is that it expects results of schools is no table for these rules.
    with pytest.raises((TableRefused, PairRefused)) as caught:
        case_results(compiled(BANDS), table)
    assert caught.value.total == len(caught.value.problems)
    return sorted((one.rule, str(one.column), one.row or 0) for one in caught.value.problems)


@given(st.sets(st.sampled_from([*CELLS, *COLUMNS]), min_size=1))
def test_any_mistakes_of_a_table_are_named_together_and_alone(chosen):
    """A wrong amount hid wrong inputs, a heading both; of an unknown column the rows were numbered from 0."""
    rows, expected = [dict(NINE) for _ in range(4)], []
    for name in chosen:
        if name in CELLS:
            at, column, cell, rule = CELLS[name]
            rows[at][column] = cell
            expected.append((rule, column, at + 2))
        else:
            heading, cell, rule = COLUMNS[name]
            rows = [one | {heading: cell} for one in rows]
            named = {"Primary need": "None", "budget": "None"}.get(heading, heading)
            expected.append((rule, named, 0))
    # A row that cannot be valued alone is a result, not a mistake of the table.
    of_rows = all(rule in {"unknown-code", "unknown-label"} for rule, _, _ in expected)
    if of_rows:
        assert len(case_results(compiled(BANDS), CaseTable(records(rows))).different) == len(
            {row for _, _, row in expected}
        )
    else:
        assert mistakes(CaseTable(records(rows))) == sorted(expected)


def test_a_row_that_expects_its_refusal_has_no_mistake_by_it():
    rows = [NINE | {"band": "17", "paid": "refused"}, NINE | {"paid": "much"}]
    assert mistakes(CaseTable(records(rows))) == [("expectation", "paid", 3)]


def test_cells_that_cannot_be_read_hide_no_other_mistake(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "band,sen_provision,setting,paid\n9,E,mainstream\n9,E,moon,1044.85\n9,E,mainstream,much\n"
    )
    (table,), _ = case_tables(path)
    assert [(column, row) for _, column, row in mistakes(table)] == [
        ("paid", 4), ("None", 2), ("setting", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["parquet", "frame"])
def test_columns_of_a_type_that_no_table_has_hide_no_other_mistake(tmp_path, kind):
    lists = pl.Series([[1], [2]])
    frame = records([NINE, NINE | {"setting": "moon"}]).with_columns(
        band=lists, expected_band=lists, expected_reason=pl.lit("x"), paid=pl.Series(["much", "1"])
    )
    table = CaseTable(frame)
    if kind == "parquet":
        frame.write_parquet(tmp_path / "a.parquet")
        (table,), _ = case_tables(tmp_path / "a.parquet")
    assert mistakes(table) == [
        ("expectation", "paid", 2), ("nested", "band", 0), ("nested", "expected_band", 0), ("unknown-code", "setting", 3),
    ]  # fmt: skip


def test_every_table_of_a_text_is_tried_before_any_is_refused(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "| band | paid |\n|---|---|\n| 9 | much |\n\n| band | paid |\n|---|---|\n| 9 | 1 |\n| 9 | more |\n"
    )
    with pytest.raises(TableRefused) as caught:
        table_reports(compiled(BANDS), case_tables(path)[0])
    assert [(one.column, one.row) for one in caught.value.problems] == [("paid", 3), ("paid", 8)]


@pytest.mark.parametrize("without", [False, True])
@pytest.mark.parametrize("heading", [*HEADINGS, "none"])
def test_a_wrong_heading_of_a_result_hides_nothing_even_where_no_other_says_what_is_expected(
    heading, without
):
    """One wrong heading was said alone: of a table without another, and of one that expects more."""
    rows = [dict(NINE) for _ in range(2)]
    rows[0]["setting"], rows[1]["band"] = "moon", "17"
    name, cell, rule = HEADINGS.get(heading, ("paid", "1", "nothing-expected"))
    if without or heading == "none":
        rows = [{key: one for key, one in row.items() if key != "paid"} for row in rows]
    if heading != "none":
        rows = [row | {name: cell} for row in rows]
    column = name if rule == "unknown-result" else "None"
    assert mistakes(CaseTable(records(rows))) == sorted(
        [(rule, column, 0), ("unknown-code", "setting", 2), ("unknown-label", "band", 3)]
    )


def test_a_table_of_both_pupils_and_schools_is_not_taken_for_one_of_them():
    rows = [{"urn": "1", "paid": "much", "budget": "1"}]
    with pytest.raises(PairRefused) as caught:
        case_results(compiled("toy-2025-26"), CaseTable(records(rows)))
    assert [one.rule for one in caught.value.problems] == ["not-valued"]
