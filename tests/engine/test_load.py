"""Rule documents are read strictly, and one document has one text and one digest."""

import json
import re
import unicodedata
from datetime import date

import pytest
import yaml

from engine.errors import RuleRefused
from engine.rules.calendar import Term
from engine.rules.load import (
    canonical,
    digest,
    json_schema,
    load_canonical,
    load_rule_set,
    plain,
)
from engine.rules.values import dated_values
from engine.vocabulary import FIXTURES, Standing

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
POINTS = (FIXTURES / "rules" / "toy" / "toy-points-2025-26.yaml").read_text(encoding="utf-8")


def edited(text, old, new):
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def line_of(text, words):
    return next(at for at, line in enumerate(text.splitlines(), start=1) if words in line)


def refused(text):
    with pytest.raises(RuleRefused) as caught:
        load_rule_set(text)
    return [(one.place, one.line, one.sentence) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        pytest.param(
            "year_kind: academic",
            "year_kind: academic\nfunds: all",
            "funds",
            "unknown field; the fields here are provenance, format, identifier, version, title, authority, "
            "funding_year, year_kind, effective, standing, about, blank_means_none, sources, schools_formula, "
            "band_profile, top_up_rule, places, high_needs_block, targeted_funding",
            id="a word that the format does not know",
        ),
        pytest.param("version: 1\n", "", "version", "is missing", id="a part left out"),
        pytest.param(
            'pounds: "20000"',
            "pounds: 20000",
            "band_profile.tariff.prices.4.pounds",
            None,
            id="an amount that is not text",
        ),
        pytest.param(
            "first: 2025-09-01, last: 2026-08-31",
            "first: 2025-09-01, last: 2025-08-31",
            "effective",
            "'last' must not be before 'first'",
            id="days that run backwards",
        ),
        pytest.param(
            'pounds: "20000"',
            'pounds: "20000.001"',
            "band_profile.tariff.prices.4.pounds",
            "must have at most 2 decimal places",
            id="a part of a penny",
        ),
        pytest.param(
            'notional_percent: "5"',
            'notional_percent: "105"',
            "schools_formula.factors.basic_entitlement.primary.notional_percent",
            "must be between 0 and 100",
            id="a share above the whole",
        ),
    ],
)
def test_a_refusal_names_the_place_and_the_line(old, new, place, sentence):
    (found,) = refused(edited(TOY, old, new))
    assert found[0].startswith(place)
    assert found[1] is not None
    assert sentence is None or found[2] == sentence


def test_the_line_is_that_of_the_value():
    text = edited(TOY, 'pounds: "20000"', 'pounds: "-1"')
    ((place, line, _),) = refused(text)
    assert place.startswith("band_profile.tariff.prices.4.pounds")
    assert line == line_of(text, 'pounds: "-1"')


def test_every_problem_is_named_at_once():
    text = edited(TOY, 'pounds: "20000"', 'pounds: "-1"')
    text = edited(text, "standing: proposed", "standing: certain")
    places = {place for place, _, _ in refused(text)}
    assert "standing" in places
    assert any(place.startswith("band_profile.tariff.prices.4.pounds") for place in places)


def test_a_value_whose_source_is_not_listed_is_refused():
    text = edited(TOY, "\nprovenance:\n  source: example", "\nprovenance:\n  source: elsewhere")
    problems = refused(text)
    assert all("elsewhere" in sentence for _, _, sentence in problems)
    assert all(line is not None for _, line, _ in problems)


def test_a_calendar_whose_source_is_not_listed_is_refused():
    text = edited(POINTS, "calendar:\n    source: example", "calendar:\n    source: elsewhere")
    ((place, line, sentence),) = refused(text)
    assert place == "top_up_rule.calendar.source"
    assert line == line_of(text, "elsewhere")
    assert "elsewhere" in sentence


def test_a_short_value_takes_what_the_nearest_provenance_says():
    text = edited(
        TOY,
        "label: Mobility\n",
        "label: Mobility\n      provenance: {standing: unconfirmed, note: Half seen.}\n",
    )
    mobility = load_rule_set(text).schools_formula.factors["mobility"]
    (given,) = mobility.primary.unit_value
    assert (given.value, given.standing, given.source) == ("1000", Standing.unconfirmed, "example")
    assert given.note == "Half seen."
    (elsewhere,) = load_rule_set(text).schools_formula.factors["eal"].primary.unit_value
    assert (elsewhere.standing, elsewhere.note) == (Standing.proposed, "Invented.")


