import hashlib
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns import ColumnSelection
from engine.errors import TableRefused
from engine.lab.synth import PUPIL_CHOICES, SCHOOL_CHOICES, synthesise, synthetic_tables
from engine.lab.synth.children import children
from engine.lab.synth.draws import PERSON, Draws, Stream, largest_remainder, raked, whole_table
from engine.lab.synth.margins import margins, spread
from engine.lab.synth.plan_columns import BANDS
from engine.lab.synth.synthesis import UNDESCRIBED
from engine.lab.synth.synthetic import opaque_keys
from engine.reading import pupil_table, read_table, school_table

NATION = 9_000_000
TENTH = 900_000


@pytest.fixture(scope="module")
def national():
    return children(margins(), NATION, Draws(1))


@pytest.fixture(scope="module")
def tenth():
    return synthesise(TENTH, seed=1)


def share(frame, condition, of):
    """Return the percentage of ``of`` that meets a condition."""
    return 100 * frame.filter(of & condition).height / frame.filter(of).height


def text(frame):
    return frame.write_csv().encode()


def test_every_published_margin_of_plans_is_met_to_the_plan(national):
    published = margins()
    assert (national.plans.sum(axis=(1, 2, 3)) == published.plans).all()
    assert (national.plans.sum(axis=(0, 3)) == published.by_placement).all()
    assert (published.by_age == national.plans.sum(axis=(0, 1)).T).all()
    assert national.plans.min() == 0
    assert national.plans.sum() == 638_745


def test_ages_by_placement_are_within_ten_plans(national):
    published = margins()
    made = np.zeros_like(published.by_age_placement)
    np.add.at(made.T, published.placement, national.plans.sum(axis=(0, 2)))
    assert np.abs(made - published.by_age_placement).max() <= 10


def test_authorities_differ_as_much_as_the_published_percentiles(national):
    published = margins()
    plans = national.plans.sum(axis=(1, 2, 3))
    groups = np.zeros((len(plans), len(published.placements)))
    np.add.at(groups.T, published.placement, national.plans.sum(axis=(2, 3)).T)
    needs = national.plans.sum(axis=(1, 3))
    for of, names, counts in (
        ("placement", published.placements, groups),
        ("need", published.needs, needs),
    ):
        for at, name in enumerate(names):
            if name in spread(of):
                made = np.percentile(100 * counts[:, at] / plans, [10, 25, 50, 75, 90])
                assert made == pytest.approx(spread(of)[name] / 1000, abs=3.0), name


def test_a_tenth_of_the_nation_has_a_tenth_of_each_authority_setting_and_need(tenth):
    published = margins()
    plans = tenth.pupils.filter(pl.col("sen_provision") == "E")
    assert plans.height == 63_875
    held = dict(plans.group_by("la").len().rows())
    expected = zip(published.la.tolist(), (published.plans / 10).tolist(), strict=True)
    assert all(abs(held.get(la, 0) - plans) <= 1 for la, plans in expected)
    held = {row[:2]: row[2] for row in plans.group_by("setting", "primary_need").len().rows()}
    for setting, row in zip(published.settings, published.by_placement, strict=True):
        for need, count in zip(published.needs, row, strict=True):
            key = tuple(None if name == "not_recorded" else name for name in (setting, need))
            assert abs(held.get(key, 0) - count / 10) <= 1


def test_the_census_shares_of_provision_hold(tenth):
    pupils = tenth.pupils
    placed = pl.col("urn").is_not_null()
    everyone = pl.lit(value=True)
    assert pupils.height == TENTH
    assert share(pupils, pl.col("sen_provision") == "K", everyone) == pytest.approx(14.2, abs=0.01)
    at_school = (pl.col("sen_provision") == "E") & placed
    assert share(pupils, at_school, everyone) == pytest.approx(5.3, abs=0.05)


@pytest.mark.parametrize(("provision", "percent"), [("E", 43.8), ("K", 39.3), ("N", 22.2)])
def test_free_school_meals_follow_provision(tenth, provision, percent):
    of = pl.col("sen_provision") == provision
    assert share(tenth.pupils, pl.col("fsm") == 1, of) == pytest.approx(percent, abs=0.6)
    assert tenth.pupils.filter(pl.col("fsm") > pl.col("fsm6")).is_empty()


def test_deprivation_bands_hold_their_share_and_go_with_free_school_meals(tenth):
    everyone = pl.lit(value=True)
    deprived, least = pl.col("idaci").is_in(["A", "B"]), pl.col("idaci") == "G"
    assert share(tenth.pupils, deprived, everyone) == pytest.approx(7.5, abs=0.3)
    assert share(tenth.pupils, least, everyone) == pytest.approx(62.5, abs=0.5)
    with_meals, without = (share(tenth.pupils, deprived, pl.col("fsm") == flag) for flag in (1, 0))
    assert with_meals > 2 * without


