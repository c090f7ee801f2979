"""A school's protection against loss, by authority, against the reference implementation."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.money import pounds
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.top_up_rule import LossProtection
from engine.run import evaluate
from tests.block_strategies import DAYS, decimals
from tests.builders import banded, pupil, pupil_table, rule_set, some_of
from tests.reference.loss_protection import least, lift, protected_share
from tests.reference.top_ups import top_up
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils

PERCENT = decimals(0, 100, 4) | st.sampled_from(["0", "50", "95", "100"])
UNTIL = st.sampled_from(["2026-03-31", "2026-03-31", "2026-03-31", "2025-08-31"])
ALL_YEAR, AUTUMN = ("2025-04-01",), ("2025-09-01",)
PRICES = {"A": 100_000, "B": 33_333, "C": 1}


def share(draw) -> list[dict]:
    """Draw the share of today's that schools keep: all year, changing in autumn, or from then on."""
    begins = draw(st.sampled_from([ALL_YEAR, ALL_YEAR, ALL_YEAR + AUTUMN, AUTUMN]))
    stated = {"source": "example", "standing": "proposed"}
    return [{"from": day, "value": draw(PERCENT), **stated} for day in begins]


@st.composite
def protections(draw) -> dict:
    """Draw a protection of schools, and of pupils too or not."""
    protection = {"until": draw(UNTIL), "school_percent": share(draw)}
    return protection | ({"pupil_percent": share(draw)} if draw(st.booleans()) else {})


def flat(protection: dict):
    """Return a rule set of one price a band for the whole year, so that only protection varies."""
    prices = [{"band": name, "pounds": pounds(pence)} for name, pence in PRICES.items()]
    return rule_set(**banded(prices, PRICES, protection=protection))


def of_first_day(document: RuleSet) -> CompiledRules:
    """Return a rule set's values of its first day for the whole year, within which no protection may change."""
    return compile_rules(document, document.effective.first)


@st.composite
def placed(draw, *, missing: bool) -> list[dict]:
    """Draw pupils of two authorities at a few schools or at none, with what is paid for them today."""
    today = st.decimals(0, 3_000, places=2) | st.sampled_from([Decimal(0), Decimal("0.01")])
    values = {
        "la": st.integers(201, 202),
        "urn": st.none() | st.integers(1, 3),
        "band": st.sampled_from("ABBCC"),
        "top_up": st.none() | today | today | today if missing else today,
    }
    drawn = draw(st.lists(st.fixed_dictionaries(values), min_size=1, max_size=14))
    return [pupil(**one, pupil_key=f"pupil-{at}") for at, one in enumerate(drawn)]


def by_placement(records) -> dict:
    """Return the pupils of each authority at each school; those at none are together too."""
    places = {}
    for one in records:
        places.setdefault((one["la"], one["urn"]), []).append(one)
    return places


def expected_of(document, day: date, records) -> dict:
    """Return what the reference adds for each placement, None where it is not known."""
    return {
        place: lift(
            document.top_up_rule,
            day,
            own,
            [top_up(document, day, one) for one in own],
            place[1],
        )
        for place, own in by_placement(records).items()
    }


def lifted(document, day: date, records, labels) -> dict:
    """Return what the engine adds for each placement, None where it is not known."""
    outcome = evaluate(compile_rules(document, day), None, pupil_table(records, labels)).top_ups
    urns = [None if urn < 0 else int(urn) for urn in outcome.pupils.placement_urn]
    absent = outcome.school_protection_absent.tolist()
    assert set(absent) <= {0, 1}
    found = zip(outcome.school_protection.tolist(), absent, strict=True)
    places = zip(outcome.pupils.placement_la.tolist(), urns, strict=True)
    return {
        place: None if unknown else added
        for place, (added, unknown) in zip(places, found, strict=True)
    }


@settings(max_examples=draws(15))
@given(st.booleans().flatmap(lambda missing: placed(missing=missing)), protections(), DAYS)
def test_every_school_is_lifted_to_its_share_of_today_s(records, protection, day):
    document = flat(protection)
    expected = expected_of(document, day, records)
    for added in expected.values():
        event("not known" if added is None else "lifted" if added else "not lifted")
    assert lifted(document, day, records, list(PRICES)) == expected