def test_a_short_value_holds_from_the_first_day_of_the_rule_set():
    document = load_rule_set(TOY)
    (given,) = document.schools_formula.factors["fsm"].primary.unit_value
    assert given.from_ == document.effective.first == date(2025, 9, 1)


def test_dated_values_stand_in_the_order_of_their_days():
    (_, second, *_) = load_rule_set(TOY).band_profile.tariff.prices[3].pounds
    assert (second.value, second.from_) == ("12500", date(2026, 4, 1))
    turned = edited(TOY, "{from: 2026-04-01", "{from: 2025-09-01")
    assert "later day" in refused(turned)[0][2]


def test_neither_comments_nor_the_order_of_keys_change_the_digest():
    parsed = yaml.safe_load(TOY)
    turned = yaml.safe_dump(dict(reversed(parsed.items())), sort_keys=True, allow_unicode=True)
    assert digest(load_rule_set("# a comment\n" + turned)) == digest(load_rule_set(TOY))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('pounds: "20000"', 'pounds: "20000.01"'),
        ("standing: proposed\n  note: Invented.", "standing: unconfirmed\n  note: Invented."),
        ("note: Invented.", "note: Invented again."),
        ("version: 1", "version: 2"),
        ("weight: 5", "weight: 4"),
    ],
)
def test_a_change_of_value_or_of_what_is_known_of_it_changes_the_digest(old, new):
    assert digest(load_rule_set(edited(TOY, old, new))) != digest(load_rule_set(TOY))


def test_the_canonical_text_reads_back_to_the_same_document():
    document = load_rule_set(TOY)
    assert canonical(load_canonical(canonical(document))) == canonical(document)


def test_the_canonical_text_is_sorted_and_holds_composed_characters():
    apart = unicodedata.normalize("NFD", "Café rents")
    text = canonical(load_rule_set(edited(TOY, "label: Rents", f"label: {apart}")))
    assert "Café rents" in text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert not re.search(r'": |", "', text)


def test_what_stands_at_its_default_is_left_out_of_the_canonical_text():
    rents = plain(load_rule_set(TOY))["schools_formula"]["factors"]["rates"]
    assert "area_adjusted" not in rents
    assert "primary" not in rents


def test_what_is_read_from_json_is_held_to_the_same_rules():
    text = canonical(load_rule_set(TOY))
    with pytest.raises(RuleRefused) as caught:
        load_canonical(text.replace('"value":"4000"', '"value":4000', 1))
    assert caught.value.problems[0].sentence == "must be text; put numbers in quotes"


def test_every_value_of_a_document_is_found_with_its_path():
    found = {path: given.value for path, given in dated_values(load_rule_set(TOY))}
    assert found["schools_formula", "factors", "fsm", "primary", "unit_value", 0] == "500"
    assert found["top_up_rule", "cap", 0] == "50000"


def test_the_schema_is_closed_to_words_that_the_format_does_not_know():
    schema = json_schema()
    parts = [schema, *schema["$defs"].values()]
    objects = [part for part in parts if part.get("type") == "object"]
    assert "2020-12" in schema["$schema"]
    assert objects
    assert all(part["additionalProperties"] is False for part in objects)


def test_a_document_nested_without_end_and_a_number_without_end_are_refused():
    assert refused(f"{TOY}x: {'[' * 3_000}{']' * 3_000}\n")[0][2].startswith("has too many levels")
    (problem,) = refused(edited(TOY, "version: 1\n", f"version: {'1' * 5_000}\n"))
    assert problem == ("version", line_of(TOY, "version: 1"), "has more than 18 digits")


def test_a_number_in_digits_of_another_script_is_refused_and_not_repeated():
    text = edited(TOY, 'pounds: "20000"', 'pounds: "٣٦"')
    (problem,) = refused(text)
    assert problem[0] == "band_profile.tariff.prices.4.pounds"
    assert "٣٦" not in problem[2]


def test_a_rule_set_is_no_surer_than_its_least_sure_value():
    text = edited(TOY, "\nstanding: proposed", "\nstanding: verified")
    sentence = "cannot be surer than its values, some of which are proposed"
    assert refused(text) == [("standing", line_of(text, "standing: verified"), sentence)]


def test_a_funding_year_is_two_years_that_follow_each_other():
    text = edited(TOY, 'funding_year: "2025-26"', 'funding_year: "2025-27"')
    assert [one[0] for one in refused(text)] == ["funding_year"]


def test_a_term_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="'last' must not be before 'first'"):
        Term(name="Autumn", first=date(2025, 12, 20), last=date(2025, 9, 1))
