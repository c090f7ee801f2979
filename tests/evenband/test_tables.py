"""A table may come from a file, polars, pandas, Arrow or records: the same rows give the same pence."""

import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import evenband as eb
from tests.evenband.conftest import NATIONAL, NORTHUMBERLAND, TEN_SCHOOLS

TEXT = pl.read_csv(TEN_SCHOOLS, infer_schema=False)


def in_every_form(folder):
    """Return the ten schools in every form that a table may have, by its name."""
    TEXT.write_parquet(folder / "schools.parquet")
    TEXT.write_excel(folder / "schools.xlsx")
    return {
        "CSV by its path": TEN_SCHOOLS,
        "CSV by its name": str(TEN_SCHOOLS),
        "XLSX": folder / "schools.xlsx",
        "Parquet": folder / "schools.parquet",
        "polars, text": TEXT,
        "polars, numbers": pl.read_csv(TEN_SCHOOLS),
        "polars, lazy": pl.scan_csv(TEN_SCHOOLS),
        "pandas, text": pd.read_csv(TEN_SCHOOLS, dtype=str),
        "pandas, numbers": pd.read_csv(TEN_SCHOOLS),
        "Arrow": pa.Table.from_pandas(pd.read_csv(TEN_SCHOOLS)),
        "Arrow over its stream": pa.table(TEXT.to_dict(as_series=False)).to_reader(),
        "records": TEXT.to_dicts(),
    }


def test_ten_schools_come_to_the_same_in_every_form(rules, budgets, tmp_path):
    for form, source in in_every_form(tmp_path).items():
        outcome = eb.value(rules, schools=eb.read_schools(source, rules))
        assert outcome.to_polars("lines").equals(budgets.to_polars("lines")), form


def test_pandas_says_that_a_cell_is_missing_in_several_ways():
    national = eb.read_rules(NATIONAL)
    rows = {
        "pupil_key": ["a", "b", "c"],
        "la": [301, 301, 301],
        "year_group": [None, 3.0, float("nan")],
        "sen_provision": ["E", None, "E"],
        "primary_need": pd.Categorical(["ASD", None, "MLD"]),
        "setting": ["mainstream", float("nan"), "special"],
        "support_hours": pd.array([12.5, pd.NA, 20], dtype="Float64"),
        "start": pd.to_datetime(["2026-05-01", None, None]),
    }
    blanks = {
        "pupil_key": ["a", "b", "c"],
        "la": ["301", "301", "301"],
        "year_group": ["", "3", ""],
        "sen_provision": ["E", "", "E"],
        "primary_need": ["ASD", "", "MLD"],
        "setting": ["mainstream", "", "special"],
        "support_hours": ["12.5", "", "20"],
        "start": ["2026-05-01", "", ""],
    }
    frames = pd.DataFrame(rows), pl.DataFrame(blanks)
    required = pl.DataFrame({"score": ["40", "10", "70"]})
    frames[0]["score"], spelled = [40, 10, 70], frames[1].hstack(required)
    outcomes = [
        eb.value(national, pupils=eb.read_pupils(one, national)) for one in (frames[0], spelled)
    ]
    assert outcomes[0].to_polars().equals(outcomes[1].to_polars())


def test_pandas_is_read_without_pyarrow(rules, budgets, monkeypatch):
    frame = pd.read_csv(TEN_SCHOOLS)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    outcome = eb.value(rules, schools=eb.read_schools(frame, rules))
    assert outcome.notional_sen == budgets.notional_sen


def test_a_refusal_names_the_row_of_a_frame_from_one_and_of_a_file_under_its_header(
    rules, tmp_path
):
    wrong = TEXT.with_columns(
        phase=pl.when(pl.col("urn") == TEXT["urn"][1])
        .then(pl.lit("academy"))
        .otherwise(pl.col("phase"))
    )
    with pytest.raises(eb.TableRefused, match="row 2: phase"):
        eb.read_schools(wrong, rules)
    path = tmp_path / "schools.csv"
    wrong.write_csv(path)
    with pytest.raises(eb.TableRefused, match="row 3: phase") as refused:
        eb.read_schools(path, rules)
    assert refused.value.__notes__ == [str(path)]


def test_every_problem_of_a_table_is_said_at_once(rules):
    with pytest.raises(eb.TableRefused) as refused:
        eb.read_schools(
            pl.DataFrame({"urn": ["1", "x"], "phase": ["primary", "?"], "nor": ["", ""]}), rules
        )
    assert len(refused.value.problems) == refused.value.total == 3


