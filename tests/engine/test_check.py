"""Each reason for refusing pupils, by its rule, row and column; and never a value or a key."""

import polars as pl
import pytest

from engine.columns import PUPIL_COLUMNS, ColumnSelection
from engine.errors import TableRefused
from engine.reading import pupil_table
from engine.reading.report import MOST_PROBLEMS

WANTED = ColumnSelection(
    frozenset({"urn"}), frozenset(PUPIL_COLUMNS) | {"level_sensory"}, ("Lower", "Upper", "c")
)
CANARY = "CANARY-7731"
PUPIL = {"pupil_key": CANARY, "urn": "900001", "la": "929"}


def frame(*rows: dict[str, str]) -> pl.DataFrame:
    """Return rows of text; the first pupil is sound, and each row's key differs unless it says."""
    sound = (
        PUPIL
        | dict.fromkeys((name for row in rows for name in row), "")
        | PUPIL
        | {"pupil_key": "first"}
    )
    filled = [sound] + [
        sound | {"pupil_key": f"{CANARY}-{place}"} | row for place, row in enumerate(rows)
    ]
    return pl.DataFrame(filled, schema=dict.fromkeys(sound, pl.String))


def refused(table: pl.DataFrame, **options) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        pupil_table(table, WANTED, **options)
    return caught.value


