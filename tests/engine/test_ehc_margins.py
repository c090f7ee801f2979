"""Published tables of plans as margins: what is there adds up, what is missing is never zero."""

import polars as pl
import pytest

from engine.errors import TableRefused
from engine.lab.imports.ehc_margins import plan_margins
from engine.lab.synth import synthesise
from engine.lab.synth.margins import margins, rows
from engine.reading import read_table
from engine.vocabulary import FIXTURES
from tests.programs import BESIDE, or_leave_out

EXCERPT = FIXTURES / "cases" / "ehc_plans"
PUBLISHED = BESIDE / "data"
NATIONAL = ("plans_by_placement_and_need", "plans_by_age_and_need", "plans_by_age_and_placement")


def frames(*, ages=False):
    names = ["plans_by_need", "caseload", *(["caseload_by_age"] if ages else [])]
    return [read_table(EXCERPT / f"{name}.csv") for name in names]


def changed(frame, column, value, **where):
    fits = pl.all_horizontal(pl.col(name) == one for name, one in where.items())
    return frame.with_columns(
        pl.when(fits).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    )


@pytest.fixture(scope="module")
def read():
    return plan_margins(*frames(ages=True))


@pytest.fixture
def folder(read, tmp_path):
    """Give a folder of margins as the import writes it."""
    for name, held in read.tables.items():
        pl.DataFrame(held).write_csv(tmp_path / f"{name}.csv")
    return tmp_path


@pytest.mark.parametrize("name", NATIONAL)
def test_the_national_tables_are_those_that_synthetic_pupils_add_to(read, name):
    assert tuple(read.tables[name]) == rows(name)


def test_an_authority_has_the_plans_that_it_maintains(read):
    shipped = {row["la"]: row["plans"] for row in rows("plans_by_authority")}
    plans = {row["la"]: row["plans"] for row in read.tables["plans_by_authority"]}
    assert plans == {la: shipped[la] for la in plans}
    assert (read.authorities, read.national) == (10, 638_745)


def test_an_authority_whose_placements_are_not_published_stands_in_no_share_of_them(read):
    assert read.left_out["placement mainstream"] == 1
    assert read.left_out["need ASD"] == 0


def test_symbols_stay_symbols_where_plans_are_shown_by_age(read):
    cells = {row["mainstream"] for row in read.tables["plans_by_authority_and_age"]}
    assert "x" in cells


@pytest.mark.parametrize("symbol", ["x", "z", "c", "low", ""])
def test_a_national_figure_that_is_missing_is_refused_and_not_taken_for_nothing(symbol):
    plans, caseload = frames()
    lacking = changed(plans, "vi", symbol, breakdown="Special - non-maintained")
    with pytest.raises(TableRefused) as refused:
        plan_margins(lacking, caseload)
    problem = refused.value.problems[0]
    assert (problem.column, problem.rule) == ("vi", "not-published")
    assert lacking["breakdown"][problem.row - 2] == "Special - non-maintained"


def test_a_count_that_is_no_number_is_refused_by_row_and_column():
    plans, caseload = frames()
    with pytest.raises(TableRefused) as refused:
        plan_margins(changed(plans, "asd", "1,02", breakdown="10"), caseload)
    assert [problem.column for problem in refused.value.problems] == ["asd"]


def test_a_placement_without_a_row_is_refused_by_name():
    plans, caseload = frames()
    with pytest.raises(TableRefused, match="Non-maintained early years; found 0"):
        plan_margins(plans.filter(pl.col("breakdown") != "Non-maintained early years"), caseload)


def test_a_table_of_another_layout_is_refused_by_its_missing_columns():
    plans, caseload = frames()
    with pytest.raises(TableRefused) as refused:
        plan_margins(plans.drop("asd", "vi"), caseload)
    assert {problem.column for problem in refused.value.problems} == {"vi", "asd"}


def test_a_year_that_the_table_does_not_hold_is_refused():
    with pytest.raises(TableRefused, match="no row for this year"):
        plan_margins(*frames(), year="1999-00")


def test_synthetic_pupils_add_to_the_margins_of_a_folder(folder):
    held = margins(folder)
    assert set(held.la.tolist()) == {202, 330, 372, 812, 826, 884, 886, 894, 926, 938}
    made = synthesise(3_000, seed=1, folder=folder).pupils
    assert set(made["la"].cast(pl.Int64)) <= set(held.la.tolist())


def test_a_folder_with_the_published_margins_makes_the_same_file(tmp_path):
    for name in (*NATIONAL, "plans_by_authority", "spread_across_authorities"):
        shipped = (FIXTURES / "synth" / f"{name}.csv").read_bytes()
        (tmp_path / f"{name}.csv").write_bytes(shipped)
    again = synthesise(2_000, seed=7, folder=tmp_path)
    assert again.pupils.equals(synthesise(2_000, seed=7).pupils)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [("plans", "x", "whole number"), ("plans", "12.5", "whole number"), ("la", "Kent", "whole")],
)
def test_a_cell_that_margins_cannot_hold_is_refused(folder, column, cell, said):
    path = folder / "plans_by_authority.csv"
    frame = read_table(path).with_columns(pl.lit(cell).alias(column))
    frame.write_csv(path)
    with pytest.raises(TableRefused, match=said):
        margins(folder)


def test_a_setting_that_margins_do_not_know_is_refused(folder):
    path = folder / "plans_by_placement_and_need.csv"
    read_table(path).with_columns(pl.lit("school").alias("setting")).write_csv(path)
    with pytest.raises(TableRefused, match="must be one of"):
        margins(folder)


def test_the_whole_publication_gives_the_margins_that_come_with_the_project():
    or_leave_out(PUBLISHED)
    whole = plan_margins(
        read_table(PUBLISHED / "ehc_plans_by_need_2025.csv"),
        read_table(PUBLISHED / "ehc_caseload_2025.csv"),
    )
    plain = [{**row, "region": ""} for row in rows("plans_by_authority")]
    assert whole.tables["plans_by_authority"] == plain
    for name in (*NATIONAL, "spread_across_authorities"):
        shipped, read = (
            sorted(map(tuple, map(dict.items, one))) for one in (rows(name), whole.tables[name])
        )
        assert read == shipped