@settings(max_examples=draws(15))
@given(st.data(), banded_rule_sets(), protections(), DAYS)
def test_schools_are_lifted_above_what_every_clause_pays_their_pupils(
    data, document, protection, day
):
    protection = LossProtection.model_validate(protection)
    rule = document.top_up_rule.model_copy(update={"protection": protection})
    document = document.model_copy(update={"top_up_rule": rule})
    records = [
        {**one, "top_up": one["top_up"] or Decimal(0)}
        for one in data.draw(pupils(parts_of(compile_rules(document, day))))
    ]
    valued = {one["pupil_key"]: top_up(document, day, one) for one in records}
    settled = [one for one in records if valued[one["pupil_key"]].reason != "no_band"]
    if settled:
        assert lifted(document, day, settled, LABELS) == expected_of(document, day, settled)


@given(placed(missing=True), protections(), DAYS)
def test_protection_never_lowers_a_school_and_never_leaves_it_below_its_share(
    records, protection, day
):
    document = flat(protection)
    outcome = evaluate(compile_rules(document, day), None, pupil_table(records, list(PRICES)))
    top_ups = outcome.top_ups
    assert (top_ups.school_protection >= 0).all()
    kept = (top_ups.placement_sum + top_ups.school_protection).tolist()
    order = zip(top_ups.pupils.placement_la.tolist(), top_ups.pupils.placement_urn, strict=True)
    places = by_placement(records)
    for at, (la, urn) in enumerate(order):
        own = places[la, None if urn < 0 else int(urn)]
        floor = least(document.top_up_rule, day, own)
        if floor is None or top_ups.school_protection_absent[at]:
            continue
        whole_year = protected_share(document.top_up_rule, day) == 1
        assert kept[at] >= floor or not whole_year
        assert top_ups.school_protection[at] == 0 or kept[at] <= floor
        assert top_ups.school_protection[at] == 0 or kept[at] == floor or not whole_year


@given(placed(missing=False), protections())
def test_protection_of_schools_leaves_every_pupil_s_amount_as_it_is(records, protection):
    table = pupil_table(records, list(PRICES))
    with_schools = evaluate(of_first_day(flat(protection)), None, table).top_ups
    held = {name: one for name, one in protection.items() if name != "school_percent"}
    held |= {} if "pupil_percent" in held else {"pupil_percent": "0"}
    without = evaluate(of_first_day(flat(held)), None, table).top_ups
    assert np.array_equal(with_schools.amount, without.amount)
    assert not without.school_protection.any()


@pytest.mark.parametrize(
    ("today", "added"),
    [
        pytest.param("1052.63", 0, id="less than half a penny below what is paid is not below it"),
        pytest.param("1052.64", 1, id="a penny more of today's is a penny of protection"),
        pytest.param("1052.70", 7, id="half a penny is a penny"),
    ],
)
def test_a_school_s_share_is_rounded_to_the_penny_once(today, added):
    document = flat({"until": "2026-03-31", "school_percent": "95"})
    records = [pupil(urn=1, band="A", top_up=Fraction(today))]
    assert lifted(document, date(2025, 4, 1), records, list(PRICES)) == {(201, 1): added}


def test_where_no_pupil_is_placed_no_school_is_lifted():
    document = flat({"until": "2026-03-31", "school_percent": "95"})
    table = pupil_table([pupil(urn=1, band="A", top_up="1")], list(PRICES))
    nobody = evaluate(of_first_day(document), None, some_of(table, [])).top_ups
    assert (len(nobody.school_protection), len(nobody.school_protection_absent)) == (0, 0)


def test_where_no_pupil_s_top_up_today_is_supplied_no_school_s_protection_is_known():
    document = flat({"until": "2026-03-31", "school_percent": "95"})
    records = [pupil(pupil_key=f"pupil-{urn}", urn=urn, band="A", top_up=None) for urn in (1, 2)]
    unknown = {(201, 1): None, (201, 2): None}
    assert lifted(document, date(2025, 4, 1), records, list(PRICES)) == unknown
