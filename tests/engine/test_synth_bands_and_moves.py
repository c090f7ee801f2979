"""Invented pupils hold bands of local rules today, and have a row for each stay where they moved."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from engine.columns import ColumnSelection
from engine.errors import TableRefused
from engine.lab.synth import synthesise
from engine.lab.synth.margins import margins
from engine.reading import pupil_table, read_table
from engine.run import evaluate
from engine.vocabulary import SenProvision
from tests.engine.test_synth import text
from tests.rule_library import compiled

PUPILS = 90_000
CENSUS = date(2026, 1, 15)


@pytest.fixture(scope="module")
def moved():
    return synthesise(PUPILS, seed=3, moves=True)


def as_read(made, rules, folder):
    """Return the table that reading the file of pupils gives."""
    (folder / "pupils.csv").write_bytes(text(made.pupils))
    columns = frozenset(made.pupils.columns)
    wanted = ColumnSelection(columns, columns, rules.top_ups.labels)
    return pupil_table(read_table(folder / "pupils.csv"), wanted)


def plans_of(made):
    return made.pupils.filter(pl.col("sen_provision") == "E")


def held_on(day):
    begun = pl.col("start").is_null() | (pl.col("start") <= day)
    return begun & (pl.col("end").is_null() | (pl.col("end") >= day))


@pytest.mark.parametrize("name", ["three-band-guide", "toy-2025-26"])
def test_plan_holders_hold_a_band_that_the_local_rules_price_for_them(name, tmp_path):
    rules = compiled(name)
    made = synthesise(20_000, seed=1, profiles=[rules])
    table = as_read(made, rules, tmp_path)
    outcome = evaluate(rules, pupils=table).top_ups
    held = np.asarray(table.columns["band"]) >= 0
    assert held.sum() > 1_000
    assert outcome.rate_known[held].all()
    assert made.pupils.filter(
        (pl.col("sen_provision") != "E") & pl.col("band").is_not_null()
    ).is_empty()


def test_a_severer_need_holds_a_dearer_band():
    rules = compiled("three-band-guide")
    made = synthesise(PUPILS, seed=1, profiles=[rules])
    table = made.tables().pupils
    outcome = evaluate(rules, pupils=table).top_ups
    plans = np.asarray(table.columns["band"]) >= 0
    score, annual = table.columns["score"][plans], outcome.annual[plans]
    means = [annual[(score >= low) & (score < low + 20)].mean() for low in (0, 20, 40, 60)]
    assert means == sorted(means)
    assert means[-1] > 1.2 * means[0]


def test_rules_that_assign_bands_themselves_say_which_band_is_held():
    rules = compiled("national-profile-candidate")
    made = synthesise(20_000, seed=2, profiles=[rules])
    table = made.tables().pupils
    outcome = evaluate(rules, pupils=table).top_ups
    plans = table.columns["sen_provision"] == SenProvision.E
    names = np.asarray([*rules.top_ups.bands, None], object)
    labels = np.asarray([*table.labels, None], object)
    expected = names[outcome.pupil_bands()[plans]]
    held = table.columns["band"][plans]
    assert (labels[np.where(held < 0, -1, held)] == expected).all()
    assert len(set(expected)) > 3


def test_rules_of_an_authority_give_bands_to_its_own_pupils_alone():
    rules = compiled("solihull-2025-26")
    made = synthesise(
        900_000, seed=1, profiles=[rules], columns=frozenset({"sen_provision", "setting"})
    )
    banded = made.pupils.filter(pl.col("band").is_not_null())
    assert banded["la"].unique().to_list() == [334]


def test_rules_without_bands_and_rules_that_read_what_cannot_be_invented_are_refused_by_name():
    with pytest.raises(TableRefused, match="no bands"):
        synthesise(1_000, seed=1, profiles=[compiled("nff-2025-26")])
    with pytest.raises(TableRefused, match="read by backdating-gloucestershire-2022-23"):
        synthesise(1_000, seed=1, profiles=[compiled("backdating-gloucestershire-2022-23")])


def test_bands_leave_every_other_column_as_it_is():
    plain = synthesise(5_000, seed=4)
    banded = synthesise(5_000, seed=4, profiles=[compiled("three-band-guide")])
    assert text(banded.pupils.drop("band")) == text(plain.pupils)


def test_the_published_plans_hold_on_the_day_of_the_census(moved):
    published = margins()
    plain = plans_of(synthesise(PUPILS, seed=3))
    census = plans_of(moved).filter(held_on(CENSUS))
    counted = census.group_by("la").len().sort("la")
    assert counted.equals(plain.group_by("la").len().sort("la"))
    assert census["pupil_key"].is_unique().all()
    assert census.height == pytest.approx(published.plans.sum() * PUPILS / 9_000_000, abs=1)
    for name in ("setting", "primary_need", "year_group"):
        assert census[name].value_counts(sort=True).equals(plain[name].value_counts(sort=True))


def test_stays_of_a_pupil_follow_one_another_at_other_schools_or_authorities(moved):
    stays = (
        plans_of(moved)
        .filter(pl.col("pupil_key").is_duplicated())
        .sort("pupil_key", "end", nulls_last=True)
    )
    earlier, later = stays[::2], stays[1::2]
    assert earlier["pupil_key"].equals(later["pupil_key"])
    assert ((later["start"] - earlier["end"]).dt.total_days() == 1).all()
    elsewhere = (earlier["urn"] != later["urn"]) | (earlier["la"] != later["la"])
    assert elsewhere.all()
    assert earlier["setting"].equals(later["setting"])
    assert (later["year_group"] - earlier["year_group"]).is_in([0, 1]).all()
    assert len(stays) > 200


def test_children_in_the_first_year_of_a_secondary_school_came_in_september(moved):
    september = plans_of(moved).filter(pl.col("start") == date(2025, 9, 1))
    assert september["year_group"].value_counts(sort=True)["year_group"][0] == 7
    assert september.height > 100


def test_plans_begin_and_end_at_the_published_rates(moved):
    plans = plans_of(moved).filter(held_on(CENSUS))
    single = plans_of(moved).filter(
        pl.col("pupil_key").is_unique() & (pl.col("start") > date(2025, 4, 1))
    )
    assert len(single) / len(plans) == pytest.approx(97_747 / 638_745 * 289 / 365, abs=0.01)
    stays = plans_of(moved).group_by("pupil_key").agg(pl.col("la").n_unique())
    transferred = len(stays.filter(pl.col("la") > 1)) / len(plans)
    # A few have no other authority with a school for them, or are at no school.
    assert transferred == pytest.approx(13_953 / 638_745 * 289 / 365, abs=0.006)
    ended = len(plans.filter(pl.col("end").is_not_null())) / len(plans)
    assert ended == pytest.approx(30_909 / 638_745 * 75 / 365, abs=0.004)
    assert plans["end"].drop_nulls().min() >= CENSUS


def test_a_file_with_moves_is_read_back_as_it_was_made_and_every_stay_is_paid(moved, tmp_path):
    rules = compiled("national-profile-candidate")
    table = as_read(moved, rules, tmp_path)
    own = moved.tables().pupils
    assert table.keys.equals(own.keys)
    assert (
        evaluate(rules, pupils=table).top_ups.amount == evaluate(rules, pupils=own).top_ups.amount
    ).all()


def test_the_same_seed_moves_the_same_pupils(moved):
    assert text(synthesise(PUPILS, seed=3, moves=True).pupils) == text(moved.pupils)
    assert text(synthesise(PUPILS, seed=5, moves=True).pupils) != text(moved.pupils)
