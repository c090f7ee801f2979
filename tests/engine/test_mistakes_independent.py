"""Two and three mistakes of one rule document that have nothing to do with each other: each is named, and no other."""

from functools import cache
from itertools import combinations, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.errors import RuleRefused
from tests.banded_document import compile_text
from tests.engine.mistakes import (
    ASSIGNMENTS,
    OF_ASSIGNMENTS,
    OF_COVERING,
    OF_FORMULA,
    OF_TOP_UPS,
    WITH_FORMULA,
    with_assignment,
)
from tests.plain_words import fault_of


def problems_of(text, changes):
    """Return each problem of a document with some of its text changed."""
    assert all(text.count(old) == 1 for old, _ in changes)
    for old, new in sorted(changes, key=lambda one: text.index(one[0]), reverse=True):
        at = text.index(old)
        text = text[:at] + new + text[at + len(old) :]
    try:
        compile_text(text)
    except RuleRefused as refusal:
        return [(one.place, one.sentence) for one in refusal.problems]
    return []


def changes_of(form):
    return {**OF_TOP_UPS, **OF_ASSIGNMENTS[form]}


def are_apart(text, chosen):
    """Return whether mistakes change different parts of a text."""
    spans = sorted((text.index(old), text.index(old) + len(old)) for old, *_ in chosen)
    return all(before[1] <= after[0] for before, after in pairwise(spans))


@cache
def alone(text, old, new):
    return problems_of(text, [(old, new)])


def are_all_named(text, chosen):
    """Ask that mistakes together are refused by what each is refused by alone, to the word."""
    found = problems_of(text, [(old, new) for old, new, _ in chosen])
    assert sorted(found) == sorted(one for old, new, _ in chosen for one in alone(text, old, new))
    assert all(fault_of(sentence) is None for _, sentence in found), found


@pytest.mark.parametrize("form", ASSIGNMENTS)
def test_every_mistake_alone_is_named_at_its_place_and_the_document_without_is_sound(form):
    text = with_assignment(form)
    assert problems_of(text, []) == []
    for old, new, place in changes_of(form).values():
        assert {where for where, _ in alone(text, old, new)} == {place}, (old, new)
    assert problems_of(WITH_FORMULA, []) == []
    for old, new, place in OF_FORMULA.values():
        assert {where for where, _ in alone(WITH_FORMULA, old, new)} == {place}, (old, new)


@given(st.sampled_from(sorted(ASSIGNMENTS)), st.data())
def test_mistakes_of_bands_prices_and_top_ups_hide_none_and_make_none(form, data):
    """`otherwise: none` of a price hid wrong conditions of its rows; a wrong assignment those of modifiers and prices."""
    options = sorted(changes_of(form).items())
    chosen = data.draw(st.lists(st.sampled_from(options), min_size=2, max_size=3, unique=True))
    names = {name for name, _ in chosen}
    of_bands = {*OF_ASSIGNMENTS[form]} & names
    # Whom rows cover is not known where a row's own condition is wrong.
    assume(len(of_bands) < 2 or not of_bands & OF_COVERING)
    text, several = with_assignment(form), [one for _, one in chosen]
    assume(are_apart(text, several))
    are_all_named(text, several)


@given(st.sets(st.sampled_from(sorted(OF_FORMULA)), min_size=2, max_size=3))
def test_mistakes_of_formula_places_and_block_hide_none_and_make_none(names):
    # Whether a factor counts all pupils is not known where its own condition is wrong.
    assume("counted by" not in names or not names & {"where", "where unknown"})
    several = [OF_FORMULA[one] for one in sorted(names)]
    assume(are_apart(WITH_FORMULA, several))
    are_all_named(WITH_FORMULA, several)


KNOWN = ["a table can be none", "a row's code", "another row's code", "a price twice", "two forms", "a modifier's code"]  # fmt: skip


def test_what_hid_each_other_is_named_together():
    text = with_assignment("given")
    options = changes_of("given")
    for names in combinations(KNOWN, 2):
        are_all_named(text, [options[one] for one in names])


def test_every_choice_of_a_condition_that_is_wrong_is_named():
    found = problems_of(
        with_assignment("given"), [("{sen_provision: [E]}", "{sen_provision: [F, E, G]}")]
    )
    assert [sentence[:24] for _, sentence in found] == [
        "'F' is not a code of sen",
        "'G' is not a code of sen",
    ]


def test_a_text_in_place_of_a_group_makes_no_second_mistake_of_what_it_would_have_held():
    row = '- {band: B, units: "20", times_a_year: 3, fraction: "2/3"}'
    ((place, _),) = problems_of(with_assignment("given"), [(row, "- 20 units")])
    assert place == "band_profile.tariff.prices.2"
