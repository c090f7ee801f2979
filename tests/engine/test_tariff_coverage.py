"""Prices are proved like bands: every gap is named with a case, and every price, band and modifier that is never used."""

import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from engine.errors import RuleRefused
from engine.rules.gaps import boxes_of
from engine.rules.notes import Note, document_notes
from engine.rules.place_names import PlaceNames
from engine.vocabulary import Setting
from tests.builders import banded, rule_set
from tests.reference.bands import NUMBERS, choice_fits, phase_of
from tests.reference.top_ups import priced
from tests.storm_size import draws

BANDS = ["A", "B", "C"]


def named(*, assignment=None, prices=(), modifiers=(), **rule) -> list[tuple[str, str]]:
    """Return the notes on prices of a rule set, each with its place below the tariff."""
    parts = banded(list(prices), ["A", "B"], assignment, **rule)
    parts["band_profile"]["tariff"]["modifiers"] = list(modifiers)
    return [(one.type, one.sentence) for one in document_notes(rule_set(**parts))]


def test_a_price_behind_one_that_covers_it_is_named_and_so_is_the_band_left_without_one():
    twice = [{"band": "A", "pounds": "1000"}, {"band": "A", "pounds": "2000"}]
    assert named(prices=twice) == [
        ("no-price", "band B has no price; the amount of a pupil in it is not known"),
        (
            "unreachable-price",
            (
                "band_profile.tariff.prices.1 of band A is never used: the prices before it cover"
                " everything that it covers"
            ),
        ),
    ]
    hidden = [{"pounds": "5"}, {"band": "B", "pounds": "2"}]
    assert [kind for kind, _ in named(prices=hidden)] == ["unreachable-price"]


def test_a_price_is_hidden_by_several_together_too():
    prices = [
        {"when": {"score": "0-9"}, "pounds": "1"},
        {"when": {"score": "10+"}, "pounds": "2"},
        {"when": {"score": "5-15"}, "pounds": "3"},
    ]
    [(kind, sentence)] = named(prices=prices)
    assert kind == "unreachable-price"
    assert sentence.startswith("band_profile.tariff.prices.5-15 is")


def test_every_gap_between_prices_by_days_a_week_is_named():
    prices = [{"when": {"level": str(days)}, "pounds": "100"} for days in (1, 2, 3, 4, 5)]
    [(kind, sentence)] = named(prices=prices)
    assert (kind, sentence) == (
        "no-price",
        (
            "bands A, B have no price where level 0-0.999999 or 1.000001-1.999999 or 2.000001-2.999999 or"
            " 3.000001-3.999999 or 4.000001-4.999999 or 5.000001 or more; the amount of a pupil in them is"
            " not known"
        ),
    )


def test_a_gap_names_what_is_left_out_where_that_is_shorter_and_a_case():
    document = rule_set(**banded([{"when": {"setting": "special"}, "pounds": "1"}], ["A"]))
    [note] = document_notes(document)
    assert note == Note(
        "no-price",
        "band_profile.tariff.prices",
        "band A has no price where setting other than special; the amount of a pupil in it is not known",
        {"band": "A", "setting": "mainstream"},
    )


def test_who_is_in_a_band_and_who_may_be_paid_decide_what_is_used():
    by_setting = {
        "table": {
            "hit_policy": "first", "inputs": ["setting"],
            "rows": [{"when": {"setting": "special"}, "band": "A"}, {"band": "B"}],
        }
    }  # fmt: skip
    prices = [
        {"band": "A", "when": {"setting": "mainstream"}, "pounds": "1"},
        {"band": "A", "pounds": "2"}, {"band": "B", "when": {"sen_provision": "K"}, "pounds": "3"},
        {"band": "B", "when": {"sen_provision": "E"}, "pounds": "4"},
    ]  # fmt: skip
    found = named(assignment=by_setting, prices=prices, pays_when={"sen_provision": ["E"]})
    assert [sentence.partition(" is never used")[0] for _, sentence in found] == [
        "band_profile.tariff.prices.A.mainstream", "band_profile.tariff.prices.B.K",
    ]  # fmt: skip


def test_a_band_that_no_row_leads_to_is_named():
    converted = {"conversion": {"old": "A"}}
    assert named(assignment=converted, prices=[{"pounds": "1"}]) == [
        ("unreachable-band", "band B is never used: no pupil whom these rules pay can be in it")
    ]


def test_points_that_levels_cannot_come_to_are_no_gap():
    by_points = {
        "points": {
            "dimensions": {"one": {"weight": 2, "highest": 2}},
            "steps": [{"band": "A", "from": 0, "to": 2}, {"band": "B", "from": 3, "to": 4}],
        }
    }
    prices = [{"when": {"points": choice}, "pounds": "1"} for choice in ("0", "2", "4")]
    assert named(assignment=by_points, prices=prices) == []
    assert [kind for kind, _ in named(assignment=by_points, prices=prices[:2])] == ["no-price"]


def test_a_modifier_that_no_priced_pupil_can_meet_is_named():
    modifiers = [
        {"label": "Rural", "when": {"setting": "special"}, "percent": "4"},
        {"label": "Never", "when": {"setting": "mainstream"}, "percent": "4"},
    ]
    prices = [{"when": {"setting": "special"}, "pounds": "1"}]
    assert [one for one in named(prices=prices, modifiers=modifiers) if one[0] != "no-price"] == [
        (
            "unreachable-modifier",
            (
                "band_profile.tariff.modifiers.Never is never used: no pupil who has a price can meet"
                " its conditions"
            ),
        )
    ]