CELLS = [
    pytest.param({"la": "nine"}, "unreadable", "la", "must be a whole number", id="a code in words"),
    pytest.param({"la": "100"}, "unknown-authority", "la", "three-digit code", id="no authority has the code"),
    pytest.param({"la": ""}, "blank", "la", "a value in every row", id="no commissioning authority"),
    pytest.param({"pupil_key": " "}, "blank", "pupil_key", "a value in every row", id="no key"),
    pytest.param({"pupil_key": "k" * 101}, "too-long", "pupil_key", "at most 100", id="a key that is a letter"),
    pytest.param({"urn": "0"}, "out-of-range", "urn", "from 1 to 9999999", id="no school has the number"),
    pytest.param({"year_group": "P"}, "unreadable", "year_group", "or one of R, N1, N2", id="no such year"),
    pytest.param({"year_group": "15"}, "out-of-range", "year_group", "from -2 to 14", id="too old for any year"),
    pytest.param({"sen_provision": "S"}, "unknown-code", "sen_provision", "one of N, K, E", id="a statement, which ended"),
    pytest.param({"primary_need": "autism"}, "unknown-code", "primary_need", "SPLD, MLD, SLD", id="a need in words"),
    pytest.param({"idaci": "a"}, "unknown-code", "idaci", "in these capitals", id="capitals where a small c is a symbol"),
    pytest.param({"setting": "4"}, "unknown-code", "setting", "mainstream, resourced_provision", id="a setting by number"),
    pytest.param({"idaci": "H"}, "unknown-code", "idaci", "one of A, B, C, D, E, F, G", id="no such deprivation band"),
    pytest.param({"fsm": "2"}, "unreadable", "fsm", "must be 1 or 0", id="a flag that is neither"),
    pytest.param({"hours": "12.555"}, "unreadable", "hours", "at most two decimals", id="hours finer than held"),
    pytest.param({"hours": "169"}, "out-of-range", "hours", "from 0 to 168", id="more hours than a week has"),
    pytest.param({"top_up": "12.345"}, "unreadable", "top_up", "at most two decimals", id="a tenth of a penny"),
    pytest.param({"top_up": "1e3"}, "unreadable", "top_up", "must be pounds", id="an exponent"),
    pytest.param({"top_up": "12,34"}, "unreadable", "top_up", "must be pounds", id="a decimal comma"),
    pytest.param({"top_up": "-1"}, "out-of-range", "top_up", "from 0.00 to", id="a negative top-up"),
    pytest.param({"assessed_cost": "100000000.01"}, "out-of-range", "assessed_cost", "100000000.00", id="an absurd cost"),
    pytest.param({"level": "five"}, "unreadable", "level", "a plain number", id="a level in words"),
    pytest.param({"level_sensory": "101"}, "out-of-range", "level_sensory", "from 0 to 100", id="above every ladder"),
    pytest.param({"band": "Middle"}, "unknown-label", "band", "one of Lower, Upper, c", id="a band the rules lack"),
    pytest.param({"start": "2025-02-30"}, "unreadable", "start", "year-month-day", id="no day of the calendar"),
    pytest.param({"start": "1/4/2025"}, "unreadable", "start", "year-month-day", id="a day in figures"),
    pytest.param({"start": "1969-12-31"}, "out-of-range", "start", "from 1970-01-01", id="a day before all records"),
    pytest.param(
        {"start": "2025-09-02", "end": "2025-09-01"}, "end-before-start", "end", "not be before", id="an end before its start"
    ),
    pytest.param(
        {"start": "2025-09-01", "parts_on_roll": "3"}, "dates-and-parts", "parts_on_roll", "blank where", id="paid in two ways"
    ),
    pytest.param(
        {"sen_provision": "E", "primary_need": "NSA"}, "unassessed-need", "primary_need", "only where", id="a plan unassessed"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("row", "rule", "column", "sentence"), CELLS)
def test_a_pupil_is_refused_by_row_column_and_rule(row, rule, column, sentence):
    refusal = refused(frame({}, row))
    assert [(one.rule, one.column, one.row) for one in refusal.problems] == [(rule, column, 4)]
    assert sentence in refusal.problems[0].sentence
    assert refusal.total == 1


@pytest.mark.parametrize("name", sorted(set(PUPIL_COLUMNS) - {"pupil_key"}))
def test_no_refusal_repeats_a_value_or_a_key(name):
    refusal = refused(frame({name: f"{CANARY}-value"}, {name: "-731731"}))
    assert refusal.total == 2
    for said in (str(refusal), repr(refusal), repr(refusal.problems)):
        assert CANARY not in said
        assert "731731" not in said


def test_everything_wrong_is_said_at_once_in_the_order_of_rows():
    wrong = frame({"fsm": "?", "la": "1"}, {}, {"fsm": "?"}).with_columns(
        pl.lit("1").alias("shoe_size")
    )
    refusal = refused(wrong)
    assert [(one.row, one.column) for one in refusal.problems] == [
        (None, "shoe_size"), (3, "la"), (3, "fsm"), (5, "fsm"),
    ]  # fmt: skip


def test_a_refusal_lists_the_first_problems_and_counts_them_all():
    refusal = refused(frame(*({"fsm": "?"} for _ in range(MOST_PROBLEMS + 50))))
    assert len(refusal.problems) == MOST_PROBLEMS
    assert refusal.total == MOST_PROBLEMS + 50
    assert refusal.problems[-1].row == 3 + MOST_PROBLEMS - 1


def test_rows_are_numbered_as_the_caller_says():
    assert refused(frame({"fsm": "?"}), first_row=1).problems[0].row == 2


def test_a_misspelt_column_is_refused_with_the_name_that_was_meant():
    [problem] = refused(frame({}).rename({"urn": "urm"})).problems
    assert (problem.rule, problem.column) == ("unknown-column", "urm")
    assert "did you mean urn?" in problem.sentence


@pytest.mark.parametrize("written", ["plan", "area", "status", "age", "need", "total"])
def test_no_column_is_said_to_be_meant_by_a_name_that_is_not_like_it(written):
    """Of a column 'plan' in a table without 'la' it was asked whether that was meant."""
    table = frame({}).drop("la").with_columns(pl.lit("x").alias(written))
    sentences = {one.column: one.sentence for one in refused(table).problems}
    assert sentences[written] == "unknown column; check its name, or remove it"
    assert sentences["la"] == "is missing; these rules need this column"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("la_code", "la"), ("year_goup", "year_group"), ("year grup", "year_group"), ("urm", "urn")],
)
def test_a_column_is_asked_after_by_the_name_that_is_like_it(written, meant):
    table = (
        frame({})
        .drop("la", "urn", "year_group", strict=False)
        .with_columns(pl.lit("x").alias(written))
    )
    sentences = {one.column: one.sentence for one in refused(table).problems}
    assert sentences.get(written) == f"unknown column; did you mean {meant}?", sentences


