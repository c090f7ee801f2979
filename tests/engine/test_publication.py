"""What a comparison publishes tells no small number of pupils, and no amount of so few."""

from itertools import product

import polars as pl
import pytest

from engine.compare import compare
from engine.disclosure import disclosure_profile
from engine.errors import NotReconciled
from engine.export import change_totals, publishable
from engine.export.publication import CLASSES
from engine.lab.synth import synthesise
from engine.rows import Rows
from engine.rules.compile import compile_rules
from engine.rules.override import override
from engine.run import evaluate
from tests.builders import many_pupils
from tests.rule_library import document

PROFILE = disclosure_profile()
SIZES = list(product([40, 300, 3_000], [1, 2]))
HIDDEN = PROFILE.symbol
PRICES = ("band_profile.tariff.prices.band:Targeted.pounds", "9000")
CUT_OFF = ("band_profile.assignment.table.rows.Universal.when.score.to", "6")


def totals(number, seed=1, tried=CUT_OFF):
    baseline = document("national-profile-candidate")
    table = many_pupils(seed, number)
    sides = [
        evaluate(compile_rules(one), pupils=table)
        for one in (baseline, override(baseline, [tried]))
    ]
    return change_totals(compare(*sides))


def published(number, seed=1):
    rows = totals(number, seed)
    return rows, publishable(rows, PROFILE)[0].frame


@pytest.mark.parametrize(("number", "seed"), SIZES)
def test_no_small_number_of_pupils_is_shown_in_any_column(number, seed):
    _, frame = published(number, seed)
    pupils = frame.filter(part="pupils")
    for name in ("number", *CLASSES):
        shown = pupils[name].drop_nulls().to_list()
        assert not [one for one in shown if one != HIDDEN and 1 <= int(one) <= PROFILE.most], name
    assert (pupils.select(CLASSES) == HIDDEN).to_numpy().any()


@pytest.mark.parametrize(("number", "seed"), SIZES)
def test_no_hidden_number_is_a_total_less_what_is_shown(number, seed):
    _, frame = published(number, seed)
    pupils = frame.filter(part="pupils").filter(pl.col("grouping") != "decile")
    total = pupils.filter(grouping="total")
    for row in pupils.iter_rows(named=True):
        if row["number"] != HIDDEN:
            assert sum(row[name] == HIDDEN for name in CLASSES) != 1, row["grouping"]
    for (kind,), groups in pupils.filter(pl.col("grouping") != "total").group_by("grouping"):
        for name in ("number", *CLASSES):
            if total[name].item() != HIDDEN:
                assert (groups[name] == HIDDEN).sum() != 1, (kind, name)


def test_a_change_of_one_winner_is_not_read_off_the_change_of_the_group():
    rows, frame = published(3_000)
    pupils = frame.filter(part="pupils").filter(pl.col("grouping") != "decile")
    few = (pl.col("winners") == HIDDEN) | (pl.col("losers") == HIDDEN)
    assert (pupils.filter(few)["change"] == HIDDEN).all()
    assert (pupils.filter(few)["after"] == HIDDEN).all()
    schools = rows.frame.filter(grouping="school").height
    assert schools > 0
    assert len(frame) == len(rows) - schools


def test_amounts_of_groups_are_rounded_and_those_of_everyone_are_exact():
    rows = totals(3_000, tried=PRICES)
    frame, _ = publishable(rows, PROFILE)
    frame = frame.frame
    of_groups = frame.filter(part="pupils", grouping="la")["before"].to_list()
    assert all(one == HIDDEN or one.endswith("000.00") or one == "0.00" for one in of_groups)
    exact = rows.frame.filter(part="pupils", grouping="total")["before"].item()
    assert (
        frame.filter(part="pupils", grouping="total")["before"].item()
        == f"{exact // 100}.{exact % 100:02d}"
    )


def test_the_record_names_the_profile_and_counts_hidden_cells_and_no_pupils():
    _, record = publishable(totals(300), PROFILE)
    assert record["profile"] == PROFILE.record()
    assert record["hidden_cells"] > 0
    assert set(record) == {"profile", "hidden_cells", "rows_left_out"}


def test_a_file_of_one_authority_tells_no_total_that_its_needs_hide():
    _, frame = published(40)
    total = frame.filter(part="pupils", grouping="total")
    assert (total["number"] == HIDDEN).all()
    assert (frame.filter(grouping="la")["number"] == HIDDEN).any()


def test_tenths_of_a_few_pupils_are_hidden():
    _, few = published(40)
    _, many = published(3_000)
    assert (few.filter(grouping="decile")["change"] == HIDDEN).all()
    assert not (many.filter(grouping="decile")["change"] == HIDDEN).any()


def test_a_pupil_with_spells_in_two_authorities_is_published_too():
    baseline = document("three-band-guide")
    tried = override(baseline, [("band_profile.tariff.prices.A.pounds", "3100")])
    made = synthesise(20_000, seed=1, profiles=[compile_rules(baseline)], moves=True)
    table = made.tables().pupils
    sides = [evaluate(compile_rules(one), pupils=table) for one in (baseline, tried)]
    rows = change_totals(compare(*sides))
    of = pl.col("part") == "pupils"
    by_authority = rows.frame.filter(of & (pl.col("grouping") == "la"))["number"].sum()
    assert by_authority > rows.frame.filter(of & (pl.col("grouping") == "total"))["number"].item()
    frame = publishable(rows, PROFILE)[0].frame.filter(part="pupils")
    shown = [one for name in CLASSES for one in frame[name].drop_nulls() if one != HIDDEN]
    assert not [one for one in shown if 1 <= int(one) <= PROFILE.most]


def test_totals_that_do_not_add_are_refused_rather_than_published():
    rows = totals(300)
    wrong = Rows(rows.name, rows.shapes, rows.frame.with_columns(pl.col("winners") + 1))
    with pytest.raises(NotReconciled):
        publishable(wrong, PROFILE)