def test_what_is_not_recorded_is_blank_and_not_a_code(tenth):
    plans = tenth.pupils.filter(pl.col("sen_provision") == "E")
    assert plans["setting"].null_count() == pytest.approx(1_934, abs=7)
    assert plans["primary_need"].null_count() == pytest.approx(487, abs=7)
    others = tenth.pupils.filter(pl.col("sen_provision") == "N")
    assert others["primary_need"].null_count() == others["assessed_cost"].null_count()
    assert others["primary_need"].null_count() == others.height
    assert (others["score"] == 0).all()
    assert (others["top_up"] == 0).all()


def test_nine_in_a_hundred_plan_holders_are_paid_for_part_of_the_year(tenth):
    plans = tenth.pupils.filter(pl.col("sen_provision") == "E")
    dated = pl.col("start").is_not_null() | pl.col("end").is_not_null()
    assert share(plans, dated, pl.lit(value=True)) == pytest.approx(9, abs=0.4)
    days = pl.concat([plans["start"], plans["end"]]).drop_nulls()
    assert date(2025, 4, 1) <= days.min() <= days.max() <= date(2026, 3, 31)
    assert plans.filter(pl.col("end") < pl.col("start")).is_empty()
    assert tenth.pupils.filter((pl.col("sen_provision") != "E") & dated).is_empty()


def test_costs_go_with_setting_and_need(tenth):
    plans = tenth.pupils.filter(pl.col("sen_provision") == "E")
    cost = pl.col("assessed_cost").cast(pl.Float64).mean()
    by_setting = dict(plans.group_by(pl.col("setting").cast(pl.String)).agg(cost).rows())
    assert by_setting["mainstream"] < by_setting["special"] < by_setting["independent_special"]
    assert by_setting["special"] == pytest.approx(26_000, rel=0.1)
    assert by_setting["independent_special"] == pytest.approx(63_000, rel=0.1)
    by_need = dict(plans.group_by(pl.col("primary_need").cast(pl.String)).agg(cost).rows())
    assert by_need["SPLD"] < by_need["ASD"] < by_need["PMLD"]
    assert plans.filter(pl.col("top_up") > pl.col("assessed_cost")).is_empty()


def test_schools_are_whole_and_lie_where_their_pupils_mostly_live(tenth):
    schools = tenth.schools
    assert schools.height == 2_200
    assert schools["urn"].n_unique() == schools["school_name"].n_unique() == schools.height
    taught = tenth.pupils.group_by("urn").agg(pl.col("year_group").n_unique(), pl.len())
    primary = schools.filter(pl.col("phase") == "primary").join(taught, on="urn")
    assert primary["year_group"].min() >= 7
    assert 150 <= primary["len"].median() <= 350
    joined = tenth.pupils.join(schools.select("urn", located="la"), on="urn")
    assert 0 < share(joined, pl.col("la") != pl.col("located"), pl.lit(value=True)) < 3


def test_a_school_counts_the_pupils_of_its_mainstream_part(tenth):
    here = tenth.pupils.filter(pl.col("setting") == "mainstream").group_by("urn")
    counted = here.agg(
        support=(pl.col("sen_provision") == "K").sum(), plans=(pl.col("sen_provision") == "E").sum()
    )
    taught = pl.col("primary_years").is_not_null()
    joined = tenth.schools.filter(taught).join(counted, on="urn", how="left")
    assert (joined["sen_support_pupils"] == joined["support"]).all()
    assert (joined["ehc_plans"] == joined["plans"]).all()
    assert tenth.schools.filter(~taught)["ehc_plans"].null_count() == 240


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_tables_made_at_once_are_those_that_written_files_give(tmp_path, suffix):
    columns = PUPIL_CHOICES | {"level_communication"}
    made = synthesise(5_000, seed=3, columns=columns, school_columns=SCHOOL_CHOICES)
    paths = [tmp_path / f"{name}.{suffix}" for name in ("pupils", "schools")]
    for frame, path in zip((made.pupils, made.schools), paths, strict=True):
        (frame.write_csv if suffix == "csv" else frame.write_parquet)(path)
    straight = synthetic_tables(5_000, seed=3, columns=columns, school_columns=SCHOOL_CHOICES)
    wanted = ColumnSelection(columns, columns, BANDS)
    pupils = pupil_table(read_table(paths[0]), wanted)
    assert pupils.keys.equals(straight.pupils.keys)
    assert pupils.labels == straight.pupils.labels
    same_arrays(pupils.columns, straight.pupils.columns)
    same_arrays(vars(pupils), vars(straight.pupils), ("rows", "offsets", "placement_la"))
    schools = school_table(read_table(paths[1]), ColumnSelection(SCHOOL_CHOICES, SCHOOL_CHOICES))
    assert schools.names == straight.schools.names
    for part in ("columns", "values", "presence"):
        same_arrays(getattr(schools, part), getattr(straight.schools, part))
    same_arrays(vars(schools), vars(straight.schools), ("urn", "rows"))