def test_a_number_of_half_the_width_is_refused(rules):
    narrow = pl.read_csv(TEN_SCHOOLS).with_columns(pl.col(pl.Float64).cast(pl.Float32))
    with pytest.raises(eb.TableRefused, match="floating-point"):
        eb.read_schools(narrow, rules)


def test_two_columns_of_one_name_are_refused(rules):
    with pytest.raises(eb.TableRefused, match="columns 1 and 2 have the same name"):
        eb.read_schools(pd.DataFrame([[1, 2]], columns=["urn", "urn"]), rules)


def test_what_is_no_table_is_an_ordinary_mistake_in_plain_words(rules):
    with pytest.raises(TypeError, match="a table is read from a file"):
        eb.read_schools(3, rules)
    with pytest.raises(TypeError, match="give the rules that will value the table"):
        eb.read_schools(TEXT)
    with pytest.raises(TypeError, match="as read_rules returns them"):
        eb.read_schools(TEXT, NORTHUMBERLAND)


def test_a_table_read_for_other_rules_is_refused_rather_than_read_in_part(rules, invented):
    bedford = eb.read_rules("nff-2025-26")
    schools = eb.read_schools(TEXT, rules)
    with pytest.raises(eb.PairRefused, match="were read for other rules than nff-2025-26"):
        eb.value(bedford, schools=schools)
    national, bands = eb.read_rules(NATIONAL), eb.read_rules("telford-and-wrekin-2025-26")
    pupils = eb.read_pupils(invented.pupils.drop("band", strict=False), national)
    with pytest.raises(eb.PairRefused, match="and lack band"):
        eb.value(bands, pupils=pupils)


@pytest.mark.filterwarnings("ignore:check")
def test_lines_without_a_column_are_refused_unless_said_to_be_none(rules):
    years = pl.col("^.*_years$")
    few = TEXT.select("urn", "phase", years, pl.col("^units_basic_entitlement_.*$"))
    with pytest.raises(eb.PairRefused):
        eb.value(rules, schools=eb.read_schools(few, rules))
    none = eb.value(rules, schools=eb.read_schools(few, rules, absent_lines="zero"))
    unknown = eb.value(rules, schools=eb.read_schools(few, rules, absent_lines="not_supplied"))
    assert none.not_known == 0 < unknown.not_known


def test_somebody_elses_columns_are_read_through_a_layout(rules, tmp_path):
    layout = tmp_path / "ours.yaml"
    ours = {name: name.upper() for name in TEXT.columns}
    lines = [f"  {name}: {theirs}" for name, theirs in ours.items()]
    layout.write_text("\n".join(["about: ours", "source: us", "columns:", *lines]), "utf-8")
    read = eb.read_schools(TEXT.rename(ours), rules, layout=layout)
    assert len(read) == 10
    with pytest.raises(eb.TableRefused, match="no layout is called 'nobody'"):
        eb.read_schools(TEXT, rules, layout="nobody")


def test_pupils_at_no_school_are_warned_of_and_kept_in_the_answer(invented):
    nff = eb.read_rules("nff-2025-26")
    tables = {
        "schools": eb.read_schools(invented.schools, nff),
        "pupils": eb.read_pupils(invented.pupils, nff),
    }
    with pytest.warns(UserWarning, match="not counted at any school"):
        outcome = eb.value(nff, **tables)
    assert outcome.notes[0] in str(outcome)
    assert outcome.notes[0] in outcome._repr_html_()


def test_rows_of_other_authorities_are_counted_and_warned_of():
    bands = eb.read_rules("telford-and-wrekin-2025-26")
    rows = [
        {
            "pupil_key": f"p{la}",
            "la": la,
            "sen_provision": "E",
            "setting": "mainstream",
            "band": "9",
        }
        for la in ("894", "893", "909")
    ]
    with (
        pytest.warns(UserWarning, match="replaced, as was stated: 909 by 942"),
        pytest.warns(UserWarning, match="3 rows read, 1 valued, 2 set apart"),
    ):
        pupils = eb.read_pupils(rows, bands, la_map={"909": "942"})
    assert (len(pupils), pupils.row_counts["read"]) == (1, 3)
    assert len(eb.read_pupils(rows[:2], bands, other_authorities="valued")) == 2
    with pytest.raises(eb.TableRefused, match=r'la_map=\{"909": "942"\}'):
        eb.read_pupils(rows, bands)
    with pytest.raises(ValueError, match="other_authorities is one of"):
        eb.read_pupils(rows, bands, other_authorities="paid")
