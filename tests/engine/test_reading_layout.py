"""A layout turns another table into one of ours, and no figure changes on the way."""

from decimal import Decimal

import polars as pl
import pytest

from engine.errors import TableRefused
from engine.reading import Layout, TableText, load_layout, pupil_table, read_table, school_table
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.load import load_rule_file
from engine.run import evaluate
from engine.vocabulary import FIXTURES
from tests.programs import BESIDE, or_leave_out

SOURCE = BESIDE / "data" / "schools_northumberland_2015_16.csv"
SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
PUBLISHED = FIXTURES / "tables" / "northumberland_2015_16_published.csv"
TOY = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"
NORTHUMBERLAND = FIXTURES / "rules" / "2015-16" / "northumberland-2015-16.yaml"
BEGIN = "about: an example\nsource: invented\n"
THEIRS = pl.DataFrame({"NCY": ["R", " 7 "], "Provision": ["EHCP", "K"], "Notes": ["a", "b"]})


def layout(**parts) -> Layout:
    return Layout(about="an example", source="invented", **parts)


def test_columns_codes_and_constants_become_ours():
    described = layout(
        columns={"year_group": "NCY", "sen_provision": "Provision"},
        values={"sen_provision": {"EHCP": "E"}},
        constants={"la": "929"},
        ignore="all others",
    )
    assert described.apply(THEIRS).to_dict(as_series=False) == {
        "year_group": ["R", "7"], "sen_provision": ["E", "K"], "la": ["929", "929"],
    }  # fmt: skip


def test_a_column_of_theirs_may_serve_two_of_ours():
    described = layout(
        columns={"a": "NCY", "b": "NCY"}, values={"b": {"7": "3"}}, ignore=("Provision", "Notes")
    )
    assert described.apply(THEIRS).rows() == [("R", "R"), ("7", "3")]


def test_their_columns_are_refused_by_name_when_wanting_or_not_spoken_of():
    described = layout(columns={"urn": "URN", "year_group": "NCY"}, ignore=("Provision",))
    with pytest.raises(TableRefused) as caught:
        described.apply(THEIRS)
    assert [(one.rule, one.column) for one in caught.value.problems] == [
        ("missing-column", "URN"),
        ("unknown-column", "Notes"),
    ]


def test_a_column_of_ours_that_a_layout_gets_wrong_is_named_as_the_layout_s(tmp_path):
    """It was refused as a column of the table, under the table's name."""
    path = tmp_path / "ours.yaml"
    path.write_text(f"{BEGIN}columns: {{pupil_key: Ref, ban: Plan, nothing: Ref, urn: Site}}\n")
    table = load_layout(path).apply_to(
        TableText(pl.DataFrame({"Ref": "p1", "Plan": "A", "Site": "900001"}))
    )
    with pytest.raises(TableRefused) as caught:
        pupil_table(table, pupil_columns(compile_rules(load_rule_file(TOY)), counting=False))
    sentences = {one.column: one.sentence for one in caught.value.problems}
    where = "in 'columns' of the layout ours.yaml"
    assert sentences["ban"] == f"{where}: unknown column; did you mean band?"
    assert sentences["nothing"] == f"{where}: unknown column; check its name, or remove it"
    assert (
        sentences["la"]
        == f"is missing; these rules need this column; name the column that has it {where}"
    )