def same_arrays(read, made, names=None):
    assert names or read.keys() == made.keys()
    for name in names or read:
        assert read[name].dtype == made[name].dtype, name
        assert (read[name] == made[name]).all(), name
        assert not made[name].flags.writeable


@pytest.mark.parametrize("pupils", [10, 11, 299, 1_000, 12_345])
def test_a_small_file_has_whole_schools_and_every_provision(pupils):
    made = synthesise(pupils, seed=pupils)
    assert made.pupils.height == made.pupils["pupil_key"].n_unique() == pupils
    assert set(made.pupils["sen_provision"]) == {"N", "K", "E"}
    attended = made.pupils["urn"].drop_nulls()
    assert set(attended) == set(made.schools["urn"])
    assert made.pupils["la"].n_unique() == max(pupils // 5_000, 1)


def test_the_number_of_schools_may_be_given():
    assert synthesise(20_000, seed=1, schools=31).schools.height == 31


def test_the_same_seed_gives_the_same_bytes_on_any_machine():
    described = PUPIL_CHOICES - UNDESCRIBED
    made = synthesise(12_000, seed=2026, columns=described, school_columns=SCHOOL_CHOICES)
    digest = hashlib.sha256(text(made.pupils) + text(made.schools)).hexdigest()
    assert digest == "a726c43f61e744ade3507335b2652759e404683788704fc9583ef250c80fb28e"


def test_another_seed_gives_other_pupils():
    one, other = (synthesise(1_000, seed=seed).pupils for seed in (1, 2))
    assert text(one) != text(other)


def test_a_column_is_the_same_whichever_others_are_made():
    whole = synthesise(2_000, seed=4).pupils
    part = synthesise(2_000, seed=4, columns=frozenset({"idaci", "top_up"})).pupils
    assert part.columns == ["pupil_key", "la", "idaci", "top_up"]
    assert part.equals(whole.select(part.columns))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"pupils": 9}, "from 10 to 9000000 pupils"),
        ({"pupils": NATION + 1}, "from 10 to 9000000 pupils"),
        ({"schools": 0}, "from 1 school"),
        ({"schools": 101}, "one for every 10 pupils"),
        ({"seed": -1}, "0 or more"),
        ({"columns": frozenset({"name"})}, "name: cannot be invented"),
        ({"columns": frozenset({"level_"})}, "level_: cannot be invented"),
        ({"school_columns": frozenset({"fsm"})}, "fsm: cannot be invented"),
    ],
)
def test_what_cannot_be_made_is_refused(wanted, said):
    arguments = {"pupils": 1_000, "seed": 1, **wanted}
    with pytest.raises(TableRefused, match=said):
        synthesise(arguments.pop("pupils"), **arguments)


def test_keys_never_meet_and_do_not_tell_their_order():
    keys = opaque_keys(200_000, Draws(7))
    assert keys.n_unique() == 200_000
    assert set(keys.str.len_chars()) == {9}
    assert not keys.is_sorted()


tables = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=5).map(
    np.asarray
)


@given(tables, tables)
def test_a_whole_table_keeps_both_margins_whatever_is_expected(held, expected):
    size = min(len(held), len(expected))
    held, expected = held[:size], expected[:size]
    made = whole_table(expected * PERSON, held.sum(axis=1), held.sum(axis=0))
    assert (made >= 0).all()
    assert (made.sum(axis=0) == held.sum(axis=0)).all()
    assert (made.sum(axis=1) == held.sum(axis=1)).all()


@given(tables)
def test_raking_meets_margins_within_a_person(held):
    rows, columns = held.sum(axis=1), held.sum(axis=0)
    seed = np.full_like(held, PERSON)
    made = raked(seed, [((0,), rows * PERSON), ((1,), columns * PERSON)], 8)
    assert np.abs(made.sum(axis=1) - rows * PERSON).max() <= PERSON
    assert np.abs(made.sum(axis=0) - columns * PERSON).max() <= PERSON


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=9).map(np.asarray), st.integers(0, 999))
def test_largest_remainders_add_to_the_total(weights, total):
    made = largest_remainder(weights, total)
    assert made.sum() == total
    whole = max(int(weights.sum()), 1)
    assert not weights.any() or (np.abs(made * whole - weights * total) < whole).all()


def test_draws_take_every_position_in_its_share():
    shares = np.asarray([[1, 3], [1, 0]])
    rows = np.repeat(np.asarray([0, 1], np.int8), 40_000)
    drawn = Draws(1).chosen(Stream.fsm, shares, rows)
    assert drawn[:40_000].mean() == pytest.approx(0.75, abs=0.01)
    assert not drawn[40_000:].any()
