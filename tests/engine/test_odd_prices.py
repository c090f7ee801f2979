"""A price typed in pence is questioned by its neighbours in the document, and no published price is."""

from decimal import Decimal

import pytest

from engine.plausibility import rule_warnings
from engine.rules.compile import compile_rules
from engine.rules.load import plain, rule_set_from
from engine.rules.place_names import PlaceNames
from tests.rule_library import RULE_FILES, document

TELFORD, HEREFORDSHIRE = "telford-and-wrekin-2025-26", "herefordshire-2025-26"
OF_BANDS = [TELFORD, HEREFORDSHIRE, "devon-special-schools-2023-24", "toy-2025-26"]


def asked(rules):
    return [one.sentence for one in rule_warnings(rules) if "pounds or pence?" in one.sentence]


def with_price(name, place, times):
    """Return a rule set with one of its prices so many times what it is, and the price."""
    values = plain(document(name))
    given = values["band_profile"]["tariff"]["prices"][place]["pounds"][0]
    given["value"] = f"{Decimal(given['value']) * Decimal(times):.2f}"
    return rule_set_from(values), given["value"]


def by_price(name):
    """Return the places of the prices of a rule set, the cheapest first."""
    prices = plain(document(name))["band_profile"]["tariff"]["prices"]
    found = {
        at: Decimal(one["pounds"][0]["value"]) for at, one in enumerate(prices) if "pounds" in one
    }
    return sorted((at for at, price in found.items() if price > 0), key=found.__getitem__)


@pytest.mark.parametrize("name", RULE_FILES)
def test_no_price_of_a_published_rule_set_is_questioned(name):
    assert asked(document(name)) == []


@pytest.mark.parametrize("name", OF_BANDS)
def test_a_price_in_pence_far_below_the_dearest_known_is_questioned(name):
    places = by_price(name)
    at = places[len(places) // 2]
    rules, price = with_price(name, at, 100)
    (sentence,) = asked(rules)
    assert f"{PlaceNames(rules).of(f'band_profile.tariff.prices.{at}')}.pounds" in sentence
    assert f"£{price}" in sentence
    compile_rules(rules)


@pytest.mark.parametrize("name", OF_BANDS[:3])
def test_a_price_of_a_hundredth_is_questioned(name):
    rules, price = with_price(name, by_price(name)[-1], "0.01")
    (sentence,) = asked(rules)
    assert f"£{price} is far below the middle one" in sentence


def test_a_price_beyond_any_place_is_questioned_once():
    (sentence,) = asked(with_price(HEREFORDSHIRE, by_price(HEREFORDSHIRE)[-1], 100)[0])
    assert "more than any place is known to cost" in sentence


def test_two_prices_do_not_say_which_of_them_is_usual():
    values = plain(document(TELFORD))
    tariff = values["band_profile"]["tariff"]
    dear = next(one for one in tariff["prices"] if Decimal(one["pounds"][0]["value"]) > 0)
    tariff["prices"] = [dear, {**dear, "pounds": [{**dear["pounds"][0], "value": "104485.00"}]}]
    assert asked(rule_set_from(values)) == []