def test_a_column_that_differs_in_capitals_is_refused_with_its_spelling():
    [problem] = refused(frame({}).rename({"urn": "URN"})).problems
    assert problem.rule == "column-spelling"
    assert "write urn for 'URN'" in problem.sentence


def test_a_column_that_these_rules_do_not_use_is_refused():
    with pytest.raises(TableRefused, match=r"hours: is not used by these rules"):
        pupil_table(frame({"hours": "25"}), ColumnSelection(frozenset(), frozenset({"urn"})))


def test_a_heading_that_is_no_plain_name_is_refused_by_its_place():
    problem = refused(frame({}).with_columns(pl.lit("1").alias("=CANARY\n"))).problems[0]
    assert problem.column is None
    assert "column 4: " in problem.sentence


def test_a_table_without_a_header_never_repeats_its_first_pupil():
    bare = frame({}).rename({"pupil_key": CANARY, "urn": "900001", "la": "929"})
    refusal = refused(bare)
    assert [one.rule for one in refusal.problems] == ["no-header"]
    assert CANARY not in str(refusal)


def test_the_bands_of_two_rule_sets_are_read_together():
    one = ColumnSelection(frozenset(), frozenset({"band"}), ("A", "B"))
    other = ColumnSelection(frozenset(), frozenset({"band"}), ("B", "C"))
    table = pupil_table(frame({"band": "A"}, {"band": "C"}), one | other | WANTED)
    assert table.labels[:3] == ("A", "B", "C")
    assert table.columns["band"][table.rows > 2].tolist() == [0, 2]


def test_a_table_without_rows_is_refused():
    assert [one.rule for one in refused(frame().clear()).problems] == ["no-rows"]


def test_columns_of_floats_and_lists_are_refused():
    refusal = refused(
        frame({}).with_columns(
            pl.lit(929.0).alias("la"), pl.lit([1]).first().implode().alias("fsm")
        )
    )
    # Of a column that cannot be read no cell is refused as well.
    assert [(one.rule, one.column) for one in refusal.problems] == [
        ("float", "la"),
        ("nested", "fsm"),
    ]


SPRING = {"start": "2025-01-01", "end": "2025-03-31"}
SUMMER = {"start": "2025-04-01", "end": "2025-07-31"}


@pytest.mark.parametrize(
    ("rows", "rows_refused"),
    [
        pytest.param([SPRING, SUMMER], [], id="a pupil may move in the year"),
        pytest.param([SUMMER, SPRING], [], id="in any order"),
        pytest.param(
            [{"end": "2025-03-31"}, {"start": "2025-04-01"}],
            [],
            id="with an open beginning and end",
        ),
        pytest.param([SPRING, SUMMER | {"start": "2025-03-31"}], [4], id="no day is paid twice"),
        pytest.param([{"start": "2025-01-01"}, SUMMER], [4], id="an open end runs into the next"),
        pytest.param(
            [SUMMER, {"end": "2025-05-01"}], [3], id="an open beginning runs into the next"
        ),
        pytest.param([SPRING, {}], [4], id="every row needs dates"),
        pytest.param([{}, {}, {}], [4, 5], id="undated rows are the same pupil twice"),
        pytest.param(
            [SPRING | {"end": "2025-12-31"}, SUMMER, {"start": "2025-09-01"}],
            [4, 5],
            id="a long stay covers all",
        ),
    ],
)
def test_a_pupil_has_a_second_row_only_for_other_days(rows, rows_refused):
    table = frame(*({"start": "", "end": "", "pupil_key": CANARY} | row for row in rows))
    if not rows_refused:
        assert len(pupil_table(table, WANTED)) == len(rows) + 1
        return
    refusal = refused(table)
    assert [(one.rule, one.row) for one in refusal.problems] == [
        ("repeated-pupil", row) for row in rows_refused
    ]
    assert CANARY not in str(refusal)


def test_a_need_unassessed_is_accepted_on_sen_support_and_where_the_level_is_not_supplied():
    table = frame({"primary_need": "NSA", "sen_provision": "K"}, {"primary_need": "NSA"})
    assert len(pupil_table(table, WANTED)) == 3
