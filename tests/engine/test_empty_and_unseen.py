"""A field without a value, and a character that no reader sees, are named with what to do about them."""

import pytest

from engine.errors import RuleRefused
from engine.rules.load import load_rule_set, plain, rule_set_from
from tests.banded_document import BASE, refusals


@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        ("bands: [A, B, C]", "bands:", "band_profile.bands", "is empty; list at least one"),
        ("bands: [A, B, C]", "bands: [A, B, C, ]\n  surprise:", "band_profile.surprise",
         "unknown field; the fields here are provenance, bands, assignment, tariff"),
        ("bands: [A, B, C]", "bands: [A, B, C, ~]", "band_profile.bands.3", "is empty; leave the entry out of the list"),
        ("Top-ups\n", "\n", "title", "is empty; it must have a value"),
        ("standing: proposed\nabout", "standing:\nabout", "standing", "is empty; give one of verified, unconfirmed, proposed"),
        ('"7300"', "", "band_profile.tariff.prices.1.pounds",
         "is empty; leave the field out where there is no value, or write not printed where the source gives no figure"),
        ('"7300"', "[{from: 2025-04-01, value: }]", "band_profile.tariff.prices.1.pounds.0.value",
         "is empty; give a number, or write not printed where the source gives no figure"),
        ("    periods:", "    closures:\n    periods:", "top_up_rule.calendar.closures",
         "is empty; leave the field out where there is no value"),
    ],
)  # fmt: skip
def test_an_empty_field_is_answered_with_what_may_be_there(old, new, place, sentence):
    """Every empty field was told to write 'not printed', which only a value that a source prints can be."""
    assert [(one, said) for _, one, said in refusals((old, new))] == [(place, sentence)]


UNSEEN = "has a character that cannot be seen"


@pytest.mark.parametrize(
    ("old", "new", "place", "named"),
    [
        ("bands: [A, B, C]", "bands: [A, B\u200b, C]", "band_profile.bands.1", "(zero-width space, U+200B, character 2 of 2); delete it"),
        ("{band: B, p", "{band: \ufeffB, p", "band_profile.tariff.prices.1.band", "(byte order mark, U+FEFF, character 1 of 2); delete it"),
        ("[E]", "[E\u00ad]", "top_up_rule.pays_when.sen_provision.0", "(soft hyphen, U+00AD, character 2 of 2); delete it"),
        ("name: Year", "name: The\u00a0year", "top_up_rule.calendar.periods.0.name",
         "(no-break space, U+00A0, character 4 of 8); write a plain space in its place"),
        ("identifier: example", "identifier: exa\u2060mple", "identifier", "(word joiner, U+2060, character 4 of 16); delete it"),
        ("  page: {title", "  pa\u200dge: {title", "sources.page", "(zero-width joiner, U+200D, character 3 of 5); delete it"),
        ("label: More", "la\u200cbel: More", "band_profile.tariff.modifiers.0.label", "(zero-width non-joiner, U+200C, character 3 of 6); delete it"),
    ],
)  # fmt: skip
def test_a_character_that_cannot_be_seen_is_named_in_whatever_something_is_found_by(
    old, new, place, named
):
    ((line, where, sentence),) = refusals((old, new))
    assert (where, sentence) == (place, f"{UNSEEN} {named}")
    assert line == BASE[: BASE.index(old)].count("\n") + 1


def test_the_same_characters_are_named_in_plain_values_and_not_in_texts_for_people():
    values = plain(load_rule_set(BASE.replace("Three bands.", "Three\u00a0bands.")))
    values["band_profile"]["bands"][0] = "A\u200b"
    with pytest.raises(RuleRefused) as caught:
        rule_set_from(values)
    assert [one.place for one in caught.value.problems] == ["band_profile.bands.0"]


def test_a_control_character_is_named_at_its_line():
    assert refusals(("Three bands.", "Three\x07 bands.")) == [
        (9, None, "has a character that no text has (control character, U+0007); delete it")
    ]