def test_a_column_of_theirs_that_the_table_lacks_is_said_to_be_the_layout_s(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(f"{BEGIN}columns: {{pupil_key: Ref, band: Plan}}\n")
    with pytest.raises(
        TableRefused,
        match=r"Plan: is missing; the layout ours.yaml names it, and the table has no such column",
    ):
        load_layout(path).apply(pl.DataFrame({"Ref": ["p1"]}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("columns: {a: b}\ncolumn: {}\n", "column: unknown field; did you mean columns?", id="a word that does not belong"),
        pytest.param("columns: {a: b, a: c}\n", "line 3: duplicate field a; keep one", id="a column described twice"),
        pytest.param("columns: {a: b}\nconstants: {a: c}\n", "a must be in 'columns' or in 'constants', not in both", id="given in two ways"),
        pytest.param("columns: {a: b}\nvalues: {c: {d: e}}\n", "'values' has c, which is not in 'columns'", id="codes of no column"),
        pytest.param("columns: {a: b}\nignore: some\n", "ignore: must be one of all others; or must be a list", id="neither all nor a list"),
        pytest.param("columns: {a: [b]\n", "line 4: is not YAML: a bracket is not closed", id="no YAML"),
        pytest.param("", "columns: is missing", id="no columns"),
    ],
)  # fmt: skip
def test_a_layout_is_refused_by_place(tmp_path, text, said):
    path = tmp_path / "layout.yaml"
    path.write_text(BEGIN + text)
    with pytest.raises(TableRefused) as caught:
        load_layout(path)
    assert said in str(caught.value)


def test_codes_are_text_however_they_look(tmp_path):
    path = tmp_path / "layout.yaml"
    path.write_text(
        BEGIN + "columns: {fsm: x}\nvalues: {fsm: {yes: 1, 0.50: no}}\nconstants: {la: 0929}\n"
    )
    assert load_layout(path).values == {"fsm": {"yes": "1", "0.50": "no"}}
    assert load_layout(path).constants == {"la": "0929"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param("columns: {a: b, c: d}\nconstants: {a: x}\nvalues: {zz: {a: b}}\ndates: moon\n",
                     {None: ["a must be in 'columns'", "'values' has zz", "day-first or month-first"]}, id="as a whole"),
        pytest.param("columns: {a: b}\nconstants: {a: x}\nignore: some\nheader_row: -3\nmoon: 1\n",
                     {None: ["a must be in 'columns'"], "ignore": ["all others"], "header_row": ["1 or more"], "moon": ["unknown field"]}, id="and of fields"),
        pytest.param("columns: [a]\nconstants: {a: x}\nvalues: {zz: {a: b}}\ndates: moon\n",
                     {None: ["day-first or month-first"], "columns": ["must be"]}, id="and of the columns"),
        pytest.param("colums: {a: b}\nconstants: {a: x}\nvalues: {zz: {a: b}}\nheader_row: 0\n",
                     {"columns": ["is missing"], "colums": ["did you mean columns?"], "header_row": ["1 or more"]}, id="a slip in the name of the columns"),
    ],
)  # fmt: skip
def test_all_mistakes_of_a_layout_are_named_at_once(tmp_path, fields, expected):
    """The first that was wrong as a whole hid the next, and a field that was wrong hid them all."""
    path = tmp_path / "layout.yaml"
    path.write_text(BEGIN + fields)
    with pytest.raises(TableRefused) as caught:
        load_layout(path)
    found = {one.place: one.sentence for one in caught.value.problems}
    assert found.keys() == expected.keys()
    assert len(caught.value.problems) == len(found)
    for place, parts in expected.items():
        assert [part for part in parts if part not in found[place]] == [], found[place]
        assert place is not None or found[place].count("; ") == len(parts) - 1


@pytest.mark.parametrize(
    "path", sorted((FIXTURES / "layouts").glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_layout_kept_is_sound_and_names_its_source(path):
    assert load_layout(path).source


def test_the_published_schools_are_the_source_under_our_names():
    ours = read_table(SCHOOLS)
    described = load_layout(FIXTURES / "layouts" / "northumberland_2015_16.yaml")
    assert set(ours.columns) == {*described.columns, *described.constants}


def test_the_whole_published_table_is_ours_under_its_own_names():
    or_leave_out(SOURCE)
    ours = read_table(SCHOOLS)
    described = load_layout(FIXTURES / "layouts" / "northumberland_2015_16.yaml")
    converted = described.apply(read_table(SOURCE)).sort(pl.col("urn").cast(pl.Int64))
    assert converted.select(ours.columns).equals(ours)


def test_the_published_schools_have_the_notional_budgets_that_were_published():
    rules = compile_rules(load_rule_file(NORTHUMBERLAND))
    schools = school_table(read_table(SCHOOLS), rules.wanted)
    published = {int(urn): Decimal(pounds) for urn, pounds in read_table(PUBLISHED).rows()}
    assert list(published) == schools.urn.tolist()
    valued = evaluate(rules, schools).notional.notional_total.tolist()
    for urn, pence in zip(schools.urn.tolist(), valued, strict=True):
        # Units and budgets are both printed with six significant digits.
        assert abs(Decimal(pence) / 100 - published[urn]) <= published[urn] * Decimal("0.00001"), (
            urn
        )


@pytest.mark.parametrize("name", ["toy-2025-26", "toy-points-2025-26"])
def test_the_invented_pupils_fit_the_invented_rules(name):
    rules = compile_rules(load_rule_file(FIXTURES / "rules" / "toy" / f"{name}.yaml"))
    wanted = pupil_columns(rules, counting=rules.formula is not None)
    pupils = pupil_table(read_table(FIXTURES / "tables" / "toy_pupils.csv"), wanted)
    assert len(pupils) == 12
    assert pupils.urns.tolist() == [900_001, 900_002, 900_003]
    assert evaluate(rules, pupils=pupils).top_ups is not None