def test_every_gap_of_the_bands_is_refused_at_once():
    rows = [{"when": {"score": choice}, "band": "A"} for choice in ("0-9", "20-29", "40-49")]
    table = {"table": {"hit_policy": "unique", "inputs": ["score", "setting"], "rows": [
        *rows, {"when": {"score": "10-19", "setting": "special"}, "band": "B"}]}}  # fmt: skip
    with pytest.raises(RuleRefused) as refused:
        named(assignment=table, prices=[{"pounds": "1"}])
    others = "setting other than special"
    assert [str(one).partition("no row covers ")[2].partition(";")[0] for one in refused.value.problems] == [
        f"score 10-19, {others}", f"score 30-39, setting {' or '.join(one.name for one in Setting)}"
    ]  # fmt: skip


@given(st_numpy.arrays(np.bool_, st_numpy.array_shapes(min_dims=0, max_dims=4, max_side=4)))
def test_boxes_of_a_gap_are_exactly_it_and_overlap_nowhere(gaps):
    held = np.zeros(gaps.shape, int)
    for box in boxes_of(gaps):
        for slot in itertools.product(*box):
            held[slot] += 1
    assert (held == gaps).all()


SETTINGS = ["mainstream", "special", "elsewhere"]
RANGES = ["0-9", "5-20", "10+", "21-1000", "7"]
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "setting": st.lists(st.sampled_from(SETTINGS), min_size=1, max_size=2, unique=True),
        "score": st.sampled_from(RANGES).map(lambda one: [one]),
        "phase": st.sampled_from(["primary", "ks3"]).map(lambda one: [one]),
    },
)
YEARS = st.sampled_from(["-2-2", "3-6", "7+", "5-8"]).map(lambda one: [one])
ROWS = st.fixed_dictionaries(
    {"when": st.fixed_dictionaries({}, optional={"year_group": YEARS, "setting": st.just(["special"])}),
     "band": st.sampled_from(BANDS)}
)  # fmt: skip
VALUES = {
    "setting": [one.name for one in Setting],
    "score": [0, 5, 7, 8, 10, 20, 21, 100, 1000],
    "year_group": list(range(-2, 15)),
    "band": BANDS,
}


@st.composite
def tariffs(draw):
    """Draw a rule set with few inputs: all combinations of their answers can be tried one by one."""
    price = st.fixed_dictionaries(
        {"when": CONDITIONS, "pounds": st.just("1")}, optional={"band": st.sampled_from(BANDS)}
    )
    table = {"hit_policy": "first", "inputs": ["year_group", "setting"], "gaps": True}
    rows = st.lists(ROWS, min_size=1, max_size=3)
    by_table = rows.map(lambda drawn: {"table": {**table, "rows": drawn}})
    assignment = draw(st.just({"label_given": True}) | by_table)
    pays = draw(st.just({}) | st.just({"setting": ["special", "mainstream"]}))
    prices = draw(st.lists(price, min_size=1, max_size=5))
    return banded(prices, BANDS, assignment, pays_when=pays)


def fits(name: str, words: str, value: object) -> bool:
    """Return whether a value is among those that a gap names."""
    left_out = words.startswith("other than ")
    choices = words.removeprefix("other than ").replace(" or more", "+").split(" or ")
    held = Decimal(value) if name in NUMBERS else value
    return left_out != any(choice_fits(name, one, held) for one in choices)


@settings(max_examples=draws(25), deadline=None)
@given(tariffs())
def test_a_price_is_named_unreachable_where_no_answers_get_it_and_a_gap_where_answers_get_none(
    parts,
):
    try:
        document = rule_set(**parts)
    except RuleRefused:
        return
    inputs = [
        name
        for name in VALUES
        if name != "band" or "label_given" in parts["band_profile"]["assignment"]
    ]
    tried = [
        dict(zip(inputs, one, strict=True)) for one in itertools.product(*map(VALUES.get, inputs))
    ]
    found = [(record, priced(document, document.effective.first, record)) for record in tried]
    notes = document_notes(document)
    named_so = [one.place for one in notes if one.type == "unreachable-price"]
    prices = len(document.band_profile.tariff.prices)
    names = [PlaceNames(document).of(f"band_profile.tariff.prices.{at}") for at in range(prices)]
    assert len(set(names)) == prices
    unreachable = set(map(names.index, named_so))
    used = {one.price for _, one in found if not one.reason}
    assert unreachable == set(range(prices)) - used
    bands = {one.sentence.split()[1] for one in notes if one.type == "unreachable-band"}
    assert bands == set(BANDS) - {one.band for _, one in found if one.reason in ("", "no_price")}
    gaps = [one.sentence for one in notes if one.type == "no-price"]
    for record, one in found:
        if one.reason not in ("", "no_price"):
            continue
        held = {**record, "phase": phase_of(record["year_group"])}
        inside = [gap for gap in gaps if is_in(gap, one.band, held)]
        assert len(inside) == (one.reason == "no_price"), (record, one, gaps)


def is_in(sentence: str, band: str, held: dict) -> bool:
    """Return whether a pupil of a band is in a gap, read from its sentence."""
    head = sentence.partition(";")[0]
    names, _, where = head.partition(" no price")
    if band not in names.replace(",", "").split()[1:-1]:
        return False
    words = [one for one in where.removeprefix(" where ").split(", ") if one]
    return all(
        fits(name, said, held[name]) for name, _, said in (one.partition(" ") for one in words)
    )
